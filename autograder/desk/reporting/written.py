"""Written answers: how the marks are spread that people gave, and how many wait for one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from autograder.gradebook.feedback.asked import Asked
from autograder.gradebook.feedback.entered import Entry
from autograder.grading.course import Course, Submission

FINE = 2  # marks are counted to a half point


@dataclass(frozen=True)
class Written:
    """One question that is answered in words. The gradebook has one mark of each answer, and none of a rubric's line.

    Attributes
    ----------
    cell, title : str
    rubric : str
        What the points are for, as far as the question says it; Markdown.
    max_score : float
    marks : tuple of (float, int)
        Every whole mark, and each half mark that was given, with how often it was given; the lowest first.
    waiting : int
        How many answers wait for a person.
    empty : int
        How many have 0 points with no mark given, since nothing is written there.
    mean : float or None
        The mean mark; None where none was given.
    """

    cell: str
    title: str
    rubric: str
    max_score: float
    marks: tuple[tuple[float, int], ...]
    waiting: int
    empty: int
    mean: float | None


def written_in(asked: Asked, entries: Iterable[Entry]) -> tuple[Written, ...]:
    """The written questions of an assignment with the marks of its submissions; those that nobody handed in not."""
    entries = list(entries)
    found = []
    for question in asked.questions:
        given = [entry.given[question.cell] for entry in entries if question.cell in entry.given]
        if question.exercise or not given:
            continue
        scores = [one.score for one in given if one.score is not None and one.by_hand]
        waiting = sum(one.score is None for one in given)
        most = max(one.max_score for one in given)
        counts = Counter(dict.fromkeys(map(float, range(int(most) + 1)), 0))
        counts.update(round(score * FINE) / FINE for score in scores)
        found.append(
            Written(
                question.cell,
                question.title or "Written answer",
                question.rubric,
                most,
                tuple(sorted(counts.items())),
                waiting,
                len(given) - len(scores) - waiting,
                round(sum(scores) / len(scores), 2) if scores else None,
            )
        )
    return tuple(found)


def of_assignment(
    course: Course,
    entries: dict[tuple[str, str], Entry],
    assignment: str,
    wanted: Callable[[Submission], bool] | None,
) -> list[Entry]:
    """The gradebook's entries of one assignment, those of the submissions that are asked for."""
    return [
        entry
        for (student, name), entry in entries.items()
        if name == assignment and (wanted is None or wanted(course.submission(student, name)))
    ]
