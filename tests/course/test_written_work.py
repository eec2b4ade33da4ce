"""Written work: a model answer, a mark scheme that adds up and three exemplars, none of which students get."""

import re

import nbformat
import numpy as np
import pytest
from sklearn.linear_model import LinearRegression, Ridge, RidgeCV

from autograder.authoring import notebooks
from autograder.authoring.solutions import written_solution_of
from autograder.course_files import course_root
from autograder.exercises import all_exercises, written
from tests.answers import source_cells, text_of_set

ROOT = course_root()
WRITTEN = {
    "ps01_one_vector_of_losses": ["why-one-vector"],
    "ps02_when_label_scale_matters": ["why-ols"],
    "ps03_scaling_done_right": ["why-leak"],
    "ps04_who_steers_the_trunk": ["why-weight-log"],
    "ps05_missing_labels": ["why-masking"],
    "ps06_clicks_to_revenue": ["why-estimators"],
    "ps07_many_labels": ["why-precision"],
    "ps08_constraints_and_penalties": ["which-is-stricter"],
    "ps09_trade_offs": ["why-weight-log", "why-mini-challenge"],
    "ps10_adaptive_weighting": ["why-comparison"],
    "ps11_who_shares_what": ["why-design"],
}
EXEMPLAR = re.compile(r"- \*(Full|Partial|Missing) \(([\d.]+)\):\* ")
# A mark stands at the beginning of a clause, so that "the penalty is 0 for both" is none.
MARK = re.compile(r"(?:^|[.;] )([\d.]+) (?:points? )?for ")

every_written_answer = pytest.mark.parametrize(
    ("name", "grade_id"),
    [pytest.param(name, one, id=f"{name[:4]}-{one}") for name in WRITTEN for one in WRITTEN[name]],
)


def plain(text):
    """The text of a markdown cell on one line."""
    return " ".join(text.split())


def cells_of(name):
    return source_cells(ROOT / "solutions" / f"{name}.py")


def question_and_answer(name, grade_id):
    """The question, the cell that answers it and its points."""
    cells = cells_of(name)
    at = next(index for index, cell in enumerate(cells) if cell.grade_id == grade_id)
    points = float(cells[at].tags[0].removeprefix("manual:"))
    return plain(cells[at - 1].source), plain(cells[at].source), points


def parts(answer):
    """Model answer, mark scheme and the exemplars by name: (points, text)."""
    model, rest = answer.removeprefix("**Model answer.** ").split(" **Mark scheme.** ")
    scheme, *exemplars = EXEMPLAR.split(rest)
    triples = zip(exemplars[::3], exemplars[1::3], exemplars[2::3])
    return model, scheme, {kind: (float(points), text) for kind, points, text in triples}


def test_every_written_answer_of_the_course_is_known_here():
    found = {
        path.stem: [cell.grade_id for cell in cells_of(path.stem) if cell.tags and cell.tags[0].startswith("manual:")]
        for path in notebooks.problem_sets(ROOT)
    }
    assert found == WRITTEN


@pytest.mark.parametrize("name", WRITTEN)
def test_how_a_text_cell_is_opened_is_said_before_there_is_one_to_answer(name):
    (intro,) = [plain(cell.source) for cell in cells_of(name) if cell.grade_id == "intro"]
    assert "double-click it, or choose it and press Enter" in intro


@every_written_answer
def test_the_question_before_it_names_the_points(name, grade_id):
    question, _, points = question_and_answer(name, grade_id)
    assert f" {points:g} points" in question or f"({points:g} points)" in question
    assert "arked" in question  # and says what they are given for


RUBRIC = re.compile(r"(?:What is marked:|\*Marked for:\*)(.*)")
# What a line on marks may say of any question; every other word of it has to stand in the question itself.
OF_ANY_QUESTION = (
    "about cannot choice choosing clearly compared concisely condition decision direction explained finding follows "
    "formula given gives hides interval lessons limit losses means mechanism metrics multiply named needed notice "
    "numbers reason right ruled sorted teach their these things trade-off under values verdict written"
)


def stems(text):
    """The words of five letters and more, by the letters they begin with: "compare" and "comparison" are one."""
    return {word[:5] for word in re.findall(r"[a-z]{5,}", text.lower())}


@every_written_answer
def test_what_is_marked_tells_nothing_that_the_question_does_not(name, grade_id):
    question, _, _ = question_and_answer(name, grade_id)
    given = " ".join(cell.source for cell in cells_of(name) if cell.grade_id == f"given-{grade_id}")
    given += " ".join(one.text for one in written.of_assignment(name) if one.cell == grade_id)
    rubric = RUBRIC.search(question)[1]
    asked = question.replace(rubric, "") + given
    assert stems(rubric) - stems(asked) - stems(OF_ANY_QUESTION) == set()


@every_written_answer
def test_the_points_of_what_is_marked_add_up_too(name, grade_id):
    question, _, points = question_and_answer(name, grade_id)
    rubric = RUBRIC.search(question)[1]
    if grade_id == "why-leak":  # half a point twice for each of its six cases
        assert (rubric.count("half a point"), points) == (2, 6)
        return
    counted = re.findall(r"\((\d)(?: points?)?( for each(?: question)?)?\)", rubric)
    # Ranking and Marketing are the two questions of whatever is marked "for each" of them.
    assert sum(int(number) * (2 if for_each else 1) for number, for_each in counted) == points


@every_written_answer
def test_no_point_of_its_mark_scheme_has_two_requirements(name, grade_id):
    _, answer, points = question_and_answer(name, grade_id)
    scheme = parts(answer)[1]
    marks = [float(mark) for mark in MARK.findall(scheme)]
    assert marks == [1.0] * int(points)
    assert "*and*" not in scheme


@every_written_answer
def test_it_has_a_model_answer_and_a_mark_scheme_that_adds_up(name, grade_id):
    _, answer, points = question_and_answer(name, grade_id)
    assert answer.startswith("**Model answer.** ")
    model, scheme, _ = parts(answer)
    assert len(model.split()) >= 60
    assert sum(map(float, MARK.findall(scheme))) == points


@every_written_answer
def test_it_has_a_full_a_partial_and_a_missing_exemplar_with_their_points(name, grade_id):
    _, answer, points = question_and_answer(name, grade_id)
    exemplars = parts(answer)[2]
    assert list(exemplars) == ["Full", "Partial", "Missing"]
    full, partial, missing = (given for given, _ in exemplars.values())
    assert (full, missing) == (points, 0)
    assert 0 < partial < points
    assert all(len(text.split()) >= 8 for _, text in exemplars.values())
    assert exemplars["Full"][1].count('"') >= 2  # an answer in a learner's words, not the model answer alone


@every_written_answer
def test_a_learner_alone_is_asked_for_each_point_of_it(name, grade_id):
    _, _, points = question_and_answer(name, grade_id)
    solution = written_solution_of(name, grade_id)
    assert len(solution.marks) == points
    assert all(2 <= len(mark.split()) <= 40 for mark in solution.marks)
    assert not re.search(
        r"Mark scheme|Model answer|Full \(", "".join((solution.model, *solution.marks, solution.remark))
    )


@every_written_answer
def test_none_of_it_is_released(name, grade_id):
    notebook = nbformat.read(ROOT / "exercises" / name / f"{name}.ipynb", 4)
    assert next(cell for cell in notebook.cells if cell.id == grade_id).source == "YOUR ANSWER HERE"
    released = " ".join("\n".join(cell.source for cell in notebook.cells).split())
    assert not re.search(r"Model answer|Mark scheme|\*(Full|Partial|Missing) \(", released)
    question, answer, _ = question_and_answer(name, grade_id)
    assert question in released  # so that a sentence of the answer would be found, too
    sentences = [one for one in re.split(r"(?<=[.;:]) ", answer) if len(one) > 40]
    assert sentences
    assert [one for one in sentences if one in released] == []


# ---- nothing is given away ---------------------------------------------------------------------------------------

STUB = re.compile(r'(?:def|class) \w+.*?:\n\s+"""(.*?)"""', re.DOTALL)
OF_ANY_STUB = "always column comes estimate every losses model total unless which"


@pytest.mark.parametrize("exercise", [one for one in all_exercises() if not one.values], ids=lambda one: one.id)
def test_a_stub_says_nothing_that_the_question_does_not(exercise):
    cells = {cell.grade_id: cell.source for cell in source_cells(text_of_set(exercise.id))}
    said = STUB.search(cells[exercise.id])[1]
    assert not re.search(r"[*/^=²√]", said)
    assert stems(said) - stems(cells[f"about-{exercise.id}"]) - stems(OF_ANY_STUB) == set()


@pytest.mark.parametrize("question", written.questions().values(), ids=list(written.questions()))
def test_what_is_worked_out_stands_nowhere_in_what_is_handed_out(question):
    notebook = nbformat.read(ROOT / "exercises" / question.assignment / f"{question.assignment}.ipynb", 4)
    at = next(index for index, cell in enumerate(notebook.cells) if cell.id == question.cell)
    asked = " ".join(cell.source for cell in notebook.cells[at - 3 : at])
    for name, value in question.answers().items():
        assert not re.search(rf"(?<![\d.]){value:.2f}(?!\d)", asked), name


@pytest.mark.parametrize("exercise", [one for one in all_exercises() if one.values], ids=lambda one: one.id)
def test_a_number_that_is_worked_out_by_hand_stands_nowhere_in_its_problem_set(exercise):
    name = text_of_set(exercise.id).stem
    notebook = nbformat.read(ROOT / "exercises" / name / f"{name}.ipynb", 4)
    text = " ".join(cell.source for cell in notebook.cells)
    right = next(iter(exercise.alternatives.values())).function()
    for value in np.atleast_1d(right):
        assert not re.search(rf"(?<![\d.]){value:g}(?!\d)", text)


def test_the_lesson_before_the_mini_challenge_leaves_it_to_the_learner():
    (lesson,) = ROOT.glob("lessons/09_*.py")
    section = lesson.read_text(encoding="utf-8").split("## Mini challenge")[1].split("# %%")[0]
    assert not re.search(r"mask|complement|churned|baseline|cross-entrop", section)


@pytest.mark.parametrize("answer", ["model", "Full"])
def test_an_answer_of_at_most_90_words_is_possible_and_given(answer):
    model, _, exemplars = parts(question_and_answer("ps09_trade_offs", "why-mini-challenge")[1])
    text = model if answer == "model" else re.search(r'"(.*)"', exemplars["Full"][1])[1]
    assert len(re.findall(r"[\w%.+-]*\w[\w%.+-]*", text)) <= 90


# ---- the numbers in them ---------------------------------------------------------------------------------------


def model_of(name, grade_id):
    return parts(question_and_answer(name, grade_id)[1])[0]


def worked_out(name):
    question = written.questions()[name]
    return model_of(question.assignment, question.cell), question.answers(), question.numbers()


def test_the_entry_of_the_weight_log_counts_front_and_gains_right():
    model, answers, _ = worked_out("delivery_weight")
    stated = re.findall(r"([+-]?[\d.]+) %", model)
    np.testing.assert_allclose(list(map(float, stated)), [100 * gain for gain in answers.values()], atol=0.03)


def test_the_intervals_of_a_precision_are_exact():
    model, answers, _ = worked_out("moderation_threshold")
    low, high = answers["precision at 0.41, low end"], answers["precision at 0.41, high end"]
    assert f"9 of 10 is compatible with any precision from about {low:.2f} to {high:.2f}" in model
    assert f"6 of 6 at 0.62 allows {answers['precision at 0.62, low end']:.2f}" in model
    assert f"at least {answers['hits without a miss that are needed']} hits without a false alarm" in model


def test_the_weight_log_of_the_house_model_has_the_right_shares():
    model, answers, _ = worked_out("house_weight_log")
    price, days, share = answers.values()
    assert f"120² = {price:,} and 30² = {days}, so price has {share:.0%}".replace("%", " %") in model


def test_the_batch_has_the_total_and_the_weight_that_its_answer_says():
    model, answers, _ = worked_out("masked_batch")
    assert f"1 · 0.30 + 2.5 · 96/160 = {answers['total']:.2f}" in model
    assert f"2.5 · 160/400 = {answers['weight that this amounts to']:.1f}" in model


def test_both_values_of_the_penalised_objective_are_right():
    model, answers, _ = worked_out("latency_penalty")
    small, large = answers.values()
    assert f"gives {small:.2f} for λ = 0.01 and {large:.2f} for λ = 0.04" in model


def test_the_two_reports_say_which_effect_is_not_ruled_out():
    for name in ("surgery_report", "design_choice"):
        model, answers, _ = worked_out(name)
        (largest,) = answers.values()
        assert f"up to about {largest:.3f}" in model


# ---- and what they say of methods --------------------------------------------------------------------------------


def moved_by_a_unit(model, seed):
    """By how much predictions move, in label units, if the second label comes in units ten thousand times smaller."""
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((30, 15))
    y = (x @ rng.standard_normal((15, 2)) + rng.standard_normal((30, 2)) * [0.1, 20.0]) * [1.0, 0.01]
    units = np.array([1.0, 10_000.0])
    return np.abs(model.fit(x, y * units).predict(x) / units - model.fit(x, y).predict(x)).max()


@pytest.mark.parametrize("seed", range(3))
def test_least_squares_and_a_fixed_ridge_do_not_care_about_units_and_one_penalty_picked_for_both_labels_does(seed):
    assert moved_by_a_unit(LinearRegression(), seed) < 1e-9
    assert moved_by_a_unit(Ridge(5.0), seed) < 1e-9
    picked = RidgeCV(np.logspace(-3, 4, 40))
    assert moved_by_a_unit(picked, seed) > 0.01
    assert "ridge regression with a fixed penalty α" in model_of("ps02_when_label_scale_matters", "why-ols")


def r2_of_a_district_mean(seed, out_of_fold):
    """R² on training and test rows where a label of pure noise is predicted from its district's mean."""
    rng = np.random.default_rng(seed)
    n, districts = 600, 300
    district, y = rng.integers(0, districts, 2 * n), rng.standard_normal(2 * n)

    def mean_of(rows, asked):
        total, count = np.bincount(district[rows], y[rows], districts), np.bincount(district[rows], minlength=districts)
        return np.where(count > 0, total / np.maximum(count, 1), y[rows].mean())[district[asked]]

    train, test = np.arange(n), np.arange(n, 2 * n)
    feature = mean_of(train, np.arange(2 * n))
    for fold in range(5 if out_of_fold else 0):
        own = train[train % 5 == fold]
        feature[own] = mean_of(train[train % 5 != fold], own)
    fit = LinearRegression().fit(feature[train, None], y[train])
    return [fit.score(feature[rows, None], y[rows]) for rows in (train, test)]


def test_a_feature_that_holds_its_own_label_finds_a_rule_in_pure_noise_and_out_of_fold_it_does_not():
    inside = np.mean([r2_of_a_district_mean(seed, False) for seed in range(10)], axis=0)
    outside = np.mean([r2_of_a_district_mean(seed, True) for seed in range(10)], axis=0)
    stated = "R² of about {:.1f} on the training rows and about {:.1f} on the test rows".format(*inside)
    assert stated in model_of("ps03_scaling_done_right", "why-leak")
    assert np.abs(outside).max() < 0.02
