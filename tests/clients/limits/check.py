"""What holds when many come at once: idempotency, one turn per session, the key's limit, a key that is revoked mid-stream."""

import json
import sys
import threading
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))

from rig.checks import Checks
from rig.dialects import error_breach
from rig.shapes import whole
from rig.target import Client, Target

CLIENTS = 100
CUT_S = 5.0


def at_once(works):
    """Runs all works at the same moment, each in a thread of its own; their results, in order."""
    barrier = threading.Barrier(len(works))

    def start(work):
        barrier.wait(timeout=30)
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return [one.result(timeout=120) for one in [pool.submit(start, work) for work in works]]


def _clients(target, key, count=CLIENTS):
    """Clients with a connection that is open already."""
    found = [Client(target, key) for _ in range(count)]
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda client: client.session.get(f"{target.url}/healthz", timeout=30), found))
    return found


def _number_of_sessions(client):
    total = 0
    while page := client.call("GET", f"/api/v1/sessions/?limit=100&offset={total}").json():
        total += len(page)
        if len(page) < 100:
            break
    return total


def _duplicates(checks, client):
    target = client.target
    _, key = client.create_key("duplicates", scopes=["admin"])
    owner = Client(target, key)
    clients = _clients(target, key)
    cases = [
        ("session from an agent", f"/api/v1/sessions/from-agent/{target.agent_id}/", {}, "session_id"),
        ("session by agent_key", "/api/v1/sessions/from-agent/", {"agent_key": target.agent}, "session_id"),
        ("chat of Agentok", "/chats", {"name": "x", "from_type": "flow", "from_flow": target.agent}, "id"),
        ("message of Attive", "/api/chat", {"message": "Hi", "agentId": target.agent}, "chatId"),
    ]
    for name, path, body, field in cases:
        before = _number_of_sessions(owner)
        headers = {"Idempotency-Key": str(uuid.uuid4())}
        works = [lambda one=one: one.call("POST", path, json=body, headers=headers) for one in clients]
        answers = at_once(works)
        statuses = Counter(one.status_code for one in answers)
        checks.that(set(statuses) <= {200, 201}, f"{name}: {CLIENTS} duplicates are all answered", statuses)
        made = {one.json().get(field) for one in answers if one.status_code < 300}
        checks.that(len(made) == 1, f"{name}: {CLIENTS} duplicates have one id", f"{len(made)} ids")
        checks.same(_number_of_sessions(owner) - before, 1, f"{name}: {CLIENTS} duplicates make one session")
        later = owner.call("POST", path, json=body, headers=headers)
        checks.that(later.status_code < 300 and later.json().get(field) in made, f"{name}: a later duplicate has it too", later.text)
        other = owner.call("POST", path, json={**body, "x_other": 1}, headers=headers)
        checks.that(other.status_code in (409, 422), f"{name}: the same Idempotency-Key with another body is refused", other.text)
        foreign = client.call("POST", path, json=body, headers=headers)
        ok = foreign.status_code < 300 and foreign.json().get(field) not in made
        checks.that(ok, f"{name}: another key's Idempotency-Key is its own", foreign.text)
    session = owner.session_from_agent()
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    path = f"/api/v1/runtime/{session}/execute/"
    answers = at_once([lambda one=one: one.call("POST", path, json={"content": "Hi"}, headers=headers) for one in clients[:20]])
    statuses = Counter(one.status_code for one in answers)
    checks.that(set(statuses) == {200}, "execute: 20 duplicates are all answered", statuses)
    ids = {one.json().get("message_id") for one in answers if one.status_code == 200}
    checks.that(len(ids) == 1, "execute: 20 duplicates have one message", ids)
    total = owner.call("GET", f"/api/v1/runtime/{session}/messages/").json()["total"]
    checks.same(total, 2, "execute: 20 duplicates are one question and one answer")


def _agent_that_takes_time(checks, client):
    if not client.target.slow_model:
        checks.that(False, "ATTHENE_SLOW_MODEL names a model whose answer takes ten seconds (upstream.py has one)", "it is not set")
        return None
    return client.create_agent(f"Slow {uuid.uuid4().hex[:6]}", client.target.slow_model)[1]


def _one_turn(checks, client, agent):
    session = client.session_from_agent(agent)
    path = f"/api/v1/runtime/{session}/execute/"
    clients = _clients(client.target, client.key, 2)
    first, second = at_once([lambda one=one: one.call("POST", path, json={"content": "Hi"}, timeout_s=120) for one in clients])
    statuses = sorted([first.status_code, second.status_code])
    checks.same(statuses, [200, 409], "two executes at once on one session: one runs, one is refused")
    refused = first if first.status_code == 409 else second
    if refused.status_code == 409:
        breach = error_breach("atthene", refused)
        checks.that(breach is None, "the refusal has the error's shape", breach)
        checks.same(refused.json()["error"]["code"], "turn_running", "its code is turn_running")
    total = client.call("GET", f"/api/v1/runtime/{session}/messages/").json()["total"]
    checks.same(total, 2, "what was refused left no message")
    running = threading.Thread(target=lambda: clients[0].call("POST", path, json={"content": "Hi"}, timeout_s=120))
    running.start()
    seen = _until(lambda: client.call("GET", f"/api/v1/runtime/{session}/status/").json()["status"] == "processing", 5)
    checks.that(seen, "status says processing while a turn runs")
    answer = client.call("POST", f"/chats/{session}/messages", json={"message": "Hi"})
    right = answer.status_code == 409 and error_breach("agentok", answer) is None
    checks.that(right, "another dialect's message to the same session is refused by 409 too", answer.text)
    answer = client.call("POST", "/api/chat", json={"message": "Hi", "chatId": session})
    right = answer.status_code == 409 and error_breach("attive", answer) is None
    checks.that(right, "and Attive's", answer.text)
    stopped = client.call("POST", f"/api/v1/runtime/{session}/stop/")
    checks.that(stopped.status_code in (200, 202), "stop is taken while a turn runs", f"{stopped.status_code} {stopped.text}")
    running.join(timeout=10)
    checks.that(not running.is_alive(), "the stopped turn answers at once")


def _until(holds, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.05)
    return False


def _key_limit(checks, client):
    target = client.target
    limit = target.key_limit_per_min
    for name, method, path, body in [
        ("reads", "GET", "/api/v1/sessions/?limit=1", None),
        ("sessions", "POST", "/api/v1/sessions/from-agent/", {"agent_key": target.agent}),
    ]:
        _, key = client.create_key(f"limit {name}", scopes=["admin"])
        clients = _clients(target, key)
        each = (limit + limit // 3) // CLIENTS + 2

        def burst(one):
            return [one.once(method, path, json=body) for _ in range(each)]

        began = time.monotonic()
        answers = [answer for part in at_once([lambda one=one: burst(one) for one in clients]) for answer in part]
        seconds = time.monotonic() - began
        refused = [one for one in answers if one.status_code == 429]
        taken = [one for one in answers if one.status_code < 300]
        # What comes back while the burst lasts is the only thing that may be on top of the limit.
        most = limit + int(seconds * limit / 60)
        told = f"{len(taken)} taken, {len(refused)} refused of {len(answers)} in {seconds:.2f} s; allowed {limit} to {most}"
        checks.same(len(taken) + len(refused), len(answers), f"{name}: under {CLIENTS} clients every answer is a yes or a 429")
        checks.that(limit <= len(taken) <= most, f"{name}: the key's limit is exact under {CLIENTS} clients", told)
        if not checks.that(bool(refused), f"{name}: beyond the limit there are refusals", told):
            continue
        breaches = [_refusal_breach(one) for one in refused]
        checks.none([one for one in breaches if one], f"{name}: every refusal says when to come back")
        other = client.once("GET", "/api/v1/sessions/?limit=1").status_code
        checks.same(other, 200, f"{name}: another key is not concerned")
        stranger = Client(target, key)
        for dialect, verb, where, given in [
            ("agentok", "GET", "/chats", None),
            ("attive", "POST", "/api/chat", {"message": "Hi", "agentId": target.agent}),
            ("openai", "GET", "/v1/models", None),
        ]:
            answers = at_once([lambda one=one: one.once(verb, where, json=given) for one in clients])
            late = [one for one in answers if one.status_code == 429]
            wrong = [problem for one in late if (problem := error_breach(dialect, one) or _header_breach(one))]
            checks.that(late and not wrong, f"{name}: the same limit speaks {dialect}", wrong or Counter(one.status_code for one in answers))
        wait = float(refused[-1].headers["Retry-After"])
        time.sleep(min(wait, 61) + 1)
        checks.that(stranger.once("GET", "/api/v1/sessions/?limit=1").status_code == 200, f"{name}: after Retry-After the key counts again")


def _header_breach(answer):
    wait = answer.headers.get("Retry-After", "")
    if not wait.isdigit() or not 1 <= int(wait) <= 60:
        return f"Retry-After is {wait!r}"
    for name in ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"):
        if not answer.headers.get(name, "").isdigit():
            return f"{name} is {answer.headers.get(name)!r}"
    return None


def _refusal_breach(answer):
    if problem := error_breach("atthene", answer) or _header_breach(answer):
        return problem
    problem = whole(answer.json()["error"].get("retry_after_ms"))
    return problem and f"retry_after_ms {problem}"


def _revocation(checks, client, agent):
    key_id, key = client.create_key("revoked mid-stream")
    owner = Client(client.target, key)
    session = owner.session_from_agent(agent)
    streams = [
        ("execute", f"/api/v1/runtime/{session}/execute/", {"content": "Hi"}),
        ("completions", "/v1/chat/completions", {"model": agent, "messages": [{"role": "user", "content": "Hi"}], "stream": True}),
    ]
    began = threading.Barrier(len(streams) + 1)
    ends = {}

    def read(name, path, body):
        with Client(client.target, key).once(
            "POST", path, json=body, headers={"Accept": "text/event-stream"}, stream=True, timeout_s=60
        ) as answer:
            lines = []
            waits = True
            try:
                for line in answer.iter_lines(chunk_size=1):
                    lines.append(line.decode())
                    if waits and line.startswith(b"data:"):
                        waits = False
                        began.wait(timeout=30)
            except Exception as problem:
                lines.append(f"broke: {type(problem).__name__}")
            ends[name] = (time.monotonic(), answer.status_code, lines)
            if waits:
                began.abort()

    threads = [threading.Thread(target=read, args=stream, daemon=True) for stream in streams]
    for thread in threads:
        thread.start()
    try:
        began.wait(timeout=30)
    except threading.BrokenBarrierError:
        time.sleep(0.5)
        checks.that(False, "both streams begin", {name: end[1:] for name, end in ends.items()})
        return
    time.sleep(0.5)
    checks.same(len(ends), 0, "both streams are still open when the key is revoked")
    revoked_at = time.monotonic()
    gone = client.call("DELETE", f"/api/v1/api-keys/{key_id}/").status_code
    checks.that(gone in (200, 204), "the key is revoked", gone)
    refused = owner.once("GET", "/api/v1/sessions/?limit=1").status_code
    checks.same(refused, 401, "a revoked key is refused at once")
    for thread in threads:
        thread.join(timeout=CUT_S + 10)
    for name, _, _ in streams:
        if not checks.that(name in ends, f"{name}: the stream of a revoked key ends", "it is still open"):
            continue
        ended_at, _, lines = ends[name]
        took = ended_at - revoked_at
        checks.that(took <= CUT_S, f"{name}: within {CUT_S:.0f} s", f"{took:.1f} s")
        whole_answer = any(_is_completed(line) for line in lines)
        checks.that(not whole_answer, f"{name}: it was cut, it did not come to its end", lines[-2:])
        print(f"     {name}: cut after {took:.2f} s, last lines {lines[-3:]}"[:300])


def _is_completed(line):
    if line.strip() == "data: [DONE]":
        return True
    try:
        return json.loads(line.removeprefix("data:")).get("status") == "completed"
    except (ValueError, AttributeError):
        return False


def main():
    """All of it."""
    client = Client(Target.from_environment())
    checks = Checks("limits")
    checks.attempt("duplicates", _duplicates, checks, client)
    agent = checks.attempt("an agent that takes its time", _agent_that_takes_time, checks, client)
    if agent:
        checks.attempt("one turn at a time", _one_turn, checks, client, agent)
        checks.attempt("revocation", _revocation, checks, client, agent)
    checks.attempt("the key's limit", _key_limit, checks, client)
    checks.finish()


if __name__ == "__main__":
    main()
