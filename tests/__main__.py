"""``python -m tests``: everything that `make test` runs, with what each part took.

Format, lint, types, then pytest (unit, property and oracle tests, doctests, the exercises, the sandbox, lessons
in smoke mode). Longer suites are marked ``slow``, ``matrix`` and ``browser``; `.ci/run` runs them too.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

BIN = Path(sys.executable).parent
ROOT = Path(__file__).parents[1]
STEPS = (  # those of one line at the same time: each of them keeps one core busy
    {"format": ["ruff", "format", "--check", "--quiet", "."]},
    {"lint": ["ruff", "check", "--quiet", "."]},
    # graders are forked only from a process with one thread, which a worker of xdist is not
    {"types": ["mypy"], "tests of forking": ["pytest", "-q", "tests/autograder/grading/test_processes.py"]},
    {"tests": ["pytest", "-q", "-n", "2", "-m", "not slow and not matrix and not browser"]},
)


def main() -> int:
    env = {**os.environ, "OMP_NUM_THREADS": "1", "MPLBACKEND": "Agg"}
    failed = []
    for together in STEPS:
        started = time.monotonic()
        out = None if len(together) == 1 else subprocess.PIPE
        print(f"--- {', '.join(together)}", flush=True)
        running = {
            name: subprocess.Popen(
                [BIN / program, *arguments, *(sys.argv[1:] if name == "tests" else [])], cwd=ROOT, env=env, stdout=out
            )
            for name, (program, *arguments) in together.items()
        }
        for name, process in running.items():
            said, _ = process.communicate()
            print((said or b"").decode(), end="")
            failed += [name] if process.returncode else []
            print(f"--- {name}: {time.monotonic() - started:.0f} s", flush=True)
    if failed:
        print(f"failed: {', '.join(failed)}")
    count = sum(map(len, STEPS))
    print(f"{count - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
