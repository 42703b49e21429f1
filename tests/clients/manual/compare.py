"""Holds a real answer against the printed one: the same fields, the same types. Each gives None, or what differs."""

import json
import re

from rig.shapes import ISO_Z

ANY = "..."


def text_breach(printed, real):
    """Line by line; `...` stands for anything."""
    wanted, got = printed.strip().splitlines(), real.replace("\r", "").strip().splitlines()
    if len(wanted) != len(got):
        return f"{len(got)} lines, not {len(wanted)}: {real!r}"
    for want, have in zip(wanted, got):
        pattern = ".*".join(re.escape(part) for part in want.split(ANY))
        if not re.fullmatch(pattern, have.rstrip()):
            return f"{have!r} is not {want!r}"
    return None


def json_breach(printed, real):
    """The printed JSON against the real one."""
    try:
        value = json.loads(real)
    except ValueError:
        return f"no JSON: {real[:300]!r}"
    return _breach(json.loads(printed), value, "")


def _breach(want, have, path):
    at = path or "the answer"
    if isinstance(want, dict):
        if not isinstance(have, dict):
            return f"{at} is {have!r}, not an object"
        if ANY in want:
            return None
        if set(want) != set(have):
            return f"{at}: printed but not there {sorted(set(want) - set(have))}, there but not printed {sorted(set(have) - set(want))}"
        problems = (_breach(want[name], have[name], f"{path}.{name}") for name in want)
        return next((problem for problem in problems if problem), None)
    if isinstance(want, list):
        if not isinstance(have, list):
            return f"{at} is {have!r}, not an array"
        if want and not have:
            return f"{at} is empty"
        problems = (_breach(one, other, f"{path}[{index}]") for index, (one, other) in enumerate(zip(want, have)))
        return next((problem for problem in problems if problem), None)
    if isinstance(want, str) and isinstance(have, str):
        return _text_breach(want, have, at)
    numbers = (int, float)
    is_number = isinstance(want, numbers) and not isinstance(want, bool)
    if is_number and isinstance(have, numbers) and not isinstance(have, bool):
        # 0.812 is printed of what may be whole by chance; a printed whole number is always whole.
        return None if isinstance(want, float) or isinstance(have, int) else f"{at} is {have!r}, not whole"
    if type(want) is not type(have):
        return f"{at} is {have!r}, not like {want!r}"
    if isinstance(want, bool) and want != have:
        return f"{at} is {have}, not {want}"
    return None


def _text_breach(want, have, at):
    if want.endswith(ANY) and not have.startswith(want.removesuffix(ANY)) and not _is_hash(want, have):
        return f"{at} is {have!r}, not {want!r}"
    if ISO_Z.fullmatch(want) and not ISO_Z.fullmatch(have):
        return f"{at} is {have!r}, not a time"
    return None


def _is_hash(want, have):
    """A printed hash is an example: another one is as good."""
    return bool(re.fullmatch(r"[0-9a-f]{8}\.\.\.", want) and re.fullmatch(r"[0-9a-f]{64}", have))
