"""Written answers: how the marks are spread that people gave, what they were given for, and how many wait for one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from autograder.gradebook.feedback.asked import Asked
from autograder.gradebook.feedback.entered import Entry, Given
from autograder.gradebook.schemes import Line, Scheme
from autograder.grading.course import Course, Submission

FINE = 2  # marks are counted to a half point


@dataclass(frozen=True)
class LineMet:
    """One line of a mark scheme over the class.

    Attributes
    ----------
    text : str
        What it asks for, as the course's source says it; Markdown.
    points : float
    met : int
        How many answers met it.
    share : float
        Of those that were marked line by line.
    least : bool
        True for the one that fewest met, or for each of them, where others were met by more.
    """

    text: str
    points: float
    met: int
    share: float
    least: bool


@dataclass(frozen=True)
class Written:
    """One question that is answered in words.

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
    lines : tuple of LineMet
        Least met first; empty where the mark scheme has no lines, or no answer was marked by them.
    by_line : int
        How many answers were marked line by line.
    without_lines : int
        How many have a mark of which no lines are noted, as formgrader gives it; 0 where the scheme has none.
    """

    cell: str
    title: str
    rubric: str
    max_score: float
    marks: tuple[tuple[float, int], ...]
    waiting: int
    empty: int
    mean: float | None
    lines: tuple[LineMet, ...] = ()
    by_line: int = 0
    without_lines: int = 0


def written_in(asked: Asked, entries: Iterable[Entry], schemes: Iterable[Scheme] = ()) -> tuple[Written, ...]:
    """The written questions of an assignment with the marks of its submissions; those that nobody handed in not.

    Parameters
    ----------
    asked : Asked
    entries : iterable of Entry
    schemes : iterable of Scheme
        What the points of its questions are for.
    """
    entries = list(entries)
    of_cell = {one.cell: one.lines for one in schemes}
    found = []
    for question in asked.questions:
        given = [entry.given[question.cell] for entry in entries if question.cell in entry.given]
        if question.exercise or not given:
            continue
        marked = [one for one in given if one.score is not None and one.by_hand]
        scores = [one.score for one in marked if one.score is not None]
        scheme = of_cell.get(question.cell, ())
        sheets = _sheets(scheme, marked)
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
                _lines(scheme, sheets),
                len(sheets),
                len(marked) - len(sheets) if scheme else 0,
            )
        )
    return tuple(found)


def _sheets(scheme: Sequence[Line], marked: Iterable[Given]) -> list[tuple[int, ...]]:
    """The lines that each answer met, of those marked by this scheme; one with more lines was another."""
    if not scheme:
        return []
    return [one.lines for one in marked if one.lines is not None and all(place < len(scheme) for place in one.lines)]


def _lines(scheme: Sequence[Line], sheets: Sequence[tuple[int, ...]]) -> tuple[LineMet, ...]:
    if not sheets:
        return ()
    counts = [sum(place in one for one in sheets) for place in range(len(scheme))]
    fewest = min(counts) if min(counts) < max(counts) else None
    lines = [
        LineMet(line.text, line.points, count, round(count / len(sheets), 4), count == fewest)
        for line, count in zip(scheme, counts, strict=True)
    ]
    return tuple(sorted(lines, key=lambda one: one.met))


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
