"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import numpy as np

from autograder.testing import misconception


def _alpha(g1, g2):
    difference = g1 - g2
    if not difference.any():
        return 0.5
    return float(np.clip(-(difference @ g2) / (difference @ difference), 0.0, 1.0))


@misconception("You returned the weight of g2; alpha belongs to g1.", caught_by="test_between")
def weight_of_the_second(g1, g2):
    return 1.0 - _alpha(g1, g2)


@misconception(
    "After normalising both gradients alpha is always 0.5: that is a different method, and it hides how much the scale of a "
    "label decides here.",
    caught_by="test_between",
    conceptual=True,
)
def normalised_first(g1, g2):
    return 0.5


@misconception(
    "Identical gradients give 0/0 = NaN; 0.5 is agreed on for them.", caught_by="test_equal_gradients", conceptual=True
)
def nothing_over_nothing(g1, g2):
    with np.errstate(all="ignore"):
        difference = g1 - g2
        return np.clip(-(difference @ g2) / (difference @ difference), 0.0, 1.0)


@misconception(
    "You keep alpha away from 0 and 1. Where one gradient is already the shortest mix, it should get ALL the weight.",
    caught_by="test_ends",
    conceptual=True,
)
def open_interval(g1, g2):
    return float(np.clip(_alpha(g1, g2), 0.01, 0.99))


@misconception(
    "Your alpha leaves [0, 1]: a mix never takes a gradient with a negative weight. The nearest end is the answer then.",
    caught_by="test_ends",
    conceptual=True,
)
def not_clipped(g1, g2):
    difference = g1 - g2
    return float(-(difference @ g2) / (difference @ difference)) if difference.any() else 0.5


@misconception(
    "The numerator needs the DIFFERENCE of the gradients: (g2 - g1) . g2. You used g2 . g2 alone, which is right "
    "only where the two are at right angles.",
    caught_by="test_between",
)
def without_the_inner_product(g1, g2):
    difference = g1 - g2
    return float(np.clip((g2 @ g2) / (difference @ difference), 0.0, 1.0)) if difference.any() else 0.5


@misconception("Below the line stands |g1 - g2| squared; you divided by the length itself.", caught_by="test_between")
def length_not_squared(g1, g2):
    difference = g1 - g2
    return float(np.clip(-(difference @ g2) / np.linalg.norm(difference), 0.0, 1.0)) if difference.any() else 0.5


@misconception(
    "Below the line you added the two squared lengths. |g1 - g2| squared also has the term -2 g1 . g2.",
    caught_by="test_between",
)
def sum_of_squares_below(g1, g2):
    total = g1 @ g1 + g2 @ g2
    return float(np.clip(((g2 - g1) @ g2) / total, 0.0, 1.0)) if (g1 != g2).any() else 0.5


@misconception(
    "These weights make both gradients equally long. That balances sizes; the shortest mix also looks at the angle.",
    caught_by="test_between",
    conceptual=True,
)
def equal_lengths(g1, g2):
    n1, n2 = np.linalg.norm(g1), np.linalg.norm(g2)
    return float(n2 / (n1 + n2)) if n1 + n2 > 0 else 0.5


@misconception(
    "You chose the shorter of the two gradients. Between them there is often a mix that is shorter than both.",
    caught_by="test_between",
    conceptual=True,
)
def shorter_one_takes_all(g1, g2):
    n1, n2 = g1 @ g1, g2 @ g2
    return 0.5 if (g1 == g2).all() else float(n1 < n2)


@misconception(
    "You made the mix as LONG as possible: the minimum was asked for.", caught_by="test_between", conceptual=True
)
def longest_mix(g1, g2):
    n1, n2 = g1 @ g1, g2 @ g2
    return 0.5 if (g1 == g2).all() else float(n1 > n2)


@misconception(
    "The sign of the numerator is turned: your alpha walks away from the shortest point.", caught_by="test_between"
)
def turned_sign(g1, g2):
    difference = g1 - g2
    return float(np.clip((difference @ g2) / (difference @ difference), 0.0, 1.0)) if difference.any() else 0.5


@misconception(
    "Nearly equal is not equal: np.allclose calls all tiny gradients equal, whatever their directions.",
    caught_by="test_tiny_gradients",
)
def nearly_equal(g1, g2):
    return 0.5 if np.allclose(g1, g2) else _alpha(g1, g2)


@misconception(
    "A small number below the line pulls alpha toward 0 when the gradients are small, and gives 0 for equal ones.",
    caught_by="test_equal_gradients",
)
def epsilon_below_the_line(g1, g2):
    difference = g1 - g2
    return float(np.clip(-(difference @ g2) / (difference @ difference + 1e-12), 0.0, 1.0))


@misconception("Equal gradients give 1 in your version; 0.5 is agreed on.", caught_by="test_equal_gradients")
def one_for_equal_gradients(g1, g2):
    return _alpha(g1, g2) if (g1 != g2).any() else 1.0


@misconception("The mixed gradient came back; alpha, one number, was asked for.", caught_by="test_between")
def the_mix_itself(g1, g2):
    alpha = _alpha(g1, g2)
    return alpha * g1 + (1 - alpha) * g2


@misconception(
    "You changed `g1` in place: the caller still needs the gradient as it was.", caught_by="test_inputs_unchanged"
)
def in_place(g1, g2):
    alpha = _alpha(g1, g2)
    g1 -= g2
    return alpha


@misconception("The same number comes back whatever goes in.", caught_by="test_between")
def visible_answer(g1, g2):
    return 0.8
