"""Written questions with numbers of one's own: what each is about is drawn from a student's id.

So nobody can hand in another's answer, and whoever marks it gets the same numbers from the same id. What the mark
scheme says of them, such as which weights lie on the front, holds for everybody's numbers.
"""

from __future__ import annotations

import functools
import math
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from autograder.exercises import variants

Option = TypeVar("Option")
Numbers = dict[str, float]
WEIGHTS = (0.1, 0.3, 1, 3, 10)  # of the delivery task
PROMISE = 0.90  # the precision that the moderators promise


class Draw:
    """Choices that follow from one large whole number: the same ones on every machine, whatever is installed.

    >>> draw = Draw(7)
    >>> draw.one_of("abc"), draw.one_of("abc"), draw.one_of("abc")
    ('b', 'c', 'a')
    """

    def __init__(self, number: int) -> None:
        self._left = number

    def one_of(self, options: Sequence[Option]) -> Option:
        """One of the options."""
        self._left, at = divmod(self._left, len(options))
        return options[at]

    def share(self, least: int, most: int, of: int) -> float:
        """A fraction with this denominator, from the least numerator to the most."""
        return self.one_of(range(least, most + 1)) / of


@dataclass(frozen=True)
class Question:
    """A written question that everybody answers with numbers of their own.

    Attributes
    ----------
    id : str
        What a notebook calls it.
    assignment, cell : str
        The problem set, and the cell of the answer.
    text : str
        What is given, with ``{name:format}`` in place of each number.
    published : dict of str to number
        The numbers of whoever names nobody; the model answer has them.
    """

    id: str
    assignment: str
    cell: str
    text: str
    published: Numbers

    def numbers(self, student: str = "") -> Numbers:
        """The numbers of one student; the published ones where nobody is named."""
        if not variants.plain(student):
            return self.published
        return _DRAWN[self.id](Draw(variants.number_of(self.id, student)))

    def statement(self, student: str = "") -> str:
        """What is given, with one student's numbers."""
        return self.text.format(**self.numbers(student)).strip()

    def answers(self, student: str = "") -> Numbers:
        """What a right answer works out of one student's numbers, by name."""
        return _WORKED_OUT[self.id](self.numbers(student))


@functools.cache
def questions() -> dict[str, Question]:
    """Every question by its id."""
    tables = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return {
        name: Question(name, table["assignment"], table["cell"], table["text"], table["numbers"])
        for name, table in tables.items()
    }


def of_assignment(name: str) -> list[Question]:
    """The questions of a problem set."""
    return [question for question in questions().values() if question.assignment == name]


# ---- whose numbers ----------------------------------------------------------------------------------------------


def _house(draw: Draw) -> Numbers:
    price = draw.one_of([price for price in range(60, 165, 5) if price != 120])
    return {"price": price, "days": draw.one_of([days for days in range(12, 40) if days != 30])}


def _batch(draw: Draw) -> Numbers:
    rows = draw.one_of((200, 500, 800, 1000))
    labels = rows * draw.one_of((5, 10, 20, 25, 30)) // 100
    return {
        "rows": rows,
        "labels": labels,
        "click": draw.share(20, 59, of=100),
        "conversions": labels * draw.one_of(range(50, 120)) / 100,
        "w_click": 1,
        "w_cvr": draw.one_of((1.5, 2, 3, 4, 5)),
    }


def _moderation(draw: Draw) -> Numbers:
    """All of a few rows are hits, all but one of some more, and about three quarters of the most."""
    few, some = draw.one_of((4, 5, 6, 7)), draw.one_of(range(10, 15))
    most = some + draw.one_of(range(5, 9))
    taken, hits = (few, some, most), (few, some - 1, most * 3 // 4)
    numbers: Numbers = {"positives": draw.one_of(range(18, 25)), "pos_weight": draw.one_of((5, 10, 30, 50))}
    for row, lowest in enumerate((55, 36, 20)):
        name = "abc"[row]
        numbers |= {f"threshold_{name}": draw.share(lowest, lowest + 13, of=100)}
        numbers |= {f"taken_{name}": taken[row], f"hits_{name}": hits[row]}
        numbers |= {f"precision_{name}": hits[row] / taken[row], f"recall_{name}": hits[row] / numbers["positives"]}
    return numbers


def _latency(draw: Draw) -> Numbers:
    budget, small = draw.one_of((30, 40, 60, 75, 120, 150)), draw.one_of((5, 10, 20))
    return {
        "budget": budget,
        "latency": budget + draw.one_of(range(6, 25)),
        "ce": draw.share(25, 69, of=100),
        "small": small / 1000,
        "large": small * draw.one_of((3, 6, 8)) / 1000,
    }


def _delivery(draw: Draw) -> Numbers:
    """Weights 0.1, 0.3 and 1 lie on the front; at weight 1 the time beats its baseline by more than the interval."""
    auc, hours = draw.one_of(range(760, 841)), draw.one_of(range(400, 601))  # thousandths, hundredths
    numbers: Numbers = {"auc": auc / 1000, "hours": hours / 100, "half_width": round(hours / 50) / 100}
    changes = zip((11, 8, 4, -10, -30), (1060, 1010, 955, 970, 985))
    for row, (of_auc, of_hours) in enumerate(changes):
        numbers[f"auc_{row}"] = (auc + of_auc + draw.one_of((-1, 0, 1))) / 1000
        numbers[f"hours_{row}"] = round(hours * (of_hours + draw.one_of(range(-2, 3))) / 1000) / 100
    return numbers


def _surgery(draw: Draw) -> Numbers:
    """Static weights gain; the intervals of the other two methods contain 0."""
    return {
        "seeds": draw.one_of((8, 12, 15, 20)),
        "runs": draw.one_of((4, 5, 6, 8)),
        "static": draw.share(9, 15, of=1000),
        "static_half": draw.share(3, 6, of=1000),
        "uncertainty": draw.share(-2, 1, of=1000),
        "uncertainty_half": draw.share(3, 5, of=1000),
        "surgery": draw.one_of((-1, 1, 2)) / 1000,
        "surgery_half": draw.one_of((3, 5, 6)) / 1000,
        "time": draw.one_of((1.4, 1.5, 1.6, 1.8, 1.9, 2.0)),
    }


def _design(draw: Draw) -> Numbers:
    """CGC has the largest mean, its paired difference contains 0, and one trunk for all costs complaints."""
    split, apart = draw.one_of(range(11, 18)), draw.one_of((1, 2, 3))
    return {
        "seeds": draw.one_of((6, 8, 10, 12)),
        "one_trunk": draw.share(8, 10, of=1000),
        "one_trunk_half": draw.share(4, 6, of=1000),
        "cost": draw.share(-27, -15, of=1000),
        "cost_half": draw.share(5, 9, of=1000),
        "split": split / 1000,
        "split_half": draw.share(5, 7, of=1000),
        "cgc": (split + apart) / 1000,
        "cgc_half": draw.share(6, 8, of=1000),
        "apart": apart / 1000,
        "apart_half": draw.share(4, 8, of=1000),
        "affinity": draw.one_of((-6, -5, -3, -2)) / 1000,
    }


_DRAWN: dict[str, Callable[[Draw], Numbers]] = {
    "house_weight_log": _house,
    "masked_batch": _batch,
    "moderation_threshold": _moderation,
    "latency_penalty": _latency,
    "delivery_weight": _delivery,
    "surgery_report": _surgery,
    "design_choice": _design,
}


# ---- what is worked out of them ---------------------------------------------------------------------------------


def _of_a_house(n: Numbers) -> Numbers:
    price, days = n["price"] ** 2, n["days"] ** 2
    return {"loss of price": price, "loss of days": days, "share of price": price / (price + days)}


def _of_a_batch(n: Numbers) -> Numbers:
    return {
        "mean of the conversions": n["conversions"] / n["labels"],
        "total": n["w_click"] * n["click"] + n["w_cvr"] * n["conversions"] / n["labels"],
        "total if divided by all rows": n["w_click"] * n["click"] + n["w_cvr"] * n["conversions"] / n["rows"],
        "weight that this amounts to": n["w_cvr"] * n["labels"] / n["rows"],
    }


def _of_a_moderation(n: Numbers) -> Numbers:
    worked_out: Numbers = {}
    for name in "abc":
        low, high = exact_interval(int(n[f"hits_{name}"]), int(n[f"taken_{name}"]))
        threshold = f"{n[f'threshold_{name}']:.2f}"
        worked_out |= {f"precision at {threshold}, low end": low, f"precision at {threshold}, high end": high}
    needed = next(rows for rows in range(1, 100) if exact_interval(rows, rows)[0] >= PROMISE)
    return worked_out | {
        "hits without a miss that are needed": needed,
        "shift of each logit": math.log(n["pos_weight"]),
    }


def _of_a_latency(n: Numbers) -> Numbers:
    over = n["latency"] - n["budget"]
    return {
        "J for the smaller lambda": n["ce"] + n["small"] * over,
        "J for the larger lambda": n["ce"] + n["large"] * over,
    }


def _of_a_delivery(n: Numbers) -> Numbers:
    of_auc = [n[f"auc_{row}"] / n["auc"] - 1 for row in range(len(WEIGHTS))]
    of_hours = [1 - n[f"hours_{row}"] / n["hours"] for row in range(len(WEIGHTS))]
    return {f"gain of weight {w:g}": (one + other) / 2 for w, one, other in zip(WEIGHTS, of_auc, of_hours)}


def _of_a_surgery(n: Numbers) -> Numbers:
    return {"largest gain of PCGrad in its interval": n["surgery"] + n["surgery_half"]}


def _of_a_design(n: Numbers) -> Numbers:
    return {"largest gain of CGC in its interval": n["apart"] + n["apart_half"]}


_WORKED_OUT: dict[str, Callable[[Numbers], Numbers]] = {
    "house_weight_log": _of_a_house,
    "masked_batch": _of_a_batch,
    "moderation_threshold": _of_a_moderation,
    "latency_penalty": _of_a_latency,
    "delivery_weight": _of_a_delivery,
    "surgery_report": _of_a_surgery,
    "design_choice": _of_a_design,
}


def exact_interval(hits: int, rows: int) -> tuple[float, float]:
    """The 95 % interval of Clopper and Pearson for a share of which some rows were counted.

    >>> tuple(round(end, 2) for end in exact_interval(9, 10))
    (0.55, 1.0)
    """

    def at_least(least: int, share: float) -> float:
        return sum(math.comb(rows, k) * share**k * (1 - share) ** (rows - k) for k in range(least, rows + 1))

    def where(least: int, chance: float) -> float:
        """The share at which so many hits or more have this chance."""
        low, high = 0.0, 1.0
        for _ in range(50):
            middle = (low + high) / 2
            low, high = (middle, high) if at_least(least, middle) < chance else (low, middle)
        return low

    return where(hits, 0.025) if hits else 0.0, where(hits + 1, 0.975) if hits < rows else 1.0
