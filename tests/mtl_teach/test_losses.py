"""Masked losses, weighted sums and penalties, against scikit-learn and torch.nn.functional."""

import numpy as np
import pandas
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import log_loss, mean_absolute_error, mean_squared_error

from mtl_teach.losses import hinge_penalty, labels_and_mask, masked_loss, penalised_objective, weighted_sum

NAN = float("nan")
LOSSES = ["mse", "mae", "huber", "bce"]


def make_labels(n_samples=40, n_tasks=3, coverage=0.6, seed=0):
    """Return predictions, labels in [0, 1] with NaN where missing, and the mask, in float64."""
    generator = torch.Generator().manual_seed(seed)
    pred = torch.randn(n_samples, n_tasks, generator=generator, dtype=torch.float64)
    target = torch.rand(n_samples, n_tasks, generator=generator, dtype=torch.float64)
    mask = torch.rand(n_samples, n_tasks, generator=generator) < coverage
    return pred, target.masked_fill(~mask, NAN), mask


# --- values against independent oracles ---


@pytest.mark.parametrize(
    ("loss", "oracle"),
    [
        ("mse", lambda y, z, w: mean_squared_error(y, z, sample_weight=w)),
        ("mae", lambda y, z, w: mean_absolute_error(y, z, sample_weight=w)),
        ("bce", lambda y, z, w: log_loss(y.round(), 1 / (1 + np.exp(-z)), sample_weight=w)),
    ],
    ids=["mse", "mae", "bce"],
)
@pytest.mark.parametrize("weighted", [False, True], ids=["unweighted", "weighted"])
def test_a_task_loss_equals_scikit_learn_on_the_observed_rows(loss, oracle, weighted):
    pred, target, mask = make_labels()
    target = target.round() if loss == "bce" else target
    weight = torch.rand(40, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    got = masked_loss(pred, target, loss=loss, weight=weight if weighted else None)
    for task in range(3):
        rows = mask[:, task].numpy()
        y, z, w = (column[:, task].numpy()[rows] for column in (target, pred, weight))
        assert float(got[task]) == pytest.approx(oracle(y, z, w if weighted else None), abs=1e-12)


@pytest.mark.parametrize(
    ("loss", "oracle"),
    [
        ("mse", F.mse_loss),
        ("mae", F.l1_loss),
        ("huber", F.huber_loss),
        ("bce", F.binary_cross_entropy_with_logits),
        (F.mse_loss, F.mse_loss),
    ],
    ids=[*LOSSES, "callable"],
)
@pytest.mark.parametrize("reduction", ["none", "mean", "sum"])
def test_with_every_label_present_each_reduction_is_that_of_torch(loss, oracle, reduction):
    pred, target, _ = make_labels(coverage=2.0)
    if callable(loss):
        loss = lambda p, y: F.mse_loss(p, y, reduction="none")  # noqa: E731
    torch.testing.assert_close(
        masked_loss(pred, target, loss=loss, reduction=reduction), oracle(pred, target, reduction=reduction)
    )


def test_the_click_and_conversion_averages_of_the_first_exercise_sum_to_2_05():
    losses = torch.tensor([0.35, 0.85], dtype=torch.float64)
    assert float(weighted_sum(losses, [1.0, 2.0])) == pytest.approx(2.05)


def test_the_mean_runs_over_observed_labels_and_never_over_the_batch():
    pred = torch.full((4, 1), 3.0)
    target = torch.tensor([[1.0], [NAN], [NAN], [NAN]])
    assert masked_loss(pred, target).tolist() == [4.0]
    assert masked_loss(pred, target, reduction="mean").item() == 4.0


def test_mean_and_sum_count_labels_and_task_counts_tasks():
    pred = torch.zeros(4, 2)
    target = torch.tensor([[1.0, 3.0], [1.0, NAN], [1.0, NAN], [1.0, NAN]])
    assert masked_loss(pred, target).tolist() == [1.0, 9.0]
    assert masked_loss(pred, target, reduction="mean").item() == pytest.approx(13 / 5)
    assert masked_loss(pred, target, reduction="sum").item() == 13.0
    assert masked_loss(pred, target, reduction="none").tolist() == [[1, 9], [1, 0], [1, 0], [1, 0]]


def test_the_mask_decides_even_where_a_hidden_label_is_there():
    pred, target = torch.zeros(2, 1), torch.tensor([[1.0], [100.0]])
    assert masked_loss(pred, target, mask=torch.tensor([[True], [False]])).tolist() == [1.0]


def test_a_row_weight_is_the_same_for_every_task():
    pred, target, _ = make_labels()
    weight = torch.rand(40, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    by_row = masked_loss(pred, target, weight=weight)
    torch.testing.assert_close(by_row, masked_loss(pred, target, weight=weight[:, None].expand(40, 3)))


def test_integer_labels_are_welcome():
    pred = torch.zeros(2, 1)
    assert masked_loss(pred, torch.tensor([[1], [0]]), loss="bce").item() == pytest.approx(np.log(2))


# --- gradients ---


@pytest.mark.parametrize("loss", LOSSES)
def test_missing_labels_leave_no_nan_in_value_or_gradient(loss):
    pred, target, mask = make_labels()
    pred.requires_grad_()
    masked_loss(pred, target, loss=loss).sum().backward()
    assert pred.grad.isfinite().all()
    assert (pred.grad[~mask] == 0).all()
    assert (pred.grad[mask] != 0).all()


def test_masking_after_the_loss_would_have_given_nan_gradients():
    target = torch.tensor([[1.0], [NAN]])
    pred = torch.zeros(2, 1, requires_grad=True)
    torch.where(~target.isnan(), (pred - target) ** 2, 0.0).sum().backward()
    assert pred.grad.isnan().any()


def test_an_infinite_prediction_for_a_missing_label_does_no_harm():
    pred = torch.tensor([[0.0], [float("inf")]], requires_grad=True)
    loss = masked_loss(pred, torch.tensor([[1.0], [NAN]]))
    loss.sum().backward()
    assert loss.tolist() == [1.0]
    assert pred.grad.tolist() == [[-2.0], [0.0]]


def test_a_callable_that_is_infinite_at_zero_sees_only_observed_labels():
    pred = torch.tensor([[2.0], [3.0]], requires_grad=True)
    loss = masked_loss(pred, torch.tensor([[1.0], [NAN]]), loss=lambda p, y: y / p - torch.log(y / p) - 1)
    loss.sum().backward()
    assert loss.isfinite().all()
    assert pred.grad.isfinite().all()


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("n_samples", [0, 5], ids=["empty batch", "no label"])
@pytest.mark.parametrize("reduction", ["task", "mean", "sum"])
def test_no_label_at_all_gives_exactly_zero_loss_and_zero_gradient(loss, n_samples, reduction):
    pred = torch.ones(n_samples, 2, requires_grad=True)
    value = masked_loss(pred, torch.full((n_samples, 2), NAN), loss=loss, reduction=reduction)
    value.sum().backward()
    assert (value == 0).all()
    assert torch.equal(pred.grad, torch.zeros(n_samples, 2))


def test_a_task_without_labels_leaves_the_other_task_alone():
    pred = torch.ones(3, 2, requires_grad=True)
    target = torch.tensor([[0.0, NAN], [0.0, NAN], [NAN, NAN]])
    loss = masked_loss(pred, target)
    loss.sum().backward()
    assert loss.tolist() == [1.0, 0.0]
    assert pred.grad.tolist() == [[1.0, 0.0], [1.0, 0.0], [0.0, 0.0]]


def test_weights_that_are_all_zero_give_zero_and_not_nan():
    pred = torch.ones(3, 2, requires_grad=True)
    loss = masked_loss(pred, torch.zeros(3, 2), weight=torch.zeros(3))
    loss.sum().backward()
    assert loss.tolist() == [0.0, 0.0]
    assert (pred.grad == 0).all()


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("reduction", ["task", "none", "mean", "sum"])
def test_gradients_pass_gradcheck(loss, reduction):
    pred, target, _ = make_labels(n_samples=6)
    weight = torch.rand(6, dtype=torch.float64, generator=torch.Generator().manual_seed(2))
    assert torch.autograd.gradcheck(
        lambda p, w: masked_loss(p, target, loss=loss, weight=w, reduction=reduction),
        (pred.requires_grad_(), weight.requires_grad_()),
    )


@pytest.mark.parametrize("logit", [-200.0, -80.0, 80.0, 200.0])
@pytest.mark.parametrize("label", [0.0, 1.0])
def test_cross_entropy_from_logits_stays_finite_in_float32(logit, label):
    pred = torch.full((1, 1), logit, requires_grad=True)
    loss = masked_loss(pred, torch.full((1, 1), label), loss="bce")
    loss.sum().backward()
    wrong = (logit > 0) != (label > 0)
    assert loss.item() == pytest.approx(200.0 if abs(logit) == 200 else 80.0) if wrong else loss.item() < 1e-30
    assert pred.grad.item() == pytest.approx(np.sign(logit) if wrong else 0.0, abs=1e-30)


@pytest.mark.parametrize("loss", LOSSES)
def test_large_errors_stay_finite_in_float32(loss):
    pred = torch.tensor([[1e18], [-1e18]], requires_grad=True)
    value = masked_loss(pred, torch.zeros(2, 1), loss=loss)
    value.sum().backward()
    assert value.isfinite().all()
    assert pred.grad.isfinite().all()


# --- small algebra ---

VALUES = st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=8)


@given(VALUES, st.floats(0.1, 100.0))
def test_scaling_errors_by_c_scales_the_squared_loss_by_c_squared(values, scale):
    pred = torch.tensor(values, dtype=torch.float64)[:, None]
    target = torch.zeros_like(pred)
    scaled = masked_loss(scale * pred, target)
    torch.testing.assert_close(scaled, scale**2 * masked_loss(pred, target))


@given(VALUES, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(values, random):
    target = torch.tensor([NAN if random.random() < 0.3 else 0.0 for _ in values], dtype=torch.float64)
    pred = torch.tensor(values, dtype=torch.float64)
    order = list(range(len(values)))
    random.shuffle(order)
    shuffled = masked_loss(pred[order, None], target[order, None])
    torch.testing.assert_close(shuffled, masked_loss(pred[:, None], target[:, None]))


@given(VALUES, st.integers(1, 5))
def test_a_weight_of_k_is_the_row_repeated_k_times(values, k):
    pred = torch.tensor(values, dtype=torch.float64)[:, None]
    target = torch.ones_like(pred)
    weight = torch.ones(len(values), dtype=torch.float64)
    weight[0] = k
    repeated = torch.cat([pred[:1].expand(k - 1, 1), pred])
    torch.testing.assert_close(
        masked_loss(pred, target, weight=weight), masked_loss(repeated, torch.ones_like(repeated))
    )


@given(st.lists(st.tuples(st.floats(0, 1e3), st.floats(0, 1e3)), min_size=1, max_size=8))
def test_a_weighted_sum_is_the_inner_product(pairs):
    losses, weights = zip(*pairs)
    got = weighted_sum(torch.tensor(losses, dtype=torch.float64), weights)
    assert float(got) == pytest.approx(np.dot(losses, weights))


# --- weighted sum and penalties ---


def test_the_gradient_of_a_weighted_sum_is_the_weights():
    losses = torch.tensor([0.25, 4.0], requires_grad=True)
    total = weighted_sum(losses, torch.tensor([2.0, 0.5]))
    total.backward()
    assert total.item() == 2.5
    assert losses.grad.tolist() == [2.0, 0.5]


def test_a_weighted_sum_passes_gradcheck_in_losses_and_weights():
    losses, weights = (torch.tensor(v, dtype=torch.float64, requires_grad=True) for v in ([0.2, 4.0], [2.0, 0.5]))
    assert torch.autograd.gradcheck(weighted_sum, (losses, weights))


def test_a_single_task_with_weight_one_is_its_loss():
    assert weighted_sum(torch.tensor([0.7]), [1.0]).item() == pytest.approx(0.7)


@pytest.mark.parametrize(("lam", "objective"), [(0.02, 0.66), (0.10, 1.62)])
@pytest.mark.parametrize("kind", [float, torch.tensor], ids=["float", "tensor"])
def test_the_latency_objective_of_the_second_exercise(lam, objective, kind):
    assert float(penalised_objective(kind(0.42), kind(62.0), 50.0, lam)) == pytest.approx(objective)


def test_the_multiplier_carries_units_so_seconds_need_a_thousand_times_it():
    assert penalised_objective(0.42, 0.062, 0.050, 0.02) == pytest.approx(0.42024)
    assert penalised_objective(0.42, 0.062, 0.050, 20.0) == pytest.approx(0.66)


def test_the_hinge_of_a_mean_is_not_the_mean_of_the_hinge():
    latency = np.array([40.0, 60.0])
    assert hinge_penalty(latency, 50.0).mean() == 5.0
    assert hinge_penalty(latency.mean(), 50.0) == 0.0


@pytest.mark.parametrize("power", [1, 2, 3])
def test_the_gradient_at_the_budget_is_zero(power):
    value = torch.tensor(50.0, requires_grad=True)
    hinge_penalty(value, 50.0, power).backward()
    assert value.grad.item() == 0.0


@pytest.mark.parametrize("power", [1, 1.5, 2])
def test_the_penalty_passes_gradcheck_away_from_the_kink(power):
    value = torch.tensor([40.0, 49.9, 50.1, 62.0], dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda v: penalised_objective(v, v, 50.0, 0.1, power), (value,))


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_the_penalty_is_the_excess_and_never_negative(value, budget):
    assert hinge_penalty(value, budget) == max(value - budget, 0.0)
    tensor = torch.tensor(value, dtype=torch.float64)
    assert hinge_penalty(tensor, budget, 2).item() == pytest.approx(max(value - budget, 0.0) ** 2)


# --- bad input ---

ONES = torch.ones(8, 2)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"pred": torch.ones(8)}, ValueError, r"`pred` must have shape \(n_samples, n_tasks\); got \(8,\)\."),
        ({"pred": [[1.0]]}, TypeError, r"`pred` must be a torch tensor; got list\."),
        ({"pred": ONES.int()}, TypeError, r"`pred` must have a floating-point dtype; got torch\.int32\."),
        (
            {"target": torch.ones(8, 1)},
            ValueError,
            r"`target` must have shape \(n_samples, n_tasks\) = \(8, 2\); got \(8, 1\)\.",
        ),
        ({"target": ONES.numpy()}, TypeError, r"`target` must be a torch tensor; got ndarray\."),
        (
            {"mask": torch.ones(8, dtype=torch.bool)},
            ValueError,
            r"`mask` must have shape \(n_samples, n_tasks\) = \(8, 2\); got \(8,\)\.",
        ),
        ({"mask": ONES}, TypeError, r"`mask` must have a boolean dtype; got torch\.float32\."),
        (
            {"target": ONES * NAN, "mask": ONES > 0},
            ValueError,
            r"`target` must be a number wherever `mask` is True; got nan at index \(0, 0\)\.",
        ),
        (
            {"loss": "mape"},
            ValueError,
            r"`loss` must be one of 'mse', 'mae', 'huber', 'bce'; got 'mape'\.",
        ),
        (
            {"target": ONES * 2, "loss": "bce"},
            ValueError,
            r"`target` must lie in \[0, 1\] for loss \"bce\"; got 2 at index 0\.",
        ),
        (
            {"loss": F.mse_loss},
            ValueError,
            r"`loss` must return one loss per label, shape \(16,\); got \(\)\.",
        ),
        (
            {"reduction": "batch"},
            ValueError,
            r"`reduction` must be one of 'task', 'none', 'mean', 'sum'; got 'batch'\.",
        ),
        (
            {"weight": torch.ones(3)},
            ValueError,
            r"`weight` must have shape \(n_samples,\) = \(8,\); got \(3,\)\.",
        ),
        (
            {"weight": torch.ones(8, 1)},
            ValueError,
            r"`weight` must have shape \(n_samples, n_tasks\) = \(8, 2\); got \(8, 1\)\.",
        ),
        (
            {"weight": -torch.ones(8)},
            ValueError,
            r"`weight` must be non-negative and finite; got -1 at index \(0, 0\)\.",
        ),
        ({"weight": [1.0] * 8}, TypeError, r"`weight` must be a torch tensor; got list\."),
        ({"weight": ONES > 0}, TypeError, r"`weight` must have a floating-point dtype; got torch\.bool\."),
        (
            {"target": ONES.to("meta")},
            ValueError,
            r"`target` must be on the device of `pred`, cpu; got meta\.",
        ),
        (
            {"mask": (ONES > 0).to("meta")},
            ValueError,
            r"`mask` must be on the device of `pred`, cpu; got meta\.",
        ),
        (
            {"weight": ONES.to("meta")},
            ValueError,
            r"`weight` must be on the device of `pred`, cpu; got meta\.",
        ),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else None,
)
def test_bad_input_to_masked_loss_is_named(arguments, error, message):
    with pytest.raises(error, match=message):
        masked_loss(**{"pred": ONES, "target": ONES, **arguments})


@pytest.mark.parametrize(
    ("losses", "weights", "error", "message"),
    [
        ([1.0], [1.0], TypeError, r"`losses` must be a torch tensor; got list\."),
        (ONES, [1.0], ValueError, r"`losses` must have shape \(n_tasks,\); got \(8, 2\)\."),
        (ONES[0], [1.0], ValueError, r"`weights` must have shape \(n_tasks,\) = \(2,\); got \(1,\)\."),
        (ONES[0], [1.0, -2.0], ValueError, r"`weights` must be non-negative and finite; got -2 at index 1\."),
        (ONES[0], [NAN, 1.0], ValueError, r"`weights` must be non-negative and finite; got nan at index 0\."),
        (
            ONES[0],
            torch.ones(2, device="meta"),
            ValueError,
            r"`weights` must be on the device of `losses`, cpu; got meta\.",
        ),
    ],
    ids=["list", "matrix", "length", "negative", "nan", "device"],
)
def test_bad_input_to_weighted_sum_is_named(losses, weights, error, message):
    with pytest.raises(error, match=message):
        weighted_sum(losses, weights)


def test_a_penalty_with_a_power_below_one_or_a_negative_multiplier_is_named():
    with pytest.raises(ValueError, match=r"`power` must be at least 1; got 0\.5\."):
        hinge_penalty(60.0, 50.0, power=0.5)
    for lam in (-0.1, np.inf, np.nan):
        with pytest.raises(ValueError, match=rf"`lam` must be non-negative and finite; got {lam}\."):
            penalised_objective(0.4, 60.0, 50.0, lam=lam)


# --- labels from a table ---

TABLE = pandas.DataFrame({"click": [1, 0, 1], "conversion": [1.0, None, 0.0]})


@pytest.mark.parametrize("table", [TABLE, TABLE.convert_dtypes(), TABLE.to_numpy()], ids=["NaN", "pandas.NA", "array"])
def test_a_table_with_gaps_becomes_labels_and_a_mask_that_a_masked_loss_takes(table):
    target, mask = labels_and_mask(table)
    assert (target.dtype, mask.dtype) == (torch.get_default_dtype(), torch.bool)
    assert mask.tolist() == [[True, True], [True, False], [True, True]]
    losses = masked_loss(torch.zeros(3, 2), target, mask, "bce")
    torch.testing.assert_close(losses, torch.full((2,), float(np.log(2))))


def test_labels_come_in_the_dtype_that_is_asked_for():
    assert labels_and_mask([[1.0]], torch.float64)[0].dtype == torch.float64


@pytest.mark.parametrize(
    ("y", "error", "message"),
    [
        ([1.0, 2.0], ValueError, r"`y` must have shape \(n_samples, n_tasks\); got \(2,\)\."),
        ([["yes"]], TypeError, r"`y` must hold numbers; got 'yes' at index \(0, 0\)\."),
        (pandas.DataFrame({"word": ["yes"]}), TypeError, r"`y` must hold numbers; got 'yes' in column 'word'\."),
        (
            [[1.0, np.inf]],
            ValueError,
            r"`y` must be finite, or NaN where a label is missing; got inf at index \(0, 1\)\.",
        ),
    ],
)
def test_labels_that_are_no_table_of_numbers_are_named(y, error, message):
    with pytest.raises(error, match=message):
        labels_and_mask(y)


def seconds(step):
    """Unix time of four events that lie `step` seconds apart."""
    return 1_700_000_000 + step * np.arange(4.0)[:, None]


def test_labels_are_refused_in_a_dtype_that_cannot_tell_them_apart():
    """In float32, seconds since 1970 move in steps of two minutes."""
    message = (
        r"`dtype` must round the labels of task 0 by at most a thousandth of their spread; got torch\.float32, which "
    )
    with pytest.raises(ValueError, match=message):
        labels_and_mask(seconds(60))
    assert labels_and_mask(seconds(60), torch.float64)[0].diff(dim=0).tolist() == [[60.0]] * 3
    assert labels_and_mask(seconds(10**6))[0].dtype == torch.float32


@pytest.mark.parametrize(
    ("label", "dtype"),
    [(1e300, torch.float32), (70_000.0, torch.float16)],
    ids=["beyond float32", "beyond float16"],
)
def test_a_label_that_would_become_infinite_is_refused_even_alone(label, dtype):
    with pytest.raises(ValueError, match=r"`dtype` must round the labels of task 0 .* which rounds one by inf\."):
        labels_and_mask([[label]], dtype)


@pytest.mark.parametrize("constant", [0.1, 1_700_000_001.0])
def test_equal_labels_have_no_spread_that_rounding_could_hide(constant):
    assert labels_and_mask(np.full((3, 1), constant))[1].all()


def test_a_dtype_without_nan_cannot_hold_gaps():
    with pytest.raises(TypeError, match=r"`dtype` must have a floating-point dtype; got torch\.int64\."):
        labels_and_mask([[1.0, NAN]], torch.int64)


# --- what is handed over instead of a tensor, and half precision ---


@pytest.mark.parametrize(
    "mask", [[[True]], np.ones((1, 1), bool), pandas.DataFrame([[True]])], ids=["list", "array", "table"]
)
def test_a_mask_that_is_no_tensor_is_named(mask):
    with pytest.raises(TypeError, match=rf"`mask` must be a torch tensor; got {type(mask).__name__}\."):
        masked_loss(torch.zeros(1, 1), torch.zeros(1, 1), mask)


def test_a_callable_that_returns_no_tensor_is_named():
    with pytest.raises(TypeError, match=r"`loss` must return a torch tensor; got float\."):
        masked_loss(torch.zeros(1, 1), torch.zeros(1, 1), loss=lambda p, y: 1.0)


def test_a_callable_is_not_asked_about_no_label_at_all():
    pred = torch.zeros(3, 1, requires_grad=True)
    loss = masked_loss(pred, torch.full((3, 1), NAN), loss=lambda p, y: (p - y).abs() / p.abs().max())
    loss.sum().backward()
    assert loss.item() == 0.0
    assert torch.equal(pred.grad, torch.zeros(3, 1))


def test_a_callable_may_compute_in_another_precision():
    got = masked_loss(torch.zeros(2, 1), torch.ones(2, 1), loss=lambda p, y: (p - y).double() ** 2)
    assert (got.tolist(), got.dtype) == ([1.0], torch.float32)


@pytest.mark.parametrize("reduction", ["task", "mean"])
def test_a_mean_over_more_labels_than_float16_can_count_is_right(reduction):
    n = 100_000
    got = masked_loss(torch.zeros(n, 1).half(), torch.ones(n, 1), reduction=reduction)
    assert (got.flatten().tolist(), got.dtype) == ([1.0], torch.float16)


def test_weights_that_are_no_numbers_are_named():
    with pytest.raises(TypeError, match=r"`weights` must hold numbers; got 'high' at index \(0,\)\."):
        weighted_sum(torch.ones(2), ["high", "low"])
    assert weighted_sum(torch.ones(2), pandas.Series([1.0, 2.0])).item() == 3.0


def test_a_budget_from_numpy_limits_a_tensor():
    assert hinge_penalty(torch.tensor([60.0, 40.0]), np.array([50.0, 50.0])).tolist() == [10.0, 0.0]
