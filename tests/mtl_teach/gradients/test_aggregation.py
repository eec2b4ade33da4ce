"""Every method by its name: the properties that it promises, values against TorchJD, edge cases and bad input."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torchjd import aggregation as jd
from torchjd.linalg import QuadprogProjector

from mtl_teach.gradients import METHODS, aggregate, cosine_conflict, gramian_weights
from tests.mtl_teach.gradients.conftest import (
    CASES,
    DTYPE,
    IDS,
    assert_non_conflicting,
    assert_permutation_equivariant,
    assert_rotation_equivariant,
    assert_scale_equivariant,
    assert_stationary,
    every_method,
    jacobians,
    random_jacobian,
    seeded,
)

NON_CONFLICTING = [("mgda", {}), ("upgrad", {}), ("cagrad", {"c": 1.0}), ("cagrad", {"c": 2.0})]


@pytest.mark.parametrize(("method", "kw"), NON_CONFLICTING, ids=["mgda", "upgrad", "cagrad c=1", "cagrad c=2"])
def test_methods_that_promise_it_conflict_with_no_task(method, kw):
    for jacobian in jacobians():
        assert_non_conflicting(aggregate(jacobian, method, **kw)[0], jacobian)


@pytest.mark.parametrize("method", ["sum", "mean", "pcgrad", "imtl_g"])
def test_the_other_methods_do_conflict_somewhere(method):
    conflicts = 0
    for seed in range(50):
        jacobian = random_jacobian(4, n_params=5, seed=seed, spread=0.5)
        gradient, _ = aggregate(jacobian, method, **seeded(method, {}))
        conflicts += (jacobian @ gradient < -1e-6).any().item()
    assert conflicts > 0


@pytest.mark.parametrize(
    ("method", "kw"),
    [case for case in CASES if case[0] != "pcgrad"],
    ids=[name for name in IDS if name != "pcgrad"],
)
def test_the_order_of_the_tasks_does_not_matter(method, kw):
    for jacobian in jacobians():
        assert_permutation_equivariant(method, kw, jacobian)


@every_method
@pytest.mark.parametrize("scale", [1e-6, 3.0, 1e8])
def test_a_common_scale_passes_through(method, kw, scale):
    for jacobian in jacobians():
        assert_scale_equivariant(method, kw, jacobian, scale)


@every_method
def test_only_inner_products_count(method, kw):
    for jacobian in jacobians():
        assert_rotation_equivariant(method, kw, jacobian)


@pytest.mark.parametrize(("method", "kw"), NON_CONFLICTING[:3], ids=["mgda", "upgrad", "cagrad c=1"])
@pytest.mark.parametrize("n_tasks", [2, 3, 5, 8])
def test_at_a_pareto_stationary_point_the_step_is_zero(method, kw, n_tasks):
    for seed in range(10):
        assert_stationary(method, kw, n_tasks, seed)


@pytest.mark.parametrize("method", [method for method in METHODS if method != "imtl_g"])
def test_weights_are_never_negative(method):
    for jacobian in jacobians():
        assert (aggregate(jacobian, method)[1] >= 0).all()


def test_pcgrad_weights_are_at_least_one_and_imtl_g_weights_can_be_negative():
    assert all((aggregate(jacobian, "pcgrad")[1] >= 1).all() for jacobian in jacobians())
    assert any((aggregate(jacobian, "imtl_g")[1] < 0).any() for jacobian in jacobians())


@pytest.mark.parametrize("method", ["mean", "mgda", "imtl_g"])
def test_weights_sum_to_one_where_they_promise_it(method):
    for jacobian in jacobians():
        if torch.linalg.matrix_rank(jacobian) == len(jacobian):
            assert aggregate(jacobian, method)[1].sum().item() == pytest.approx(1.0)


@every_method
def test_the_gradient_is_the_weighted_sum_of_the_rows(method, kw):
    jacobian = random_jacobian(4)
    gradient, weights = aggregate(jacobian, method, **seeded(method, kw))
    torch.testing.assert_close(gradient, sum(w * g for w, g in zip(weights, jacobian)))


@pytest.mark.parametrize("n_tasks", [1, 2, 3, 5, 8, 16])
@pytest.mark.parametrize(
    ("method", "oracle"),
    [
        ("sum", jd.Sum()),
        ("mean", jd.Mean()),
        ("upgrad", jd.UPGrad(projector=QuadprogProjector(norm_eps=0.0, reg_eps=0.0))),
        ("imtl_g", jd.IMTLG()),
    ],
    ids=["sum", "mean", "upgrad", "imtl_g"],
)
def test_values_equal_torchjd_where_it_is_exact(method, oracle, n_tasks):
    for seed in range(5):
        jacobian = random_jacobian(n_tasks, seed=seed, spread=0.3)
        torch.testing.assert_close(aggregate(jacobian, method)[0], oracle(jacobian), rtol=1e-10, atol=1e-10)


@every_method
def test_a_single_task_keeps_its_direction(method, kw):
    jacobian = random_jacobian(1)
    factor = 1 + kw.get("c", 0.5) if method == "cagrad" else 1.0
    torch.testing.assert_close(aggregate(jacobian, method, **kw)[0], factor * jacobian[0])


@every_method
def test_all_gradients_zero_gives_zero_and_finite_weights(method, kw):
    gradient, weights = aggregate(torch.zeros(3, 5), method, **kw)
    assert torch.equal(gradient, torch.zeros(5))
    assert weights.isfinite().all()


@every_method
def test_one_zero_gradient_gives_finite_values(method, kw):
    jacobian = random_jacobian(3)
    jacobian[1] = 0.0
    gradient, weights = aggregate(jacobian, method, **kw)
    assert gradient.isfinite().all()
    assert weights.isfinite().all()


def test_a_task_without_labels_stops_mgda_and_not_the_others():
    jacobian = torch.tensor([[1.0, 0.0], [0.0, 0.0]], dtype=DTYPE)
    assert aggregate(jacobian, "mgda")[0].norm() == 0.0
    for method in ["sum", "pcgrad", "upgrad", "imtl_g"]:
        assert aggregate(jacobian, method)[0][0] > 0.4


@every_method
def test_duplicate_gradients_share_their_weight(method, kw):
    jacobian = random_jacobian(4)[[0, 1, 0, 2, 0]]
    gradient, weights = aggregate(jacobian, method, **kw)
    assert gradient.isfinite().all()
    if method != "pcgrad":
        torch.testing.assert_close(weights[[0, 2, 4]], weights[[0, 0, 0]])


@every_method
def test_two_equal_gradients_are_treated_alike(method, kw):
    weights = aggregate(torch.tensor([[1.0, 2.0], [1.0, 2.0]]), method, **kw)[1]
    assert weights[0] == weights[1] > 0


def test_opposite_gradients_cancel_in_every_method_that_looks_for_agreement():
    jacobian = torch.tensor([[1.0, 2.0], [-1.0, -2.0]])
    for method in ["pcgrad", "mgda", "upgrad", "imtl_g"]:
        assert aggregate(jacobian, method)[0].abs().max() < 1e-6


@every_method
@pytest.mark.parametrize("scale", [1e-25, 1e25])
def test_extreme_gradients_in_float32_keep_the_direction_of_float64(method, kw, scale):
    jacobian = random_jacobian(4) * scale
    got, weights = aggregate(jacobian.float(), method, **seeded(method, kw))
    expected, _ = aggregate(jacobian, method, **seeded(method, kw))
    assert got.dtype == weights.dtype == torch.float32
    assert got.isfinite().all()
    assert torch.cosine_similarity(got.double() / scale, expected / scale, dim=0).item() > 1 - 1e-6


@every_method
@pytest.mark.parametrize("scale", [1e-300, 1e-160, 1e160, 1e300])
def test_gradients_at_the_ends_of_float64_have_the_same_weights(method, kw, scale):
    jacobian = random_jacobian(4)
    expected = aggregate(jacobian, method, **seeded(method, kw))[1]
    torch.testing.assert_close(aggregate(jacobian * scale, method, **seeded(method, kw))[1], expected)


@every_method
@pytest.mark.parametrize("short", [1e-160, 2.3e-308, 5e-324])
def test_a_gradient_whose_square_vanishes_beside_another_gives_finite_weights(method, kw, short):
    jacobian = torch.tensor([[1.0, 0.0], [-short, short]], dtype=DTYPE)
    gradient, weights = aggregate(jacobian, method, **kw)
    assert gradient.isfinite().all()
    assert weights.isfinite().all()


@given(st.integers(1, 6), st.integers(1, 6), st.integers(0, 2**31), st.sampled_from(sorted(METHODS)))
def test_whatever_the_signs_and_zeros_the_weights_are_finite(n_tasks, n_params, seed, method):
    generator = torch.Generator().manual_seed(seed)
    jacobian = torch.randint(-2, 3, (n_tasks, n_params), generator=generator).to(DTYPE)
    gradient, weights = aggregate(jacobian, method)
    assert weights.isfinite().all()
    assert gradient.isfinite().all()
    if method in ("mgda", "upgrad"):
        assert_non_conflicting(gradient, jacobian)


MATRIX = torch.eye(3)


@pytest.mark.parametrize(
    ("gramian", "method", "error", "message"),
    [
        (MATRIX, "adam", ValueError, r"`method` must be one of 'sum', 'mean', .*'imtl_g'; got 'adam'\."),
        (
            torch.ones(2, 3),
            "mgda",
            ValueError,
            r"`gramian` must have shape \(n_tasks, n_tasks\) with at least one task; got \(2, 3\)\.",
        ),
        (torch.ones(3), "mgda", ValueError, r"`gramian` must have shape \(n_rows, n_columns\); got \(3,\)\."),
        (MATRIX.int(), "mgda", TypeError, r"`gramian` must have a floating-point dtype; got torch\.int32\."),
        (MATRIX.numpy(), "mgda", TypeError, r"`gramian` must be a torch tensor; got ndarray\."),
        (MATRIX * float("nan"), "mgda", ValueError, r"`gramian` must be finite; got nan at index \(0, 0\)\."),
        (-MATRIX, "mgda", ValueError, r"`gramian` must have a non-negative diagonal; got -1 at index 0\."),
        (
            torch.tensor([[1.0, 5.0], [5.0, 1.0]]),
            "cagrad",
            ValueError,
            r"`gramian` must hold inner products, none above the product of the two lengths; got 5 at index \(0, 1\)\.",
        ),
        (
            torch.tensor([[0.0, -5.0], [-5.0, 1.0]]),
            "pcgrad",
            ValueError,
            r"`gramian` must hold inner products, .*; got -5 at index \(0, 1\)\.",
        ),
        (
            torch.tensor([[1.0, 0.5], [-0.5, 1.0]]),
            "mgda",
            ValueError,
            r"`gramian` must be symmetric; got 0\.5 at index \(0, 1\)\.",
        ),
        (torch.ones(0, 0), "mean", ValueError, r"`gramian` must have shape .* at least one task; got \(0, 0\)\."),
    ],
    ids=[
        *("method", "not square", "vector", "integers", "array", "nan", "negative"),
        *("longer than the lengths", "product with nothing", "not symmetric", "no task"),
    ],
)
def test_bad_input_to_gramian_weights_is_named(gramian, method, error, message):
    with pytest.raises(error, match=message):
        gramian_weights(gramian, method)


def test_a_negative_radius_and_an_unknown_option_are_named():
    for c in (-1.0, float("inf"), float("nan")):
        with pytest.raises(ValueError, match=rf"`c` must be non-negative and finite; got {c:g}\."):
            gramian_weights(MATRIX, "cagrad", c=c)
    with pytest.raises(TypeError, match="unexpected keyword argument 'c'"):
        gramian_weights(MATRIX, "mgda", c=0.5)


@pytest.mark.parametrize("function", [cosine_conflict, lambda j: aggregate(j, "sum")], ids=["cosine", "aggregate"])
def test_a_jacobian_that_is_no_matrix_is_named(function):
    message = r"`jacobian` must have shape \(n_tasks, n_params\); got \(3,\)\."
    with pytest.raises(ValueError, match=message):
        function(torch.ones(3))


def test_a_jacobian_without_rows_or_with_a_nan_is_named():
    with pytest.raises(ValueError, match=r"`jacobian` must have at least one task; got none\."):
        aggregate(torch.ones(0, 4), "mgda")
    with pytest.raises(ValueError, match=r"`jacobian` must be finite; got nan at index \(0, 0\)\."):
        aggregate(torch.full((2, 4), float("nan")), "mgda")
