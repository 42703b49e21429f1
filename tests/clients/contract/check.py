"""Schemathesis over the server's own OpenAPI document: all checks, with and without a key, fixed seed."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))

from rig.checks import Checks
from rig.target import Client, Target

SEED = "20261122"
LONGEST_S = 540
SETTINGS = Path(__file__).with_name("schemathesis.toml")
PATHS = {
    "/api/v1/sessions/from-agent": ["get", "post", "delete"],
    "/api/v1/sessions/from-agent/{}": ["post"],
    "/api/v1/sessions": ["get", "post"],
    "/api/v1/sessions/{}": ["get", "delete"],
    "/api/v1/runtime/{}/execute": ["post"],
    "/api/v1/runtime/{}/messages": ["get"],
    "/api/v1/runtime/{}/status": ["get"],
    "/api/v1/runtime/{}/stop": ["post"],
    "/api/v1/runtime/{}/retry": ["post"],
    "/api/v1/runtime/{}/input": ["post"],
    "/api/v1/agent": ["get", "post"],
    "/api/v1/agent/{}": ["get", "patch", "delete"],
    "/api/v1/agent/validate": ["post"],
    "/api/v1/agent/{}/versions": ["get"],
    "/api/v1/agent/{}/versions/{}/deploy": ["post"],
    "/api/v1/agent/{}/origins/test": ["post"],
    "/api/v1/agent/{}/origins/seen": ["get"],
    "/api/v1/api-keys": ["get", "post"],
    "/api/v1/api-keys/{}": ["delete"],
    "/api/v1/traces": ["get"],
    "/api/v1/traces/{}": ["get"],
    "/chats": ["get", "post"],
    "/chats/{}": ["get", "delete"],
    "/chats/{}/messages": ["get", "post"],
    "/chats/{}/input": ["post"],
    "/chats/{}/abort": ["post"],
    "/api/chat": ["post"],
    "/v1/chat/completions": ["post"],
    "/v1/models": ["get"],
    "/v1/models/{}": ["get"],
    "/agui/{}": ["post"],
}
# Ids that come from an answer can be real. These three would then take away the key or the agent that the runs use:
# they are tried with ids that the document's schemas give, not in sequences.
DESTRUCTIVE = ["--exclude-path-regex", r"^/api/v1/(api-keys/\{|agents?/\{[^}]*\}(/?$|/versions/))"]
# Real ids are not ended or changed: the operations that do so are tried with ids that nobody has.
KEPT = ["--exclude-method", "DELETE", "--exclude-method", "PATCH"]


def _plain(path):
    parts = ["{}" if part.startswith("{") else part for part in path.strip("/").split("/")]
    return "/" + "/".join(parts)


def _document(checks, client):
    answer = Client(client.target, "").call("GET", "/api/v1/openapi.json")
    if not checks.same(answer.status_code, 200, "the document is open to everybody"):
        return
    document = answer.json()
    checks.that(str(document.get("openapi", "")).startswith("3.1"), "it is OpenAPI 3.1", document.get("openapi"))
    described = {}
    for path, operations in document.get("paths", {}).items():
        described.setdefault(_plain(path), set()).update(operations)
    missing = [
        f"{method.upper()} {path}" for path, methods in PATHS.items() for method in methods if method not in described.get(path, set())
    ]
    checks.none(missing, "every route of the contract is described")
    bare = []
    for path, operations in document.get("paths", {}).items():
        for method, operation in operations.items():
            if isinstance(operation, dict) and "responses" in operation:
                if not any(status.startswith("2") for status in operation["responses"]):
                    bare.append(f"{method.upper()} {path} has no success")
                body = operation.get("requestBody", {}).get("content", {})
                if any("schema" not in kind for kind in body.values()):
                    bare.append(f"{method.upper()} {path} has a body without a schema")
    checks.none(bare, "every operation describes its success and its body")
    checks.that("example" in json.dumps(document), "it has examples")


def _real(client, folder):
    """The settings with ids of what is there, so that success is tried, too, and not only the unknown id."""
    session = client.session_from_agent()
    run = client.call("POST", f"/api/v1/runtime/{session}/execute/", json={"content": "Hello"}).json()
    ids = {
        "session_id": session,
        "chat_id": session,
        "run_id": run["metadata"]["execution_id"],
        "agent": client.target.agent_id,
        "agent_id": client.target.agent_id,
        "agent_key": client.target.agent,
        "model": client.target.agent,
        "number": "1",
    }
    lines = ["", "[parameters]", *(f"{json.dumps(name)} = {json.dumps(value)}" for name, value in ids.items())]
    settings = Path(folder) / "real.toml"
    settings.write_text(SETTINGS.read_text(encoding="utf-8") + "\n".join(lines) + "\n", encoding="utf-8")
    return settings


def _report(checks, name, file):
    """One line for each operation of a JUnit report."""
    cases = list(xml.etree.ElementTree.parse(file).iter("testcase")) if file.exists() else []
    if not checks.that(bool(cases), f"{name}: operations were tried", file.name):
        return
    for case in cases:
        wrong = [part for part in case if part.tag in ("failure", "error")]
        found = " | ".join(f"{part.get('message') or ''} {part.text or ''}" for part in wrong)
        checks.that(not wrong, f"{name}: {case.get('name')}", found)


def _run(checks, target, name, arguments, folder, settings=SETTINGS):
    program = shutil.which("schemathesis", path=str(Path(sys.executable).parent)) or shutil.which("schemathesis")
    report = Path(folder) / f"{name.replace(' ', '-')}.xml"
    command = [program, "--config-file", str(settings), "run"]
    command += [f"{target.url}/api/v1/openapi.json", "--url", target.url, "--checks", "all", "--seed", SEED]
    command += ["--max-examples", os.environ.get("ATTHENE_EXAMPLES", "20"), "--rate-limit", "auto", "--no-color"]
    command += ["--report", "junit", "--report-junit-path", str(report), *arguments]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", timeout=LONGEST_S)
    except subprocess.TimeoutExpired:
        checks.that(False, f"{name}: it ends within {LONGEST_S} s")
        return
    _report(checks, name, report)
    if not checks.that(done.returncode == 0, f"{name}: no 5xx, nothing undocumented, no breach of a schema", done.returncode):
        print("\n".join(f"     {line}" for line in (done.stdout + done.stderr).splitlines()[-400:]))


def main():
    """Looks at the document, then runs it without and with a key."""
    target = Target.from_environment()
    checks = Checks("contract")
    client = Client(target)
    checks.attempt("the document", _document, checks, client)
    _, key = client.create_key("contract", scopes=["admin"])
    credential = ["--header", f"x-api-key: {key}"]
    single = ["--phases", "examples,coverage,fuzzing"]
    with tempfile.TemporaryDirectory() as folder:
        _run(checks, target, "without a key", single, folder)
        _run(checks, target, "with a key", [*single, *credential], folder)
        settings = _real(Client(target, key), folder)
        _run(checks, target, "with real ids", [*single, *credential, *KEPT], folder, settings)
        _run(checks, target, "in sequences", ["--phases", "stateful", *credential, *DESTRUCTIVE], folder)
    for whose, sender in [("the run", Client(target, key)), ("the rigs", client)]:
        status = sender.call("GET", "/api/v1/sessions/?limit=1").status_code
        checks.same(status, 200, f"the key of {whose} still counts")
    agent = client.call("GET", f"/api/v1/agent/{target.agent_id}/").status_code
    checks.same(agent, 200, "the agent of the rigs is still there")
    checks.finish()


if __name__ == "__main__":
    main()
