"""One table: every dialect x every way to fail -> the status and the dialect's own error body."""

import http.client
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

sys.path.append(str(Path(__file__).parents[1]))

from rig.checks import Checks
from rig.dialects import error_breach
from rig.target import Client, Target

WRONG_KEY = "atk_live_0000000000000000000000000000000000000000000000"
MIB = 1024 * 1024
UNKNOWN = "00000000-0000-4000-8000-00000000dead"


@dataclass
class Row:
    """A route that takes a body, and what its dialect has around it."""

    name: str
    dialect: str
    path: str
    right: dict
    wrong_types: list
    unknown_path: str
    wrong_method: tuple
    unknown_ids: list
    too_large: int = 2 * MIB


def rows(target, session):
    """The table's rows."""
    ask = [{"role": "user", "content": "Hi"}]
    chat = {"name": "x", "from_type": "flow", "from_flow": target.agent}
    config = {"name": "x", "agent_type": "llm_agent", "system_prompt": "x", "llm_config": {"model": "builtin"}}
    found = [
        Row(
            "sessions",
            "atthene",
            "/api/v1/sessions/",
            config,
            [[], {**config, "name": 5}, {**config, "llm_config": "x"}],
            "/api/v1/no/such/route",
            ("PUT", "/api/v1/sessions/"),
            [("GET", f"/api/v1/sessions/{UNKNOWN}/", None), ("DELETE", "/api/v1/sessions/x", None)],
        ),
        Row(
            "from-agent",
            "atthene",
            "/api/v1/sessions/from-agent/",
            {"agent_key": target.agent},
            [[], {"agent_key": 5}, {"agent_id": {}}, {}],
            "/api/v1/sessions/from-agent/a/b/c",
            ("PATCH", "/api/v1/sessions/from-agent/"),
            [
                ("GET", "/api/v1/sessions/from-agent/?agent_key=no-such-agent", None),
                ("POST", f"/api/v1/sessions/from-agent/{UNKNOWN}/", {}),
                ("POST", "/api/v1/sessions/from-agent/", {"agent_key": "no-such-agent"}),
            ],
        ),
        Row(
            "execute",
            "atthene",
            f"/api/v1/runtime/{session}/execute/",
            {"content": "Hi"},
            [[], {}, {"content": 5}, {"content": None}, {"content": [5]}, {"content": "Hi", "correlation_id": 5}, {"content": ""}],
            f"/api/v1/runtime/{session}/dance",
            ("GET", f"/api/v1/runtime/{session}/execute/"),
            [
                ("POST", f"/api/v1/runtime/{UNKNOWN}/execute", {"content": "Hi"}),
                ("GET", f"/api/v1/runtime/{UNKNOWN}/messages/", None),
                ("GET", f"/api/v1/runtime/{UNKNOWN}/status/", None),
                ("POST", f"/api/v1/runtime/{UNKNOWN}/input/", {"content": "Hi"}),
            ],
            17 * MIB,
        ),
        Row(
            "agent",
            "atthene",
            "/api/v1/agent/",
            {"system_config": config},
            [[], {}, {"system_config": 5}, {"system_config": {**config, "name": 5}}],
            f"/api/v1/agent/{target.agent_id}/wings",
            ("PUT", "/api/v1/agent/"),
            [("GET", f"/api/v1/agent/{UNKNOWN}/", None), ("PATCH", f"/api/v1/agent/{UNKNOWN}/", {"is_public": False})],
        ),
        Row(
            "api-keys",
            "atthene",
            "/api/v1/api-keys/",
            {"name": "x"},
            [[], {}, {"name": 5}, {"name": "x", "scopes": "admin"}, {"name": "x", "scopes": ["king"]}, {"name": "x", "expires_at": "soon"}],
            "/api/v1/api-keys/a/b/c",
            ("PUT", "/api/v1/api-keys/"),
            [("DELETE", f"/api/v1/api-keys/{UNKNOWN}/", None)],
        ),
        Row(
            "attive",
            "attive",
            "/api/chat",
            {"message": "Hi", "agentId": target.agent},
            [[], "Hi", {}, {"message": 5}, {"message": None}, {"message": ["Hi"]}, {"message": "Hi", "chatId": 5}],
            "/api/chat/no/such/route",
            ("PUT", "/api/chat"),
            [
                ("POST", "/api/chat", {"message": "Hi", "chatId": UNKNOWN}),
                ("POST", "/api/chat", {"message": "Hi", "agentId": "no-such-agent"}),
            ],
        ),
        Row(
            "openai",
            "openai",
            "/v1/chat/completions",
            {"model": target.agent, "messages": ask},
            [[], {}, {"model": 5, "messages": ask}, {"model": target.agent, "messages": "Hi"}, {"model": target.agent, "messages": [5]}],
            "/v1/no/such/route",
            ("PUT", "/v1/chat/completions"),
            [("POST", "/v1/chat/completions", {"model": "no-such-agent", "messages": ask}), ("GET", "/v1/models/no-such-agent", None)],
            17 * MIB,
        ),
    ]
    for prefix in ("/chats", "/v1/chats"):
        found.append(
            Row(
                f"agentok {prefix}",
                "agentok",
                prefix,
                chat,
                [[], {}, {**chat, "name": 5}, {**chat, "from_type": "king"}, {**chat, "from_flow": 5}, {"name": "x", "from_type": "flow"}],
                f"{prefix}/{session}/no/such/route",
                ("PUT", prefix),
                [
                    ("GET", f"{prefix}/{UNKNOWN}", None),
                    ("DELETE", f"{prefix}/{UNKNOWN}", None),
                    ("GET", f"{prefix}/{UNKNOWN}/messages", None),
                    ("POST", f"{prefix}/{UNKNOWN}/messages", {"message": "Hi"}),
                    ("POST", f"{prefix}/{UNKNOWN}/input", {"message": "Hi"}),
                    ("POST", f"{prefix}/{UNKNOWN}/abort", {}),
                    ("POST", prefix, {**chat, "from_flow": "no-such-agent"}),
                ],
            )
        )
    return found


class Table:
    """Sends, and holds the answer to a status and to the dialect's body."""

    def __init__(self, checks, client):
        self.checks = checks
        self.client = client
        self.target = client.target

    def cell(self, row, fault, statuses, method, path, sender=None, **rest):
        """One cell of the table."""
        answer = (sender or self.client).call(method, path, **rest)
        name = f"{row.name}, {fault}: {' or '.join(map(str, statuses))} in its own shape"
        wrong = answer.status_code not in statuses and f"{answer.status_code}: {answer.text[:200]}"
        self.checks.that(not (wrong or error_breach(row.dialect, answer)), name, wrong or error_breach(row.dialect, answer))
        return answer

    def row(self, row):
        """Every fault of one route."""
        nobody = Client(self.target, "")
        stranger = Client(self.target, WRONG_KEY)
        body = {"json": row.right}
        malformed = {400} if row.dialect == "attive" else {400, 422}
        for path in {row.path.rstrip("/"), row.path.rstrip("/") + "/"}:
            slash = "with a slash" if path.endswith("/") else "without a slash"
            self.cell(row, f"no key {slash}", [401], "POST", path, nobody, **body)
            self.cell(row, f"wrong key {slash}", [401], "POST", path, stranger, **body)
            self.cell(row, f"wrong Bearer {slash}", [401], "POST", path, stranger, bearer=True, **body)
            self.cell(row, f"malformed JSON {slash}", [400], "POST", path, data="{", headers={"Content-Type": "application/json"})
        both = {"Authorization": f"Bearer {self.target.key}"}
        self.cell(row, "both headers at once", [400], "POST", row.path, headers=both, **body)
        for name, value in [("no token", "Bearer"), ("a visitor's token", "Bearer eyJhbGciOiJIUzI1NiJ9.e30.x"), ("Basic", "Basic YTpi")]:
            self.cell(row, f"Authorization with {name}", [401], "POST", row.path, nobody, headers={"Authorization": value}, **body)
        self.cell(row, "wrong key with a malformed body", [401], "POST", row.path, stranger, data="{", headers={"Content-Type": "application/json"})
        for wrong in row.wrong_types:
            self.cell(row, f"wrong type {json.dumps(wrong)[:70]}", sorted(malformed), "POST", row.path, json=wrong)
        self.cell(row, "unknown path", [404], "GET", row.unknown_path)
        self.cell(row, "unknown path, POST", [404], "POST", row.unknown_path, **body)
        answer = self.cell(row, "wrong method", [405], *row.wrong_method)
        self.checks.that(bool(answer.headers.get("Allow")), f"{row.name}, wrong method: Allow names the right ones", answer.headers)
        for kind in ("text/plain", "application/x-www-form-urlencoded", "application/xml", "application/jsonp", "nonsense"):
            self.cell(row, f"Content-Type {kind}", [415], "POST", row.path, data=json.dumps(row.right), headers={"Content-Type": kind})
        self.cell(row, "no Content-Type", [415], "POST", row.path, data=json.dumps(row.right).encode())
        for method, path, given in row.unknown_ids:
            where = f"{method} {path.replace(UNKNOWN, '{unknown}')}"
            self.cell(row, f"unknown id, {where}", [404], method, path, json=given)
            self.cell(row, f"unknown id without a key, {where}", [401], method, path, nobody, json=given)
        foreign = {"Origin": "https://elsewhere.example"}
        answer = self.cell(row, "a secret key from a foreign page", [403], "POST", row.path, headers=foreign, **body)
        self.checks.that(
            "access-control-allow-origin" not in answer.headers, f"{row.name}: no CORS for a secret key", dict(answer.headers)
        )
        self.too_large(row)

    def too_large(self, row):
        """A body over the limit, with its length announced and in chunks."""
        parts = urlsplit(self.target.url)
        body = b'{"x":"' + b"x" * row.too_large + b'"}'
        for name in ("with its length", "in chunks"):
            connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)
            headers = {"x-api-key": self.target.key, "Content-Type": "application/json"}
            pieces = body if name == "with its length" else (body[at : at + 65536] for at in range(0, len(body), 65536))
            try:
                try:
                    connection.request("POST", row.path, pieces, headers, encode_chunked=name == "in chunks")
                except (BrokenPipeError, ConnectionResetError):
                    # The server may answer before it has read all, and close: its answer can still be read.
                    pass
                answer = _Answer(connection.getresponse())
                wrong = answer.status_code != 413 and f"{answer.status_code}: {answer.text[:200]}"
                found = wrong or error_breach(row.dialect, answer)
            except (OSError, http.client.HTTPException) as problem:
                found = f"no answer: {type(problem).__name__} {problem}"
            finally:
                connection.close()
            self.checks.that(not found, f"{row.name}, {row.too_large // MIB} MiB {name}: 413 in its own shape", found)


class _Answer:
    """An answer of http.client with the names that `requests` has."""

    def __init__(self, answer):
        self.status_code = answer.status
        self.headers = {name.title(): value for name, value in answer.getheaders()}
        self.text = answer.read().decode()

    def json(self):
        return json.loads(self.text)


def _invalid_configuration(checks, client):
    answer = client.call("POST", "/api/v1/sessions/", json={"agent_type": "llm_agent", "llm_config": {"temperature": "hot"}})
    body = answer.json()
    errors = body.get("errors")
    shaped = isinstance(errors, list) and errors and all(one.get("message") and "field" in one for one in errors)
    checks.that(answer.status_code == 400 and shaped, "an invalid configuration: 400 with errors of field and message", answer.text)
    named = {one["field"] for one in errors or []}
    checks.that("name" in named, "the missing name is named", named)
    for kind, key in [("expired", "2020-01-01T00:00:00Z")]:
        made = client.call("POST", "/api/v1/api-keys/", json={"name": kind, "expires_at": key})
        if made.status_code in (200, 201):
            late = Client(client.target, made.json()["key"]).call("GET", "/api/v1/sessions/")
            right = late.status_code == 401 and "API key has expired" in late.text
            checks.that(right, 'an expired key: 401 "API key has expired"', late.text)
        else:
            checks.that(made.status_code in (400, 422), "a key that has ended already is not made", made.text)


def main():
    """The whole table."""
    client = Client(Target.from_environment())
    checks = Checks("errors")
    session = client.session_from_agent()
    table = Table(checks, client)
    for row in rows(client.target, session):
        checks.attempt(row.name, table.row, row)
    checks.attempt("configurations and expiry", _invalid_configuration, checks, client)
    checks.finish()


if __name__ == "__main__":
    main()
