"""The validator `ag-ui-validate` over streams recorded from /agui: no finding of any severity."""

import asyncio
import sys
import uuid
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))

from ag_ui_validate.transport import TransportOptions, validate_body
from rig.checks import Checks
from rig.target import Client, Target

ORIGIN = "https://shop.example"


def asked(thread, text, **more):
    """A run with one message."""
    message = {"id": str(uuid.uuid4()), "role": "user", "content": text}
    return {
        "threadId": thread,
        "runId": str(uuid.uuid4()),
        "messages": [message],
        "state": {},
        "tools": [],
        "context": [],
        "forwardedProps": {},
        **more,
    }


class Recorder:
    """Runs, and holds what came to the validator."""

    def __init__(self, checks, client):
        self.checks = checks
        self.client = client

    def record(self, name, agent, body, sender=None, headers=None, meanwhile=None):
        """One stream, whole; `meanwhile` is called with its first bytes."""
        answer = (sender or self.client).call("POST", f"/agui/{agent}", json=body, stream=True, headers=headers)
        if not self.checks.same(answer.status_code, 200, f"{name}: it is answered"):
            return ""
        chunks = []
        for chunk in answer.iter_content(None):
            chunks.append(chunk)
            if meanwhile and b"TEXT_MESSAGE_CONTENT" in chunk:
                meanwhile(b"".join(chunks).decode())
                meanwhile = None
        self._validate(name, chunks, answer.headers["Content-Type"])
        return b"".join(chunks).decode()

    def _validate(self, name, chunks, content_type):
        async def body():
            for chunk in chunks:
                yield chunk

        found = asyncio.run(validate_body(body(), content_type, TransportOptions(recorded=True)))
        report = found.report
        findings = [f"{one.rule} {one.severity} {one.message}" for one in report.diagnostics] + report.internal_errors
        self.checks.none(findings, f"{name}: the validator finds nothing")
        self.checks.that(found.event_count > 1, f"{name}: it read events", found.event_count)


def _agent(client, model, **more):
    slow = client.target.slow_model
    return client.create_agent(f"AG-UI validated {model}", slow.removesuffix("slow") + model, **more)[1]


def _question(recorder, client, payload, end):
    """A run that asks, and one that answers it or does not."""
    agent = _agent(client, "asks", agent_type="react_agent", tools=["ask_human"])
    thread = str(uuid.uuid4())
    told = recorder.record("a run that asks", agent, asked(thread, "A shirt"))
    recorder.checks.that('"type":"TOOL_CALL_START"' in told, "a run that asks: a back end sees the call", told[-600:])
    recorder.checks.that('"outcome":{"type":"interrupt"' in told, "a run that asks: it ends with an interrupt", told[-300:])
    interrupt = told.split('"interrupts":[{"id":"')[1].split('"')[0]
    resumed = asked(thread, "", messages=[], resume=[{"interruptId": interrupt, **payload}])
    told = recorder.record(f"a resume, {payload['status']}", agent, resumed)
    recorder.checks.that(f'"outcome":{{"type":"{end}"}}' in told, f"a resume, {payload['status']}: {end}", told[-300:])


def _stop(client, told):
    session = told.split('"sessionId":"')[1].split('"')[0]
    client.call("POST", f"/api/v1/runtime/{session}/stop/").raise_for_status()


def main():
    """Every kind of end."""
    client = Client(Target.from_environment())
    checks = Checks("agui-validate")
    recorder, agent = Recorder(checks, client), client.target.agent
    thread = str(uuid.uuid4())
    first = asked(thread, "Hello")
    told = recorder.record("a run", agent, first)
    checks.that('"outcome":{"type":"success"}' in told, "a run: it succeeds", told[-300:])
    recorder.record("a second run of the thread", agent, asked(thread, "And then?"))
    again = recorder.record("the same message again", agent, first)
    checks.that("TEXT_MESSAGE_CONTENT" in again, "the same message again: its answer is told", again[-300:])
    told = recorder.record("a model that fails", _agent(client, "fails"), asked(str(uuid.uuid4()), "Hello"))
    checks.that('"type":"RUN_ERROR"' in told, "a model that fails: it is RUN_ERROR", told[-300:])
    slow = asked(str(uuid.uuid4()), "Slowly")
    told = recorder.record("a run that is stopped", _agent(client, "slow"), slow, meanwhile=lambda begun: _stop(client, begun))
    checks.that('"outcome":{"type":"cancelled"}' in told, "a run that is stopped: it is cancelled", told[-300:])
    checks.attempt("an answer", _question, recorder, client, {"status": "resolved", "payload": "Blue"}, "success")
    checks.attempt("no answer", _question, recorder, client, {"status": "cancelled"}, "cancelled")
    page = Client(client.target, "")
    started = page.call("POST", f"/public/v1/agents/{agent}/sessions", json={}, headers={"Origin": ORIGIN}).json()
    headers = {"Origin": ORIGIN, "Authorization": f"Bearer {started['token']}"}
    recorder.record("a visitor's run", agent, asked(started["session_id"], "Hello"), page, headers)
    checks.finish()


if __name__ == "__main__":
    main()
