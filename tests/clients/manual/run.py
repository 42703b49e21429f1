"""What docs/API.md prints, run as it is printed: only the environment that the page names is set, and the ids that it
says to keep are put into it."""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))

from blocks import answers, examples
from compare import json_breach, text_breach
from rig.checks import Checks
from rig.target import Client, Target

CLIENTS = Path(__file__).parents[1]
TIMEOUT_S = 90
# The page is read against the least that it must hold: a page that lost its examples must not pass.
LEAST = {"bash": 40, "python": 9, "js": 8}
SKIPPED_WITHOUT_A_MODEL = "SEEING_AGENT_KEY"


def run(example, environment, folder):
    """The exit status, what was printed, what was told as an error, and the HTTP status of curl's last request."""
    if example.language == "bash":
        command, text, where = ["bash", "-euo", "pipefail", "-c", example.text], None, folder
    elif example.language == "python":
        # From standard input, so that the folder of this file is not where modules are looked for.
        command, text, where = [sys.executable, "-"], example.text, folder
    else:
        # Modules are looked for from the working folder on: that of package.json.
        command, text, where = ["node", "--input-type=module", "-"], example.text, CLIENTS
    done = subprocess.run(
        command, input=text, capture_output=True, text=True, encoding="utf-8", timeout=TIMEOUT_S, cwd=where, env=environment
    )
    told = [line.removeprefix("status ") for line in done.stderr.splitlines() if line.startswith("status ")]
    return done.returncode, done.stdout, done.stderr, [int(one) for one in told]


def last_document(text):
    """The last JSON document of what several requests printed."""
    decoder, rest, last = json.JSONDecoder(), text.strip(), text
    while rest:
        try:
            _, end = decoder.raw_decode(rest)
        except ValueError:
            return text
        last, rest = rest[:end], rest[end:].strip()
    return last


def check(checks, example, environment, folder):
    """One example: it ends well, and what it prints is as the page prints it."""
    status, out, err, statuses = run(example, environment, folder)
    if not checks.that(status == 0, f"{example.name}: ends well", f"exit {status}: {out[-300:]} {err[-700:]}"):
        return
    kind, printed, wanted = example.answer or (None, "", None)
    if example.language == "bash":
        checks.that(bool(statuses), f"{example.name}: asks the server", err[-300:])
        bad = statuses and (
            statuses[-1] != wanted if wanted else any(not 200 <= one < 300 for one in statuses)
        )
        checks.that(not bad, f"{example.name}: answers {wanted or 'a success'}", f"{statuses} {out[-500:]}")
    elif not example.answer:
        checks.that(bool(out.strip()), f"{example.name}: prints something", err[-300:])
    if kind:
        problem = text_breach(printed, out) if kind == "text" else json_breach(printed, last_document(out))
        checks.that(problem is None, f"{example.name}: the answer is as printed", problem)
    for field, name in example.kept.items():
        value = json.loads(last_document(out))
        for step in field.split("."):
            value = value[step]
        environment[name] = value


def settings_of(target, client, curl_folder):
    """The variables that the page names, and nothing else of the server."""
    settings = 'max-time = 60\nwrite-out = "%{stderr}status %{http_code}\\n"\n'
    (Path(curl_folder) / ".curlrc").write_text(settings)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ATTHENE_")}
    environment = {
        **kept,
        "NO_PROXY": "*",
        "no_proxy": "*",
        "CURL_HOME": curl_folder,
        "ATTHENE_URL": target.url,
        "ATTHENE_API_KEY": target.key,
        "AGENT_KEY": target.agent,
    }
    if target.vision_model:
        environment["SEEING_AGENT_KEY"] = client.create_agent("Sees for the manual", target.vision_model)[1]
    return environment


def main():
    """Runs every example of the page, in its order."""
    target = Target.from_environment()
    client = Client(target)
    checks = Checks("manual")
    page = examples()
    for language, least in LEAST.items():
        count = sum(1 for example in page if example.language == language)
        checks.that(count >= least, f"the page has at least {least} examples in {language}", count)
    told = sum(1 for example in page if example.answer)
    checks.that(told == answers(), "every printed answer stands right after its example", f"{told} of {answers()}")
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as curl_folder:
        environment = settings_of(target, client, curl_folder)
        for example in page:
            if SKIPPED_WITHOUT_A_MODEL in example.text and SKIPPED_WITHOUT_A_MODEL not in environment:
                print(f"left out, no ATTHENE_VISION_MODEL: {example.name}")
                continue
            # Rigs that ran before may have used up the key's limit; an example asks a few times in a row.
            while client.once("GET", "/v1/models").status_code == 429:
                time.sleep(3)
            check(checks, example, environment, folder)
    checks.finish()


if __name__ == "__main__":
    main()
