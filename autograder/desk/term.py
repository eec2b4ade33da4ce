"""``mtl-grade status``: what is late, what the term comes to so far, and who may need a word, by a stated rule.

Nothing here predicts anything: the rule counts what was due and what came of it. ``nbgrader_config.py`` may set it::

    c.MtlGrade.at_risk = {"missing": 2, "share": 0.5}    # assignments due and not handed in; share of points
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from autograder.desk.totals import NOT_HANDED_IN, Policy, Total, total_of
from autograder.gradebook.marks import due_dates, marks
from autograder.gradebook.release import config_of
from autograder.grading.course import Course
from autograder.results import UsageError

MINUTE, HOUR, DAY = 60, 3600, 86400
FEW = 2  # marks without which a share says nothing


@dataclass(frozen=True)
class Rule:
    """When a student is at risk.

    Attributes
    ----------
    missing : int
        With so many assignments due and not handed in.
    share : float
        With less than this share of the points of what was due and is marked, where at least two are.
    """

    missing: int = 2
    share: float = 0.5

    @classmethod
    def of(cls, config: Any) -> Rule:
        """From a course's configuration.

        Raises
        ------
        UsageError
            If ``c.MtlGrade.at_risk`` is none.
        """
        given = (config.MtlGrade if "MtlGrade" in config else {}).get("at_risk", {})
        whole = isinstance(given, dict) and given.keys() <= {"missing", "share"}
        missing, share = (given.get("missing", cls.missing), given.get("share", cls.share)) if whole else (None, None)
        if not (isinstance(missing, int) and missing > 0 and isinstance(share, (int, float)) and 0 <= share <= 1):
            raise UsageError(
                'nbgrader_config.py: c.MtlGrade.at_risk is such as {"missing": 2, "share": 0.5}: a whole number of '
                f"assignments above 0, and a share from 0 to 1; got {given!r}."
            )
        return cls(missing, share)

    @property
    def sentence(self) -> str:
        """The rule in words."""
        return (
            f"at risk: {self.missing} or more assignments due and not handed in, or less than {self.share:.0%} of the "
            "points of what was due and is marked"
        )


@dataclass(frozen=True)
class Standing:
    """One student's term so far.

    Attributes
    ----------
    student : str
    total : Total
    handed_in, due : int
        Of what is due.
    late : tuple of (str, float)
        What came late, and by how many seconds.
    why : tuple of str
        What makes them at risk; empty where nothing does.
    """

    student: str
    total: Total
    handed_in: int
    due: int
    late: tuple[tuple[str, float], ...] = ()
    why: tuple[str, ...] = ()


def due_of(
    rows: Sequence[Mapping[str, Any]], dates: Mapping[str, datetime.datetime | None], now: datetime.datetime
) -> set[str]:
    """The assignments that are due: their date is over; without a date, half of the class has handed them in.

    Parameters
    ----------
    rows : sequence of mapping
        Of :func:`autograder.gradebook.marks.marks`.
    dates : mapping of str to datetime or None
        The due date of each assignment, in universal time without a zone, as nbgrader keeps it.
    now : datetime
        In the same.
    """
    states: dict[str, list[bool]] = {}
    for row in rows:
        states.setdefault(row["assignment"], []).append(row["status"] != NOT_HANDED_IN)
    due = set()
    for name, came in states.items():
        date = dates.get(name)
        if date < now if date is not None else 2 * sum(came) >= len(came):
            due.add(name)
    return due


def standings(rows: Sequence[Mapping[str, Any]], due: set[str], policy: Policy, rule: Rule) -> list[Standing]:
    """Everybody's term so far, in the order in which they come.

    Parameters
    ----------
    rows : sequence of mapping
        Of :func:`autograder.gradebook.marks.marks`.
    due : set of str
        The assignments that are due.
    policy : Policy
        How marks become a total. What is not due and was not handed in does not count.
    rule : Rule
    """
    by_student: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        by_student.setdefault(row["student"], []).append(row)
    return [_standing(student, own, due, policy, rule) for student, own in by_student.items()]


def _standing(student: str, rows: Sequence[Mapping[str, Any]], due: set[str], policy: Policy, rule: Rule) -> Standing:
    of_due = [row for row in rows if row["assignment"] in due]
    missing = [row["assignment"] for row in of_due if row["status"] == NOT_HANDED_IN]
    counted = [row for row in rows if row["status"] != NOT_HANDED_IN or row["assignment"] in due]
    marked = [row for row in of_due if row["score"] is not None]
    most = sum(row["max_score"] for row in marked)
    share = sum(row["score"] for row in marked) / most if most else 1.0
    why = []
    if len(missing) >= rule.missing:
        why.append(f"{len(missing)} of {len(of_due)} not handed in: {', '.join(missing)}")
    if len(marked) >= FEW and share < rule.share:
        why.append(f"{share:.0%} of the points of {len(marked)} that are marked")
    late = tuple((row["assignment"], row["seconds_late"]) for row in rows if row.get("seconds_late"))
    return Standing(student, total_of(counted, policy), len(of_due) - len(missing), len(of_due), late, tuple(why))


def how_late(seconds: float) -> str:
    """A time in its two largest units, rounded up to the minute.

    >>> how_late(30), how_late(7_500), how_late(200_000)
    ('1 min', '2 h 5 min', '2 d 7 h')
    """
    minutes = max(1, -int(-seconds // MINUTE))
    days, hours, minutes = minutes * MINUTE // DAY, minutes * MINUTE % DAY // HOUR, minutes % (HOUR // MINUTE)
    parts = [f"{count} {unit}" for count, unit in ((days, "d"), (hours, "h"), (minutes, "min")) if count]
    return " ".join(parts[:2])


def line_of(standing: Standing) -> str:
    """One student's term in one line."""
    total = standing.total
    percent = "so far" if total.percent is None else f"({total.percent:.1f} %)"
    most = total.most - total.most_waiting
    parts = [f"{total.points:g} of {most:g} points {percent}", f"{standing.handed_in} of {standing.due} due"]
    if total.tests:
        parts.append(f"quick tests {total.passed} of {total.tests}")
    if total.waiting:
        parts.append(f"{total.waiting} waiting ({total.most_waiting:g} points)")
    if standing.late:
        parts.append(f"late {len(standing.late)}")
    return ", ".join(parts) + (f"; AT RISK: {'; '.join(standing.why)}" if standing.why else "")


@dataclass(frozen=True)
class Term:
    """The rows of a class, what is due of them, and where everybody stands by which rule."""

    rows: list[dict[str, Any]]
    due: list[str]
    rule: Rule
    standings: list[Standing]

    def lines(self) -> list[str]:
        """One line for everybody, and the rule."""
        if not self.standings:
            return []
        width = max(len(one.student) for one in self.standings)
        said = f"due: {', '.join(self.due) or 'nothing yet'}; {self.rule.sentence}"
        return [*(f"{one.student:<{width}}  {line_of(one)}" for one in self.standings), said]

    def risks(self) -> list[str]:
        """The rule and one line for each who is at risk; nothing where nobody is."""
        found = [f"  {one.student}: {'; '.join(one.why)}" for one in self.standings if one.why]
        return [self.rule.sentence[0].upper() + self.rule.sentence[1:] + ":", *found] if found else []

    def to_dict(self) -> dict[str, Any]:
        """It all as JSON data."""
        return {"due": self.due, "rule": asdict(self.rule), "students": [asdict(one) for one in self.standings]}


def of(course: Course, students: Collection[str] = (), assignments: Collection[str] = ()) -> Term:
    """The term so far of a class.

    Parameters
    ----------
    course : Course
    students, assignments : collection of str
        Only these are told of; what is due is decided by the whole class.
    """
    config, rows = config_of(course), marks(course, (), assignments)
    now = datetime.datetime.now(datetime.UTC).replace(tzinfo=None)
    due = due_of(rows, due_dates(course), now)
    own = [row for row in rows if not students or row["student"] in students]
    rule = Rule.of(config)
    return Term(own, sorted(due), rule, standings(own, due, Policy.of(config), rule))
