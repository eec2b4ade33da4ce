"""How often the claims of lessons hold with other seeds: ``python -m tests.bench.claims [LESSON ...] [--runs 10]``.

Every seed of a lesson (NumPy's, PyTorch's, scikit-learn's, those inside ``mtl_teach.data`` too) is moved by the same
amount, another one in each run, so that what was paired stays paired. A claim about an effect should hold in nearly
every run; one that describes a single run has to say so. An experiment can be paired, fair and long enough and still
be too small: here it shows. The exit code is 1 where a claim holds in fewer than ``--at-least`` of the runs, or a run
stopped.

Lesson 12 reads the folder that ``MTL_DATA`` names.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import multiprocessing
import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import torch

import mtl_teach.learn
from mtl_teach.learn.lesson.experiment import everywhere

ROOT = Path(__file__).resolve().parents[2]
LIBRARIES = ["matplotlib.pyplot", "sklearn.ensemble", "torch", "mtl_teach.data", "mtl_teach.figures", "mtl_teach.learn"]
STEP = 10_000  # between two runs; lessons add up to some thousands to a seed to get other data


@contextlib.contextmanager
def moved_seeds(by: int) -> Iterator[None]:
    """Move every integer seed of a generator: NumPy's, PyTorch's, and NumPy's old ones, which scikit-learn takes."""
    make, states, generators = np.random.default_rng, np.random.RandomState, torch.Generator

    def default_rng(seed: Any = None) -> Any:
        if isinstance(seed, (list, tuple)):
            seed = [*seed, by]
        return make(seed + by if isinstance(seed, (int, np.integer)) else seed)

    class RandomState(states):  # type: ignore[misc, valid-type]
        def __init__(self, seed: Any = None) -> None:
            super().__init__(seed + by if isinstance(seed, (int, np.integer)) else seed)

    class Generator(generators):  # type: ignore[misc, valid-type]
        def manual_seed(self, seed: int) -> Any:
            return super().manual_seed(seed + by)

    np.random.default_rng, np.random.RandomState, torch.Generator = default_rng, RandomState, Generator
    try:
        yield
    finally:
        np.random.default_rng, np.random.RandomState, torch.Generator = make, states, generators


def recorder(kept: list[dict[str, Any]]) -> Callable[..., None]:
    """Return what stands in for `claim`: it keeps whether a claim holds, and never stops the lesson."""

    def claim(sentence: str, holds: Callable[..., Any], *values: Any, effect: bool = True, **_: Any) -> None:
        kept.append({"claim": sentence, "effect": effect, "holds": everywhere(holds(*values))})

    return claim


def run_moved(path: Path, by: int) -> list[dict[str, Any]]:
    """Run a lesson's source in this process with its seeds moved, and return its claims in their order."""
    kept: list[dict[str, Any]] = []
    names = {"__name__": "__main__", "__file__": str(path)}
    code = compile(path.read_text(encoding="utf-8"), str(path), "exec")
    with (
        moved_seeds(by),
        mock.patch.object(mtl_teach.learn, "claim", recorder(kept)),
        contextlib.chdir(path.parent),
        contextlib.redirect_stdout(io.StringIO()),
    ):
        exec(code, names)
    return kept


def one_run(path: Path, by: int) -> dict[str, Any]:
    """Run `run_moved`, in whichever process this is; its claims, or the error that stopped it."""
    try:
        return {"by": by, "error": "", "claims": run_moved(path, by)}
    except Exception as error:
        return {"by": by, "error": f"{type(error).__name__}: {error}", "claims": []}


def by_claim(runs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return for each claim in how many of the runs that reached it it held, and which did not."""
    rows: list[dict[str, Any]] = []
    for run in runs:
        for place, found in enumerate(run["claims"]):
            if place == len(rows):
                rows.append({"claim": found["claim"], "effect": found["effect"], "runs": 0, "held": 0, "not_at": []})
            rows[place]["runs"] += 1
            rows[place]["held"] += found["holds"]
            if not found["holds"]:
                rows[place]["not_at"].append(run["by"])
    return rows


def measured(paths: list[Path], runs: int, jobs: int, tell: Callable[[str], None]) -> dict[str, dict[str, Any]]:
    """Run every lesson `runs` times, each in a process of its own; by lesson, its claims and the runs that stopped."""
    os.environ |= {"OMP_NUM_THREADS": "1", "MPLBACKEND": "Agg", "SMOKE": "", "PYTHONWARNINGS": "ignore"}
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(LIBRARIES)  # so that they are loaded once
    started, found = time.perf_counter(), {path.stem: [] for path in paths}
    with ProcessPoolExecutor(jobs, mp_context=processes, max_tasks_per_child=1) as pool:
        waiting = [(path, pool.submit(one_run, path, STEP * k)) for k in range(1, runs + 1) for path in paths]
        for number, (path, run) in enumerate(waiting, start=1):
            found[path.stem].append(run.result())
            tell(f"{number} of {len(waiting)} runs, {time.perf_counter() - started:.0f} s: {path.stem}")
    return {
        name: {
            "claims": by_claim(all_runs),
            "stopped": [{"by": run["by"], "error": run["error"]} for run in all_runs if run["error"]],
        }
        for name, all_runs in found.items()
    }


def chosen(names: list[str]) -> list[Path]:
    """Return the lessons whose file names begin with one of these, all of them if none is given."""
    everything = sorted((ROOT / "lessons").glob("[0-9][0-9]_*.py"))
    unknown = [name for name in names if not any(path.stem.startswith(name) for path in everything)]
    if unknown:
        known = ", ".join(path.stem for path in everything)
        raise SystemExit(f"No lesson's file begins with {', '.join(unknown)}; there are {known}.")
    return [path for path in everything if not names or path.stem.startswith(tuple(names))]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.claims", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("lessons", nargs="*", metavar="LESSON", help="the beginning of a file's name, such as 09")
    parser.add_argument("--runs", type=int, default=10, help="how many other sets of seeds (10)")
    parser.add_argument("--jobs", type=int, default=2, help="runs side by side (2)")
    parser.add_argument(
        "--at-least", type=float, default=0.8, help="the share of runs in which a claim has to hold (0.8)"
    )
    parser.add_argument("--all", action="store_true", help="list the claims that always held, too")
    parser.add_argument("--json", action="store_true", help="print everything as JSON")
    options = parser.parse_args(arguments)
    lessons = measured(
        chosen(options.lessons), options.runs, options.jobs, lambda line: print(line, file=sys.stderr, flush=True)
    )
    if options.json:
        print(json.dumps(lessons, indent=1))
    else:
        print_table(lessons, options.all)
    rows = [row for lesson in lessons.values() for row in lesson["claims"]]
    rare = [row for row in rows if row["held"] < options.at_least * row["runs"]]
    return int(bool(rare) or any(lesson["stopped"] for lesson in lessons.values()))


def print_table(lessons: dict[str, dict[str, Any]], everything: bool) -> None:
    """Print for each lesson how many claims always held, then those that did not."""
    for name, lesson in lessons.items():
        rows = lesson["claims"]
        always = [row for row in rows if row["held"] == row["runs"]]
        print(f"{name}: {len(always)} of {len(rows)} claims held in every run")
        for row in rows if everything else [row for row in rows if row not in always]:
            print(f"  {row['held']:3} of {row['runs']:<3} {re.sub(r'[*_`]', '', row['claim'])}")
        for run in lesson["stopped"]:
            print(f"  stopped with seeds moved by {run['by']}: {run['error']}")


if __name__ == "__main__":
    sys.exit(main())
