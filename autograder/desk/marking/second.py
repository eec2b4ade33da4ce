"""A second marker's marks of a sample: given blind to the first ones, kept beside the gradebook and never in it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from autograder.desk.marking.pile import rank_of, waiting_for_review
from autograder.files import PRIVATE, write_atomically
from autograder.gradebook.by_hand import Mark, Moved, Piled, Standing, one_after_another, standings
from autograder.gradebook.schemes import Scheme
from autograder.grading.course import Course, CourseError
from autograder.grading.roster import STUDENT
from autograder.results import UsageError

SHARE = 0.2
Marks = dict[str, dict[str, tuple[Mark, str]]]  # by question and student: the mark, and what it is about


@dataclass(frozen=True)
class SecondMarks:
    """What one second marker gives.

    Parameters
    ----------
    course : Course
    name : str
        The marker's: a file is called after it.
    share : float
        Of the answers to each question, which are the same ones each time.
    """

    course: Course
    name: str
    share: float = SHARE

    def __post_init__(self) -> None:
        if not STUDENT.fullmatch(self.name):
            raise UsageError(
                f"--second {self.name}: a marker's name has letters, digits, `.`, `_`, `@` and `-`, at most 64."
            )
        if not 0 < self.share <= 1:
            raise UsageError(f"--share is above 0 and at most 1, such as 0.2; got {self.share:g}.")

    @property
    def path(self) -> Path:
        return folder_of(self.course) / f"{self.name}.json"

    def standings(self, scheme: Scheme) -> dict[str, Standing]:
        first = standings(self.course, scheme.assignment, scheme.cell)
        own = read(self.path).get(scheme.id, {})
        return {student: _standing(first[student], own) for student in sample(self.course, scheme, first, self.share)}

    def save(self, scheme: Scheme, student: str, mark: Mark, seen: str) -> Standing:
        with one_after_another(self.course):
            first = standings(self.course, scheme.assignment, scheme.cell)[student]
            marks = read(self.path)
            now = _standing(first, marks.setdefault(scheme.id, {}))
            if now.version != seen:
                raise Moved(now)
            if mark.score is None:
                marks[scheme.id].pop(student, None)
            else:
                marks[scheme.id][student] = (mark, "" if mark.waits else first.about)
            _write(self.path, marks)
            return _standing(first, marks[scheme.id])

    def piles(self, schemes: Sequence[Scheme]) -> dict[str, Piled]:
        found = {}
        for scheme in schemes:
            known = self.standings(scheme).values()
            if known:
                found[scheme.id] = Piled(sum(not one.mark.waits for one in known), len(known))
        return found


def folder_of(course: Course) -> Path:
    """Where second markers' files lie, one for each."""
    return course.private / "second-marks"


def sample(course: Course, scheme: Scheme, known: Mapping[str, Standing], share: float) -> list[str]:
    """Whose answers are marked twice: a share of those that need a person, the same ones for course and question.

    What was left as it was handed out, and what waits for review, is not among them.
    """
    waits = waiting_for_review(course, scheme, known)
    whose = [student for student, one in known.items() if one.auto is None and student not in waits]
    whose.sort(key=lambda student: rank_of(course, scheme, student, "second"))
    return whose[: math.ceil(round(share * len(whose), 9))]


def _standing(first: Standing, own: Mapping[str, tuple[Mark, str]]) -> Standing:
    """How an answer stands for a second marker, who is told nothing of the first one's mark."""
    given, about = own.get(first.student, (Mark(None, waits=True), first.about))
    mark = Mark(given.score, given.comment, given.lines, waits=given.waits or about != first.about)
    return Standing(first.student, "", first.most, None, mark, about=first.about)


# ---- the file --------------------------------------------------------------------------------------------------


def read(path: Path) -> Marks:
    """What a second marker gave; nothing where there is no file yet.

    Raises
    ------
    CourseError
        If the file is damaged.
    """
    try:
        data = json.loads(path.read_bytes())
        return {
            question: {student: (_mark(one), str(one["about"])) for student, one in marks.items()}
            for question, marks in data.items()
        }
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise CourseError(
            f"{path} cannot be read: put a backup in its place, or move it away and the marks in it are given anew."
        ) from None


def _mark(data: Mapping[str, Any]) -> Mark:
    return Mark(float(data["score"]), str(data["comment"]), tuple(map(int, data["lines"])))


def _write(path: Path, marks: Marks) -> None:
    data = {
        question: {student: {**asdict(mark), "about": about} for student, (mark, about) in sorted(of.items())}
        for question, of in sorted(marks.items())
    }
    write_atomically(path, json.dumps(data, indent=1, ensure_ascii=False).encode(), mode=PRIVATE)
