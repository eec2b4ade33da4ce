"""Exercises of a few lines without a folder, for tests of what runs, diagnoses and grades any exercise."""

import functools
import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from autograder import exercises
from autograder.exercises import Check, Exercise
from autograder.testing import Probe, alternative, misconception

_numbers = itertools.count(1)


@dataclass(frozen=True)
class HandMade(Exercise):
    """An exercise made of functions."""

    check_functions: tuple[Callable, ...]
    wrong: dict[str, Callable]
    right: dict[str, Callable]
    asked: tuple[Probe, ...]

    @functools.cached_property
    def checks(self) -> tuple[Check, ...]:
        return tuple(
            Check(one.__name__, one, one.__doc__ or "", getattr(one, "points", 1.0), getattr(one, "depends", ()))
            for one in self.check_functions
        )

    def probes(self) -> tuple:
        return self.asked

    @property
    def misconceptions(self) -> dict[str, Callable]:
        return self.wrong

    @property
    def alternatives(self) -> dict[str, Callable]:
        return self.right


def handmade(
    *checks: Callable,
    wrong: dict[str, Callable] | None = None,
    right: dict[str, Callable] | None = None,
    probes: Iterable[Probe] = (),
    entries: tuple[str, ...] = ("answer",),
    values: bool = False,
    forbidden: tuple[str, ...] = (),
    signature: str = "answer(number)",
    name: str = "",
) -> HandMade:
    """An exercise of these checks; its name is new each time, since behaviours are remembered by name.

    Wrong answers that carry no mark of their own are slips, caught by the first check.
    """
    known = {
        key: one if hasattr(one, "caught_by") else misconception(f"That is {key}.", checks[0].__name__)(one)
        for key, one in (wrong or {}).items()
    }
    return HandMade(
        id=name or f"handmade_{next(_numbers)}",
        title="Made by hand",
        lesson="05_missing_labels",
        section="A section",
        entries=entries,
        signature=signature,
        values=values,
        difficulty=1,
        minutes=1,
        hints=("a nudge", "a concept", "a plan"),
        question="What is asked?",
        forbidden=forbidden,
        check_functions=checks,
        wrong=known,
        right={key: alternative(key)(one) for key, one in (right or {}).items()},
        asked=tuple(probes),
    )


def publish(monkeypatch, *made: Exercise) -> None:
    """Have them found by their names, as if each had a folder."""
    known, load = {one.id: one for one in made}, exercises.load
    monkeypatch.setattr(exercises, "load", lambda name: known[name] if name in known else load(name))
