"""How long a learner waits: ``python -m tests.bench.first_check`` times a first check and ``check --watch``.

It starts a real kernel in a workspace, runs the problem set's set-up cell (which imports torch), defines a wrong
``masked_mean``, and times the cell ``check("masked_mean", masked_mean)`` the first and the second time. Then it lets
``mtl-teach check masked_mean --watch`` run and times, five times, from saving the notebook to the new result.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from jupyter_client.manager import start_new_kernel

from autograder.files import write_json
from mtl_teach.learn.workspace.deliver import update

SETUP = "import torch\nfrom autograder import check"
ANSWER = "def masked_mean(values, mask):\n    return values.sum() / len(values)"
CHECK = 'check("masked_mean", masked_mean)'
PROBLEM_SET = Path("exercises/ps05_missing_labels/ps05_missing_labels.ipynb")
SAVES = 5
PAUSE = 5.0  # as between two saves of somebody who types; the next process gets ready meanwhile
LIMIT = 1.0


def main() -> int:
    """Print the times; 0 if the first check and the median save take less than a second."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = Path(folder) / "mtl-course"
        update(workspace)
        times = _in_a_kernel(workspace)
        saves = _watched(workspace)
    for name, seconds in times.items():
        print(f"{name:<28} {seconds:6.3f} s")
    print(f"{'saved file, --watch':<28} {' '.join(f'{seconds:6.3f}' for seconds in saves)} s")
    return 0 if max(times["first check"], statistics.median(saves)) < LIMIT else 1


def _in_a_kernel(workspace: Path) -> dict[str, float]:
    manager, client = start_new_kernel(cwd=str(workspace), env=_env())
    cells = {"set-up cell (imports torch)": SETUP, "answer": ANSWER, "first check": CHECK, "second check": CHECK}
    try:
        return {name: _time(client, code) for name, code in cells.items()}
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def _time(client, code: str) -> float:
    begin = time.perf_counter()
    reply = client.execute_interactive(code, timeout=120, output_hook=lambda message: None)
    assert reply["content"]["status"] == "ok", reply["content"]
    return time.perf_counter() - begin


def _watched(workspace: Path) -> list[float]:
    """Seconds from saving the problem set to the first line of the new result, one a save."""
    words = [sys.executable, "-m", "mtl_teach.learn.terminal.cli", "check", "masked_mean", "--watch"]
    process = subprocess.Popen(
        words, cwd=workspace, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8", env=_env()
    )
    assert process.stdout is not None
    try:
        _read_result(process.stdout)
        return [_save_and_wait(workspace / PROBLEM_SET, number, process.stdout) for number in range(SAVES)]
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def _save_and_wait(file: Path, number: int, lines) -> float:
    time.sleep(PAUSE)
    notebook = json.loads(file.read_text(encoding="utf-8"))
    (cell,) = (cell for cell in notebook["cells"] if cell["id"] == "masked_mean")
    cell["source"] = f"{ANSWER}  # save {number}"
    write_json(file, notebook)
    begin = time.perf_counter()
    _read_result(lines)
    return time.perf_counter() - begin


def _read_result(lines) -> None:
    """Wait for the line that says how many points there are."""
    for line in lines:
        if " points, " in line:
            return
    raise RuntimeError("`mtl-teach check --watch` ended before it showed a result.")


def _env() -> dict[str, str]:
    return {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}


if __name__ == "__main__":
    raise SystemExit(main())
