"""Agentok: the printed curl, Python and TypeScript, and the Chat and Message they are about."""

import json

import snippets
from rig.dialects import error_breach
from rig.shapes import any_text, each, fields, is_, iso_z, one_of, or_null, text

HOST = "https://api.agentok.ai"
KEY = "<api-key>"

CHAT = fields(
    id=text,
    name=text,
    from_type=one_of("flow", "project", "template"),
    from_flow=or_null(text),
    from_project=or_null(text),
    from_template=or_null(text),
    user_id=or_null(text),
    status=one_of("ready", "running", "wait_for_human_input", "completed", "error"),
    created_at=iso_z,
    updated_at=iso_z,
)
MESSAGE = fields(
    id=text,
    chat_id=text,
    type=text,
    content=text,
    sender=or_null(any_text),
    receiver=or_null(any_text),
    metadata=lambda value: None if value is None or isinstance(value, dict) else f"is {value!r}",
    created_at=iso_z,
)


def _curl(checks, name, values, statuses, shape):
    outcome = snippets.curl(snippets.put_in(f"agentok/{name}.sh", values))
    where = f"the printed curl of {name}"
    if not checks.that(outcome.status in statuses, f"{where} answers {statuses}", f"{outcome.status} {outcome.out} {outcome.err}"):
        return None
    problem = shape(outcome.body)
    checks.that(problem is None, f"{where}: every field is as documented", problem)
    return outcome.body


def _printed(checks, client):
    target = client.target
    values = {HOST: target.url, KEY: target.key}
    chat = _curl(checks, "create", {**values, "flow_id": target.agent}, [200, 201], CHAT)
    if not chat:
        return
    checks.same(chat["name"], "My Chatbot", "create: the name is kept")
    checks.same(chat["from_type"], "flow", "create: from_type is kept")
    checks.same(chat["from_flow"], target.agent, "create: from_flow is kept")
    checks.same(chat["status"], "ready", "a new chat is ready")
    of_chat = {**values, "{chat_id}": chat["id"]}
    reply = _curl(checks, "message", of_chat, [200, 201], MESSAGE) or {}
    checks.same(reply.get("chat_id"), chat["id"], "message: the reply belongs to the chat")
    known = _curl(checks, "status", of_chat, [200], CHAT) or {}
    checks.that(known.get("status") in ("ready", "completed"), "after its answer a chat is ready or completed", known.get("status"))
    messages = _curl(checks, "messages", of_chat, [200], each(MESSAGE, at_least=2)) or []
    checks.same([one["content"] for one in messages[:1]], ["Hello, Agentok Studio!"], "messages: the question comes first")
    checks.same([one["id"] for one in messages[1:]], [reply.get("id")], "messages: then the reply")
    refused = _curl(checks, "input", of_chat, [409], fields(detail=text)) or {}
    checks.that(bool(refused), "input to a chat that does not wait is a 409 with a detail", refused)
    has_chat = lambda found: None if chat["id"] in [one.get("id") for one in found] else "the chat is not in it"
    both = lambda found: each(CHAT, at_least=1)(found) or has_chat(found)
    _curl(checks, "list", values, [200], both)
    frame = "const NEXT_PUBLIC_BACKEND_URL = process.argv[2], token = process.argv[3];\n"
    shown = "\nconsole.log(JSON.stringify(chat));\nconsole.log(res.status, '');\n"
    outcome = snippets.node(frame + snippets.printed("agentok/list.mjs") + shown, target.url, target.key)
    checks.that(outcome.status == 200 and both(outcome.body) is None, "the printed TypeScript lists the chats", outcome.out + outcome.err)
    frame = (
        "import json, sys, types, requests\n"
        "api_key = sys.argv[2]\n"
        "self = types.SimpleNamespace(base_url=sys.argv[1], client=requests)\n"
    )
    shown = "print(json.dumps(get_result))\nprint(response.status_code, '')\n"
    outcome = snippets.python(frame + snippets.printed("agentok/list.py") + shown, target.url, target.key)
    checks.that(outcome.status == 200 and both(outcome.body) is None, "the printed Python lists the chats", outcome.out + outcome.err)
    _curl(checks, "delete", of_chat, [200], is_({"result": "success"}))
    outcome = snippets.curl(snippets.put_in("agentok/status.sh", of_chat))
    checks.same(outcome.status, 404, "a deleted chat is not found")
    checks.that(fields(detail=text)(outcome.body) is None, "the 404 has a detail", outcome.out)


def _in_words(checks, client):
    for prefix in ("/chats", "/v1/chats"):
        for kind in ("flow", "project", "template"):
            body = {"name": f"By {kind}", "from_type": kind, f"from_{kind}": client.target.agent}
            answer = client.call("POST", prefix, json=body)
            ok = answer.status_code in (200, 201) and CHAT(answer.json()) is None
            checks.that(ok, f"POST {prefix} takes from_{kind}", f"{answer.status_code} {answer.text}")
        chat = answer.json()["id"]
        answer = client.call("POST", f"{prefix}/{chat}/messages", json={"content": "Hello", "type": "user"})
        ok = answer.status_code in (200, 201) and MESSAGE(answer.json()) is None
        checks.that(ok, f"POST {prefix}/{{id}}/messages takes content and type", f"{answer.status_code} {answer.text}")
        answer = client.call("POST", f"{prefix}/{chat}/messages?wait=false", json={"message": "Hello again"})
        checks.that(answer.status_code in (200, 201, 202), f"{prefix}: wait=false answers", f"{answer.status_code} {answer.text}")
        answer = client.call("POST", f"{prefix}/{chat}/abort")
        checks.that(answer.status_code in (200, 202, 409), f"{prefix}: abort answers", f"{answer.status_code} {answer.text}")
        answer = client.call("GET", f"{prefix}/{chat}/", bearer=True)
        checks.same(answer.status_code, 200, f"{prefix}: a Bearer token counts like X-API-KEY")
        answer = client.call("GET", f"/api/v1/sessions/{chat}/")
        checks.same(answer.status_code, 200, f"{prefix}: the chat's id is a session of /api/v1")
        for name, body in [("no message", {}), ("a number", {"message": 5}), ("an empty one", {"message": ""})]:
            answer = client.call("POST", f"{prefix}/{chat}/messages", json=body)
            right = answer.status_code in (400, 422) and error_breach("agentok", answer) is None
            checks.that(right, f"{prefix}: {name} is refused with a detail", f"{answer.status_code} {answer.text}")
    body = {"name": "x", "from_type": "flow", "from_flow": "no-such-agent"}
    answer = client.call("POST", "/chats", json=body)
    right = answer.status_code == 404 and error_breach("agentok", answer) is None
    checks.that(right, "an unknown flow is a 404 with a detail", f"{answer.status_code} {json.dumps(answer.text)}")


def run(checks, client):
    """All of it."""
    checks.attempt("agentok as printed", _printed, checks, client)
    checks.attempt("agentok in words", _in_words, checks, client)
