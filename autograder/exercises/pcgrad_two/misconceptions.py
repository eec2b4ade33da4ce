"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import numpy as np

from autograder.testing import misconception


def _off(a, b):
    """``a`` without its part along ``b``."""
    return a - (a @ b) / (b @ b) * b


@misconception(
    "You project even when the gradients agree: the direction that helps both is removed.",
    caught_by="test_agreement",
    conceptual=True,
)
def always_projects(g1, g2):
    with np.errstate(all="ignore"):
        return _off(g1, g2) + _off(g2, g1)


@misconception(
    "You project where the gradients agree and leave them alone where they conflict: the condition is turned around.",
    caught_by="test_conflict",
    conceptual=True,
)
def turned_condition(g1, g2):
    return _off(g1, g2) + _off(g2, g1) if g1 @ g2 > 0 else g1 + g2


@misconception(
    "Projecting a off b divides by b.b, the squared length of the vector you project on; otherwise the result is not "
    "at right angles to b.",
    caught_by="test_conflict",
    conceptual=True,
)
def wrong_denominator(g1, g2):
    inner = g1 @ g2
    if inner >= 0:
        return g1 + g2
    return g1 - inner / (g1 @ g1) * g2 + g2 - inner / (g2 @ g2) * g1


@misconception(
    "The part along b needs the SQUARED length of b below the line; you divided by the length.",
    caught_by="test_conflict",
)
def length_not_squared(g1, g2):
    inner = g1 @ g2
    if inner >= 0:
        return g1 + g2
    return g1 - inner / np.linalg.norm(g2) * g2 + g2 - inner / np.linalg.norm(g1) * g1


@misconception("Nothing was projected: this is the plain sum.", caught_by="test_conflict", conceptual=True)
def plain_sum(g1, g2):
    return g1 + g2


@misconception(
    "The gradients were normalised to length 1 first: their sizes, and with them the task weights, are lost.",
    caught_by="test_conflict",
    conceptual=True,
)
def unit_vectors(g1, g2):
    with np.errstate(all="ignore"):
        a, b = g1 / np.linalg.norm(g1), g2 / np.linalg.norm(g2)
        return a - min(a @ b, 0.0) * b + b - min(a @ b, 0.0) * a


@misconception(
    "The second gradient was projected off the CHANGED first one. Both use the originals, so that the order of the tasks "
    "does not matter.",
    caught_by="test_conflict",
    conceptual=True,
)
def projects_off_the_changed_one(g1, g2):
    if g1 @ g2 >= 0:
        return g1 + g2
    first = _off(g1, g2)
    with np.errstate(all="ignore"):
        return first + _off(g2, first)


@misconception("Only the first gradient was projected; the second conflicts just as much.", caught_by="test_conflict")
def projects_the_first_only(g1, g2):
    return _off(g1, g2) + g2 if g1 @ g2 < 0 else g1 + g2


@misconception("Only the second gradient was projected; the first conflicts just as much.", caught_by="test_conflict")
def projects_the_second_only(g1, g2):
    return g1 + _off(g2, g1) if g1 @ g2 < 0 else g1 + g2


@misconception("The two projections are averaged; add them, as you do without a conflict.", caught_by="test_conflict")
def average_of_projections(g1, g2):
    return (_off(g1, g2) + _off(g2, g1)) / 2 if g1 @ g2 < 0 else g1 + g2


@misconception("The answer is the SUM of the gradients, not their mean.", caught_by="test_conflict")
def mean_of_gradients(g1, g2):
    return (_off(g1, g2) + _off(g2, g1)) / 2 if g1 @ g2 < 0 else (g1 + g2) / 2


@misconception(
    "You ADDED the part along the other gradient instead of taking it away: the conflict has doubled.",
    caught_by="test_conflict",
)
def adds_the_part(g1, g2):
    return 2 * (g1 + g2) - _off(g1, g2) - _off(g2, g1) if g1 @ g2 < 0 else g1 + g2


@misconception(
    "You kept the part along the other gradient and dropped the rest: in a conflict that part is what hurts.",
    caught_by="test_conflict",
    conceptual=True,
)
def keeps_the_conflict(g1, g2):
    return g1 + g2 - _off(g1, g2) - _off(g2, g1) if g1 @ g2 < 0 else g1 + g2


@misconception(
    "You looked for conflict coordinate by coordinate. Gradients conflict as whole vectors: by the sign of their inner product.",
    caught_by="test_conflict",
    conceptual=True,
)
def conflict_by_coordinate(g1, g2):
    return np.where(g1 * g2 < 0, 0.0, g1 + g2)


@misconception(
    "In conflict you dropped one gradient. Both keep what does not hurt the other.",
    caught_by="test_conflict",
    conceptual=True,
)
def drops_the_smaller(g1, g2):
    if g1 @ g2 >= 0:
        return g1 + g2
    return g1 if g1 @ g1 >= g2 @ g2 else g2


@misconception(
    "A small number below the line keeps part of the conflict, nearly all of it when the gradients are tiny. "
    "In a conflict neither gradient is zero, so nothing needs protecting.",
    caught_by="test_tiny_gradients",
)
def epsilon_below_the_line(g1, g2):
    inner = min(g1 @ g2, 0.0)
    return g1 - inner / (g2 @ g2 + 1e-12) * g2 + g2 - inner / (g1 @ g1 + 1e-12) * g1


@misconception(
    "A zero gradient gives 0/0 = NaN: the cosine is not defined for it. The sign of the inner product is enough.",
    caught_by="test_zero_gradient",
)
def cosine_of_nothing(g1, g2):
    with np.errstate(all="ignore"):
        cosine = (g1 @ g2) / (np.linalg.norm(g1) * np.linalg.norm(g2))
        return g1 + g2 if cosine >= 0 else _off(g1, g2) + _off(g2, g1)


@misconception("Two gradients came back; their sum was asked for.", caught_by="test_conflict")
def two_gradients(g1, g2):
    return (_off(g1, g2), _off(g2, g1)) if g1 @ g2 < 0 else (g1, g2)


@misconception(
    "You changed `g1` in place: the caller still needs the gradient as it was.", caught_by="test_inputs_unchanged"
)
def in_place(g1, g2):
    answer = _off(g1, g2) + _off(g2, g1) if g1 @ g2 < 0 else g1 + g2
    g1 -= min(g1 @ g2, 0.0) * g2
    return answer


@misconception("The first gradient comes back as it went in.", caught_by="test_conflict")
def first_gradient(g1, g2):
    return g1


@misconception("The same numbers come back whatever goes in.", caught_by="test_conflict")
def visible_answer(g1, g2):
    return np.resize([1.0, 2.0], g1.shape)
