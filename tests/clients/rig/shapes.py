"""What a JSON value has to look like. A shape is a function that gives None, or what is wrong."""

import re
from datetime import datetime

ISO_Z = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z")


def text(value):
    """A string that is not empty."""
    return None if isinstance(value, str) and value else f"is {value!r}, not a text"


def any_text(value):
    """A string, perhaps empty."""
    return None if isinstance(value, str) else f"is {value!r}, not a string"


def number(value):
    """A number that is not a truth value."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return None if is_number else f"is {value!r}, not a number"


def whole(value):
    """A whole number, zero or more."""
    is_whole = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return None if is_whole else f"is {value!r}, not a whole number"


def truth(value):
    """True or false."""
    return None if isinstance(value, bool) else f"is {value!r}, not true or false"


def array(value):
    """A list of anything."""
    return None if isinstance(value, list) else f"is {value!r}, not an array"


def mapping(value):
    """An object with anything in it."""
    return None if isinstance(value, dict) else f"is {value!r}, not an object"


def iso_z(value):
    """A time in ISO 8601, UTC, with a Z."""
    if not isinstance(value, str) or not ISO_Z.fullmatch(value):
        return f"is {value!r}, not a time like 2025-10-06T10:30:00Z"
    try:
        datetime.fromisoformat(value[:19])
    except ValueError:
        return f"is {value!r}, which no calendar has"
    return None


def is_(expected):
    """Exactly this value."""
    return lambda value: (
        None if type(value) is type(expected) and value == expected else f"is {value!r}, not {expected!r}"
    )


def one_of(*expected):
    """One of these values."""
    return lambda value: None if value in expected else f"is {value!r}, none of {expected}"


def or_null(shape):
    """null, or what the shape says."""
    return lambda value: None if value is None else shape(value)


def each(shape, at_least=0):
    """A list whose every element has this shape."""

    def check(value):
        if not isinstance(value, list):
            return f"is {value!r}, not an array"
        if len(value) < at_least:
            return f"has {len(value)} elements, fewer than {at_least}"
        wrong = [f"[{index}] {problem}" for index, one in enumerate(value) if (problem := shape(one))]
        return "; ".join(wrong[:3]) or None

    return check


def fields(**shapes):
    """An object that has at least these fields. A name that ends in `_optional` may be absent."""

    def check(value):
        if not isinstance(value, dict):
            return f"is {value!r}, not an object"
        wrong = []
        for name, shape in shapes.items():
            plain = name.removesuffix("_optional")
            if plain not in value:
                wrong += [] if name != plain else [f"{plain} is missing"]
            elif problem := shape(value[plain]):
                wrong.append(f"{plain} {problem}")
        return "; ".join(wrong) or None

    return check


def as_printed(example):
    """The shape of a printed example: the same fields with the same types, times as times."""
    if isinstance(example, dict):
        return fields(**{name: as_printed(value) for name, value in example.items()})
    if isinstance(example, list):
        return each(as_printed(example[0]), at_least=1) if example else array
    if isinstance(example, str):
        return iso_z if ISO_Z.fullmatch(example) else text
    if example is None:
        return is_(None)
    return truth if isinstance(example, bool) else number
