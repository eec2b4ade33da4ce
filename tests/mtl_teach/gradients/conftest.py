"""Jacobians that the tests of all methods use, what a method may promise about them, and a small network."""

import pytest
import torch
from torch import nn

from mtl_teach.gradients import METHODS, aggregate

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


def rebuilt(trunk, heads):
    x = torch.linspace(-1, 1, 80, dtype=DTYPE).view(20, 4)
    features = trunk(x)
    pred = torch.cat([head(features) for head in heads], dim=1)
    return ((pred - 1) ** 2).mean(0), trunk, heads, features
