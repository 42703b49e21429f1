"""Attive: the printed curl, Python and JavaScript, the answer they get and the errors they read."""

import snippets
from rig.dialects import error_breach
from rig.shapes import as_printed
from rig.target import Client

HOST = "https://your-attive-instance.com"
FRAME = {
    "python": "\nimport json\nprint('BOTH', json.dumps([result, follow_up]))\n",
    "node": "\nconsole.log('BOTH', JSON.stringify([result, followUp]));\n",
}


def _default_agent(checks, client):
    path = f"/api/v1/agent/{client.target.agent_id}/"
    if client.call("GET", path).json().get("is_default") is not True:
        answer = client.once("POST", "/api/chat", json={"message": "Hi"})
        if answer.status_code == 404:
            right = "Workspace not found" in answer.text and error_breach("attive", answer) is None
            checks.that(right, "without a default agent the workspace is not found", answer.text)
    answer = client.call("PATCH", path, json={"is_default": True})
    checks.that(answer.status_code == 200 and answer.json()["is_default"] is True, "an agent becomes the default", answer.text)


def _printed(checks, client):
    target = client.target
    values = {HOST: target.url, "YOUR_API_KEY": target.key}
    example = snippets.printed("attive/chat.response.json")
    shape = as_printed(example)
    chat_id = None
    for name, more in [("basic", {}), ("agent", {"agent_renewal_risk_123": target.agent}), ("continue", None)]:
        more = {"clx1234567890": chat_id or ""} if more is None else more
        outcome = snippets.curl(snippets.put_in(f"attive/{name}.sh", {**values, **more}))
        where = f"the printed curl of {name}"
        if not checks.that(outcome.status == 200, f"{where} answers 200", outcome.out + outcome.err):
            continue
        checks.that(shape(outcome.body) is None, f"{where}: chatId, response and messageId are texts", shape(outcome.body))
        checks.same(sorted(outcome.body), sorted(example), f"{where}: the fields are those printed")
        if name == "continue":
            checks.same(outcome.body["chatId"], chat_id, f"{where}: the conversation goes on")
        chat_id = outcome.body["chatId"]
    by_id = client.call("POST", "/api/chat", json={"message": "Hi", "agentId": target.agent_id, "chatId": None}, bearer=True)
    checks.that(by_id.status_code == 200, "agentId may be the id as well, null counts as absent", by_id.text)
    history = client.call("GET", f"/api/v1/runtime/{chat_id}/messages/").json()
    checks.same(history.get("total"), 4, "the chat is a session of /api/v1 with both questions and answers")
    checks.same(client.call("GET", f"/chats/{chat_id}").status_code, 200, "the chat is a chat of /chats")
    of_program = {HOST: target.url, "your_api_key_here": target.key}
    for name, ending, runner in [("python", "py", snippets.python), ("node", "mjs", snippets.node)]:
        program = snippets.put_in(f"attive/example.{ending}", of_program)
        outcome = runner(program + FRAME[name])
        where = f"the printed {name} program"
        if not checks.that(outcome.exit_status == 0, f"{where} runs to its end", outcome.err[-400:]):
            continue
        checks.that("Response: " in outcome.out and "Follow-up: " in outcome.out, f"{where} prints both answers", outcome.out)
        result, follow_up = outcome.json_after("BOTH ")
        wrong = shape(result) or shape(follow_up)
        checks.that(wrong is None, f"{where}: both answers are as printed", wrong)
        checks.same(follow_up["chatId"], result["chatId"], f"{where}: the conversation goes on")
        checks.that(follow_up["messageId"] != result["messageId"], f"{where}: each answer has an id of its own")
        wrong_key = snippets.put_in(f"attive/example.{ending}", {HOST: target.url, "your_api_key_here": "atk_live_wrong"})
        outcome = runner(wrong_key + FRAME[name])
        words = "401" if name == "python" else "Error: "
        failed = outcome.exit_status != 0 and words in outcome.err and "Error: API request failed" not in outcome.err
        checks.that(failed, f"{where} with a wrong key fails by the error's text", outcome.err[-400:])


def _errors(checks, client):
    def refused(name, status, word="", sender=client, **rest):
        answer = sender.call("POST", "/api/chat", bearer=True, **rest)
        where = f"{name} answers {status}"
        right = answer.status_code == status and word in answer.text
        if checks.that(right, where, f"{answer.status_code} {answer.text}"):
            checks.that(error_breach("attive", answer) is None, f"{where} as error and details", error_breach("attive", answer))

    kind = {"Content-Type": "application/json"}
    agent = client.target.agent
    refused("malformed JSON", 400, data='{"message": "Hi",}', headers=kind)
    for name, body in [
        ("no message", {}),
        ("an empty message", {"message": ""}),
        ("a null message", {"message": None}),
        ("a number as message", {"message": 7}),
        ("a list as body", []),
        ("10,001 characters", {"message": "x" * 10_001, "agentId": agent}),
        ("10,001 characters outside the BMP", {"message": "\U0001f600" * 10_001, "agentId": agent}),
        ("a number as chatId", {"message": "Hi", "chatId": 5}),
        ("a number as agentId", {"message": "Hi", "agentId": 5}),
    ]:
        refused(name, 400, json=body)
    refused("an unknown chat", 404, json={"message": "Hi", "chatId": "clx1234567890"})
    refused("an unknown agent", 404, json={"message": "Hi", "agentId": "no-such-agent"})
    refused("no key", 401, sender=Client(client.target, ""), json={"message": "Hi"})
    refused("a wrong key", 401, sender=Client(client.target, "atk_live_wrong"), json={"message": "Hi"})
    for name, message in [("1 character", "x"), ("10,000 characters", "\U0001f600" * 10_000)]:
        answer = client.call("POST", "/api/chat", json={"message": message, "agentId": agent})
        checks.that(answer.status_code == 200, f"{name} are taken", f"{answer.status_code} {answer.text}")


def run(checks, client):
    """All of it."""
    checks.attempt("attive default agent", _default_agent, checks, client)
    checks.attempt("attive as printed", _printed, checks, client)
    checks.attempt("attive errors", _errors, checks, client)
