"""What handing in late costs: nbgrader's own plug-in decides, whenever its policy, a due date or a time changes."""

from __future__ import annotations

import datetime

from nbgrader.preprocessors import AssignLatePenalties

from autograder.gradebook.release import config_of, quiet
from autograder.grading.course import Course, CourseError


class Penalties:
    """The policy of a course, as its configuration has it now.

    Parameters
    ----------
    course : Course
    """

    def __init__(self, course: Course) -> None:
        assign = AssignLatePenalties(config=config_of(course))
        assign.init_plugin()
        self._plugin = assign.plugin_inst

    def of(self, student: str, score: float, seconds_late: float) -> float | None:
        """The points to take off, between 0 and the score; None where nothing is.

        Raises
        ------
        CourseError
            If the course's plug-in fails.
        """
        if seconds_late <= 0:
            return None
        try:
            with quiet():
                penalty = self._plugin.late_submission_penalty(student, score, seconds_late)
            return None if penalty is None else min(max(float(penalty), 0.0), score)
        except Exception as error:
            raise CourseError(
                f"the plug-in for late submissions ({type(self._plugin).__name__}, see nbgrader_config.py) failed for "
                f"{student}: {type(error).__name__}: {error}"
            ) from None


def seconds_late(
    timestamp: datetime.datetime | None, due: datetime.datetime | None, extension: datetime.timedelta | None
) -> float:
    """Seconds from when it was due, with the extension, to when it was handed in; 0 where either is not known."""
    if timestamp is None or due is None:
        return 0.0
    return max(0.0, (timestamp - due - (extension or datetime.timedelta())).total_seconds())
