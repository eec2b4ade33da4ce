"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import numpy as np

from autograder.testing import misconception


def _unclipped(g1, g2):
    difference = g1 - g2
    return -(difference @ g2) / (difference @ difference)


def _alpha(g1, g2):
    if np.array_equal(g1, g2):
        return 0.5
    return float(np.clip(_unclipped(g1, g2), 0.0, 1.0))


def _clipped(g1, g2, above, below):
    """A quotient in [0, 1], and a half for equal gradients."""
    if np.array_equal(g1, g2) or below == 0:
        return 0.5
    return float(np.clip(above / below, 0.0, 1.0))


@misconception(
    "This is 1 - alpha, the weight of g2. Alpha belongs to g1: the mix is alpha g1 + (1 - alpha) g2.",
    caught_by="test_between",
)
def weight_of_the_second(g1, g2):
    return 1.0 - _alpha(g1, g2)


@misconception(
    "Alpha is 0.5 for every pair. Often because both gradients were brought to length 1 first: that is a different method, "
    "and it hides how much the scale of a label decides here.",
    caught_by="test_between",
    conceptual=True,
)
def normalised_first(g1, g2):
    return 0.5


@misconception(
    "Two equal gradients end in 0/0, which is NaN or an error; the exercise asks for 0.5 there.",
    caught_by="test_equal_gradients",
    conceptual=True,
    family={"numbers": ("NumPy", "Python")},
)
def nothing_over_nothing(g1, g2, *, numbers="NumPy"):
    if numbers == "Python":
        difference = [float(a) - float(b) for a, b in zip(g1, g2)]
        below = sum(d * d for d in difference)
        return min(max(-sum(d * float(b) for d, b in zip(difference, g2)) / below, 0.0), 1.0)
    with np.errstate(all="ignore"):
        return np.clip(_unclipped(g1, g2), 0.0, 1.0)


@misconception(
    "Two equal gradients gave {value:g}. Every alpha gives the same mix there, and the exercise asks for 0.5.",
    caught_by="test_equal_gradients",
    family={"value": (1.0, 0.0)},
)
def other_number_for_equal_gradients(g1, g2, *, value=1.0):
    return value if np.array_equal(g1, g2) else _alpha(g1, g2)


@misconception(
    "Alpha was kept away from 0 and 1. Where one gradient is already the shortest mix, it should get *all* the weight.",
    caught_by="test_ends",
    conceptual=True,
    family={"margin": (0.01, 0.001, 0.05, 0.1)},
)
def open_interval(g1, g2, *, margin=0.01):
    return float(np.clip(_alpha(g1, g2), margin, 1 - margin))


@misconception(
    "Alpha leaves [0, 1]: a mix never takes a gradient with a negative weight. Where the lowest point of the parabola lies "
    "outside, the nearest end is the answer.",
    caught_by="test_ends",
    conceptual=True,
    family={"kept": ("neither end", "0", "1")},
)
def not_clipped(g1, g2, *, kept="neither end"):
    if np.array_equal(g1, g2):
        return 0.5
    alpha = float(_unclipped(g1, g2))
    return max(alpha, 0.0) if kept == "0" else min(alpha, 1.0) if kept == "1" else alpha


@misconception(
    "Where the lowest point of the parabola lies outside [0, 1], 0.5 came back. The nearest end of the segment is the answer "
    "there: the shorter gradient gets all the weight.",
    caught_by="test_ends",
)
def a_half_outside(g1, g2):
    if np.array_equal(g1, g2):
        return 0.5
    alpha = float(_unclipped(g1, g2))
    return alpha if 0 <= alpha <= 1 else 0.5


@misconception(
    "Where g2 is already the shortest mix, alpha came out above 0. Often because the sign of the numerator is dropped by abs(): "
    "a negative alpha says that the end at g2 is the nearest, and becomes 0.",
    caught_by="test_ends",
)
def sign_dropped(g1, g2):
    return _clipped(g1, g2, abs((g2 - g1) @ g2), (g1 - g2) @ (g1 - g2))


@misconception(
    "The two ends are exchanged: where g1 is already the shortest mix it got 0, and where g2 is it got 1.",
    caught_by="test_ends",
)
def exchanged_ends(g1, g2):
    if np.array_equal(g1, g2):
        return 0.5
    alpha = float(_unclipped(g1, g2))
    return alpha if 0 < alpha < 1 else float(alpha <= 0)


@misconception(
    "Alpha is g2.g2 / |g1 - g2|², which is right only where the two are at right angles. The numerator needs the *difference*: "
    "(g2 - g1).g2.",
    caught_by="test_between",
)
def without_the_inner_product(g1, g2):
    return _clipped(g1, g2, g2 @ g2, (g1 - g2) @ (g1 - g2))


@misconception(
    "Below the line stands |g1 - g2| squared; here it was divided by the length itself.", caught_by="test_between"
)
def length_not_squared(g1, g2):
    return _clipped(g1, g2, (g2 - g1) @ g2, np.linalg.norm(g1 - g2))


@misconception(
    "Below the line stands the sum of the two squared lengths. |g1 - g2| squared also has the term -2 g1.g2.",
    caught_by="test_between",
)
def sum_of_squares_below(g1, g2):
    return _clipped(g1, g2, (g2 - g1) @ g2, g1 @ g1 + g2 @ g2)


@misconception(
    "Below the line stands |g1 + g2| squared: the sign of the term 2 g1.g2 is wrong. Alpha moves along the *difference* of the two.",
    caught_by="test_between",
)
def square_of_the_sum_below(g1, g2):
    return _clipped(g1, g2, (g2 - g1) @ g2, (g1 + g2) @ (g1 + g2))


@misconception(
    "Where the gradients do not conflict, {value:g} came back. The shortest mix is wanted for every pair; a conflict is the "
    "question of another method.",
    caught_by="test_between",
    conceptual=True,
    family={"value": (0.5, 1.0, 0.0)},
)
def in_a_conflict_only(g1, g2, *, value=0.5):
    return _alpha(g1, g2) if g1 @ g2 < 0 else value


@misconception(
    "Alpha is g1.g2 over a squared length: the part of one gradient along the other. The shortest mix lies on the segment between "
    "the two tips, so that their *difference* counts.",
    caught_by="test_between",
    family={"below": ("g1", "g2"), "clipped": (True, False)},
)
def part_along_the_other(g1, g2, *, below="g1", clipped=True):
    square = g1 @ g1 if below == "g1" else g2 @ g2
    alpha = g1 @ g2 / square if square > 0 else 0.5
    return float(np.clip(alpha, 0.0, 1.0)) if clipped else float(alpha)


@misconception(
    "Alpha depends on the two lengths alone. The shortest mix also looks at the angle between the gradients: the numerator "
    "and the denominator both hold g1.g2.",
    caught_by="test_between",
    conceptual=True,
    family={"power": (1, 2), "inverse": (False, True)},
)
def by_lengths_only(g1, g2, *, power=1, inverse=False):
    n1, n2 = np.linalg.norm(g1) ** power, np.linalg.norm(g2) ** power
    return float((n1 if inverse else n2) / (n1 + n2)) if n1 + n2 > 0 else 0.5


@misconception(
    "The shorter of the two gradients got all the weight. Between them there is often a mix that is shorter than both.",
    caught_by="test_between",
    conceptual=True,
)
def shorter_one_takes_all(g1, g2):
    return 0.5 if np.array_equal(g1, g2) else float(g1 @ g1 < g2 @ g2)


@misconception(
    "The longer of the two gradients got all the weight, which makes the mix as *long* as possible: the minimum was asked for.",
    caught_by="test_between",
    conceptual=True,
)
def longest_mix(g1, g2):
    return 0.5 if np.array_equal(g1, g2) else float(g1 @ g1 > g2 @ g2)


@misconception(
    "Alpha is 0 for every pair whose shortest mix lies between the two. Often because the sign of the numerator is wrong, and the clipping hides it.",
    caught_by="test_between",
)
def turned_sign(g1, g2):
    return _clipped(g1, g2, (g1 - g2) @ g2, (g1 - g2) @ (g1 - g2))


@misconception(
    "Alpha is 1 for every pair whose shortest mix lies between the two: a number above 1 was clipped. Look at the numerator "
    "and its sign again.",
    caught_by="test_between",
)
def always_the_first(g1, g2):
    return _clipped(g1, g2, 1.0, 1.0)


@misconception(
    "Alpha is close, but not right to 0.0001. Often because only some numbers between 0 and 1 were tried, or a search stopped "
    "too early (search more finely around the best one, or use the formula of the parabola), or because the answer was rounded.",
    caught_by="test_between",
    family={
        "how": (
            *(("tried", count) for count in (101, 11, 21, 51, 100, 201, 501, 1000, 1001)),
            *(("digits", digits) for digits in (2, 1, 3)),
            *(("halvings", count) for count in (10, 5, 6, 7, 8, 9)),
        )
    },
)
def coarse(g1, g2, *, how=("tried", 101)):
    what, count = how
    if np.array_equal(g1, g2):
        return 0.5
    if what == "digits":
        return round(_alpha(g1, g2), count)
    if what == "halvings":
        width = 0.5**count
        return min(float(_alpha(g1, g2) // width), 2.0**count - 1) * width + width / 2
    grid = np.linspace(0, 1, count)
    size = max(np.abs(g1).max(), np.abs(g2).max())
    mixes = grid[:, None] * (g1 / size) + (1 - grid[:, None]) * (g2 / size)
    return float(grid[np.argmin((mixes**2).sum(axis=1))])


@misconception(
    "Two gradients that are tiny, or nearly equal, gave 0.5 as if they were equal. Only *exactly* equal gradients do. Often "
    "because equality was judged with a tolerance, as np.allclose or a small threshold does.",
    caught_by="test_tiny_gradients",
    conceptual=True,
    family={
        "equal": (
            "allclose",
            *(("square", below) for below in (1e-12, 1e-8, 1e-10, 1e-15, 1e-16, 1e-6)),
            *(("length", below) for below in (1e-8, 1e-7, 1e-5)),
        )
    },
)
def nearly_equal(g1, g2, *, equal="allclose"):
    if equal == "allclose":
        return 0.5 if np.allclose(g1, g2) else _alpha(g1, g2)
    what, below = equal
    distance = float((g1 - g2) @ (g1 - g2)) if what == "square" else float(np.linalg.norm(g1 - g2))
    return 0.5 if distance < below else _alpha(g1, g2)


@misconception(
    "Alpha is pulled toward 0 when the gradients are small: below the line stands more than |g1 - g2| squared. Often because "
    "a small number was added there. Treat equal gradients separately instead.",
    caught_by="test_tiny_gradients",
    family={"eps": (1e-12, 1e-8, 1e-6, 1e-10, 1e-9, 1e-16, 1e-15, 1e-20)},
)
def epsilon_below_the_line(g1, g2, *, eps=1e-12):
    difference = g1 - g2
    return float(np.clip(-(difference @ g2) / (difference @ difference + eps), 0.0, 1.0))


@misconception("The mixed gradient came back; alpha, one number, was asked for.", caught_by="test_between")
def the_mix_itself(g1, g2):
    alpha = _alpha(g1, g2)
    return alpha * g1 + (1 - alpha) * g2


@misconception("Both weights came back; alpha alone, the weight of g1, was asked for.", caught_by="test_between")
def both_weights(g1, g2):
    alpha = _alpha(g1, g2)
    return alpha, 1 - alpha


@misconception("The length of the shortest mix came back; alpha was asked for.", caught_by="test_between")
def the_length_of_the_mix(g1, g2):
    alpha = _alpha(g1, g2)
    return float(np.linalg.norm(alpha * g1 + (1 - alpha) * g2))


@misconception(
    "A gradient was changed in place: the caller still needs it as it was. Often because of `-=`; make a new array.",
    caught_by="test_inputs_unchanged",
)
def in_place(g1, g2):
    alpha = _alpha(g1, g2)
    g1 -= g2
    return alpha


@misconception("The same number comes back whatever goes in.", caught_by="test_between")
def visible_answer(g1, g2):
    return 0.8
