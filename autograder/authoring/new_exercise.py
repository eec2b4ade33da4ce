"""A new exercise's folder: every file is there and can be read, and every check fails until its author fills it in."""

from __future__ import annotations

import keyword
import re
from pathlib import Path

from autograder.results import UsageError

_ID = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
MAX_LENGTH = 40

_METADATA = '''\
# Everything the learner sees around the checks. Replace each text; the loader reads all of these fields.
title = "@id@: fill in what the learner builds, in a few words"
lesson = "01_one_vector_of_losses"          # the slug of the lesson that teaches the idea
section = "fill in the heading there that explains it"
entries = ["@id@"]
signature = "@id@(values)"                  # as the learner sees it
difficulty = 2                              # 1 to 5
minutes = 10                                # for a learner who has read the lesson
forbidden = []                              # dotted names in mtl_teach that would be the answer

[questions]                                 # by check: shown where it is the first to fail and has no name
test_value = "Fill in: which question would lead a learner from a wrong answer to the idea?"

[arguments]                                 # what the checks call it with: "array of float64", "tensor of bool"
values = "array of float64"                 # or "as given"; the learner's own examples are brought to that

[hints]                                     # never the code itself
nudge = """
Fill in, with 30 to 60 words: where to look.
"""
concept = """
Fill in, with 40 to 120 words: the idea, with the trap that it avoids.
"""

[order]                                     # the last hint: lines to put in order
lines = """
total = "fill in the body of a right answer"
count = "one statement a line, three to ten"
return total, count
"""
wrong = """
total = "exactly two lines that people write instead"
count = "each plausible in the place of a right one"
"""
'''

_CHECKS = '''\
"""@id@(values (N,)) -> number: fill in what comes in and what comes out."""

import numpy as np

from autograder.exercises.@id@ import scenarios
from autograder.testing import assert_all_unchanged, assert_close, fail, points, probe

NAMES = ("values",)


def right(values):
    """The right value, by a way that is not the solution's: plain Python, or another library."""
    return fail("Fill in `right` in test_@id@.py: the checks do not know the right value yet.")


def cases(rng):
    """Small cases first: the first one that fails is what the learner sees, so let it be readable by hand."""
    yield np.array([1.0, 2.0])
    for size, dtype in ((1, np.float64), (3, np.float32), (20, np.float64)):
        yield rng.normal(size=size).astype(dtype)


# The docstring of a check is what the learner reads. Let each ask for one thing, so that the points say what is right.
# `student.each` asks for all cases at once, since every `student(...)` on its own is a turn of the sandbox.
@points(3)
def test_value(student, rng):
    """Fill in: the sentence that says what the value must be."""
    asked = list(cases(rng))
    for values, got in zip(asked, student.each((values,) for values in asked)):
        assert_close(got, right(values), {"values": values})


# Add a check for each promise of the contract (edge cases, extremes, the gradient where it counts), with
# @depends("test_value") where it says nothing while the value is wrong.
@points(1)
def test_inputs_unchanged(student, rng):
    """The inputs are as they were before the call."""
    right(np.array([1.0, 2.0]))
    assert_all_unchanged(student, [(values,) for values in cases(rng)], NAMES)


def probes(rng):
    """Questions on which every known wrong answer behaves in its own way: add some until no two agree."""
    yield probe(np.array([1.0, 2.0]))
    yield probe(rng.normal(size=5), scenario=scenarios.with_inputs)
'''

_SCENARIOS = '''\
"""What must run beside the answer: gradients, modules, callables. It travels as source: import no autograder here."""


def with_inputs(answer, *args):
    """The answer, and its arguments as the call left them."""
    return answer(*args), list(args)
'''

_ALTERNATIVES = '''\
"""Right answers that look nothing alike: write these first, at least three, and make all of them pass."""

from autograder.testing import alternative


@alternative("fill in: a loop")
def loop(values):
    return None


@alternative("fill in: vectorised")
def vectorised(values):
    return None


@alternative("fill in: a library call")
def library_call(values):
    return None
'''

_MISCONCEPTIONS = '''\
"""Plausible wrong answers: at least eight, each caught by the check that it names and unlike all the others."""

from autograder.testing import misconception


# Say to the learner what was done, why it is wrong and what to look at; never the code of the answer.
# conceptual=True marks those that misunderstand the idea rather than slip.
@misconception("The values come back as they went in.", caught_by="test_value", conceptual=True)
def the_values_themselves(values):
    return values


@misconception("The same number comes back whatever goes in.", caught_by="test_value")
def visible_answer(values):
    return 3.0
'''


def scaffold(exercise_id: str, root: Path) -> list[Path]:
    """Write the folder of a new exercise.

    It can be loaded and run at once; every check fails with a sentence that says what to fill in.

    Parameters
    ----------
    exercise_id : str
        Name of the exercise and of the function it asks for: lower-case words joined by underscores.
    root : Path
        The checkout, which holds ``autograder/exercises``.

    Returns
    -------
    list of Path
        The files written, in the order in which an author fills them in.

    Raises
    ------
    UsageError
        If the name is not fit for a function, is taken, or `root` is not a checkout. Nothing is written then.
    """
    folder = _exercises_of(root) / _fit_name(exercise_id)
    if folder.exists():
        raise UsageError(f"There is an exercise `{exercise_id}` already, in {folder}. Take another name, or edit it.")
    files = {
        "exercise.toml": _METADATA,
        f"test_{exercise_id}.py": _CHECKS,
        "scenarios.py": _SCENARIOS,
        "alternatives.py": _ALTERNATIVES,
        "misconceptions.py": _MISCONCEPTIONS,
    }
    folder.mkdir()
    written = []
    for name, template in files.items():
        path = folder / name
        path.write_text(template.replace("@id@", exercise_id), encoding="utf-8")
        written.append(path)
    return written


def _exercises_of(root: Path) -> Path:
    folder = Path(root) / "autograder" / "exercises"
    if not folder.is_dir():
        raise UsageError(f"{root} is not a checkout of the course: there is no {folder}. Run this in the repository.")
    return folder


def _fit_name(exercise_id: str) -> str:
    if not _ID.fullmatch(exercise_id) or keyword.iskeyword(exercise_id) or len(exercise_id) > MAX_LENGTH:
        raise UsageError(
            f"An exercise is named like its function, in lower-case words joined by underscores, at most {MAX_LENGTH} "
            f"characters, such as `masked_mean`; got {exercise_id!r}."
        )
    return exercise_id
