"""The whole catalogue is there: every exercise in its lesson, posed in its problem set."""

import re

import numpy as np
import pytest

from autograder import exercises
from autograder.judging.examples import calls_of_the_checks
from autograder.testing import Tensor
from tests.answers import source_cells, text_of_set

CATALOGUE = {
    "01_one_vector_of_losses": {"weighted_total", "loss_shares", "SharedTrunk"},
    "02_when_label_scale_matters": {"mean_predictor_loss", "is_label_scale_equivariant"},
    "03_scaling_done_right": {"fit_label_scaler", "rmse_to_units", "cv_predict_scaled"},
    "04_who_steers_the_trunk": {"weights_from_scales", "trunk_grad_norms", "sampling_probs", "rotating_batches"},
    "05_missing_labels": {
        "ctr_cvr_loss", "ctr_cvr_total", "masked_mean", "masked_bce_with_logits", "multitask_masked_mse",
        "test_masked_mean", "source_exercise_1",
    },
    "06_clicks_to_revenue": {"ipw_mean", "esmm_loss", "expected_revenue"},
    "07_many_labels": {"precision_threshold", "unweight_probability"},
    "08_constraints_and_penalties": {
        "latency_objective", "exact_penalty_lambda", "dual_ascent_step", "source_exercise_2",
    },
    "09_trade_offs": {"pareto_mask", "per_task_rmse", "delta_m", "zscore_aggregate"},
    "10_adaptive_weighting": {
        "uncertainty_loss", "pcgrad_two", "min_norm_alpha", "gradnorm_targets",
    },
    "11_who_shares_what": {"lookahead_affinity", "mmoe_mix", "cgc_mix"},
}  # fmt: skip
# Where models and functions go in or come out, or nothing does, there is no data to write an example with.
WITHOUT_EXAMPLES = {
    "source_exercise_1",
    "source_exercise_2",
    "test_masked_mean",
    "SharedTrunk",
    "trunk_grad_norms",
    "is_label_scale_equivariant",
    "cv_predict_scaled",
}

every_exercise = pytest.mark.parametrize("exercise_id", sorted(set().union(*CATALOGUE.values())))


def test_there_are_36_functions_and_3_more():
    wanted = set().union(*CATALOGUE.values())
    assert len(wanted) == 36 + 3
    assert set(exercises.all_ids()) == wanted


@pytest.mark.parametrize("lesson", CATALOGUE)
def test_each_lesson_has_its_exercises(lesson):
    assert {one.id for one in exercises.all_exercises() if one.lesson == lesson} == CATALOGUE[lesson]


@every_exercise
def test_each_exercise_is_posed_explained_and_checked_in_its_problem_set(exercise_id):
    cells = source_cells(text_of_set(exercise_id))
    tags = {cell.grade_id: cell.tags for cell in cells}
    assert tags[f"about-{exercise_id}"] == ("locked",)
    assert tags[exercise_id] == ("answer",)
    assert tags[f"check-{exercise_id}"] == ("check",)
    check = next(cell for cell in cells if cell.grade_id == f"check-{exercise_id}")
    assert f'check("{exercise_id}", {", ".join(exercises.load(exercise_id).entries)})' in check.source


@every_exercise
def test_each_exercise_states_its_minutes_and_difficulty(exercise_id):
    exercise = exercises.load(exercise_id)
    cells = source_cells(text_of_set(exercise_id))
    about = next(cell for cell in cells if cell.grade_id == f"about-{exercise_id}")
    assert f"*{exercise.minutes} minutes, difficulty {exercise.difficulty} of 5.*" in about.source


@every_exercise
def test_examples_are_offered_wherever_there_is_data_to_give(exercise_id):
    cells = source_cells(text_of_set(exercise_id))
    offered = {cell.grade_id for cell in cells if cell.tags == ("examples",)}
    assert (f"examples-{exercise_id}" in offered) == (exercise_id not in WITHOUT_EXAMPLES)


@pytest.mark.parametrize("lesson", CATALOGUE)
def test_each_problem_set_asks_for_a_written_rationale(lesson):
    cells = source_cells(text_of_set(min(CATALOGUE[lesson])))
    written = [cell for cell in cells if any(tag.startswith("manual:") for tag in cell.tags)]
    assert written
    for cell in written:
        assert cell.markdown
        assert any(other.grade_id == f"about-{cell.grade_id}" and other.markdown for other in cells), cell.grade_id


@pytest.mark.parametrize("lesson", CATALOGUE)
def test_the_names_of_the_cells_are_unique(lesson):
    cells = source_cells(text_of_set(min(CATALOGUE[lesson])))
    names = [cell.grade_id for cell in cells]
    assert all(names)
    assert len(names) == len(set(names))


def as_written(value):
    """How the metadata of an exercise would name what a check sends."""
    array = value.array if isinstance(value, Tensor) else value
    return (
        f"{'tensor' if array is not value else 'array'} of {array.dtype}"
        if isinstance(array, np.ndarray)
        else "as given"
    )


@every_exercise
def test_the_arguments_are_those_of_the_signature_and_are_sent_as_the_metadata_says(exercise_id):
    exercise = exercises.load(exercise_id)
    names = [name for name, _ in exercise.arguments]
    if exercise.values:
        assert names == []
        return
    assert re.findall(r"(\w+)(?:=[^,)]*)?[,)]", exercise.signature.partition("(")[2]) == names
    calls = calls_of_the_checks(exercise_id)
    for place, (name, kind) in enumerate(exercise.arguments):
        sent = {as_written(call[place]) for call in calls if len(call) > place}
        assert kind in sent or not sent, (name, sent)
