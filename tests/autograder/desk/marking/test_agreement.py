"""Agreement: kappa as scikit-learn has it, an interval that is the same each time, and words where there is none."""

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from autograder.desk.marking.agreement import Difference, agreement_of, agreements, interval_of, kappa_of
from autograder.desk.marking.pile import schemes
from autograder.desk.marking.second import SecondMarks
from autograder.gradebook.by_hand import Mark, save, standings
from autograder.gradebook.enter import write_gradebook
from tests.autograder.desk.marking.conftest import CELL, QUESTION, SET, hand_in


def drawn(seed, n, most=6, noise=1):
    rng = np.random.default_rng(seed)
    first = rng.integers(0, most + 1, n)
    second = np.clip(first + rng.integers(-noise, noise + 1, n), 0, most)
    return [(float(one), float(other)) for one, other in zip(first, second)]


def both(pairs):
    return [Difference(number, f"s{number}", *pair) for number, pair in enumerate(pairs, 1)]


@pytest.mark.parametrize("noise", [0, 1, 3])
@pytest.mark.parametrize("n", [2, 5, 40, 200])
def test_kappa_is_that_of_scikit_learn(n, noise):
    pairs = drawn(n + noise, n, noise=noise)
    first, second = (np.array(marks, int) for marks in zip(*pairs))
    # of every mark that can be given, so that a weight is a squared difference in points
    right = cohen_kappa_score(first, second, labels=range(7), weights="quadratic")
    assert kappa_of(pairs) == pytest.approx(right, abs=1e-12)


def test_half_points_are_half_points():
    pairs = [(one / 2, other / 2) for one, other in drawn(3, 40, most=12)]
    first, second = (np.array(marks) * 2 for marks in zip(*pairs))
    right = cohen_kappa_score(first.astype(int), second.astype(int), labels=range(13), weights="quadratic")
    assert kappa_of(pairs) == pytest.approx(right, abs=1e-12)


def test_kappa_of_unrelated_marks_is_about_zero_and_of_opposite_ones_below():
    rng = np.random.default_rng(0)
    assert abs(kappa_of(list(zip(rng.integers(0, 7, 5000), rng.integers(0, 7, 5000))))) < 0.05
    assert kappa_of([(0, 6), (6, 0)]) == -1


def test_one_marker_who_never_varies_agrees_by_chance():
    assert kappa_of([(3, 0), (3, 3), (3, 6)]) == 0


def test_the_interval_is_the_same_each_time_and_holds_kappa():
    pairs = drawn(1, 40)
    low, high = interval_of(pairs)
    assert (low, high) == interval_of(pairs)
    assert low < kappa_of(pairs) < high <= 1


def test_the_interval_is_narrower_with_more_answers():
    widths = [high - low for low, high in (interval_of(drawn(1, n)) for n in (20, 200))]
    assert widths[1] < widths[0] / 2


def test_the_interval_covers_the_kappa_of_the_population_about_as_often_as_it_says():
    population = drawn(9, 4000)
    right = kappa_of(population)
    rng = np.random.default_rng(4)
    intervals = [interval_of([population[at] for at in rng.integers(0, 4000, 60)]) for _ in range(60)]
    assert sum(low <= right <= high for low, high in intervals) >= 50  # of 60; 57 are expected


def test_exact_agreement_and_the_shift_are_counted():
    found = agreement_of("ps/why", "Kim", both([(4, 4), (3, 5), (2, 2), (6, 5), (0, 0)]))
    assert (found.n, found.exact, found.shift) == (5, 3, pytest.approx(0.2))
    assert [(one.student, one.first, one.second) for one in found.differ] == [("s2", 3, 5), ("s4", 6, 5)]
    assert found.lines()[0].startswith("ps/why, Kim: 5 marked twice, 3 the same (60%), kappa 0.8")
    assert found.lines()[1:] == ["  answer 2 (s2): 3 and 5", "  answer 4 (s4): 6 and 5"]


def test_at_most_five_differences_are_shown_the_largest_first():
    found = agreement_of("q", "Kim", both([(0, n) for n in range(7)]))
    assert [one.second for one in found.differ] == [6, 5, 4, 3, 2]


@pytest.mark.parametrize(
    ("pairs", "why"),
    [
        ([], "nothing is marked by both yet"),
        ([(6, 6)] * 8, "kappa is undefined: both gave every answer 6"),
        ([(1, 1), (2, 2)] * 4, "no interval: no answer differs"),
        ([(1, 2), (2, 2)], "no interval: it takes 5 answers"),
        ([(6, 6)] * 9 + [(6, 5)], "no interval: too many resamples hold one mark only"),
    ],
)
def test_where_there_is_no_kappa_or_no_interval_it_says_why(pairs, why):
    found = agreement_of("q", "Kim", both(pairs))
    assert (found.low, found.high) == (None, None)
    assert why in found.lines()[0]
    assert (found.kappa is None) == (why.startswith(("nothing", "kappa")))


# ---- of a class ------------------------------------------------------------------------------------------------


def first_mark(course, student, score):
    save(course, student, SET, CELL, Mark(score), standings(course, SET, CELL)[student].version)


def second_mark(book, scheme, student, score):
    book.save(scheme, student, Mark(score), book.standings(scheme)[student].version)


def test_second_marks_are_compared_with_the_gradebooks(class_):
    scheme = schemes(class_)[QUESTION]
    for student, score in (("ada", 6.0), ("bob", 2.0), ("cleo", 3.0)):
        first_mark(class_, student, score)
    for name, scores in {"Kim": (5.0, 2.0, 3.0), "Lee": (6.0,)}.items():
        for student, score in zip(("ada", "bob", "cleo"), scores):
            second_mark(SecondMarks(class_, name, 1.0), scheme, student, score)
    kim, lee = agreements(class_, schemes(class_).values())
    assert (kim.question, kim.marker, kim.n, kim.exact, kim.left_out) == (QUESTION, "Kim", 3, 2, 0)
    assert kim.kappa == pytest.approx(cohen_kappa_score([6, 2, 3], [5, 2, 3], labels=range(7), weights="quadratic"))
    assert [(one.student, one.first, one.second) for one in kim.differ] == [("ada", 6.0, 5.0)]
    assert (lee.n, lee.kappa) == (1, None)
    assert kim.to_dict()["differ"][0]["student"] == "ada"


def test_what_has_no_first_mark_or_changed_since_is_left_out_and_said(class_, handed_out):
    scheme, book = schemes(class_)[QUESTION], SecondMarks(class_, "Kim", 1.0)
    for student in ("ada", "bob", "cleo"):
        second_mark(book, scheme, student, 3.0)
    first_mark(class_, "ada", 3.0)
    first_mark(class_, "bob", 3.0)
    hand_in(class_, handed_out, "bob", "Another answer.")
    write_gradebook(class_)
    (found,) = agreements(class_, [scheme])
    assert (found.n, found.left_out) == (1, 2)
    assert "2 left out" in found.lines()[0]


def test_where_nothing_is_marked_twice_there_is_nothing(class_):
    assert agreements(class_, schemes(class_).values()) == []
