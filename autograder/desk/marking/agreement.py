"""How far two people who marked the same answers agree: Cohen's kappa with quadratic weights, and where they differ.

A difference of d points counts as d²: κ = 1 - Σ (a_i - b_i)² / n / mean over all i, j of (a_i - b_j)², so that 1 is
full agreement and 0 what two markers reach by chance who give their marks as often but in any order (Cohen 1968,
doi:10.1037/h0026256). Its interval resamples the answers.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from autograder.desk.marking.pile import rank_of
from autograder.desk.marking.second import folder_of, read
from autograder.gradebook.by_hand import standings
from autograder.gradebook.schemes import Scheme
from autograder.grading.course import Course

RESAMPLES = 2_000
SEED = 20
FEWEST = 5  # answers without which resampling says nothing
UNDEFINED = 0.05  # share of resamples without a kappa beyond which the others say nothing
SHOWN = 5  # of the answers that differ
Pair = tuple[float, float]


@dataclass(frozen=True)
class Difference:
    """An answer that two people marked otherwise; its number is the one on the marking page."""

    number: int
    student: str
    first: float
    second: float


@dataclass(frozen=True)
class Agreement:
    """How two markers of one question agree.

    Attributes
    ----------
    question, marker : str
    n, exact : int
        Answers that both have marked, and those of them with the same mark.
    shift : float
        By how many points the second mark is above the first, on average.
    kappa : float or None
        None where it is not defined.
    low, high : float or None
        The 95 % interval; None where there is none.
    why : str
        Why there is no kappa or no interval; empty where there are both.
    differ : tuple of Difference
        The largest differences.
    left_out : int
        Second marks without a first one, or of an answer that has changed since.
    """

    question: str
    marker: str
    n: int
    exact: int
    shift: float
    kappa: float | None
    low: float | None
    high: float | None
    why: str
    differ: tuple[Difference, ...]
    left_out: int

    def lines(self) -> list[str]:
        """It all as text."""
        what = f"{self.question}, {self.marker}"
        left = f"; {self.left_out} left out (no first mark, or the answer has changed since)" if self.left_out else ""
        if not self.n:
            return [f"{what}: {self.why}{left}"]
        kappa = "" if self.kappa is None else f", kappa {self.kappa:.2f}"
        interval = "" if self.low is None else f" (95 % interval {self.low:.2f} to {self.high:.2f})"
        because = f"; {self.why}" if self.why else ""
        return [
            f"{what}: {self.n} marked twice, {self.exact} the same ({self.exact / self.n:.0%}){kappa}{interval}, "
            f"second less first {self.shift:+.2f} points{because}{left}",
            *(f"  answer {one.number} ({one.student}): {one.first:g} and {one.second:g}" for one in self.differ),
        ]

    def to_dict(self) -> dict[str, Any]:
        """It all as JSON data."""
        return asdict(self)


def agreements(course: Course, schemes: Iterable[Scheme]) -> list[Agreement]:
    """How each second marker agrees with the gradebook, question by question."""
    files = sorted(folder_of(course).glob("*.json"))
    given = {path.stem: read(path) for path in files}
    found = []
    for scheme in schemes:
        markers = [name for name, marks in given.items() if marks.get(scheme.id)]
        if not markers:
            continue
        first = standings(course, scheme.assignment, scheme.cell)
        order = sorted(first, key=lambda student: rank_of(course, scheme, student))
        numbers = {student: number for number, student in enumerate(order, 1)}
        for name in markers:
            both, left_out = [], 0
            for student, (mark, about) in given[name][scheme.id].items():
                one = first.get(student)
                if one is None or one.mark.score is None or one.mark.waits or one.about != about or mark.score is None:
                    left_out += 1
                else:
                    both.append(Difference(numbers[student], student, one.mark.score, mark.score))
            found.append(agreement_of(scheme.id, name, both, left_out))
    return found


def agreement_of(question: str, marker: str, both: Sequence[Difference], left_out: int = 0) -> Agreement:
    """How two markers agree on the answers that both have marked."""
    pairs = [(one.first, one.second) for one in both]
    kappa, why = kappa_of(pairs), ""
    low = high = None
    if not pairs:
        why = "nothing is marked by both yet"
    elif kappa is None:
        why = f"kappa is undefined: both gave every answer {pairs[0][0]:g}"
    elif all(one == other for one, other in pairs):
        why = "no interval: no answer differs, so that resampling has nothing to vary"
    elif len(pairs) < FEWEST:
        why = f"no interval: it takes {FEWEST} answers"
    else:
        low, high = interval_of(pairs) or (None, None)
        why = "no interval: too many resamples hold one mark only" if low is None else ""
    differ = sorted((one for one in both if one.first != one.second), key=lambda one: -abs(one.first - one.second))
    return Agreement(
        question=question,
        marker=marker,
        n=len(pairs),
        exact=sum(one == other for one, other in pairs),
        shift=sum(other - one for one, other in pairs) / len(pairs) if pairs else 0.0,
        kappa=kappa,
        low=low,
        high=high,
        why=why,
        differ=tuple(differ[:SHOWN]),
        left_out=left_out,
    )


def kappa_of(pairs: Sequence[Pair]) -> float | None:
    """Cohen's kappa with quadratic weights; None where nobody varies, so that chance alone agrees fully.

    >>> kappa_of([(0, 0), (1, 1), (2, 2)]), kappa_of([(0, 2), (2, 0)]), kappa_of([(3, 3), (3, 3)])
    (1.0, -1.0, None)
    """
    n = len(pairs)
    if not n:
        return None
    first, second = sum(one for one, _ in pairs) / n, sum(other for _, other in pairs) / n
    spread = sum((one - first) ** 2 + (other - second) ** 2 for one, other in pairs) / n
    by_chance = spread + (first - second) ** 2  # the mean of (a_i - b_j)² over all i and j
    if by_chance == 0:
        return None
    return 1 - sum((one - other) ** 2 for one, other in pairs) / n / by_chance


def interval_of(pairs: Sequence[Pair]) -> Pair | None:
    """The 95 % interval of kappa by resampling the answers; None where too many resamples have none."""
    rng = random.Random(SEED)
    drawn = [kappa_of(rng.choices(pairs, k=len(pairs))) for _ in range(RESAMPLES)]
    found = sorted(one for one in drawn if one is not None)
    if len(found) < (1 - UNDEFINED) * RESAMPLES:
        return None
    return found[int(0.025 * len(found))], found[int(0.975 * len(found))]
