"""The whole report as data: what to teach again, then every problem set in order with its worst exercise first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from autograder.desk.reporting.gather import Gathered, gather
from autograder.desk.reporting.items import Item, item_of, points_of
from autograder.desk.reporting.measures import share, tenths
from autograder.desk.reporting.monday import Topic, topics_of
from autograder.desk.reporting.quick import Question, question_of
from autograder.desk.reporting.written import Written, of_assignment, written_in
from autograder.files import Cell
from autograder.gradebook.feedback.asked import Asked, asked
from autograder.gradebook.feedback.entered import Entry, entries_of
from autograder.gradebook.feedback.write import settings_of
from autograder.gradebook.schemes import schemes_of
from autograder.grading.course import Course, CourseError, Submission
from autograder.quizzes.question import is_quick
from autograder.sections import read_cells

HOW_MANY = ("What", "One thing", "Two things", "Three things")
MISSING = "Marks of written answers are missing: the gradebook cannot be read. `mtl-grade run` says why."


@dataclass(frozen=True)
class Set:
    """One problem set or quick test.

    Attributes
    ----------
    assignment, title : str
    handed_in : int
    mean_share : float or None
        Of the points that checks give.
    exercises : tuple of Item
        The worst first; what nobody began last.
    questions : tuple of Question
        Those of a quick test, in their order.
    written : tuple of Written
    progress : int
        How many progress files lie beside the notebooks.
    """

    assignment: str
    title: str
    handed_in: int
    mean_share: float | None
    exercises: tuple[Item, ...]
    questions: tuple[Question, ...]
    written: tuple[Written, ...]
    progress: int


@dataclass(frozen=True)
class Report:
    """Everything that is known of a class.

    Attributes
    ----------
    course : str
        Its name.
    names : bool
        Whether ids are in it.
    students, submissions : int
        How many people handed in something that is graded, and how many submissions that is.
    for_review, without_record : int
        Submissions that wait for a person, and that no record can be read of.
    monday : tuple of Topic
    totals : tuple of int
        How many students have so many tenths of the points that checks gave for what they handed in.
    sets : tuple of Set
    marks_missing : str
        Why nothing is known of written answers; empty where something is.
    """

    course: str
    names: bool
    students: int
    submissions: int
    for_review: int
    without_record: int
    monday: tuple[Topic, ...]
    totals: tuple[int, ...]
    sets: tuple[Set, ...]
    marks_missing: str = ""

    @property
    def heading(self) -> str:
        """What stands above the things to teach again, however many there are."""
        return f"{HOW_MANY[len(self.monday)]} to re-teach on Monday"

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON data."""
        return asdict(self)


def report(course: Course, wanted: Callable[[Submission], bool] | None = None, *, names: bool = True) -> Report:
    """Everything about a class, or about some submissions of it.

    Parameters
    ----------
    course : Course
    wanted : callable, optional
        Which submissions; by default all.
    names : bool
        Without names, no id, name or text of a student is in it.
    """
    gathered = gather(course, wanted, names)
    settings = settings_of(course)
    in_gradebook, missing = _marks_of(course)
    entries = {who: entry for who, entry in in_gradebook.items() if who not in gathered.not_graded}
    rests = points_of(gathered)
    sets, items, questions = [], [], []
    for assignment in sorted({one.assignment for one in gathered.handed_in}):
        path = course.root / "source" / assignment / f"{assignment}.ipynb"
        cells, texts = _source_of(path)
        keys = [key for key in gathered.answers if key[0] == assignment]
        own_items = [(*item_of(gathered, key, rests), key) for key in keys if not is_quick(key[1])]
        own_questions = [(question_of(gathered, key, cells), key) for key in keys if is_quick(key[1])]
        marks = of_assignment(course, entries, assignment, wanted)
        written = written_in(texts, marks, schemes_of(path)) if texts and marks else ()
        sets.append(
            _set(
                gathered, assignment, texts, [one for one, *_ in own_items], [one for one, _ in own_questions], written
            )
        )
        items += [(item, key, piles) for item, piles, key in own_items]
        questions += own_questions
    return Report(
        course=settings["course"],
        names=names,
        students=len(rests),
        submissions=len(gathered.handed_in),
        for_review=gathered.for_review,
        without_record=gathered.without_record,
        monday=topics_of(gathered, items, questions, settings["book"]),
        totals=tenths(score / most for score, most in rests.values() if most),
        sets=tuple(sets),
        marks_missing=missing,
    )


def _marks_of(course: Course) -> tuple[dict[tuple[str, str], Entry], str]:
    """What the gradebook has, or why it has nothing: what checks decide is in the records."""
    try:
        return entries_of(course), ""
    except CourseError:  # its words name a path of the instructor's machine
        return {}, MISSING


def _source_of(path: Path) -> tuple[dict[str, Cell], Asked | None]:
    """The cells of an assignment's source by name and what it asks; nothing where the course has it no more."""
    cells = {cell.name: cell for cell in read_cells(path)}
    return cells, asked(path) if cells else None


def _set(
    gathered: Gathered,
    assignment: str,
    texts: Asked | None,
    items: list[Item],
    questions: list[Question],
    written: tuple[Written, ...],
) -> Set:
    own = [one for one in gathered.handed_in if one.assignment == assignment]
    course = gathered.course.assignments.get(assignment)
    order = list(course.exercises) if course else []
    return Set(
        assignment=assignment,
        title=texts.title if texts else assignment,
        handed_in=len(own),
        mean_share=share(sum(one.score for one in own), sum(one.max_score for one in own)),
        exercises=tuple(sorted(items, key=lambda one: _worst_first(one, order))),
        questions=tuple(sorted(questions, key=lambda one: one.exercise)),
        written=written,
        progress=sum(bool(one.progress) for one in own),
    )


def _worst_first(item: Item, order: list[str]) -> tuple[bool, float, int, str]:
    """By its share; then as the problem set has them, and by name what it has no more."""
    place = order.index(item.exercise) if item.exercise in order else len(order)
    return item.mean_share is None, item.mean_share or 0.0, place, item.exercise
