"""How long a learner waits: ``python -m tests.bench.first_check`` times a first check in a fresh kernel.

It starts a real kernel in a workspace, runs the problem set's set-up cell (which imports torch), defines a wrong
``masked_mean``, and times the cell ``check("masked_mean", masked_mean)`` the first and the second time.
"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

from jupyter_client.manager import start_new_kernel

from mtl_teach.learn.workspace import update

SETUP = "import torch\nfrom autograder import check"
ANSWER = "def masked_mean(values, mask):\n    return values.sum() / len(values)"
CHECK = 'check("masked_mean", masked_mean)'
LIMIT = 1.0


def main() -> int:
    """Print the times; 0 if the first check takes less than a second."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = Path(folder) / "mtl-course"
        update(workspace)
        manager, client = start_new_kernel(cwd=str(workspace), env={**os.environ, "OMP_NUM_THREADS": "1"})
        try:
            times = {name: _time(client, code) for name, code in _cells().items()}
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)
    for name, seconds in times.items():
        print(f"{name:<28} {seconds:6.3f} s")
    return 0 if times["first check"] < LIMIT else 1


def _cells() -> dict[str, str]:
    return {"set-up cell (imports torch)": SETUP, "answer": ANSWER, "first check": CHECK, "second check": CHECK}


def _time(client, code: str) -> float:
    begin = time.perf_counter()
    reply = client.execute_interactive(code, timeout=120, output_hook=lambda message: None)
    assert reply["content"]["status"] == "ok", reply["content"]
    return time.perf_counter() - begin


if __name__ == "__main__":
    raise SystemExit(main())
