"""JSON and YAML corpora as bodies of five routes: valid ones taken or refused for a reason, invalid ones refused, fast."""

import json
import subprocess
import sys
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))

import json_table
import requests
import yaml
import yaml_table
from rig.checks import Checks
from rig.dialects import error_breach, reason
from rig.target import Client, Target

SLOWEST_S = 2.0
REFUSALS = {"atthene": {400, 413, 415, 422}, "agentok": {400, 413, 415, 422}, "attive": {400, 413, 415}, "openai": {400, 413, 415, 422}}
TAKEN_SHARE = 0.9


@dataclass
class Route:
    """A route that takes a body. `frame` is a right body with "@" as the text of its own field."""

    name: str
    dialect: str
    path: str
    frame: bytes

    def with_extra(self, value):
        """The right body with one more, unknown field: the value."""
        right = self.frame.replace(b'"@"', b'"Hello"').rstrip()
        return right[:-1] + b', "x_case": ' + value + b"}"


class Sender:
    """Sends cases, judges the answers, gathers what was wrong by group."""

    def __init__(self, checks, client):
        self.checks = checks
        self.client = client
        self.breaches = defaultdict(list)
        self.counts = defaultdict(int)
        self.slowest = (0.0, "")
        self.left = 0
        self.sender = client

    def _post(self, path, **rest):
        """One request. A key's limit is not what this is about: a new key comes before the old one is used up."""
        if self.left == 0:
            self.left = max(self.client.target.key_limit_per_min // 2, 1)
            self.sender = Client(self.client.target, self.client.create_key("bodies", scopes=["admin"])[1])
        self.left -= 1
        return self.sender.once("POST", path, timeout_s=20, **rest)

    def _send(self, route, kind, body):
        headers = {"Content-Type": kind}
        for last in (False, True):
            try:
                began = time.monotonic()
                answer = self._post(route.path, data=body, headers=headers)
                while answer.status_code == 429:
                    time.sleep(min(float(answer.headers.get("Retry-After", "1")), 30))
                    began = time.monotonic()
                    answer = self._post(route.path, data=body, headers=headers)
                seconds = time.monotonic() - began
                if seconds < SLOWEST_S or last:
                    return answer, seconds
            except requests.ConnectionError as problem:
                if last:
                    return f"the connection broke: {problem}", 0
            except requests.Timeout:
                if last:
                    return "no answer in 20 s", 20
        return "no answer", 0

    def case(self, group, route, kind, name, expected, body):
        """One case. Expected: y = taken, n = refused, i = either. Gives back the answer if it is a right one."""
        group = f"{route.name}, {group}"
        self.counts[group] += 1
        answer, seconds = self._send(route, kind, body)
        self.slowest = max(self.slowest, (seconds, f"{route.name} {name}"))
        breach = answer if isinstance(answer, str) else self._breach(route, expected, answer)
        if not breach and seconds >= SLOWEST_S:
            breach = f"took {seconds:.1f} s"
        if breach:
            self.breaches[group].append(f"{name}: {breach}")
            return None
        return answer

    def _breach(self, route, expected, answer):
        status = answer.status_code
        if route.name == "validate" and status == 200:
            verdict = answer.json()
            if verdict.get("valid") is True:
                return "valid, but it is not" if expected == "n" else None
            errors = verdict.get("errors")
            shaped = isinstance(errors, list) and errors and all({"field", "message"} <= set(one) for one in errors)
            if verdict.get("valid") is not False or not shaped:
                return f"neither valid nor errors with field and message: {answer.text[:200]}"
            return f"refused: {errors[:2]}" if expected == "y" else None
        if 200 <= status < 300:
            return f"{status}, but it has to be refused" if expected == "n" else None
        if status not in REFUSALS[route.dialect]:
            return f"{status}: {answer.text[:200]}"
        if problem := error_breach(route.dialect, answer):
            return problem
        if len(reason(route.dialect, answer)) < 8:
            return f"no reason: {answer.text[:200]}"
        return f"refused: {status} {answer.text[:200]}" if expected == "y" else None

    def report(self):
        """One line for each group."""
        for group, count in self.counts.items():
            self.checks.none(self.breaches[group], f"{group}: {count} bodies")
        self.checks.that(self.slowest[0] < SLOWEST_S, f"every answer came within {SLOWEST_S:.0f} s", self.slowest)
        print(f"     the slowest answer took {self.slowest[0]:.3f} s: {self.slowest[1]}")


def _routes(target, config):
    config = json.dumps({**config, "name": "@"}).encode()
    ask = json.dumps({"agentId": target.agent, "message": "@"}).encode()
    chat = json.dumps({"from_type": "flow", "from_flow": target.agent, "name": "@"}).encode()
    completion = json.dumps({"model": target.agent, "messages": [{"role": "user", "content": "@"}]}).encode()
    return [
        Route("sessions", "atthene", "/api/v1/sessions/", config),
        Route("validate", "atthene", "/api/v1/agent/validate/", config),
        Route("chat", "attive", "/api/chat", ask),
        Route("chats", "agentok", "/chats", chat),
        Route("completions", "openai", "/v1/chat/completions", completion),
    ]


def _corpora():
    done = subprocess.run(["node", "corpora.mjs"], cwd=Path(__file__).parent, capture_output=True, timeout=60)
    if done.returncode:
        raise AssertionError(f"npm ci in tests/clients first: {done.stderr.decode()[-300:]}")
    return json.loads(done.stdout)


def _json(sender, route, corpus):
    kind = "application/json"
    theirs = [(one["name"], one["class"], one["text"].encode()) for one in corpus["json"]]
    for group, values in (("JSONTestSuite", theirs), ("our JSON values", list(json_table.values()))):
        for name, expected, value in values:
            # Twice the same key, or a NUL: JSON, but a server may refuse to keep it.
            framed = "i" if expected == "y" and ("duplicated" in name or b"\\u0000" in value) else expected
            sender.case(f"{group} in a field", route, kind, name, framed, route.with_extra(value))
            sender.case(f"{group} as the body", route, kind, name, "n", value)
    for name, expected, body in json_table.bodies(route.frame):
        # A name may have rules of its own; a message may not.
        expected = "i" if expected == "y" and route.dialect == "atthene" else expected
        answer = sender.case("our JSON bodies", route, kind, name, expected, body)
        if answer is not None and name.startswith("y_") and route.name == "chats":
            kept = answer.json()["name"] == json.loads(body)["name"]
            sender.checks.that(kept, f"chats: {name} is kept as it was sent", answer.text)


def _yaml(sender, route, corpus, head):
    kind = "application/yaml"
    taken = tried = 0
    refused = []
    for one in corpus["yaml"]:
        sender.case("YAML suite as the body", route, kind, one["name"], "n", one["text"].encode())
        body = yaml_table.nested(head, one["text"]) if one["class"] == "y" else None
        if body is None:
            continue
        answer = sender.case("YAML suite in a field", route, kind, one["name"], "i", body)
        if one["json"] is not None and not {"tag", "anchor", "alias", "unknown-tag", "local-tag", "duplicate-key"} & set(one["tags"]):
            tried += 1
            is_taken = answer is not None and answer.status_code < 300 and answer.json().get("valid", True)
            taken += is_taken
            refused += [] if is_taken else [one["name"]]
    for name, expected, body in yaml_table.cases(head):
        sender.case("our YAML", route, kind, name, expected, body)
    enough = tried > 100 and taken >= TAKEN_SHARE * tried
    sender.checks.that(enough, f"{route.name}: {taken} of {tried} plain YAML values are taken", f"refused: {refused}")


def main():
    """All of it."""
    target = Target.from_environment()
    client = Client(target)
    checks = Checks("bodies")
    corpus = _corpora()
    config = client.call("GET", f"/api/v1/agent/{target.agent_id}/").json()["system_config"]
    sender = Sender(checks, client)
    head = yaml.safe_dump({**config, "name": "Bodies"}, sort_keys=False, allow_unicode=True)
    for route in _routes(target, config):
        right = sender.case("a right body", route, "application/json", "as it should be", "y", route.frame.replace(b'"@"', b'"Hello"'))
        if right is None:
            continue
        checks.attempt(f"{route.name}, JSON", _json, sender, route, corpus)
        if route.dialect == "atthene":
            checks.attempt(f"{route.name}, YAML", _yaml, sender, route, corpus, head)
        alive = client.call("GET", "/api/v1/sessions/?limit=1").status_code
        checks.same(alive, 200, f"after all bodies of {route.name} the server answers as before")
    sender.report()
    checks.finish()


if __name__ == "__main__":
    main()
