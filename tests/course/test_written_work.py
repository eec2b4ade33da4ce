"""Written work: a model answer, a mark scheme that adds up and three exemplars, none of which students get."""

import re

import nbformat
import numpy as np
import pytest
from scipy.stats import beta

from autograder.authoring import notebooks
from autograder.course_files import course_root
from mtl_teach.metrics import delta_m
from mtl_teach.pareto import is_non_dominated
from tests.answers import source_cells

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
    "ps10_adaptive_weighting": ["why-null-result"],
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


@every_written_answer
def test_the_question_before_it_names_the_points(name, grade_id):
    question, _, points = question_and_answer(name, grade_id)
    assert f" {points:g} points" in question or f"({points:g} points)" in question
    assert "arked" in question  # and says what they are given for


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


# ---- the numbers in them ---------------------------------------------------------------------------------------


def model_of(name, grade_id):
    return parts(question_and_answer(name, grade_id)[1])[0]


def table_of(name, grade_id):
    """The rows of the table in the question, as numbers."""
    question = question_and_answer(name, grade_id)[0]
    rows = re.findall(r"\|((?: [\d.]+ \|)+)", question)
    return np.array([[float(value) for value in row.split("|")[:-1]] for row in rows])


def test_the_entry_of_the_weight_log_counts_front_and_gains_right():
    table = table_of("ps09_trade_offs", "why-weight-log")
    metrics, higher = table[:, 1:], np.array([True, False])
    on_front = is_non_dominated(metrics * [-1, 1])
    assert table[on_front, 0].tolist() == [0.1, 0.3, 1.0]
    stated = re.findall(r"([+-]?[\d.]+) %", model_of("ps09_trade_offs", "why-weight-log"))
    np.testing.assert_allclose(list(map(float, stated)), 100 * delta_m(metrics, [0.8, 5.0], higher), atol=0.03)


def exact_interval(hits, rows):
    """The 95 % interval of Clopper and Pearson."""
    high = beta.ppf(0.975, hits + 1, rows - hits) if hits < rows else 1.0
    return beta.ppf(0.025, hits, rows - hits + 1), high


def test_the_intervals_of_a_precision_are_exact():
    table = table_of("ps07_many_labels", "why-precision")
    np.testing.assert_allclose(table[:, 3], table[:, 2] / table[:, 1], atol=0.005)
    np.testing.assert_allclose(table[:, 4], table[:, 2] / 18, atol=0.005)
    model = model_of("ps07_many_labels", "why-precision")
    assert (
        "9 of 10 is compatible with any precision from about {:.2f} to {:.2f}".format(*exact_interval(9, 10)) in model
    )
    assert f"6 of 6 at 0.62 allows {exact_interval(6, 6)[0]:.2f}" in model
    needed = next(n for n in range(1, 100) if exact_interval(n, n)[0] >= 0.9)
    assert f"at least {needed} hits without a miss" in model


def test_the_weight_log_of_the_house_model_has_the_right_shares():
    price, days = 120**2, 30**2
    model = model_of("ps04_who_steers_the_trunk", "why-weight-log")
    assert f"120² = {price:,} and 30² = {days}, so price has {price / (price + days):.0%}".replace("%", " %") in model


def test_the_two_totals_of_the_source_are_right():
    total = 1.0 * 0.35 + 2.0 * 0.85
    assert f"1.0 · 0.35 + 2.0 · 0.85 = {total:.2f};" in model_of("ps05_missing_labels", "why-masking")
    small, large = (0.42 + lam * max(0, 62 - 50) for lam in (0.02, 0.10))
    stated = f"gives {small:.2f} for λ = 0.02 and {large:.2f} for λ = 0.10"
    assert stated in model_of("ps08_constraints_and_penalties", "which-is-stricter")
