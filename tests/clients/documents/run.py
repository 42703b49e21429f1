"""What the products' documents print, run as it is printed."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))

import agentok
import attive
import atthene
from rig.checks import Checks
from rig.target import Client, Target


def main():
    """Runs the three dialects."""
    client = Client(Target.from_environment())
    checks = Checks("documents")
    for dialect in (atthene, agentok, attive):
        dialect.run(checks, client)
    checks.finish()


if __name__ == "__main__":
    main()
