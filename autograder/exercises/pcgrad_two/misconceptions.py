"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import numpy as np

from autograder.testing import misconception


def _off(a, b):
    """``a`` without its part along ``b``."""
    with np.errstate(all="ignore"):
        return a - (a @ b) / (b @ b) * b


def _in_conflict(g1, g2, answer):
    """An answer that is wrong in a conflict only."""
    return answer(g1, g2) if g1 @ g2 < 0 else g1 + g2


@misconception(
    "Gradients that agree were projected as well: the direction that helps both is removed. Look at the sign of the inner "
    "product first.",
    caught_by="test_agreement",
    conceptual=True,
)
def always_projects(g1, g2):
    return _off(g1, g2) + _off(g2, g1)


@misconception(
    "In a conflict the denominators are exchanged: to take away the part of a along b, divide by b.b, the squared length of "
    "the vector that you project on. Otherwise the result is not at right angles to b.",
    caught_by="test_conflict",
    conceptual=True,
)
def wrong_denominator(g1, g2):
    inner = g1 @ g2
    return g1 + g2 if inner >= 0 else g1 - inner / (g1 @ g1) * g2 + g2 - inner / (g2 @ g2) * g1


@misconception(
    "In a conflict both parts were divided by the same number, the product of the two lengths: that is the cosine. The part "
    "of a along b is (a.b / b.b) b.",
    caught_by="test_conflict",
)
def cosine_as_coefficient(g1, g2):
    cosine = (g1 @ g2) / max(np.linalg.norm(g1) * np.linalg.norm(g2), 1e-300)
    return g1 + g2 if cosine >= 0 else g1 - cosine * g2 + g2 - cosine * g1


@misconception(
    "The part along b needs the *squared* length of b below the line; here it was divided by another power of the length.",
    caught_by="test_conflict",
    family={"power": (1, 0, 3, 4), "added": (0.0, 1e-3, 1e-2, 1e-4, 1e-5, 1e-6, 1e-8)},
)
def length_not_squared(g1, g2, *, power=1, added=0.0):
    inner = g1 @ g2
    if inner >= 0:
        return g1 + g2
    first, second = (inner / (np.linalg.norm(g) + added) ** power for g in (g1, g2))
    return g1 - second * g2 + g2 - first * g1


@misconception(
    "In a conflict the plain sum came back: nothing was projected. Often because the projection is missing, or the condition "
    "is turned around (a conflict is a *negative* inner product).",
    caught_by="test_conflict",
    conceptual=True,
    family={"turned": (False, True)},
)
def plain_sum(g1, g2, *, turned=False):
    return _off(g1, g2) + _off(g2, g1) if turned and g1 @ g2 > 0 else g1 + g2


@misconception(
    "The gradients were brought to length 1 first: their sizes, and with them the task weights, are lost.",
    caught_by="test_conflict",
    conceptual=True,
    family={"always": (True, False)},
)
def unit_vectors(g1, g2, *, always=True):
    if not always and g1 @ g2 >= 0:
        return g1 + g2
    with np.errstate(all="ignore"):
        a, b = g1 / np.linalg.norm(g1), g2 / np.linalg.norm(g2)
        return a - min(a @ b, 0.0) * b + b - min(a @ b, 0.0) * a


@misconception(
    "In a conflict this is g1 without its part along g2, and all of g2. Either g2 was not projected, or it was projected off the already *changed* first one, to which it is at right angles, so that nothing happens. Both projections use the gradients that "
    "came in.",
    caught_by="test_conflict",
    conceptual=True,
    family={"second": ("off the changed first", "off the changed first, if in conflict", "as it was")},
)
def second_keeps_its_part(g1, g2, *, second="off the changed first"):
    if g1 @ g2 >= 0:
        return g1 + g2
    first = _off(g1, g2)
    if second == "as it was" or (second.endswith("conflict") and first @ g2 >= 0):
        return first + g2
    return first + _off(g2, first)


@misconception(
    "In a conflict this is g2 without its part along g1, and all of g1. Either g1 was not projected, or it was projected off the already *changed* second one. Both projections use the gradients that came in.",
    caught_by="test_conflict",
    conceptual=True,
    family={"first": ("off the changed second", "as it was")},
)
def first_keeps_its_part(g1, g2, *, first="off the changed second"):
    if g1 @ g2 >= 0:
        return g1 + g2
    second = _off(g2, g1)
    return second + (g1 if first == "as it was" else _off(g1, second))


@misconception(
    "In a conflict the *sum* of the two was projected, off both. Each gradient is projected off the other one, and what is left is "
    "added.",
    caught_by="test_conflict",
    conceptual=True,
    family={"off": ("both at once", "one after the other")},
)
def projects_the_sum(g1, g2, *, off="both at once"):
    total = g1 + g2
    if g1 @ g2 >= 0:
        return total
    if off == "both at once":
        return _off(total, g1) + _off(total, g2) - total
    return _off(_off(total, g1), g2)


@misconception(
    "In a conflict zero came back: both gradients were dropped. Each keeps what does not hurt the other.",
    caught_by="test_conflict",
)
def nothing_in_a_conflict(g1, g2):
    return np.zeros_like(g1) if g1 @ g2 < 0 else g1 + g2


@misconception(
    "In a conflict the answer is half of what it should be: the two projections are averaged. Add them.",
    caught_by="test_conflict",
    family={"agreement": ("sum", "mean")},
)
def average_of_projections(g1, g2, *, agreement="sum"):
    if g1 @ g2 < 0:
        return (_off(g1, g2) + _off(g2, g1)) / 2
    return g1 + g2 if agreement == "sum" else (g1 + g2) / 2


@misconception(
    "Where the gradients agree their mean came back. The answer is their *sum*, with and without a conflict.",
    caught_by="test_agreement",
)
def mean_where_they_agree(g1, g2):
    return _off(g1, g2) + _off(g2, g1) if g1 @ g2 < 0 else (g1 + g2) / 2


@misconception(
    "The part along the other gradient was *added* instead of taken away: the conflict has doubled. The inner product is "
    "negative already, so subtract it as it is.",
    caught_by="test_conflict",
)
def adds_the_part(g1, g2):
    return _in_conflict(g1, g2, lambda a, b: 2 * (a + b) - _off(a, b) - _off(b, a))


@misconception(
    "Each gradient kept its part along the other one and lost the rest: in a conflict that part is what hurts.",
    caught_by="test_conflict",
    conceptual=True,
)
def keeps_the_conflict(g1, g2):
    return _in_conflict(g1, g2, lambda a, b: a + b - _off(a, b) - _off(b, a))


@misconception(
    "Half of each part was taken away. A gradient loses *all* of its part along the other.",
    caught_by="test_conflict",
)
def half_of_each_part(g1, g2):
    return _in_conflict(g1, g2, lambda a, b: (a + b + _off(a, b) + _off(b, a)) / 2)


@misconception(
    "The conflict was decided coordinate by coordinate: entries of opposite sign were set to 0. Gradients conflict as "
    "whole vectors, by the sign of their inner product.",
    caught_by="test_conflict",
    conceptual=True,
)
def conflict_by_coordinate(g1, g2):
    return np.where(g1 * g2 < 0, 0.0, g1 + g2)


@misconception(
    "In a conflict one gradient was dropped and the other came back as it was. Both keep what does not hurt the other.",
    caught_by="test_conflict",
    conceptual=True,
    family={"kept": ("longer", "shorter", "first", "second"), "agreement": ("sum", "same")},
)
def drops_one(g1, g2, *, kept="longer", agreement="sum"):
    if g1 @ g2 >= 0 and agreement == "sum":
        return g1 + g2
    first = {"longer": g1 @ g1 >= g2 @ g2, "shorter": g1 @ g1 < g2 @ g2, "first": True, "second": False}[kept]
    return g1 if first else g2


@misconception(
    "In a conflict one projected gradient came back alone. Project both, and return the sum of what is left.",
    caught_by="test_conflict",
    family={"which": ("first", "second"), "agreement": ("sum", "same")},
)
def one_projection_alone(g1, g2, *, which="first", agreement="sum"):
    own, other = (g1, g2) if which == "first" else (g2, g1)
    if g1 @ g2 >= 0:
        return g1 + g2 if agreement == "sum" else own
    return _off(own, other)


@misconception(
    "Of tiny gradients in conflict a part along each other is left, or all of it. Often because a small number stands below "
    "the line, or because the inner product is compared with a small number instead of 0. In a conflict neither gradient is "
    "zero, so nothing needs protecting.",
    caught_by="test_tiny_gradients",
    conceptual=True,
    family={
        "small": (
            *(("below the line", eps) for eps in (1e-12, 1e-8, 1e-6, 1e-10, 1e-9, 1e-7, 1e-14, 1e-15, 1e-16)),
            *(("beside the length", eps) for eps in (1e-8, 1e-6, 1e-9, 1e-10)),
            ("in the condition", 1e-8),
        )
    },
)
def tiny_conflict_kept(g1, g2, *, small=("below the line", 1e-12)):
    where, eps = small
    inner = g1 @ g2
    if inner >= (-eps if where == "in the condition" else 0.0):
        return g1 + g2

    def below(g):
        if where == "beside the length":
            return (np.linalg.norm(g) + eps) ** 2
        return g @ g + (eps if where == "below the line" else 0.0)

    return g1 - inner / below(g2) * g2 + g2 - inner / below(g1) * g1


@misconception(
    "Where one gradient is zero the answer is NaN, from 0/0. The sign of the inner product is enough to see that there is no "
    "conflict, and 0 is not negative. Often because of a cosine, or of `<=` in the condition.",
    caught_by="test_zero_gradient",
    family={"condition": ("cosine", "not positive")},
)
def zero_over_zero(g1, g2, *, condition="cosine"):
    with np.errstate(all="ignore"):
        size = np.linalg.norm(g1) * np.linalg.norm(g2) if condition == "cosine" else 1.0
        agree = (g1 @ g2) / size >= 0 if condition == "cosine" else g1 @ g2 > 0
    return g1 + g2 if agree else _off(g1, g2) + _off(g2, g1)


@misconception(
    "Where one gradient is zero the answer is zero. No conflict is there, so the other gradient comes back as it is.",
    caught_by="test_zero_gradient",
)
def nothing_beside_a_zero(g1, g2):
    if not (g1.any() and g2.any()):
        return np.zeros_like(g1)
    return _in_conflict(g1, g2, lambda a, b: _off(a, b) + _off(b, a))


@misconception(
    "Two gradients came back; their sum was asked for.", caught_by="test_conflict", family={"agreement": ("two", "sum")}
)
def two_gradients(g1, g2, *, agreement="two"):
    if g1 @ g2 < 0:
        return _off(g1, g2), _off(g2, g1)
    return (g1, g2) if agreement == "two" else g1 + g2


@misconception(
    "A gradient was changed in place: the caller still needs it as it was. Often because of `-=` or `+=`; make a new array.",
    caught_by="test_inputs_unchanged",
    family={"how": ("-=", "+=")},
)
def in_place(g1, g2, *, how="-="):
    answer = _in_conflict(g1, g2, lambda a, b: _off(a, b) + _off(b, a))
    if how == "-=":
        g1 -= min(g1 @ g2, 0.0) / max(g2 @ g2, 1e-300) * g2
        return answer
    g1 += answer - g1
    return g1


@misconception("The same numbers come back whatever goes in.", caught_by="test_conflict")
def visible_answer(g1, g2):
    return np.resize([1.0, 2.0], g1.shape)
