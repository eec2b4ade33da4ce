"""Runs lessons and projects from top to bottom in a fresh kernel, and times them against their budgets."""

from __future__ import annotations

import functools
import os
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from autograder.authoring import notebooks

# Seconds on two cores without kernel start and imports.
BUDGETS = {
    "01": 25,
    "02": 30,
    "03": 10,
    "04": 20,
    "05": 5,
    "06": 20,
    "07": 15,
    "08": 10,
    "09": 35,
    "10": 60,
    "11": 25,
    "12": 40,
}
PROJECT_BUDGET = 60
TOLERANCE = 3.0  # a shared machine is slow at times: only beyond this many times the budget is a failure
WARM = """
import IPython.display, ipywidgets, matplotlib.pyplot, numpy, scipy.optimize, scipy.stats, torch
import sklearn.datasets, sklearn.ensemble, sklearn.linear_model, sklearn.metrics, sklearn.neighbors
import sklearn.neural_network, sklearn.preprocessing, sklearn.svm, sklearn.tree
import autograder, mtl_teach.data, mtl_teach.figures, mtl_teach.learn
torch.optim.Adam([torch.zeros(1, requires_grad=True)])
"""


@dataclass(frozen=True)
class Timed:
    """How one notebook ran: seconds, budget, and the error that stopped it, if any."""

    name: str
    seconds: float
    budget: float
    error: str = ""

    @property
    def ok(self) -> bool:
        return not self.error and self.seconds <= TOLERANCE * self.budget


def run_notebook(path: Path, smoke: bool = False, folder: Path | None = None) -> tuple[nbformat.NotebookNode, float]:
    """Run one py:percent source in a fresh kernel; give back the notebook with outputs, and its seconds.

    Parameters
    ----------
    path : Path
    smoke : bool
        Set ``SMOKE=1``: fewer seeds, no claims about effects.
    folder : Path, optional
        Where it runs; by default beside its source.

    Raises
    ------
    CellExecutionError
        Or another error of nbclient's, with a note that names the cell which stopped.
    """
    notebook = notebooks.lesson(path)
    settings = {"SMOKE": "1" if smoke else "", "MPLBACKEND": "module://matplotlib_inline.backend_inline"}
    settings["OMP_NUM_THREADS"] = "1"  # small tensors are slower on two threads than on one
    client = NotebookClient(
        notebook, timeout=900, kernel_name="python3", resources={"metadata": {"path": str(folder or path.parent)}}
    )
    with client.setup_kernel(stderr=subprocess.DEVNULL, env=os.environ | settings):
        # nbclient puts what it ran into the notebook at the index it is given: a place of its own, removed afterwards.
        notebook.cells.append(nbformat.v4.new_code_cell(WARM))
        client.execute_cell(notebook.cells[-1], len(notebook.cells) - 1, store_history=False)
        notebook.cells.pop()
        started = time.perf_counter()
        for index, cell in enumerate(notebook.cells):
            try:
                client.execute_cell(cell, index)
            except Exception as error:
                error.add_note(f"cell {index + 1}, `{next(iter(cell.source.splitlines()), '')}`")
                raise
        seconds = time.perf_counter() - started
    return notebook, seconds


def time_lessons(root: Path, names: list[str], smoke: bool = False, jobs: int = 1) -> Iterator[Timed]:
    """Run lessons and projects, so many at the same time; each has one core.

    ``names`` keeps those whose file name begins with one of them; empty means all.
    """
    begins = tuple(name.lower() for name in names) or ("",)
    paths = [path for path in notebooks.sources(root) if path.stem.lower().startswith(begins)]
    pool = ThreadPoolExecutor(jobs)
    try:
        yield from pool.map(functools.partial(_timed, smoke=smoke), paths)
    finally:
        pool.shutdown(cancel_futures=True)  # after Ctrl+C, which stops the kernels that run, no other begins


def _timed(path: Path, smoke: bool) -> Timed:
    budget = float(BUDGETS.get(path.stem[:2], PROJECT_BUDGET))
    try:
        return Timed(path.stem, run_notebook(path, smoke)[1], budget)
    except CellExecutionError as error:
        return Timed(path.stem, 0.0, budget, f"{error.ename}: {error.evalue}")
