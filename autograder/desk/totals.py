"""What a term's marks come to: points, a percentage by weights, the lowest dropped, quick tests passed.

The course's ``nbgrader_config.py`` says how::

    c.MtlGrade.weights = {"ps": 70, "qt": 30}    # by prefix, or by an assignment's name; without it, points decide
    c.MtlGrade.drop_lowest = {"qt": 1}           # or a number, of each prefix

A prefix shares its weight among its assignments by their points. An assignment without any weight does not count.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograder.results import UsageError

QUICK = "qt"
PASSED = 5 / 7  # of a quick test's points
NOT_HANDED_IN = "not handed in"


@dataclass(frozen=True)
class Policy:
    """How marks become a total.

    Attributes
    ----------
    weights : Mapping of str to float
        By prefix or name; empty where points decide.
    drop_lowest : Mapping of str to int
        By prefix; the key "" holds for every other one.
    """

    weights: Mapping[str, float] = field(default_factory=dict)
    drop_lowest: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, config: Any) -> Policy:
        """From a course's configuration.

        Raises
        ------
        UsageError
            If ``c.MtlGrade.weights`` or ``c.MtlGrade.drop_lowest`` is none.
        """
        section = config.MtlGrade if "MtlGrade" in config else {}
        weights, dropped = section.get("weights", {}), section.get("drop_lowest", {})
        if not _numbers(weights, (int, float)):
            raise UsageError(
                f"nbgrader_config.py: c.MtlGrade.weights gives each prefix or assignment a number; got {weights!r}."
            )
        if not _numbers(dropped if isinstance(dropped, dict) else {"": dropped}, int):
            raise UsageError(
                "nbgrader_config.py: c.MtlGrade.drop_lowest is a whole number, or one for each prefix; "
                f"got {dropped!r}."
            )
        return cls(dict(weights), dict(dropped) if isinstance(dropped, dict) else {"": dropped})


@dataclass(frozen=True)
class Total:
    """One student's term so far.

    Attributes
    ----------
    points, most : float
        Of everything that counts; nothing handed in is 0 points of its most here.
    percent : float or None
        By the policy; None while a mark waits for a person.
    passed, tests : int
        Quick tests with at least 5 of 7 points, and how many there were.
    waiting : int
        Submissions that a person has to decide about.
    most_waiting : float
        Of ``most``, what these can bring.
    dropped : tuple of str
        The assignments that were left out as the lowest.
    """

    points: float
    most: float
    percent: float | None
    passed: int
    tests: int
    waiting: int
    most_waiting: float
    dropped: tuple[str, ...]


def _numbers(table: Any, kind: Any) -> bool:
    return isinstance(table, dict) and all(isinstance(value, kind) and value >= 0 for value in table.values())


def prefix_of(assignment: str) -> str:
    """The letters that an assignment's name begins with: ps, qt."""
    match = re.match(r"[A-Za-z]+", assignment)
    return match[0].lower() if match else ""


def total_of(rows: Sequence[Mapping[str, Any]], policy: Policy) -> Total:
    """What one student's rows come to.

    Examples
    --------
    >>> rows = [{"assignment": "qt01", "score": 5.0, "max_score": 7.0, "status": "graded"},
    ...         {"assignment": "ps01", "score": 30.0, "max_score": 60.0, "status": "graded"}]
    >>> total = total_of(rows, Policy(weights={"ps": 50, "qt": 50}))
    >>> round(total.percent, 1), total.passed
    (60.7, 1)
    """
    undecided = [row for row in rows if row["score"] is None and row["status"] != NOT_HANDED_IN]
    waiting, most_waiting = len(undecided), sum(row["max_score"] for row in undecided)
    tests = [row for row in rows if prefix_of(row["assignment"]) == QUICK]
    passed = sum((row["score"] or 0.0) >= row["max_score"] * PASSED - 1e-9 for row in tests if row["score"] is not None)
    dropped = _dropped(rows, policy) if not waiting else ()
    counted = [row for row in rows if row["assignment"] not in dropped]
    points, most = (sum(row[key] or 0.0 for row in counted) for key in ("score", "max_score"))
    percent = None if waiting else _percent(counted, policy)
    return Total(points, most, percent, passed, len(tests), waiting, most_waiting, dropped)


def _share(row: Mapping[str, Any]) -> float:
    return (row["score"] or 0.0) / row["max_score"] if row["max_score"] else 1.0


def _dropped(rows: Sequence[Mapping[str, Any]], policy: Policy) -> tuple[str, ...]:
    """The assignments with the smallest shares of each prefix; one always stays."""
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        groups.setdefault(prefix_of(row["assignment"]), []).append(row)
    out: list[str] = []
    for prefix, group in groups.items():
        count = min(policy.drop_lowest.get(prefix, policy.drop_lowest.get("", 0)), len(group) - 1)
        out += [row["assignment"] for row in sorted(group, key=lambda row: (_share(row), row["assignment"]))[:count]]
    return tuple(out)


def _percent(rows: Sequence[Mapping[str, Any]], policy: Policy) -> float | None:
    parts: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        name = row["assignment"]
        key = name if name in policy.weights else prefix_of(name)
        if not policy.weights or key in policy.weights:
            parts.setdefault(key if policy.weights else "", []).append(row)
    weighed = []
    for key, group in parts.items():
        most = sum(row["max_score"] for row in group)
        if most:
            weighed.append((policy.weights.get(key, 1.0), sum(row["score"] or 0.0 for row in group) / most))
    whole = sum(weight for weight, _ in weighed)
    return 100 * sum(weight * share for weight, share in weighed) / whole if whole else None
