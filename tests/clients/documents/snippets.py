"""Reads a printed snippet, puts host, key and ids in, and runs it through the real curl, Python or Node."""

import json
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "snippets"
TIMEOUT_S = 90
CLIENTS = ("curl", "requests", "fetch")

PYTHON_SENDER = """import json, sys, requests
method, url, headers, body = json.loads(sys.argv[1])
answer = requests.request(method, url, headers=headers, data=body and body.encode(), allow_redirects=False)
print(answer.text)
print(answer.status_code, answer.headers.get("content-type"))
"""
NODE_SENDER = """const [method, url, headers, body] = JSON.parse(process.argv[2]);
const answer = await fetch(url, { method, headers, body: body ?? undefined, redirect: 'manual' });
console.log(await answer.text());
console.log(answer.status, answer.headers.get('content-type'));
"""


@dataclass
class Outcome:
    """What a snippet's process left."""

    exit_status: int
    out: str
    err: str

    @property
    def status(self):
        """The HTTP status in the last line, 0 if there is none."""
        last = self.out.strip().rsplit("\n", 1)[-1].split(" ")[0]
        return int(last) if last.isdigit() else 0

    @property
    def content_type(self):
        """What stands behind the status in the last line."""
        return self.out.strip().rsplit("\n", 1)[-1].partition(" ")[2]

    @property
    def body(self):
        """The JSON before the last line."""
        return json.loads(self.out.strip().rsplit("\n", 1)[0])

    def json_after(self, word):
        """The JSON of the line that begins with `word`."""
        for line in self.out.splitlines():
            if line.startswith(word):
                return json.loads(line.removeprefix(word))
        raise AssertionError(f"no line begins with {word!r}: {self.out[:300]} {self.err[-500:]}")


def printed(name):
    """The text of a snippet, or of a printed answer as JSON."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    return json.loads(text) if name.endswith(".json") else text


def put_in(name, values):
    """The snippet with its placeholders replaced; each of them must stand in it."""
    text = printed(name)
    for placeholder, value in values.items():
        if placeholder not in text:
            raise AssertionError(f"{name} does not hold {placeholder!r}")
        text = text.replace(placeholder, value)
    return text


def _run(command, **environment):
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=TIMEOUT_S,
        env={**os.environ, "NO_PROXY": "*", "no_proxy": "*", **environment},
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


def curl(script):
    """Runs a printed curl command by `sh`. The status is added by a settings file of curl, not by a changed command."""
    with tempfile.TemporaryDirectory() as folder:
        settings = 'silent\nshow-error\nmax-time = 60\nwrite-out = "\\n%{http_code} %{content_type}\\n"\n'
        (Path(folder) / ".curlrc").write_text(settings)
        return _run(["sh", "-c", script], CURL_HOME=folder)


def python(program, *arguments):
    """Runs a program with this interpreter."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "snippet.py"
        file.write_text(program, encoding="utf-8")
        return _run([sys.executable, str(file), *arguments])


def node(program, *arguments):
    """Runs a program with Node as a module, so that `await` may stand at the top as it is printed."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "snippet.mjs"
        file.write_text(program, encoding="utf-8")
        return _run(["node", str(file), *arguments])


def http(text, client):
    """Sends a request that is printed as method, address, `Headers:` and `Body:` with one of CLIENTS."""
    head, _, body = text.partition("Body:\n")
    first, *lines = [line for line in head.splitlines() if line.strip()]
    method, url = first.split(" ", 1)
    headers = dict(re.split(r":\s*", line, maxsplit=1) for line in lines if line != "Headers:")
    request = json.dumps([method, url, headers, body or None])
    if client == "requests":
        return python(PYTHON_SENDER, request)
    if client == "fetch":
        return node(NODE_SENDER, request)
    quoted = [f"-H '{name}: {value}'" for name, value in headers.items()]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "body"
        file.write_text(body, encoding="utf-8")
        data = [f"--data-binary @'{file}'"] if body else []
        return curl(" ".join(["curl", "-X", method, *quoted, *data, f"'{url}'"]))
