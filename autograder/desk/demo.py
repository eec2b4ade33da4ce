"""A whole class in one command: release, hand in, grade, gradebook, feedback, marks; every row is checked."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder import catalogue, render
from autograder.authoring.solutions import as_submission
from autograder.desk import run
from autograder.desk.export import export
from autograder.engine.sandbox import Limits
from autograder.files import Notebook, as_cell, cells_of, read_notebook
from autograder.gradebook import marks
from autograder.gradebook.feedback.write import write_pages
from autograder.gradebook.release import release
from autograder.grading.assignment import Assignment
from autograder.grading.course import Course
from autograder.grading.record import GRADED, results_of

LIMITS = Limits(call=2.0, exercise=5.0)  # one in twelve loops without end: nobody wants to wait for all of that
ASSIGNMENTS = ("ps05_missing_labels", "ps08_constraints_and_penalties")


@dataclass(frozen=True)
class Kind:
    """One kind of student.

    Attributes
    ----------
    name : str
    hand_in : callable (released notebook, solved notebook, Assignment) -> bytes
        What such a student hands in.
    as_it_should_be : callable (record, Assignment) -> bool
        Whether the record says what it must.
    """

    name: str
    hand_in: Callable[[Notebook, Notebook, Assignment], bytes]
    as_it_should_be: Callable[[dict[str, Any], Assignment], bool]


# ---- what students hand in -------------------------------------------------------------------------------------


def _bytes(notebook: Notebook) -> bytes:
    return json.dumps(notebook).encode()


def _with(notebook: Notebook, answers: dict[str, str]) -> Notebook:
    cells = [{**cell, "source": answers.get(as_cell(cell).grade_id, cell["source"])} for cell in notebook["cells"]]
    return {**notebook, "cells": cells}


def _solutions(solved: Notebook, assignment: Assignment) -> dict[str, str]:
    return {cell.grade_id: cell.source for cell in cells_of(solved) if cell.grade_id in assignment.exercises}


def _right(released: Notebook, solved: Notebook, assignment: Assignment) -> bytes:
    return _bytes(_with(released, _solutions(solved, assignment)))


def _other_style(released: Notebook, solved: Notebook, assignment: Assignment) -> bytes:
    answers = {}
    for name in assignment.exercises:
        exercise = catalogue.load(name)
        *_, last = exercise.alternatives.values()
        answers[name] = as_submission(exercise, last)
    return _bytes(_with(released, answers))


def _misconceived(index: int) -> Callable[[Notebook, Notebook, Assignment], bytes]:
    def hand_in(released: Notebook, solved: Notebook, assignment: Assignment) -> bytes:
        answers = {}
        for name in assignment.exercises:
            exercise = catalogue.load(name)
            answers[name] = as_submission(exercise, list(exercise.misconceptions.values())[index])
        return _bytes(_with(released, answers))

    return hand_in


def _unsolved(released: Notebook, solved: Notebook, assignment: Assignment) -> bytes:
    return _bytes(released)


def _first_is(source: str) -> Callable[[Notebook, Notebook, Assignment], bytes]:
    """Right, except that the first function to write is this; ``NAME`` in the source stands for its name."""

    def hand_in(released: Notebook, solved: Notebook, assignment: Assignment) -> bytes:
        first = _first_function(assignment)
        answers = _solutions(solved, assignment) | {first: source.replace("NAME", catalogue.load(first).entries[0])}
        return _bytes(_with(released, answers))

    return hand_in


def _first_function(assignment: Assignment) -> str:
    return next(name for name in assignment.exercises if not catalogue.load(name).values)


def _without_a_check(released: Notebook, solved: Notebook, assignment: Assignment) -> bytes:
    notebook = json.loads(_right(released, solved, assignment))
    first = f"check-{_first_function(assignment)}"
    notebook["cells"] = [cell for cell in notebook["cells"] if as_cell(cell).grade_id != first]
    return _bytes(notebook)


def _not_a_notebook(released: Notebook, solved: Notebook, assignment: Assignment) -> bytes:
    return b'{"cells": ['


LOOP = "def NAME(*args):\n    while True:\n        pass\n"
CRASH = "import a_package_that_is_not_there\n\n\ndef NAME(*args):\n    return 0.0\n"
EXIT = "import os\n\n\ndef NAME(*args):\n    os._exit(0)\n"
WARNS = "import sys\nimport warnings\nwarnings.warn('careful')\nprint('to stderr', file=sys.stderr)\n"


def _warns(released: Notebook, solved: Notebook, assignment: Assignment) -> bytes:
    answers = {name: WARNS + source for name, source in _solutions(solved, assignment).items()}
    return _bytes(_with(released, answers))


# ---- what must come of it --------------------------------------------------------------------------------------


def _full(record: dict[str, Any], assignment: Assignment) -> bool:
    return set(record["exercises"]) == set(assignment.exercises) and all(
        result.passed for result in results_of(record).values()
    )


def _named(index: int) -> Callable[[dict[str, Any], Assignment], bool]:
    def is_so(record: dict[str, Any], assignment: Assignment) -> bool:
        return all(
            result.score < result.max_score and result.misconception == list(catalogue.load(name).misconceptions)[index]
            for name, result in results_of(record).items()
        )

    return is_so


def _nothing(record: dict[str, Any], assignment: Assignment) -> bool:
    return bool(record["exercises"]) and all(result.score == 0 for result in results_of(record).values())


def _all_but_first(record: dict[str, Any], assignment: Assignment) -> bool:
    results = results_of(record)
    first = results.pop(_first_function(assignment))
    return first.score == 0 and bool(results) and all(result.passed for result in results.values())


def _for_review(record: dict[str, Any], assignment: Assignment) -> bool:
    return record["status"] == "ungradable" and bool(record["reason"])


KINDS = (
    Kind("right", _right, _full),
    Kind("right, another style", _other_style, _full),
    Kind("misconception 1", _misconceived(0), _named(0)),
    Kind("misconception 2", _misconceived(1), _named(1)),
    Kind("unsolved", _unsolved, _nothing),
    Kind("infinite loop", _first_is(LOOP), _all_but_first),
    Kind("crash at import", _first_is(CRASH), _all_but_first),
    Kind("deleted test cell", _without_a_check, _full),
    Kind("os._exit(0)", _first_is(EXIT), _all_but_first),
    Kind("not a notebook", _not_a_notebook, _for_review),
    Kind("warns on stderr", _warns, _full),
    Kind("misconception 3", _misconceived(2), _named(2)),
)


# ---- the class -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    student: str
    kind: str
    assignment: str
    score: float
    max_score: float
    wrong: str
    as_it_should_be: bool


def make_class(course: Course, students: int) -> dict[str, Kind]:
    """Hand in for ``students`` students, the kinds in turn; give back who is of which kind."""
    who = {f"student{number + 1:03}": KINDS[number % len(KINDS)] for number in range(students)}
    for name in ASSIGNMENTS:
        released = read_notebook((course.root / "release" / name / f"{name}.ipynb").read_bytes())
        solved = read_notebook((course.root / "source" / name / f"{name}.ipynb").read_bytes())
        for student, kind in who.items():
            folder = course.root / "submitted" / student / name
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{name}.ipynb").write_bytes(kind.hand_in(released, solved, course.assignments[name]))
    return who


def table(course: Course, who: dict[str, Kind]) -> Iterator[Row]:
    """What the records and the gradebook say of every student, against what they must say."""
    entered = {(row["student"], row["assignment"]): row for row in marks.marks(course)}
    for name in ASSIGNMENTS:
        assignment = course.assignments[name]
        for student, kind in who.items():
            record = course.read_record(student, name) or {"status": "missing", "reason": "no record", "exercises": {}}
            results = results_of(record)
            row = entered.get((student, name))
            score = sum(result.score for result in results.values())
            told = score if record["status"] == GRADED else None  # what a person has to look at has no mark
            right = kind.as_it_should_be(record, assignment) and row is not None and row["score"] == told
            wrong = [f"{key}: {render.one_line(result)}" for key, result in results.items() if render.one_line(result)]
            yield Row(
                student,
                kind.name,
                name,
                score,
                sum(catalogue.load(one).max_score for one in assignment.exercises),
                record["reason"] or (wrong[0] if wrong else ""),
                right,
            )


def demo(root: Path, students: int, jobs: int, trust: bool, tick: Callable[[str], None]) -> tuple[Course, list[Row]]:
    """From release to feedback in ``root``; ``tick`` is told what is being done."""
    tick("releasing two problem sets")
    course = Course.create(root, "demo")
    course.trust, course.limits = trust, LIMITS
    release(course, list(ASSIGNMENTS))
    who = make_class(course, students)
    tick(f"grading {students * len(ASSIGNMENTS)} submissions")
    run.run(course, jobs=jobs)
    tick("writing feedback and marks")
    write_pages(course)
    export(course, "csv")
    return course, list(table(course, who))
