"""Runs every rig, or those that are named, one after the other; the exit status says whether all of them held."""

import os
import subprocess
import sys
import time
from pathlib import Path

FOLDER = Path(__file__).parent
# What changes the server's state most comes last.
RIGS = {
    "documents": [sys.executable, "documents/run.py"],
    "openai-python": [sys.executable, "openai/check.py"],
    "openai-js": ["node", "openai/check.mjs"],
    "agui-js": ["node", "agui/check.mjs"],
    "agui-validate": [sys.executable, "agui/check.py"],
    "manual": [sys.executable, "manual/run.py"],
    "errors": [sys.executable, "errors/check.py"],
    "bodies": [sys.executable, "bodies/check.py"],
    "limits": [sys.executable, "limits/check.py"],
    "contract": [sys.executable, "contract/check.py"],
}


def main():
    """The rigs named by the arguments; all of them without any."""
    named = sys.argv[1:] or list(RIGS)
    if unknown := [name for name in named if name not in RIGS]:
        sys.exit(f"unknown: {', '.join(unknown)}; there are {', '.join(RIGS)}")
    if not (FOLDER / "node_modules").is_dir():
        sys.exit("type: npm ci --prefix tests/clients")
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"}
    results = []
    for name in named:
        began = time.monotonic()
        done = subprocess.run(RIGS[name], cwd=FOLDER, env=environment)
        results.append((name, done.returncode, time.monotonic() - began))
    for name, status, seconds in results:
        print(f"{'ok  ' if status == 0 else 'FAIL'} {name} ({seconds:.0f} s)")
    sys.exit(0 if all(status == 0 for _, status, _ in results) else 1)


if __name__ == "__main__":
    main()
