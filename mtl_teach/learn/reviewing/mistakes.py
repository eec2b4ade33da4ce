"""Find the mistake: a known wrong answer as a short piece of code, and inputs that show or hide what is wrong with it.

The code is a misconception's own, without what names it. The inputs are those that the exercise's checks and probes
send; on which of them it goes wrong is found by running it beside a right answer.
"""

from __future__ import annotations

import ast
import functools
import itertools
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from autograder import exercises
from autograder.engine.outcome import AnswerError
from autograder.exercises import Exercise
from autograder.judging.answers import Asks, LocalAnswer
from autograder.judging.diagnosis import same_outcome
from autograder.judging.runner import PUBLISHED_SEED, rng_for
from autograder.testing import Misconception, Probe
from autograder.words import text_of

# Exercises of which no three inputs can be written in a line: they take models, folds, or other functions.
NO_SHORT_INPUTS = {
    "SharedTrunk",
    "cv_predict_scaled",
    "is_label_scale_equivariant",
    "test_masked_mean",
    "trunk_grad_norms",
}
LONGEST_CODE = 24  # lines
LONGEST_INPUT = 160  # characters
SHOWN = 3  # inputs
MOST = 150  # inputs that are tried


@dataclass(frozen=True)
class Case:
    """An input as text, what the wrong answer and a right one give for it, and whether they differ."""

    text: str
    wrong: str
    right: str
    differs: bool


def can_be_shown(exercise: str, mistake: str) -> bool:
    """True where both still exist, and the mistake is short code with inputs that fit in a line."""
    return bool(exercise not in NO_SHORT_INPUTS and exercise in exercises.all_ids() and code_of(exercise, mistake))


@functools.cache
def code_of(exercise: str, mistake: str) -> str:
    """The wrong answer under the name that the exercise asks for, with the helpers that it calls; empty if unsuitable.

    Comments and docstrings are gone, since they say what is wrong, and so is what marks it as a known mistake.
    """
    one = exercises.load(exercise)
    if one.values:
        return ""
    module = ast.parse((exercises.HERE / exercise / "misconceptions.py").read_text(encoding="utf-8"))
    parts = {name: part for part in module.body for name in _defined(part)}
    if not isinstance(parts.get(mistake), ast.FunctionDef):
        return ""
    wanted, found = [mistake], dict[str, ast.stmt]()
    while wanted:
        name = wanted.pop()
        if name in found:
            continue
        found[name] = parts[name]
        wanted += [node.id for node in ast.walk(parts[name]) if isinstance(node, ast.Name) and node.id in parts]
    ordered = sorted(found, key=lambda name: (name == mistake, parts[name].lineno))
    code = "\n\n".join(ast.unparse(_Cleaned(mistake, one.entries[0]).visit(parts[name])) for name in ordered)
    return code if len(code.splitlines()) <= LONGEST_CODE else ""


def _defined(part: ast.stmt) -> list[str]:
    """The names that a part of a module defines; what it imports is known to the reader."""
    if isinstance(part, ast.FunctionDef):
        return [part.name]
    if isinstance(part, ast.Assign):
        return [node.id for target in part.targets for node in ast.walk(target) if isinstance(node, ast.Name)]
    return []


class _Cleaned(ast.NodeTransformer):
    """A function without decorators and docstring; the mistake's own under another name.

    The parameters that tell the members of a family apart become variables, as they are in its first member.
    """

    def __init__(self, mistake: str, name: str) -> None:
        self._mistake, self._name = mistake, name

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.decorator_list = []
        if ast.get_docstring(node) is not None:
            node.body = node.body[1:]
        if node.name == self._mistake:
            node.name = self._name
            fixed = [(one.arg, value) for one, value in zip(node.args.kwonlyargs, node.args.kw_defaults) if value]
            node.body = [*(ast.parse(f"{name} = {ast.unparse(value)}").body[0] for name, value in fixed), *node.body]
            node.args.kwonlyargs, node.args.kw_defaults = [], []
        return self.generic_visit(node)


# ---- inputs ----------------------------------------------------------------------------------------------------


class _Listening(Asks):
    """A right answer that keeps what it is asked."""

    def __init__(self, student: LocalAnswer) -> None:
        self._student = student
        self.asked: list[Probe] = []

    def outcomes(self, probes: Iterable[Probe]) -> Iterator[Any]:
        for probe in probes:
            self.asked.append(probe)
            yield from self._student.outcomes([probe])


def cases(exercise: str, mistake: str, rng: random.Random) -> list[Case]:
    """Three inputs in any order: one on which the mistake shows; if there is no such choice, three, or none, of them.

    Short ones are taken first. Empty where the exercise has no three inputs that fit in a line.
    """
    one = exercises.load(exercise)
    found = sorted(_compared(one, one.misconceptions[mistake]), key=lambda case: len(case.text))
    shows, hides = ([case for case in found if case.differs is differs] for differs in (True, False))
    if shows and len(hides) >= SHOWN - 1:
        chosen = [_one_of_the_shortest(shows, rng), *_some_of_the_shortest(hides, SHOWN - 1, rng)]
    else:
        chosen = _some_of_the_shortest(max(shows, hides, key=len), SHOWN, rng)
    return rng.sample(chosen, SHOWN) if len(chosen) == SHOWN else []


def _some_of_the_shortest(found: list[Case], count: int, rng: random.Random) -> list[Case]:
    few = found[: count + 2]
    return rng.sample(few, min(count, len(few)))


def _one_of_the_shortest(found: list[Case], rng: random.Random) -> Case:
    return rng.choice(found[:3])


def _compared(one: Exercise, wrong: Misconception) -> Iterator[Case]:
    """What the mistake and a right answer give for every input that fits in a line."""
    right = LocalAnswer.of(one, next(iter(one.alternatives.values())))
    asked = list(_short_inputs(one, right))
    outcomes = zip(asked, LocalAnswer.of(one, wrong).outcomes(asked), right.outcomes(asked))
    for probe, got, expected in outcomes:
        if not isinstance(expected, AnswerError):
            differs = not same_outcome(got, expected)
            # what differs by rounding alone is written once: a last digit would mislead
            yield Case(_call(one, probe), said(got if differs else expected), said(expected), differs)


def said(outcome: Any) -> str:
    """What an answer returned, or with what it stopped, on one line.

    >>> said([1.0, 2.0]), said(AnswerError("KeyError"))
    ('[1, 2]', 'stops with KeyError')
    """
    if isinstance(outcome, AnswerError):
        return f"stops with {outcome.tag}"
    return " ".join(text_of(outcome).split())


def _short_inputs(one: Exercise, right: LocalAnswer) -> Iterator[Probe]:
    """The plain calls that the exercise's checks and probes make, each once."""
    student, seen = _Listening(right), set()
    for check in one.checks:
        check.function(student, rng_for(PUBLISHED_SEED, one.id, check.id))
    for probe in itertools.islice([*one.probes(), *student.asked], MOST):
        text = _call(one, probe)
        if probe.scenario is None and len(probe.args) == len(one.arguments) and len(text) <= LONGEST_INPUT:
            if text not in seen:
                yield Probe(probe.args)
            seen.add(text)


def _call(one: Exercise, probe: Probe) -> str:
    """The arguments of a call as a line: ``values = [2, 5], mask = [True, False]``."""
    values = (" ".join(text_of(value).split()) for value in probe.args)
    return ", ".join(f"{name} = {value}" for (name, _), value in zip(one.arguments, values))
