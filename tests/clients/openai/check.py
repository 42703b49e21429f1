"""The official `openai` package for Python against /v1: sync, async, streams, images, models, errors."""

import asyncio
import base64
import struct
import sys
import time
import zlib
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))

import openai
from rig.checks import Checks
from rig.target import Client, Target

QUESTION = [{"role": "user", "content": "What can you do?"}]
CONVERSATION = [
    {"role": "system", "content": "Be short."},
    {"role": "user", "content": "My name is Ada."},
    {"role": "assistant", "content": "Hello Ada."},
    {"role": "user", "content": [{"type": "text", "text": "What is"}, {"type": "text", "text": "my name?"}]},
]


def png(side=8):
    """A red square as a data: URL."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    rows = b"".join(b"\0" + b"\xff\0\0" * side for _ in range(side))
    image = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return "data:image/png;base64," + base64.b64encode(image).decode()


def _whole(checks, answer, model, name):
    checks.same(answer.object, "chat.completion", f"{name}: the object is a completion")
    checks.that(bool(answer.id), f"{name}: it has an id", answer.id)
    checks.same(answer.model, model, f"{name}: model is the agent_key")
    checks.that(abs(answer.created - time.time()) < 120, f"{name}: created is now in seconds", answer.created)
    checks.same([one.index for one in answer.choices], [0], f"{name}: there is one choice")
    choice = answer.choices[0]
    checks.same(choice.message.role, "assistant", f"{name}: the assistant speaks")
    checks.that(bool(choice.message.content), f"{name}: it says something", choice.message.content)
    checks.same(choice.finish_reason, "stop", f"{name}: it finished")
    usage = answer.usage
    sums = usage and usage.total_tokens == usage.prompt_tokens + usage.completion_tokens and usage.completion_tokens > 0
    checks.that(sums, f"{name}: usage adds up", usage)


def _chunks(checks, chunks, model, with_usage, name):
    checks.that(len(chunks) > 2, f"{name}: there are several chunks", len(chunks))
    checks.same({one.object for one in chunks}, {"chat.completion.chunk"}, f"{name}: all are chunks")
    checks.that(len({one.id for one in chunks}) == 1, f"{name}: all have one id", {one.id for one in chunks})
    checks.same({one.model for one in chunks}, {model}, f"{name}: model is the agent_key")
    spoken = [one.choices[0] for one in chunks if one.choices]
    checks.same(spoken[0].delta.role, "assistant", f"{name}: the first delta names the assistant")
    checks.that(bool("".join(one.delta.content or "" for one in spoken)), f"{name}: the deltas are a text")
    ends = [one.finish_reason for one in spoken if one.finish_reason]
    checks.same(ends, ["stop"], f"{name}: one chunk says stop")
    checks.same(spoken[-1].finish_reason, "stop", f"{name}: and it is the last with a choice")
    counted = [one for one in chunks if one.usage]
    if not with_usage:
        checks.same(len(counted), 0, f"{name}: no usage unless it is asked for")
        return
    checks.same(len(counted), 1, f"{name}: usage comes once")
    checks.same(chunks[-1].choices, [], f"{name}: in a last chunk without a choice")
    usage = chunks[-1].usage
    checks.that(usage and usage.total_tokens == usage.prompt_tokens + usage.completion_tokens, f"{name}: usage adds up", usage)


def _sync(checks, client, model):
    create = client.chat.completions.create
    _whole(checks, create(model=model, messages=QUESTION), model, "whole")
    _whole(checks, create(model=model, messages=CONVERSATION), model, "with a history and parts")
    _chunks(checks, list(create(model=model, messages=QUESTION, stream=True)), model, False, "streamed")
    options = {"include_usage": True}
    chunks = list(create(model=model, messages=QUESTION, stream=True, stream_options=options))
    _chunks(checks, chunks, model, True, "streamed with usage")
    with client.chat.completions.stream(model=model, messages=QUESTION) as stream:
        kinds = {event.type for event in stream}
        final = stream.get_final_completion()
    checks.that({"content.delta", "content.done"} <= kinds, "the stream helper sees deltas and the end", kinds)
    checks.that(bool(final.choices[0].message.content), "the stream helper puts the answer together", final)
    stream = create(model=model, messages=QUESTION, stream=True)
    next(iter(stream))
    stream.close()
    _whole(checks, create(model=model, messages=QUESTION), model, "after a stream that was closed early")
    raw = client.chat.completions.with_raw_response.create(model=model, messages=QUESTION)
    kind = raw.headers.get("content-type", "")
    checks.that(kind.startswith("application/json"), "a whole answer is JSON", kind)
    with client.chat.completions.with_streaming_response.create(model=model, messages=QUESTION, stream=True) as raw:
        kind = raw.headers.get("content-type", "")
        lines = [line for line in raw.iter_lines() if line]
    checks.that(kind.startswith("text/event-stream"), "a stream is an event stream", kind)
    checks.same(lines[-1], "data: [DONE]", "a stream ends with [DONE]")


async def _async(checks, client, model):
    create = client.chat.completions.create
    answers = await asyncio.gather(*(create(model=model, messages=QUESTION) for _ in range(8)))
    checks.same(len({one.id for one in answers}), 8, "async: eight at once have eight ids")
    _whole(checks, answers[0], model, "async whole")
    stream = await create(model=model, messages=QUESTION, stream=True, stream_options={"include_usage": True})
    _chunks(checks, [chunk async for chunk in stream], model, True, "async streamed")
    listed = [one.id async for one in await client.models.list()]
    checks.that(model in listed, "async: the agent is a model", listed)


def _image(checks, client, target, rest):
    parts = [{"type": "text", "text": "What is this?"}, {"type": "image_url", "image_url": {"url": png()}}]
    messages = [{"role": "user", "content": parts}]
    if target.vision_model:
        _, model = rest.create_agent("Sees images", target.vision_model)
        answer = client.chat.completions.create(model=model, messages=messages)
        said = answer.choices[0].message.content
        checks.that("image/png" in said, "an image reaches a model that can see", said)
    try:
        answer = client.chat.completions.create(model=target.agent, messages=messages)
        checks.that(bool(answer.choices[0].message.content), "an image part is answered", answer)
    except (openai.BadRequestError, openai.UnprocessableEntityError) as refusal:
        checks.that("image" in refusal.message.lower(), "an image is refused because this model cannot see", refusal.message)


def _models(checks, client, model):
    page = client.models.list()
    checks.same(page.object, "list", "models: a list")
    checks.that(model in [one.id for one in page], "models: the agent_key is in it", [one.id for one in page])
    one = client.models.retrieve(model)
    checks.same([one.id, one.object], [model, "model"], "one model by its name")
    typed = isinstance(one.created, int) and isinstance(one.owned_by, str)
    checks.that(typed, "a model has created and owned_by", one)


def _refused(checks, name, kind, work, has_code=False):
    try:
        work()
    except openai.APIStatusError as refusal:
        body = refusal.body if isinstance(refusal.body, dict) else {}
        checks.that(type(refusal) is kind, f"{name} raises {kind.__name__}", f"{type(refusal).__name__}: {refusal}")
        checks.that(bool(body.get("message")) and bool(body.get("type")), f"{name}: message and type can be read", refusal.body)
        checks.that({"param", "code"} <= set(body), f"{name}: param and code are there", refusal.body)
        if has_code:
            checks.that(bool(refusal.code), f"{name}: it has a code", refusal.body)
    else:
        checks.that(False, f"{name} raises {kind.__name__}", "it was answered")


def _errors(checks, client, target):
    create = client.chat.completions.create
    wrong = client.with_options(api_key="atk_live_wrong")
    agent = target.agent
    ask = {"model": agent, "messages": QUESTION}
    _refused(checks, "a wrong key", openai.AuthenticationError, lambda: wrong.chat.completions.create(**ask), True)
    _refused(checks, "a wrong key for a stream", openai.AuthenticationError, lambda: wrong.chat.completions.create(**ask, stream=True))
    _refused(checks, "a wrong key for the models", openai.AuthenticationError, wrong.models.list)
    unknown = {"model": "no-such-agent", "messages": QUESTION}
    _refused(checks, "an unknown model", openai.NotFoundError, lambda: create(**unknown), True)
    _refused(checks, "an unknown model for a stream", openai.NotFoundError, lambda: create(**unknown, stream=True), True)
    _refused(checks, "retrieving an unknown model", openai.NotFoundError, lambda: client.models.retrieve("no-such-agent"), True)
    for name, more in [
        ("no messages", {"messages": []}),
        ("a text as messages", {"messages": "Hi"}),
        ("an unknown role", {"messages": [{"role": "king", "content": "Hi"}]}),
        ("a message without content", {"messages": [{"role": "user"}]}),
        ("a part of an unknown type", {"messages": [{"role": "user", "content": [{"type": "smell"}]}]}),
        ("a word as temperature", {"temperature": "hot"}),
        ("a number as model", {"model": 7}),
    ]:
        _refused(checks, name, openai.BadRequestError, lambda more=more: create(**ask, extra_body=more))


def main():
    """All of it."""
    target = Target.from_environment()
    checks = Checks("openai-python")
    rest = Client(target)
    known = {one["session_id"] for one in rest.call("GET", "/api/v1/sessions/?limit=200").json()}
    options = {"base_url": f"{target.url}/v1", "api_key": target.key, "max_retries": 5, "timeout": 60}
    client = openai.OpenAI(**options)
    checks.attempt("sync", _sync, checks, client, target.agent)
    checks.attempt("async", lambda: asyncio.run(_async(checks, openai.AsyncOpenAI(**options), target.agent)))
    checks.attempt("image", _image, checks, client, target, rest)
    checks.attempt("models", _models, checks, client, target.agent)
    checks.attempt("errors", _errors, checks, client, target)
    after = {one["session_id"] for one in rest.call("GET", "/api/v1/sessions/?limit=200").json()}
    checks.same(len(after - known), 0, "no session is kept")
    checks.finish()


if __name__ == "__main__":
    main()
