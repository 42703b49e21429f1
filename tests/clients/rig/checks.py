"""How a check is reported: one line each, a summary at the end, an exit status that says whether all held."""

import sys
import time
import traceback


def shortened(what, longest=400):
    """One line of at most `longest` characters."""
    line = " ".join(str(what).split())
    return line if len(line) <= longest else f"{line[:longest]}... ({len(line)} characters)"


class Checks:
    """The checks of one rig."""

    def __init__(self, rig):
        self.rig = rig
        self.held = 0
        self.broken = []
        self.began = time.monotonic()

    def that(self, holds, name, found=""):
        """A check: `name` says what is right, `found` what was there instead."""
        if holds:
            self.held += 1
            print(f"ok   {self.rig}: {name}", flush=True)
        else:
            self.broken.append(name)
            print(f"FAIL {self.rig}: {name} -- {shortened(found)}", flush=True)
        return bool(holds)

    def same(self, found, expected, name):
        """Equality, type included: True is not 1."""
        alike = type(found) is type(expected) and found == expected
        return self.that(alike, name, f"expected {expected!r}, found {found!r}")

    def none(self, breaches, name):
        """A check that looked at many things: `breaches` are those that were wrong."""
        breaches = list(breaches)
        for breach in breaches[:25]:
            print(f"FAIL {self.rig}: {name} -- {shortened(breach)}", flush=True)
        return self.that(not breaches, name, f"{len(breaches)} breaches, the first 25 are above")

    def attempt(self, name, work, *arguments):
        """Runs a part; an exception in it is one broken check, and the parts after it still run."""
        try:
            return work(*arguments)
        except Exception as problem:
            place = traceback.extract_tb(problem.__traceback__)[-1]
            self.that(False, f"{name} runs to its end", f"{type(problem).__name__}: {problem} (line {place.lineno})")
            return None

    def finish(self):
        """Prints the summary and ends the process: 0 only if something was checked and all of it held."""
        seconds = time.monotonic() - self.began
        print(f"{self.rig}: {self.held} held, {len(self.broken)} broken, {seconds:.1f} s", flush=True)
        sys.exit(0 if self.held and not self.broken else 1)
