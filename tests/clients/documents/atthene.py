"""Atthene REST: the printed requests of the integration page, and what its API pages say in words."""

import snippets
from rig.dialects import error_breach
from rig.shapes import array, as_printed, each, fields, is_, iso_z, mapping, number, one_of, or_null, text, truth, whole

HOST = "https://api-be.atthene.com"
KEY = "YOUR_API_KEY"

EXECUTION = fields(
    type=is_("execution_result"),
    object=is_("agent.session"),
    client_type=is_("backend"),
    success=is_(True),
    id=text,
    session_id=text,
    status=is_("completed"),
    message_id=text,
    response=fields(content=text, tool_calls=array),
    messages=each(
        fields(
            id=text,
            type=is_("assistant_message"),
            role=is_("assistant"),
            content=text,
            timestamp=iso_z,
            created_at=whole,
        ),
        at_least=1,
    ),
    execution_time=number,
    created_at=whole,
    completed_at=whole,
    timestamp=iso_z,
    config=mapping,
    error=is_(None),
    events=array,
    metadata=fields(
        correlation_id=or_null(text),
        event_count=whole,
        execution_id=text,
        usage=fields(input_tokens=whole, output_tokens=whole),
    ),
)
SESSION = fields(success=is_(True), session_id=text, agent_id=text, agent_key=text, config_hash=text, created_at=iso_z)
STATUS = fields(
    session_id=text,
    status=one_of("active", "processing", "idle", "error"),
    message_count=whole,
    last_activity=or_null(iso_z),
    created_at=iso_z,
)


def shaped(checks, answer, statuses, shape, name):
    """Status, JSON, and the shape of the body; the body comes back."""
    if not checks.that(answer.status_code in statuses, f"{name} answers {statuses}", f"{answer.status_code} {answer.text}"):
        return None
    problem = shape(answer.json())
    checks.that(problem is None, f"{name}: every field is as documented", problem)
    return answer.json()


def _printed(checks, client):
    target = client.target
    values = {HOST: target.url, KEY: target.key}
    session_shape = as_printed(snippets.printed("atthene/session.response.json"))
    example = snippets.printed("atthene/execute.response.json")
    request = snippets.put_in("atthene/session.http", {**values, "{agent_key}": target.agent})
    for name in snippets.CLIENTS:
        outcome = snippets.http(request, name)
        if not checks.same(outcome.status, 200, f"the printed session request by {name} answers 200"):
            continue
        session = outcome.body
        for field, value in snippets.printed("atthene/session.response.json").items():
            problem = as_printed(value)(session.get(field))
            checks.that(problem is None, f"session by {name}: {field} is as printed", problem)
        checks.same(session["agent_key"], target.agent, f"session by {name}: agent_key is the one that was asked for")
        assert session_shape(session) is None
        for snippet, correlation_id in [("execute", "optional-tracking-id"), ("execute-text", None)]:
            text_of_it = snippets.put_in(f"atthene/{snippet}.http", {**values, "{session_id}": session["session_id"]})
            outcome = snippets.http(text_of_it, name)
            where = f"the printed {snippet} request by {name}"
            if not checks.that(outcome.status == 200, f"{where} answers 200", outcome.out + outcome.err):
                continue
            result = outcome.body
            for field, value in example.items():
                if field == "correlation_id":
                    checks.same(result.get(field, ""), correlation_id, f"{where}: correlation_id is the one sent")
                    continue
                problem = as_printed(value)(result.get(field, "absent"))
                checks.that(problem is None, f"{where}: {field} is as printed", problem)
            for field in ("type", "client_type", "status"):
                checks.same(result[field], example[field], f"{where}: {field} is the printed word")
            checks.same(result["session_id"], session["session_id"], f"{where}: session_id is the session's")
            problem = EXECUTION(result)
            checks.that(problem is None, f"{where}: the reply satisfies all printed shapes at once", problem)
            checks.same(result["messages"][-1]["content"], result["response"]["content"], f"{where}: one answer, both places")


def _runtime(checks, client):
    session = client.session_from_agent()
    for slash in ("", "/"):
        for kind, body in [
            ("application/json", '{"content":"What is this?","correlation_id":"c1"}'),
            ("application/yaml", "content: What is this?\ncorrelation_id: c1\n"),
        ]:
            path = f"/api/v1/runtime/{session}/execute{slash}"
            answer = client.call("POST", path, data=body, headers={"Content-Type": kind})
            shaped(checks, answer, [200], EXECUTION, f"execute{slash} with {kind}")
    blocks = [{"type": "text", "text": "What is"}, {"type": "text", "text": "this?"}]
    answer = client.call("POST", f"/api/v1/runtime/{session}/execute/", json={"content": blocks})
    shaped(checks, answer, [200], EXECUTION, "execute with text blocks")
    message = fields(id=text, role=one_of("user", "assistant"), content=text, timestamp=iso_z)
    shape = fields(messages=each(message), total=is_(10), has_more=truth)
    answer = client.call("GET", f"/api/v1/runtime/{session}/messages/?limit=50&offset=0")
    history = shaped(checks, answer, [200], shape, "messages after five turns")
    if history:
        roles = [one["role"] for one in history["messages"]]
        checks.same(roles, ["user", "assistant"] * 5, "messages come oldest first, question before answer")
        page = client.call("GET", f"/api/v1/runtime/{session}/messages/?limit=3&offset=6").json()
        wanted = [one["id"] for one in history["messages"][6:9]]
        checks.same([one["id"] for one in page["messages"]], wanted, "limit and offset cut the same list")
        checks.same(page["has_more"], True, "has_more is true while there is more")
        checks.same(history["has_more"], False, "has_more is false at the end")
    status = shaped(checks, client.call("GET", f"/api/v1/runtime/{session}/status/"), [200], STATUS, "session status")
    if status:
        checks.same(status["message_count"], 10, "message_count counts the messages")
    answer = client.call("POST", f"/api/v1/runtime/{session}/input/", json={"content": "yes"})
    checks.same(answer.status_code, 409, "input to a session that does not wait answers 409")
    checks.that(error_breach("atthene", answer) is None, "the 409 has the error's shape", error_breach("atthene", answer))
    headers = {"Accept": "text/event-stream"}
    with client.call("POST", f"/api/v1/runtime/{session}/execute/", json={"content": "Hi"}, headers=headers, stream=True) as answer:
        kind = answer.headers.get("Content-Type", "")
        checks.that(kind.startswith("text/event-stream"), "execute streams if that is asked for", kind)
        data = [line[5:].strip() for line in answer.text.splitlines() if line.startswith("data:")]
    last = snippets.json.loads(data[-1]) if data else {}
    checks.that(len(data) > 2, "the stream has events before its last", len(data))
    checks.that(EXECUTION(last) is None, "the stream ends with the execution result", EXECUTION(last))


def _sessions(checks, client):
    target = client.target
    configured = client.call("GET", f"/api/v1/agent/{target.agent_id}/").json()["system_config"]
    hashes = set()
    for kind, body in [
        ("application/json", snippets.json.dumps(configured)),
        ("application/json", snippets.json.dumps(configured, sort_keys=True, indent=3)),
        ("application/yaml", snippets.json.dumps(configured, indent=1)),
    ]:
        answer = client.call("POST", "/api/v1/sessions/", data=body, headers={"Content-Type": kind})
        created = shaped(
            checks, answer, [200, 201], fields(success=is_(True), session_id=text, config_hash=text), f"session from {kind}"
        )
        hashes.add(created and created["config_hash"])
    checks.that(len(hashes) == 1, "config_hash does not depend on key order, white space or YAML", hashes)
    only = hashes.pop()
    checks.that(bool(only) and len(only) == 64 and int(only, 16) >= 0, "config_hash is SHA-256 in hex", only)
    for name, method, path, body in [
        ("GET from-agent", "GET", f"/api/v1/sessions/from-agent/?agent_key={target.agent}", None),
        ("POST from-agent with the id", "POST", f"/api/v1/sessions/from-agent/{target.agent_id}/", None),
        ("POST from-agent with a query", "POST", f"/api/v1/sessions/from-agent/?agent_key={target.agent}", None),
        ("POST from-agent with agent_key", "POST", "/api/v1/sessions/from-agent/", {"agent_key": target.agent}),
        ("POST from-agent with agent_id", "POST", "/api/v1/sessions/from-agent", {"agent_id": target.agent_id}),
    ]:
        answer = client.call(method, path, json=body)
        created = shaped(checks, answer, [200, 201], SESSION, name)
        checks.same(answer.headers.get("Cache-Control"), "no-store", f"{name} is not stored by caches")
    if not created:
        return
    session = created["session_id"]
    one = fields(
        session_id=is_(session), config_hash=text, created_at=iso_z, status=text, agent_key=is_(target.agent), agent_config=mapping
    )
    shaped(checks, client.call("GET", f"/api/v1/sessions/{session}/"), [200], one, "one session")
    listed = client.call("GET", f"/api/v1/sessions/?limit=5&agent_key={target.agent}")
    array_of = each(fields(session_id=text, created_at=iso_z, status=text), at_least=1)
    sessions = shaped(checks, listed, [200], array_of, "the list of sessions") or [{"session_id": ""}]
    checks.same(sessions[0]["session_id"], session, "the newest session is listed first")
    checks.that(len(sessions) <= 5, "limit counts", len(sessions))
    gone = client.call("DELETE", f"/api/v1/sessions/{session}/").status_code
    checks.that(gone in (200, 204), "a session is deleted", gone)
    for path in (f"/api/v1/sessions/{session}/", f"/api/v1/runtime/{session}/messages/"):
        answer = client.call("GET", path)
        checks.same(answer.status_code, 404, f"a deleted session is not found by {path.split('/')[3]}")
    answer = client.call("POST", f"/api/v1/runtime/{session}/execute", json={"content": "Hi"})
    checks.same(answer.status_code, 404, "a deleted session runs nothing")
    checks.that(error_breach("atthene", answer) is None, "session not found has the error's shape", error_breach("atthene", answer))


def run(checks, client):
    """All of it."""
    checks.attempt("atthene as printed", _printed, checks, client)
    checks.attempt("atthene runtime", _runtime, checks, client)
    checks.attempt("atthene sessions", _sessions, checks, client)
