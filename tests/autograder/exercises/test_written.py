"""Written questions with numbers of one's own: the same for the same id, and the mark scheme holds for everybody's."""

import numpy as np
import pytest
from scipy.stats import beta

from autograder.course_files import course_root
from autograder.exercises import written
from mtl_teach.metrics import delta_m
from mtl_teach.pareto import is_non_dominated
from tests.answers import source_cells

QUESTIONS = written.questions()
CLASS = ["", *(f"student{number}" for number in range(400))]
each = pytest.mark.parametrize("question", QUESTIONS.values(), ids=list(QUESTIONS))


def everybody(name):
    return [QUESTIONS[name].numbers(student) for student in CLASS]


@each
def test_numbers_belong_to_an_id_whatever_its_capitals_and_blanks(question):
    assert question.statement("Ada") == question.statement(" ada ") != question.statement("bob")
    assert question.numbers("") == question.numbers("  ") == question.published


def test_the_numbers_of_an_id_never_change():
    assert QUESTIONS["house_weight_log"].numbers("ada") == {"price": 90, "days": 24}
    assert QUESTIONS["latency_penalty"].numbers("ada") == {
        "budget": 75, "latency": 98, "ce": 0.58, "small": 0.02, "large": 0.16,
    }  # fmt: skip


@each
def test_hardly_two_students_of_a_class_share_all_numbers(question):
    first = CLASS[1:61]
    assert len({question.statement(student) for student in first}) >= 40


@each
def test_nobody_but_whoever_names_nobody_has_the_published_numbers(question):
    assert [student for student in CLASS[1:] if question.statement(student) == question.statement()] == []


@each
def test_every_number_that_is_drawn_is_told(question):
    names = set(question.published)
    assert all(set(question.numbers(student)) == names for student in CLASS[:20])
    assert all(f"{{{name}" in question.text for name in names)


@each
def test_it_belongs_to_a_written_answer_of_its_set_and_stands_before_it(question):
    cells = source_cells(course_root() / "solutions" / f"{question.assignment}.py")
    names = [cell.grade_id for cell in cells]
    given = next(cell for cell in cells if cell.grade_id == f"numbers-{question.cell}")
    assert f'variant("{question.id}", "")' in given.source
    assert names.index(f"numbers-{question.cell}") < names.index(f"about-{question.cell}") < names.index(question.cell)
    assert written.of_assignment(question.assignment) == [question]


# ---- what the mark schemes say ----------------------------------------------------------------------------------


def test_price_has_most_of_the_loss_for_everybody():
    assert all(QUESTIONS["house_weight_log"].answers(student)["share of price"] > 0.7 for student in CLASS)


def test_dividing_by_all_rows_makes_the_weight_of_the_conversions_much_smaller_for_everybody():
    for student in CLASS:
        numbers, answers = QUESTIONS["masked_batch"].numbers(student), QUESTIONS["masked_batch"].answers(student)
        assert answers["weight that this amounts to"] <= 0.4 * numbers["w_cvr"]
        assert answers["total"] == pytest.approx(
            numbers["w_click"] * numbers["click"] + numbers["w_cvr"] * answers["mean of the conversions"]
        )
        again = numbers["click"] + answers["weight that this amounts to"] * answers["mean of the conversions"]
        assert answers["total if divided by all rows"] == pytest.approx(again)


def test_one_threshold_of_everybody_just_keeps_the_promise_and_no_interval_clears_it():
    for numbers in everybody("moderation_threshold"):
        first, second, third = (numbers[f"precision_{name}"] for name in "abc")
        assert first == 1 > second >= written.PROMISE > third
        recalls = [numbers[f"recall_{name}"] for name in "abc"]
        assert recalls == sorted(recalls)
        assert recalls[-1] < 1
        for name in "abc":
            hits, taken = numbers[f"hits_{name}"], numbers[f"taken_{name}"]
            assert written.exact_interval(hits, taken)[0] < 0.7 < written.PROMISE
            assert (numbers[f"precision_{name}"], numbers[f"recall_{name}"]) == pytest.approx(
                (hits / taken, hits / numbers["positives"]), abs=1e-5
            )


@pytest.mark.parametrize(("hits", "rows"), [(9, 10), (6, 6), (12, 16), (0, 5), (1, 40), (40, 41)])
def test_the_interval_of_a_counted_share_is_that_of_clopper_and_pearson(hits, rows):
    low = beta.ppf(0.025, hits, rows - hits + 1) if hits else 0.0
    high = beta.ppf(0.975, hits + 1, rows - hits) if hits < rows else 1.0
    assert written.exact_interval(hits, rows) == pytest.approx((low, high), abs=1e-9)


def test_so_many_hits_without_a_miss_keep_the_promise_and_one_fewer_do_not():
    needed = QUESTIONS["moderation_threshold"].answers()["hits without a miss that are needed"]
    assert (
        written.exact_interval(needed - 1, needed - 1)[0] < written.PROMISE <= written.exact_interval(needed, needed)[0]
    )


def test_everybody_is_over_the_budget():
    for student in CLASS:
        numbers, answers = QUESTIONS["latency_penalty"].numbers(student), QUESTIONS["latency_penalty"].answers(student)
        assert numbers["latency"] > numbers["budget"]
        assert list(answers.values()) == sorted(answers.values())


def test_weights_up_to_1_lie_on_the_front_and_weight_1_gains_most_for_everybody():
    for student in CLASS:
        numbers = QUESTIONS["delivery_weight"].numbers(student)
        table = np.array([[numbers[f"auc_{row}"], numbers[f"hours_{row}"]] for row in range(5)])
        assert is_non_dominated(table * [-1, 1]).tolist() == [True, True, True, False, False]
        baselines = np.array([numbers["auc"], numbers["hours"]])
        gains = delta_m(table, baselines, np.array([True, False]))
        np.testing.assert_allclose(list(QUESTIONS["delivery_weight"].answers(student).values()), gains, atol=1e-12)
        assert gains.argmax() == 2
        auc, hours = table[2] - baselines
        assert 0 < auc <= 0.006  # no loss, and no proof of a gain
        assert -hours > numbers["half_width"]
        assert table[0, 1] > baselines[1] + numbers["half_width"]  # weight 0.1 is worse than alone in time


def test_static_weights_gain_and_nothing_else_does_for_everybody():
    for numbers in everybody("surgery_report"):
        assert numbers["static"] > numbers["static_half"]
        assert abs(numbers["surgery"]) < numbers["surgery_half"]
        assert abs(numbers["uncertainty"]) < numbers["uncertainty_half"]
        assert numbers["static"] > numbers["surgery"] + numbers["surgery_half"]


def test_one_trunk_costs_complaints_and_cgc_is_not_distinguishable_for_everybody():
    for numbers in everybody("design_choice"):
        assert -numbers["cost"] > numbers["cost_half"]
        assert numbers["one_trunk"] > numbers["one_trunk_half"]
        assert numbers["cgc"] - numbers["split"] == pytest.approx(numbers["apart"])
        assert 0 < numbers["apart"] < numbers["apart_half"]
        assert numbers["affinity"] < 0
