"""The course's own answers keep their contracts to the letter: decimals, float32, equal, tiny, huge and far apart."""

import contextlib
from fractions import Fraction
from statistics import fmean, pstdev

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder import exercises
from autograder.authoring.solutions import solution_cells
from autograder.exercises.cv_predict_scaled import test_cv_predict_scaled as cross_validation
from autograder.judging.answers import LocalAnswer
from autograder.testing import assert_close, tensor, to_array
from tests.answers import InProcess

pytestmark = pytest.mark.matrix

many = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
decimals = st.integers(-99, 99).map(lambda count: count / 10)
values = st.one_of(decimals, st.sampled_from([16777217.3, 123456789.1, -1e9 / 3, 1e12 + 0.1, 1e-9 / 3]))
dtypes = st.sampled_from([np.float64, np.float32])
powers_of_ten = st.integers(-6, 6).map(lambda exponent: 10.0**exponent)


def answers(exercise):
    """The solution and every right answer beside it, by name."""
    ids = ["solution", *exercises.load(exercise).alternatives]
    return pytest.mark.parametrize("answer", [pytest.param((exercise, name), id=name) for name in ids])


@pytest.fixture
def student(answer):
    exercise_id, name = answer
    exercise = exercises.load(exercise_id)
    if name != "solution":
        yield LocalAnswer.of(exercise, exercise.alternatives[name])
        return
    with contextlib.closing(InProcess().of_cells(exercise, solution_cells(exercise_id))) as made:
        yield next(made)


def exact(numbers):
    return [Fraction(float(number)) for number in numbers]


def some(strategy, size):
    return st.lists(strategy, min_size=size, max_size=size).map(np.array)


@st.composite
def columns(draw, rows, largest=1e12):
    """Labels of one task: all equal, whatever they are; or varying by at least a tenth of their size."""
    if draw(st.booleans()):
        return [draw(values.filter(lambda value: abs(value) <= largest))] * rows
    unit = draw(st.integers(-9, 6).map(lambda exponent: 10.0**exponent))
    steps = draw(st.lists(st.integers(-5, 5), min_size=rows, max_size=rows).filter(lambda found: len(set(found)) > 1))
    level = draw(st.integers(-10, 10))
    return [unit * (level + step) for step in steps]


@st.composite
def labels(draw):
    rows = draw(st.integers(2, 12))
    return np.column_stack([draw(columns(rows)) for _ in range(draw(st.integers(1, 3)))]).astype(draw(dtypes))


@answers("fit_label_scaler")
@many
@given(Y=labels())
def test_a_scaler_has_the_exact_mean_and_deviation_and_one_for_equal_labels(student, Y):
    mean, scale = student(Y)
    tasks = Y.T.astype(float).tolist()
    assert_close(mean, [fmean(task) for task in tasks], {"Y_train": Y}, what="the mean")
    for task, have in zip(tasks, np.asarray(getattr(scale, "array", scale), float)):
        want = 1.0 if len(set(task)) == 1 else pstdev(task)
        assert_close(have, want, {"Y_train": Y}, what="the scale")


@answers("cv_predict_scaled")
@many
@given(data=st.data(), dtype=dtypes)
def test_cross_validation_scales_a_label_of_equal_values_by_one(student, data, dtype):
    Y = np.column_stack([[*data.draw(columns(7, largest=100.0)), 1.0, 2.0, 4.0] for _ in range(2)]).astype(dtype)
    X, equal, rest = np.arange(10.0)[:, None], np.arange(7), np.arange(7, 10)
    splits = [(rest, equal), (equal, rest)]
    model = cross_validation.described("bent")
    got = student(cross_validation.lent(model), X, Y, splits)
    assert_close(got, cross_validation.right(model, X, Y, splits), {"Y": Y})


@answers("rmse_to_units")
@many
@given(data=st.data(), size=st.integers(1, 4), dtype=dtypes)
def test_an_error_is_brought_back_whatever_the_mean(student, data, size, dtype):
    rmse_z = data.draw(some(st.integers(3, 99).map(lambda count: count / 10), size)).astype(dtype)
    scale = data.draw(some(st.floats(0.01, 1e4), size)).astype(dtype)
    mean = data.draw(some(st.integers(-10, 10), size)).astype(dtype) / 10 * scale
    want = [float(a * b) for a, b in zip(exact(rmse_z), exact(scale))]
    assert_close(student(rmse_z, mean, scale), want, {"rmse_z": rmse_z}, atol=0)


@answers("weights_from_scales")
@many
@given(data=st.data(), size=st.integers(1, 5), dtype=dtypes)
def test_a_weight_is_one_over_the_square_however_far_apart_the_scales_are(student, data, size, dtype):
    scales = data.draw(some(st.floats(1e-4, 1e4), size)).astype(dtype)
    assert_close(student(scales), [float(1 / s**2) for s in exact(scales)], {"scales": scales}, atol=0)


@answers("sampling_probs")
@many
@given(
    n=st.integers(1, 6).flatmap(lambda size: some(st.integers(1, 10**6), size)),
    alpha=st.sampled_from([0.0, 0.1, 0.5, 1.0, 1.7, 3.0]),
    whole=st.booleans(),
)
def test_turns_are_proportional_to_a_power_of_the_rows(student, n, alpha, whole):
    n = n if whole else n.astype(float)
    shares = [float(count) ** alpha for count in n.tolist()]
    assert_close(student(n, alpha), np.array(shares) / sum(shares), {"n": n.astype(float)}, atol=0)


@answers("rotating_batches")
@many
@given(n_batches=st.lists(st.integers(1, 9), min_size=1, max_size=5), restart=st.booleans())
def test_turns_rotate_and_end_with_the_longest_task(student, n_batches, restart):
    turns = to_array(student(n_batches, restart)).tolist()
    longest = max(n_batches)
    for task, count in enumerate(n_batches):
        shown = [batch for who, batch in turns if who == task]
        assert shown == [number % count for number in range(longest if restart else count)]
    rounds = [sum(who == task for who, _ in turns[:place]) for place, (task, _) in enumerate(turns)]
    assert list(zip(rounds, (task for task, _ in turns))) == sorted(zip(rounds, (task for task, _ in turns)))


@answers("per_task_rmse")
@many
@given(data=st.data(), rows=st.integers(1, 6), tasks=st.integers(1, 4), dtype=dtypes)
def test_an_error_is_that_of_a_tasks_own_labels_whatever_is_hidden(student, data, rows, tasks, dtype):
    units = data.draw(some(powers_of_ten, tasks))
    labels, steps = (data.draw(some(strategy, rows * tasks)).reshape(rows, tasks) for strategy in (decimals, decimals))
    mask = data.draw(some(st.booleans(), rows * tasks)).reshape(rows, tasks)
    y_pred = (units * (labels + steps)).astype(dtype)
    y_true = (units * labels).astype(dtype)
    y_true[~mask] = data.draw(st.sampled_from([0.0, np.nan, np.inf, -np.inf, 1e30]))
    squares = (y_true.astype(float) - y_pred.astype(float)) ** 2
    want = [fmean(column[seen]) ** 0.5 if seen.any() else np.nan for column, seen in zip(squares.T, mask.T)]
    sizes = np.abs(units * labels).max(axis=0) + np.abs(units * steps).max(axis=0)
    got = to_array(student(y_true, y_pred, mask)) / sizes.clip(1e-9)
    assert_close(got, want / sizes.clip(1e-9), {"y_true": y_true}, atol=1e-5 if dtype is np.float32 else 1e-9)


@answers("zscore_aggregate")
@many
@given(data=st.data(), models=st.integers(1, 3), tasks=st.integers(1, 3), rows=st.integers(1, 7))
def test_a_mean_z_score_is_right_in_every_unit_and_0_without_a_spread(student, data, models, tasks, rows):
    reference = np.column_stack([data.draw(columns(rows) if rows > 1 else some(values, 1)) for _ in range(tasks)])
    spread = np.array([pstdev(column) if len(set(column)) > 1 else np.inf for column in reference.T.tolist()])
    steps = data.draw(some(decimals, models * tasks)).reshape(models, tasks)
    mean = np.array([fmean(column) for column in reference.T.tolist()])
    scores = mean + steps * np.where(np.isinf(spread), 1.0, spread)
    higher = data.draw(some(st.booleans(), tasks))
    want = np.mean(np.where(higher, 1, -1) * (scores - mean) / spread, axis=1)
    assert_close(student(scores, higher, reference), want, {"scores": scores}, atol=1e-6)


@answers("pcgrad_two")
@many
@given(data=st.data(), size=st.integers(1, 4), unit=powers_of_ten)
def test_each_gradient_loses_exactly_its_part_against_the_other(student, data, size, unit):
    g1, g2 = (data.draw(some(st.integers(-9, 9), size)) * unit for _ in range(2))
    a, b = exact(g1), exact(g2)
    inner, a_a, b_b = (sum(x * y for x, y in zip(*pair)) for pair in ((a, b), (a, a), (b, b)))
    want = [x + y - (inner / b_b * y + inner / a_a * x if inner < 0 else 0) for x, y in zip(a, b)]
    assert_close(student(g1, g2), [float(x) for x in want], atol=1e-7 * unit)


@answers("min_norm_alpha")
@many
@given(data=st.data(), size=st.integers(1, 4), unit=st.sampled_from([1e-9, 1e-6, 1.0, 1e6]), equal=st.booleans())
def test_alpha_makes_the_mix_shortest_at_every_size(student, data, size, unit, equal):
    g1 = data.draw(some(st.integers(-9, 9), size)) * unit
    g2 = g1.copy() if equal else data.draw(some(st.integers(-9, 9), size)) * unit
    a, b = exact(g1), exact(g2)
    below = sum((x - y) ** 2 for x, y in zip(a, b))
    want = 0.5 if below == 0 else min(max(float(sum((y - x) * y for x, y in zip(a, b)) / below), 0.0), 1.0)
    assert_close(student(g1, g2), want, rtol=0, atol=1e-4)


@answers("gradnorm_targets")
@many
@given(data=st.data(), size=st.integers(1, 5), alpha=st.sampled_from([0.0, 0.5, 1.0, 1.7, 3.0]))
def test_targets_follow_the_relative_rates_in_every_unit(student, data, size, alpha):
    positive = st.integers(1, 99).map(lambda count: count / 10)
    norms, left, start = (data.draw(some(positive, size)) for _ in range(3))
    start = start * data.draw(some(powers_of_ten, size))
    losses = left * start
    shares = [now / then for now, then in zip(exact(losses), exact(start))]
    mean_share, mean_norm = sum(shares) / size, float(sum(exact(norms)) / size)
    want = [mean_norm * float(share / mean_share) ** alpha for share in shares]
    assert_close(student(norms, losses, start, alpha), want, atol=0)


@answers("mmoe_mix")
@many
@given(data=st.data(), sizes=st.tuples(*[st.integers(1, 3)] * 4))
def test_a_mixture_is_finite_and_right_for_logits_of_any_size(student, data, sizes):
    rows, tasks, experts, hidden = sizes
    logits = st.one_of(decimals, st.sampled_from([-1000.0, 0.0, 999.5, 1000.0]))
    expert_out = data.draw(some(decimals, rows * experts * hidden)).reshape(rows, experts, hidden)
    gate_logits = data.draw(some(logits, rows * tasks * experts)).reshape(rows, tasks, experts)
    shares = 1 / np.exp(np.minimum(gate_logits[..., None, :] - gate_logits[..., None], 700.0)).sum(axis=-1)
    assert_close(student(expert_out, gate_logits), shares @ expert_out, {"gate_logits": gate_logits}, atol=1e-6)


@answers("cgc_mix")
@many
@given(data=st.data(), sizes=st.tuples(*[st.integers(1, 3)] * 5))
def test_shared_and_own_experts_are_mixed_right_for_logits_of_any_size(student, data, sizes):
    rows, tasks, shared, own, hidden = sizes
    logits = st.one_of(decimals, st.sampled_from([-1000.0, 0.0, 999.5, 1000.0]))
    shared_out = data.draw(some(decimals, rows * shared * hidden)).reshape(rows, shared, hidden)
    own_out = data.draw(some(decimals, rows * tasks * own * hidden)).reshape(rows, tasks, own, hidden)
    gate_logits = data.draw(some(logits, rows * tasks * (shared + own))).reshape(rows, tasks, shared + own)
    shares = 1 / np.exp(np.minimum(gate_logits[..., None, :] - gate_logits[..., None], 700.0)).sum(axis=-1)
    want = [
        [s[t, :shared] @ x + s[t, shared:] @ z[t] for t in range(tasks)] for s, x, z in zip(shares, shared_out, own_out)
    ]
    assert_close(student(shared_out, own_out, gate_logits), want, {"gate_logits": gate_logits}, atol=1e-6)


@answers("lookahead_affinity")
@many
@given(data=st.data(), size=st.integers(1, 4))
def test_an_affinity_is_the_same_in_every_unit(student, data, size):
    ratios = st.integers(1, 30).map(lambda count: count / 10)
    units = st.integers(-9, 9).map(lambda exponent: 10.0**exponent)
    before = data.draw(some(units, size)) * data.draw(some(ratios, size))
    after = before * data.draw(some(ratios, size * size)).reshape(size, size)
    want = [[float(1 - now / then) for now, then in zip(exact(row), exact(before))] for row in after]
    assert_close(student(before, after), want, atol=1e-9)


@answers("uncertainty_loss")
@many
@given(data=st.data(), size=st.integers(1, 4))
def test_the_total_is_right_up_to_log_variances_of_60(student, data, size):
    losses = data.draw(some(st.integers(1, 999).map(lambda count: count / 10), size))
    log_var = data.draw(some(st.one_of(decimals, st.sampled_from([-60.0, 60.0])), size)).clip(-60, 60)
    terms = np.concatenate([0.5 * np.exp(-log_var) * losses, 0.5 * log_var])
    assert_close(student(tensor(losses), tensor(log_var)), terms.sum(), rtol=0, atol=1e-7 * np.abs(terms).sum())
