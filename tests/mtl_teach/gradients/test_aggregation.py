"""Gradient methods: properties over every method that promises them, values against TorchJD and KKT."""

import itertools

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn
from torchjd import aggregation as jd
from torchjd.autojac import jac_to_grad, mtl_backward
from torchjd.linalg import QuadprogProjector

from mtl_teach.gradients import (
    METHODS,
    aggregate,
    cosine_conflict,
    gramian_weights,
    multitask_backward,
    task_gradients,
)

DTYPE = torch.float64
CASES = [(method, {}) for method in METHODS] + [("cagrad", {"c": 1.0})]
IDS = [method + "".join(f" {key}={value}" for key, value in kw.items()) for method, kw in CASES]
every_method = pytest.mark.parametrize(("method", "kw"), CASES, ids=IDS)


def random_jacobian(n_tasks, n_params=30, seed=0, spread=0.0):
    """Return a Jacobian whose rows conflict about half of the time and differ in size by about 10**spread."""
    generator = torch.Generator().manual_seed(seed)
    rows = torch.randn(n_tasks, n_params, dtype=DTYPE, generator=generator)
    rows[:, 0] += 0.5
    return rows * 10 ** (spread * torch.randn(n_tasks, 1, dtype=DTYPE, generator=generator))


def jacobians():
    """Yield generic, unequal, dependent and wide Jacobians of 1 to 16 tasks."""
    for seed, n_tasks in enumerate([1, 2, 3, 5, 8, 16]):
        yield random_jacobian(n_tasks, seed=seed)
        yield random_jacobian(n_tasks, seed=seed + 100, spread=1.0)
        yield random_jacobian(n_tasks, n_params=3, seed=seed + 200)


def seeded(method, kw, seed=0):
    """Return the options of a method, with a fresh generator where it draws."""
    return {**kw, "generator": torch.Generator().manual_seed(seed)} if method == "pcgrad" else kw


# --- the properties, by name ---


def assert_non_conflicting(gradient, jacobian):
    """A small step against the gradient raises no loss."""
    norms = jacobian.norm(dim=1)
    slope = jacobian @ gradient / norms.clamp(min=1e-300)
    assert (slope >= -1e-6 * gradient.norm() - 1e-9 * norms.max()).all(), slope


def assert_permutation_equivariant(method, kw, jacobian):
    """Renaming the tasks permutes the weights and leaves the gradient."""
    order = torch.randperm(len(jacobian), generator=torch.Generator().manual_seed(1))
    gradient, weights = aggregate(jacobian, method, **kw)
    permuted_gradient, permuted_weights = aggregate(jacobian[order], method, **kw)
    size = jacobian.norm(dim=1).max()
    torch.testing.assert_close(permuted_gradient / size, gradient / size, rtol=1e-7, atol=1e-7)
    if torch.linalg.matrix_rank(jacobian) == len(jacobian):
        torch.testing.assert_close(permuted_weights, weights[order], rtol=1e-6, atol=1e-7)


def assert_scale_equivariant(method, kw, jacobian, scale):
    """All gradients times c: the gradient times c, the weights as they were."""
    gradient, weights = aggregate(jacobian, method, **seeded(method, kw))
    scaled_gradient, scaled_weights = aggregate(scale * jacobian, method, **seeded(method, kw))
    size = jacobian.norm(dim=1).max()
    torch.testing.assert_close(scaled_gradient / scale / size, gradient / size, rtol=1e-7, atol=1e-7)
    if torch.linalg.matrix_rank(jacobian) == len(jacobian):
        torch.testing.assert_close(scaled_weights, weights, rtol=1e-6, atol=1e-7)


def assert_stationary(method, kw, n_tasks, seed):
    """Where a positive combination of the gradients is 0, nothing can improve and the step is 0."""
    jacobian = random_jacobian(n_tasks, seed=seed)
    coefficients = torch.rand(n_tasks - 1, dtype=DTYPE, generator=torch.Generator().manual_seed(seed)) + 0.5
    jacobian[-1] = -coefficients @ jacobian[:-1]
    gradient, _ = aggregate(jacobian, method, **kw)
    assert gradient.norm() < 1e-6 * jacobian.norm(dim=1).max()


def assert_rotation_equivariant(method, kw, jacobian):
    """Rotating parameter space rotates the gradient: only inner products count."""
    generator = torch.Generator().manual_seed(3)
    rotation, _ = torch.linalg.qr(torch.randn(*[jacobian.shape[1]] * 2, dtype=DTYPE, generator=generator))
    gradient, _ = aggregate(jacobian, method, **seeded(method, kw))
    rotated, _ = aggregate(jacobian @ rotation, method, **seeded(method, kw))
    size = jacobian.norm(dim=1).max()
    torch.testing.assert_close(rotated / size, gradient @ rotation / size, rtol=1e-6, atol=1e-6)


NON_CONFLICTING = [("mgda", {}), ("upgrad", {}), ("cagrad", {"c": 1.0}), ("cagrad", {"c": 2.0})]


@pytest.mark.parametrize(("method", "kw"), NON_CONFLICTING, ids=["mgda", "upgrad", "cagrad c=1", "cagrad c=2"])
def test_methods_that_promise_it_conflict_with_no_task(method, kw):
    for jacobian in jacobians():
        assert_non_conflicting(aggregate(jacobian, method, **kw)[0], jacobian)


def test_pcgrad_conflicts_with_no_task_when_there_are_two():
    for seed in range(50):
        jacobian = random_jacobian(2, n_params=3, seed=seed, spread=1.0)
        assert_non_conflicting(aggregate(jacobian, "pcgrad")[0], jacobian)


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


def test_the_order_of_the_tasks_does_not_matter_to_pcgrad_when_there_are_two():
    for seed in range(20):
        assert_permutation_equivariant("pcgrad", {}, random_jacobian(2, seed=seed))


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


# --- values ---


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


@pytest.mark.parametrize("n_tasks", [2, 3, 5, 8])
def test_pcgrad_equals_torchjd_with_the_same_permutations(n_tasks):
    for seed in range(5):
        jacobian = random_jacobian(n_tasks, n_params=4, seed=seed)
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            expected = jd.PCGrad()(jacobian)
        got, _ = aggregate(jacobian, "pcgrad", generator=torch.Generator().manual_seed(seed))
        torch.testing.assert_close(got, expected, rtol=1e-12, atol=1e-12)


def test_pcgrad_on_the_gramian_equals_the_papers_loop_over_vectors():
    jacobian = random_jacobian(5, n_params=4, seed=3)
    generator = torch.Generator().manual_seed(7)
    total = torch.zeros(4, dtype=DTYPE)
    for i in range(5):
        running = jacobian[i].clone()
        for j in torch.randperm(5, generator=generator).tolist():
            if j != i and running @ jacobian[j] < 0:
                running -= (running @ jacobian[j]) / (jacobian[j] @ jacobian[j]) * jacobian[j]
        total += running
    got, _ = aggregate(jacobian, "pcgrad", generator=torch.Generator().manual_seed(7))
    torch.testing.assert_close(got, total, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("seed", range(8))
def test_pcgrad_tests_the_running_projection_and_not_the_gradient_it_started_from(seed):
    """The first task opposes both others, but no longer the third once it has yielded to the second."""
    jacobian = torch.tensor([[-1.0, 0.5], [1.0, 0.0], [0.1, 0.01]], dtype=DTYPE)
    order = torch.randperm(3, generator=torch.Generator().manual_seed(seed)).tolist()
    _, weights = aggregate(jacobian, "pcgrad", generator=torch.Generator().manual_seed(seed))
    assert (weights[2].item() == 1.0) == (order.index(1) < order.index(2))


def test_pcgrad_leaves_gradients_that_agree_alone():
    jacobian = torch.tensor([[1.0, 0.2], [1.0, -0.2], [0.5, 0.0]])
    assert aggregate(jacobian, "pcgrad")[1].tolist() == [1.0, 1.0, 1.0]


def test_pcgrad_draws_only_from_its_generator_when_given_one():
    state = torch.get_rng_state()
    aggregate(random_jacobian(5), "pcgrad", generator=torch.Generator().manual_seed(0))
    assert torch.equal(torch.get_rng_state(), state)


@pytest.mark.parametrize("n_tasks", [1, 2, 3, 5, 8, 16])
@pytest.mark.parametrize("n_params", [3, 30])
def test_mgda_satisfies_its_optimality_condition(n_tasks, n_params):
    """The shortest vector d of a hull has g . d >= d . d for every gradient, with = where the weight is > 0."""
    for seed in range(10):
        jacobian = random_jacobian(n_tasks, n_params=n_params, seed=seed, spread=0.3)
        gradient, weights = aggregate(jacobian, "mgda")
        slack = jacobian @ gradient - gradient @ gradient
        size = jacobian.norm(dim=1).max() ** 2
        assert slack.min() > -1e-12 * size
        assert (weights * slack).abs().max() < 1e-12 * size


def test_mgda_is_shorter_than_torchjds_iteration():
    for seed in range(10):
        jacobian = random_jacobian(8, n_params=10, seed=seed)
        assert aggregate(jacobian, "mgda")[0].norm() <= jd.MGDA()(jacobian).norm() + 1e-12


@given(st.lists(st.floats(-10, 10), min_size=4, max_size=4))
def test_mgda_of_two_tasks_is_the_clipped_closed_form(values):
    g1, g2 = torch.tensor(values, dtype=DTYPE).view(2, 2)
    difference = float((g1 - g2) @ (g1 - g2))
    alpha = 0.5 if difference == 0 else min(max(float((g2 - g1) @ g2) / difference, 0.0), 1.0)
    expected = alpha * g1 + (1 - alpha) * g2
    got, _ = aggregate(torch.stack([g1, g2]), "mgda")
    torch.testing.assert_close(got, expected, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize(("scale", "alpha"), [(1.0, 0.5), (10.0, 100 / 101), (100.0, 10000 / 10001)])
def test_mgda_follows_the_units_of_the_losses(scale, alpha):
    """Orthogonal gradients of lengths 1 and c: the first gets c² / (1 + c²)."""
    weights = aggregate(torch.tensor([[1.0, 0.0], [0.0, scale]], dtype=DTYPE), "mgda")[1]
    assert weights[0].item() == pytest.approx(alpha, abs=1e-12)


@pytest.mark.parametrize("n_tasks", [2, 3, 5, 8, 16])
def test_upgrad_only_adds_to_the_mean_and_harms_nobody_exactly(n_tasks):
    for seed in range(5):
        jacobian = random_jacobian(n_tasks, n_params=4, seed=seed)
        gradient, weights = aggregate(jacobian, "upgrad")
        assert (n_tasks * weights >= 1 - 1e-12).all()
        assert (jacobian @ gradient >= -1e-10).all()


@pytest.mark.parametrize("c", [0.2, 0.5, 0.9])
@pytest.mark.parametrize("n_tasks", [2, 3, 8])
def test_cagrad_has_the_direction_of_torchjd(n_tasks, c):
    for seed in range(5):
        jacobian = random_jacobian(n_tasks, seed=seed)
        ours, theirs = aggregate(jacobian, "cagrad", c=c)[0], jd.CAGrad(c=c, norm_eps=1e-10)(jacobian)
        assert torch.cosine_similarity(ours, theirs, dim=0).item() > 1 - 1e-7


@pytest.mark.parametrize("c", [0.2, 0.5, 1.0])
def test_cagrad_stays_in_its_ball_and_no_point_of_it_serves_the_worst_off_task_better(c):
    for seed in range(5):
        jacobian = random_jacobian(4, n_params=6, seed=seed)
        gradient, _ = aggregate(jacobian, "cagrad", c=c)
        mean = jacobian.mean(0)
        radius = c * mean.norm()
        assert (gradient - mean).norm().item() == pytest.approx(radius.item())
        steps = torch.randn(2000, 6, dtype=DTYPE, generator=torch.Generator().manual_seed(seed))
        near = gradient + 0.05 * radius * steps / steps.norm(dim=1, keepdim=True)
        others = mean + (near - mean) * (radius / (near - mean).norm(dim=1, keepdim=True)).clamp(max=1.0)
        assert (others @ jacobian.T).amin(dim=1).max() <= (jacobian @ gradient).min() + 1e-9


def test_cagrad_with_c_zero_is_the_mean():
    jacobian = random_jacobian(4)
    assert torch.equal(aggregate(jacobian, "cagrad", c=0.0)[1], aggregate(jacobian, "mean")[1])


def test_imtl_g_has_the_same_component_along_every_task():
    for seed in range(10):
        jacobian = random_jacobian(6, seed=seed, spread=1.0)
        gradient, _ = aggregate(jacobian, "imtl_g")
        components = jacobian @ gradient / jacobian.norm(dim=1)
        torch.testing.assert_close(components, components[:1].expand(6), rtol=1e-8, atol=1e-10)


# --- edge cases ---


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


@given(st.integers(1, 6), st.integers(1, 6), st.integers(0, 2**31), st.sampled_from(sorted(METHODS)))
def test_whatever_the_signs_and_zeros_the_weights_are_finite(n_tasks, n_params, seed, method):
    generator = torch.Generator().manual_seed(seed)
    jacobian = torch.randint(-2, 3, (n_tasks, n_params), generator=generator).to(DTYPE)
    gradient, weights = aggregate(jacobian, method)
    assert weights.isfinite().all()
    assert gradient.isfinite().all()
    if method in ("mgda", "upgrad"):
        assert_non_conflicting(gradient, jacobian)


# --- task gradients and cosines ---


def small_problem(n_tasks=3, seed=0, dtype=DTYPE):
    """Return (losses, trunk, heads, features) of a small network on random data."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        trunk = nn.Sequential(nn.Linear(4, 6), nn.Tanh(), nn.Linear(6, 5), nn.Tanh()).to(dtype)
        heads = nn.ModuleList([nn.Linear(5, 1) for _ in range(n_tasks)]).to(dtype)
        x, y = torch.randn(20, 4, dtype=dtype), torch.randn(20, n_tasks, dtype=dtype)
    features = trunk(x)
    pred = torch.cat([head(features) for head in heads], dim=1)
    return ((pred - y) ** 2).mean(0), trunk, heads, features


def head_parameters(heads):
    return [head.parameters() for head in heads]


def flat_grads(module):
    return torch.cat([param.grad.reshape(-1) for param in module.parameters()])


def test_task_gradients_are_those_of_one_backward_pass_a_task():
    losses, trunk, _, _ = small_problem()
    jacobian = task_gradients(losses, trunk.parameters())
    for task in range(3):
        trunk.zero_grad()
        losses[task].backward(retain_graph=True)
        torch.testing.assert_close(jacobian[task], flat_grads(trunk))


def test_task_gradients_equal_finite_differences():
    w = torch.tensor([0.3, -0.7], dtype=DTYPE, requires_grad=True)
    losses = lambda w: torch.stack([(w**3).sum(), torch.sin(w[0]) * w[1]])  # noqa: E731
    columns = [(losses(w + 1e-6 * e) - losses(w - 1e-6 * e)) / 2e-6 for e in torch.eye(2, dtype=DTYPE)]
    numeric = torch.stack(columns, dim=1)
    torch.testing.assert_close(task_gradients(losses(w), [w]), numeric.detach(), rtol=1e-8, atol=1e-8)


def test_a_list_of_losses_gives_what_the_stacked_losses_give():
    losses, trunk, heads, features = small_problem()
    rows = task_gradients(losses, trunk.parameters())
    torch.testing.assert_close(task_gradients(list(losses.unbind()), trunk.parameters()), rows)
    one_by_one = [((head(features) - 1) ** 2).mean() for head in heads]
    multitask_backward(one_by_one, trunk.parameters(), head_parameters(heads), "upgrad", features)
    got = flat_grads(trunk), flat_grads(heads)
    _, trunk, heads, features = small_problem()
    stacked = torch.stack([((head(features) - 1) ** 2).mean() for head in heads])
    multitask_backward(stacked, trunk.parameters(), head_parameters(heads), "upgrad", features)
    torch.testing.assert_close(got, (flat_grads(trunk), flat_grads(heads)))


def test_task_gradients_touch_no_grad_and_keep_the_graph():
    losses, trunk, heads, _ = small_problem()
    first = task_gradients(losses, trunk.parameters())
    assert all(param.grad is None for param in [*trunk.parameters(), *heads.parameters()])
    assert torch.equal(task_gradients(losses, trunk.parameters()), first)


def test_a_parameter_that_a_loss_ignores_has_gradient_zero():
    a, b = (torch.ones(2, requires_grad=True) for _ in range(2))
    jacobian = task_gradients(torch.stack([a.sum(), b.sum()]), [a, b])
    assert jacobian.tolist() == [[1, 1, 0, 0], [0, 0, 1, 1]]


def test_cosines_equal_torchs():
    jacobian = random_jacobian(5, spread=1.0)
    expected = torch.cosine_similarity(jacobian[:, None], jacobian[None], dim=2)
    torch.testing.assert_close(cosine_conflict(jacobian), expected)


@pytest.mark.parametrize("scale", [1e-30, 1e30])
def test_cosines_survive_extremes_in_float32(scale):
    cosines = cosine_conflict(torch.tensor([[1.0, 1.0], [1.0, 0.0], [-1.0, 0.0]]) * scale)
    expected = torch.tensor([[1, 0.5**0.5, -(0.5**0.5)], [0.5**0.5, 1, -1], [-(0.5**0.5), -1, 1]])
    torch.testing.assert_close(cosines, expected)


def test_a_zero_gradient_has_no_direction():
    cosines = cosine_conflict(torch.tensor([[0.0, 0.0], [1.0, 2.0]]))
    torch.testing.assert_close(cosines, torch.tensor([[0.0, 0.0], [0.0, 1.0]]))


# --- the backward pass ---


@pytest.mark.parametrize("through", ["parameters", "features"])
def test_with_sum_the_backward_pass_is_the_plain_one(through):
    losses, trunk, heads, _ = small_problem()
    losses.sum().backward()
    expected = flat_grads(trunk), flat_grads(heads)
    losses, trunk, heads, features = small_problem()
    features = features if through == "features" else None
    weights = multitask_backward(losses, trunk.parameters(), head_parameters(heads), "sum", features)
    torch.testing.assert_close((flat_grads(trunk), flat_grads(heads)), expected)
    assert weights.tolist() == [1.0, 1.0, 1.0]


@every_method
def test_the_shared_gradient_is_the_aggregate_and_each_head_gets_its_own(method, kw):
    losses, trunk, heads, _ = small_problem()
    expected, expected_weights = aggregate(task_gradients(losses, trunk.parameters()), method, **seeded(method, kw))
    plain = [torch.autograd.grad(loss, head.weight, retain_graph=True)[0] for loss, head in zip(losses, heads)]
    weights = multitask_backward(losses, trunk.parameters(), head_parameters(heads), method, **seeded(method, kw))
    torch.testing.assert_close(flat_grads(trunk), expected)
    torch.testing.assert_close(weights, expected_weights)
    torch.testing.assert_close([head.weight.grad for head in heads], plain)


@every_method
def test_the_features_trick_weighs_by_the_features_and_then_passes_the_trunk_once(method, kw):
    losses, trunk, heads, features = small_problem()
    _, expected_weights = aggregate(task_gradients(losses, [features]), method, **seeded(method, kw))
    expected = expected_weights @ task_gradients(losses, trunk.parameters())
    weights = multitask_backward(
        losses, trunk.parameters(), head_parameters(heads), method, features, **seeded(method, kw)
    )
    torch.testing.assert_close(weights, expected_weights)
    torch.testing.assert_close(flat_grads(trunk), expected)


def test_the_backward_pass_equals_torchjds():
    exact = jd.UPGrad(projector=QuadprogProjector(norm_eps=0.0, reg_eps=0.0))
    losses, trunk, heads, features = small_problem()
    mtl_backward(list(losses), features=features, retain_graph=True)
    jac_to_grad(trunk.parameters(), exact)
    expected = flat_grads(trunk), flat_grads(heads)
    losses, trunk, heads, _ = small_problem()
    multitask_backward(losses, trunk.parameters(), head_parameters(heads), "upgrad")
    torch.testing.assert_close((flat_grads(trunk), flat_grads(heads)), expected, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("through", ["parameters", "features"])
def test_gradients_add_to_what_is_there(through):
    grads = []
    for repeat in (1, 2):
        losses, trunk, heads, features = small_problem()
        for _ in range(repeat):
            losses, _, _, features = rebuilt(trunk, heads)
            chosen = features if through == "features" else None
            multitask_backward(losses, trunk.parameters(), head_parameters(heads), "mgda", chosen)
        grads.append((flat_grads(trunk), flat_grads(heads)))
    torch.testing.assert_close(grads[1], tuple(2 * grad for grad in grads[0]))


def rebuilt(trunk, heads):
    x = torch.linspace(-1, 1, 80, dtype=DTYPE).view(20, 4)
    features = trunk(x)
    pred = torch.cat([head(features) for head in heads], dim=1)
    return ((pred - 1) ** 2).mean(0), trunk, heads, features


def test_the_graph_is_freed_afterwards():
    losses, trunk, heads, _ = small_problem()
    multitask_backward(losses, trunk.parameters(), head_parameters(heads), "mgda")
    with pytest.raises(RuntimeError, match="backward through the graph a second time"):
        losses.sum().backward()


def test_a_head_without_parameters_is_welcome():
    losses, trunk, _, _ = small_problem()
    multitask_backward(losses, trunk.parameters(), [[], [], []], "upgrad")
    assert flat_grads(trunk).isfinite().all()


def test_descending_by_a_harmless_method_lowers_every_loss():
    for method in ["mgda", "upgrad"]:
        _, trunk, heads, _ = small_problem()
        before, *_ = rebuilt(trunk, heads)
        multitask_backward(before, trunk.parameters(), [[], [], []], method)
        with torch.no_grad():
            for param in trunk.parameters():
                param -= 1e-4 * param.grad
        after, *_ = rebuilt(trunk, heads)
        assert (after < before).all()


# --- bad input ---

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
        (torch.ones(0, 0), "mean", ValueError, r"`gramian` must have shape .* at least one task; got \(0, 0\)\."),
    ],
    ids=["method", "not square", "vector", "integers", "array", "nan", "negative", "no task"],
)
def test_bad_input_to_gramian_weights_is_named(gramian, method, error, message):
    with pytest.raises(error, match=message):
        gramian_weights(gramian, method)


def test_a_negative_radius_and_an_unknown_option_are_named():
    with pytest.raises(ValueError, match=r"`c` must be non-negative; got -1\."):
        gramian_weights(MATRIX, "cagrad", c=-1.0)
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
    with pytest.raises(ValueError, match=r"`gramian` must be finite; got nan at index \(0, 0\)\."):
        aggregate(torch.full((2, 4), float("nan")), "mgda")


W = torch.ones(2, requires_grad=True)


@pytest.mark.parametrize(
    ("losses", "params", "error", "message"),
    [
        (W.sum(), [W], ValueError, r"`losses` must have shape \(n_tasks,\); got \(\)\."),
        ([1.0, 2.0], [W], TypeError, r"`losses` must be a torch tensor; got float\."),
        ([W], [W], ValueError, r"`losses` must have shape \(\); got \(2,\)\."),
        ([], [W], ValueError, r"`losses` must hold at least one task; got none\."),
        (torch.ones(2), [W], ValueError, r"`losses` must have a graph back to the parameters; got a tensor wi"),
        (W * 2, [], ValueError, r"`params` must hold at least one parameter; got none\."),
        (W * 2, [W, torch.ones(2)], ValueError, r"`params` must require gradients; got one .* at position 1\."),
        (W * 2, [1.0], TypeError, r"`params` must be a torch tensor; got float\."),
        (
            W * 2,
            [torch.ones(2, device="meta", requires_grad=True)],
            ValueError,
            r"`params` must be on the device of `losses`, cpu; got meta\.",
        ),
    ],
    ids=["scalar", "numbers", "vectors", "nothing", "no graph", "no parameter", "frozen", "number", "device"],
)
def test_bad_input_to_task_gradients_is_named(losses, params, error, message):
    with pytest.raises(error, match=message):
        task_gradients(losses, params)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"heads": [[]]}, r"`heads` must hold the parameters of 3 heads; got 1\."),
        ({"shared": []}, r"`shared` must hold at least one parameter; got none\."),
        ({"method": "adam"}, r"`method` must be one of .*; got 'adam'\."),
        ({"features": torch.ones(20, 5)}, r"`features` must have a graph back to `shared`; got a tensor without"),
    ],
    ids=["heads", "shared", "method", "features"],
)
def test_bad_input_to_the_backward_pass_is_named_and_leaves_no_gradient(arguments, message):
    losses, trunk, heads, _ = small_problem()
    given_ = {"shared": trunk.parameters(), "heads": head_parameters(heads), "method": "mgda", **arguments}
    with pytest.raises(ValueError, match=message):
        multitask_backward(losses, **given_)
    assert all(param.grad is None for param in itertools.chain(trunk.parameters(), heads.parameters()))
