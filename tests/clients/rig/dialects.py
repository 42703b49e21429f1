"""The error bodies of the four dialects (and of their common types): which fields, which words, which headers."""

from .shapes import any_text, fields, or_null, text

STATUS_OF_TYPE = {
    "authentication_error": {401},
    "permission_error": {403},
    "invalid_request_error": {400, 405, 406, 408, 411, 415, 422, 431, 501},
    "not_found_error": {404},
    "conflict_error": {409},
    "payload_too_large": {413},
    "rate_limit_error": {429},
    "content_policy_error": {422},
    "tool_error": {502},
    "upstream_error": {502, 504},
    "internal_error": {500},
}


def _atthene(body):
    return fields(error=fields(type=text, message=text, code=text, request_id=text))(body)


def _openai(body):
    return fields(error=fields(message=text, type=text, param=or_null(any_text), code=or_null(any_text)))(body)


def _agentok(body):
    if problem := fields()(body):
        return problem
    detail = body.get("detail")
    return None if detail and isinstance(detail, (str, list)) else f"detail is {detail!r}, not a text or a list"


def _attive(body):
    if isinstance(body, dict) and set(body) - {"error", "details"}:
        return f"has more fields than error and details: {sorted(body)}"
    return fields(error=text, details=text)(body)


BODY = {"atthene": _atthene, "openai": _openai, "agentok": _agentok, "attive": _attive}


def error_breach(dialect, answer):
    """What is wrong with this error as an answer of the dialect, or None."""
    if not answer.headers.get("Content-Type", "").startswith("application/json"):
        return f"Content-Type is {answer.headers.get('Content-Type')!r}: {answer.text[:200]}"
    try:
        body = answer.json()
    except ValueError:
        return f"the body is not JSON: {answer.text[:200]!r}"
    if problem := BODY[dialect](body):
        return f"{problem}: {answer.text[:200]}"
    if dialect in ("atthene", "openai"):
        kind = body["error"]["type"]
        if kind not in STATUS_OF_TYPE:
            return f"type {kind!r} is none of the contract's"
        if answer.status_code not in STATUS_OF_TYPE[kind]:
            return f"type {kind!r} does not go with {answer.status_code}"
    if dialect == "atthene":
        sent = answer.headers.get("X-Request-Id")
        if sent is not None and sent != body["error"]["request_id"]:
            return f"request_id {body['error']['request_id']!r} is not the header's {sent!r}"
    return None


def reason(dialect, answer):
    """The sentence in the error that tells a developer why."""
    body = answer.json()
    if dialect in ("atthene", "openai"):
        return body["error"]["message"]
    if dialect == "attive":
        return f"{body['error']} {body.get('details', '')}"
    return str(body["detail"])
