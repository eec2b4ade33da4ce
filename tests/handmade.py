"""Exercises of a few lines without a folder, for tests of what runs, diagnoses and grades any exercise."""

import functools
import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from autograder import catalogue
from autograder.exercises import Exercise, Order
from autograder.testing import Alternative, Check, Misconception, Probe

_numbers = itertools.count(1)


@dataclass(frozen=True)
class HandMade(Exercise):
    """An exercise made of functions."""

    given_checks: tuple[Check, ...]
    wrong: dict[str, Misconception]
    right: dict[str, Alternative]
    asked: tuple[Probe, ...]

    @functools.cached_property
    def checks(self) -> tuple[Check, ...]:
        return self.given_checks

    def probes(self) -> tuple:
        return self.asked

    @property
    def misconceptions(self) -> dict[str, Misconception]:
        return self.wrong

    @property
    def alternatives(self) -> dict[str, Alternative]:
        return self.right


def handmade(
    *checks: Check | Callable,
    wrong: dict[str, Misconception | Callable] | None = None,
    right: dict[str, Callable] | None = None,
    probes: Iterable[Probe] = (),
    entries: tuple[str, ...] = ("answer",),
    values: bool = False,
    forbidden: tuple[str, ...] = (),
    signature: str = "answer(number)",
    arguments: tuple[tuple[str, str], ...] = (("number", "as given"),),
    name: str = "",
    order: Order | None = None,
) -> HandMade:
    """An exercise of these checks; its name is new each time, since behaviours are remembered by name.

    Wrong answers that carry no mark of their own are slips, caught by the first check.
    """
    made = tuple(map(Check.of, checks))
    known = {
        key: one if isinstance(one, Misconception) else Misconception(one, f"That is {key}.", made[0].id)
        for key, one in (wrong or {}).items()
    }
    return HandMade(
        id=name or f"handmade_{next(_numbers)}",
        title="Made by hand",
        lesson="05_missing_labels",
        section="A section",
        entries=entries,
        signature=signature,
        arguments=arguments,
        values=values,
        difficulty=1,
        minutes=1,
        hints=("a nudge", "a concept", "a plan"),
        questions={check.id: "What is asked?" for check in made},
        forbidden=forbidden,
        order=order,
        given_checks=made,
        wrong=known,
        right={key: Alternative(one, key) for key, one in (right or {}).items()},
        asked=tuple(probes),
    )


def publish(monkeypatch, *made: Exercise) -> None:
    """Have them found by their names, as if each had a folder."""
    known, load = {one.id: one for one in made}, catalogue.load
    monkeypatch.setattr(catalogue, "load", lambda name: known[name] if name in known else load(name))
