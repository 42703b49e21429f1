"""Reads the examples of docs/API.md: each fenced block of curl, Python or JavaScript, and the answer printed after it."""

import re
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).parents[3] / "docs" / "API.md"
LANGUAGES = ("bash", "python", "js")
FENCE = re.compile(r"^```(.*)$")
KEPT = re.compile(r"`([\w.]+)` as `([A-Z_]+)`")


@dataclass
class Example:
    """One block that can be run, as it is printed."""

    language: str
    text: str
    line: int
    heading: str
    # The printed answer: "json" or "text", its text, and the status if the page names one.
    answer: tuple[str, str, int | None] | None
    # What the prose after the answer says to keep: field -> variable.
    kept: dict[str, str]

    @property
    def name(self):
        """Where it stands."""
        return f"line {self.line}, {self.language}, {self.heading!r}"


def _fences(lines):
    """The blocks of a page: first line, told language, text, number of the line after the block."""
    start = None
    for number, line in enumerate(lines, 1):
        if not (fence := FENCE.match(line)):
            continue
        if start is None:
            start, told = number, fence.group(1)
        else:
            yield start, told, "\n".join(lines[start : number - 1]) + "\n", number
            start = None
    if start is not None:
        raise AssertionError(f"the block of line {start} has no end")


def examples(page=PAGE):
    """The examples in their order. `bash setup` is what the reader types once and is none; so are shell blocks as `sh`."""
    lines = page.read_text(encoding="utf-8").splitlines()
    blocks = list(_fences(lines))
    found = []
    for place, (start, told, text, end) in enumerate(blocks):
        if told not in LANGUAGES:
            continue
        heading = next((one.lstrip("# ") for one in reversed(lines[:start]) if one.startswith("#")), "")
        answer = None
        if place + 1 < len(blocks) and not "".join(lines[end : blocks[place + 1][0] - 1]).strip():
            _, next_told, next_text, next_end = blocks[place + 1]
            kind, *rest = next_told.split()
            if rest[:1] == ["answer"]:
                answer = (kind, next_text, int(rest[1]) if len(rest) > 1 else None)
                end = next_end
        following = next((line for line in lines[end:] if line.strip()), "")
        kept = {field: name for field, name in KEPT.findall(following)} if following.startswith("Keep ") else {}
        found.append(Example(told, text, start, heading, answer, kept))
    return found


def answers(page=PAGE):
    """How many printed answers the page has."""
    told = (told for _, told, _, _ in _fences(page.read_text(encoding="utf-8").splitlines()))
    return sum(1 for words in told if words.split()[1:2] == ["answer"])
