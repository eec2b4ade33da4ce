"""What answers without a thought earn: ``python -m tests.bench.trivial [EXERCISE ...] [--json]``.

Nothing at all, a constant, an argument handed back, zeros or ones like a right output, an empty function, an error:
none of them knows anything of the exercise, so none should have points. For each exercise the best of them counts. The
exit code is 1 where these earn together 2 % of all points or more, or more than one point anywhere.
"""

from __future__ import annotations

import argparse
import functools
import inspect
import json
import math
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch

from autograder import exercises
from autograder.exercises import Exercise
from autograder.judging.answers import LocalAnswer
from autograder.judging.runner import PUBLISHED_SEED, mark

CONSTANTS = (None, 0, 1, -1, 0.5, math.inf, math.nan, True, False)
SHARE = 0.02  # of all points; so much is too much
POINTS = 1.0  # of one exercise; more is too much


@dataclass(frozen=True)
class Earned:
    """What the answers without a thought earn in one exercise.

    Attributes
    ----------
    points : dict of str to float
        By answer.
    most : float
        What a right answer earns.
    """

    exercise: str
    points: dict[str, float]
    most: float

    @property
    def best(self) -> tuple[str, float]:
        """The answer that earns most, and its points."""
        return max(self.points.items(), key=lambda one: one[1])


# ---- the answers -----------------------------------------------------------------------------------------------


def trivial_answers(exercise: Exercise) -> dict[str, tuple[Any, ...]]:
    """By name, answers to an exercise: for each of its entries an object."""
    right = next(iter(exercise.alternatives.values())).function
    if exercise.values:
        values = right() if len(exercise.entries) > 1 else (right(),)
        alike = {
            f"{name} like the output": _filled(tuple(values), number) for name, number in (("zeros", 0), ("ones", 1))
        }
        return {**{f"{one!r}": (one,) * len(exercise.entries) for one in CONSTANTS}, **alike}
    answers: dict[str, Callable[..., Any]] = {f"return {one!r}": functools.partial(_constant, one) for one in CONSTANTS}
    for at, name in enumerate(inspect.signature(right).parameters):
        answers[f"return {name}"] = functools.partial(_argument, at)
    if exercise.id == "SharedTrunk":  # its output is a module
        answers |= {"a module of zeros": _Zeros, "a module without layers": torch.nn.Module}
    else:
        for name, number in (("zeros", 0), ("ones", 1)):
            answers[f"{name} like the output"] = functools.partial(_like, right, number)
    return {**{name: (answer,) for name, answer in answers.items()}, "pass": (_empty,), "raise": (_raises,)}


def _empty(*args: Any) -> None:
    pass


def _raises(*args: Any) -> None:
    raise RuntimeError("no answer")


def _constant(value: Any, *args: Any) -> Any:
    return value


def _argument(at: int, *args: Any) -> Any:
    return args[at]


def _like(right: Callable[..., Any], number: int, *args: Any) -> Any:
    try:
        return _filled(right(*args), number)
    except Exception:  # where a right answer refuses its input, this one knows nothing of that
        return None


def _filled(value: Any, number: int) -> Any:
    """An output of the same containers, shapes, dtypes and keys that holds nothing but one number."""
    if isinstance(value, torch.Tensor):
        return torch.full_like(value.detach(), number).requires_grad_(value.requires_grad)
    if isinstance(value, np.ndarray):
        return np.full_like(value, number)
    if isinstance(value, dict):
        return {key: _filled(item, number) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_filled(item, number) for item in value)
    return type(value)(number) if isinstance(value, (bool, int, float, np.generic)) else value


class _Zeros(torch.nn.Module):
    """One output of zeros a task, whatever comes in."""

    def __init__(self, d_in: int, hidden: int, task_dims: dict[str, int]) -> None:
        super().__init__()
        self.task_dims = task_dims

    def forward(self, x: torch.Tensor) -> dict[str, torch.Tensor]:
        return {task: torch.zeros(len(x), size) for task, size in self.task_dims.items()}


# ---- what they earn --------------------------------------------------------------------------------------------


def earned(exercise: Exercise) -> Earned:
    """Have every trivial answer to an exercise marked with the published seed."""
    points = {}
    for name, answers in trivial_answers(exercise).items():
        marks = mark(exercise, LocalAnswer(exercise, answers), PUBLISHED_SEED)
        points[name] = sum(check.points for check in marks.checks)
    return Earned(exercise.id, points, exercise.max_score)


def share(found: list[Earned]) -> float:
    """What the best of them earn together, as a share of all points."""
    return sum(one.best[1] for one in found) / sum(one.most for one in found)


def too_much(found: list[Earned]) -> bool:
    """True where answers without a thought earn more than they may."""
    return share(found) >= SHARE or any(one.best[1] > POINTS for one in found)


def table(found: list[Earned]) -> str:
    """One line an exercise: the points of its best trivial answer, and which one it is."""
    lines = [f"{'exercise':<28} {'points':>6} {'of':>4}  answer"]
    for one in found:
        name, points = one.best
        mark = "  too much" if points > POINTS else ""
        lines.append(f"{one.exercise:<28} {points:>6g} {one.most:>4g}  {name if points else '-'}{mark}")
    best, most = sum(one.best[1] for one in found), sum(one.most for one in found)
    lines.append(f"{'all':<28} {best:>6g} {most:>4g}  {share(found):.1%}; less than {SHARE:.0%} is allowed")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Print the table; 1 where trivial answers earn too much."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.trivial", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("exercise", nargs="*", help="default: every exercise")
    parser.add_argument("--json", action="store_true", help="print the points of every answer as JSON")
    wanted = parser.parse_args(arguments)
    found = [earned(exercises.load(name)) for name in wanted.exercise or exercises.all_ids()]
    print(json.dumps([asdict(one) for one in found], indent=2) if wanted.json else table(found))
    return int(too_much(found))


if __name__ == "__main__":
    sys.exit(main())
