"""The marks in the gradebook, as rows and as CSV for a spreadsheet or a learning platform."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection
from pathlib import Path
from typing import Any

from autograder.files import PRIVATE, write_atomically
from autograder.gradebook.release import gradebook_of
from autograder.grading.course import Course


def marks(course: Course, students: Collection[str] = (), assignments: Collection[str] = ()) -> list[dict[str, Any]]:
    """One row a submission in the gradebook: student, assignment, score, most points, and whether it needs review.

    The score is what counts: the raw score less the penalty for handing in late, as nbgrader's own export has it.
    """
    rows: list[dict[str, Any]] = []
    with gradebook_of(course) as gradebook:
        for assignment in gradebook.assignments:
            if assignments and assignment.name not in assignments:
                continue
            there = {handed_in.student.id for handed_in in assignment.submissions}
            nothing = {"score": None, "raw_score": None, "late_penalty": None, "needs_manual_grade": False}
            for person in course.roster if there or assignments else ():
                if person.id not in there:
                    row = {"student": person.id, "assignment": assignment.name, "max_score": assignment.max_score}
                    rows.append(row | nothing | {"status": "not handed in"})
            for handed_in in assignment.submissions:
                raw, penalty = handed_in.score, handed_in.late_submission_penalty or 0.0
                rows.append(
                    {
                        "student": handed_in.student.id,
                        "assignment": assignment.name,
                        "score": max(0.0, raw - penalty),
                        "max_score": handed_in.max_score,
                        "raw_score": raw,
                        "late_penalty": penalty,
                        "needs_manual_grade": handed_in.needs_manual_grade,
                        "status": "needs marking" if handed_in.needs_manual_grade else "graded",
                    }
                )
    rows = [row for row in rows if not students or row["student"] in students]
    return sorted(rows, key=lambda row: (row["assignment"], row["student"]))


FORMATS = {
    "csv": ("student", "assignment", "score", "max_score", "raw_score", "late_penalty", "needs_manual_grade"),
    "canvas": ("ID", "Assignment", "Points"),
    "moodle": ("ID number", "Assignment", "Grade"),
}


def write_marks(course: Course, path: Path, form: str) -> int:
    """Write the marks of a course as CSV in the columns that ``form`` names; give back how many rows."""
    rows = marks(course)
    with io.StringIO(newline="") as text:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(FORMATS[form])
        for row in rows:
            writer.writerow([row[key] for key in (FORMATS["csv"] if form == "csv" else FORMATS["csv"][:3])])
        write_atomically(path, text.getvalue().encode(), mode=PRIVATE)
    return len(rows)
