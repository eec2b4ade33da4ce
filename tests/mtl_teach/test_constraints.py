"""Constraints by multipliers, against closed forms and cooper."""

import cooper
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from mtl_teach.constraints import Lagrangian, parity_gap
from mtl_teach.losses import hinge_penalty

DTYPE = torch.float64


def minimise(lagrangian, loss, violations, start, lr=0.05, steps=2000):
    """Alternate one descent and one ascent step; return the final point."""
    x = torch.tensor(start, dtype=DTYPE, requires_grad=True)
    for _ in range(steps):
        (gradient,) = torch.autograd.grad(lagrangian(loss(x), violations(x)), x)
        x = (x - lr * gradient).detach().requires_grad_()
        lagrangian.ascend(violations(x))
    return x.detach()


# --- the Lagrangian ---


@pytest.mark.parametrize("penalty", [0.0, 1.0, 5.0])
def test_an_active_constraint_reaches_the_closed_form_point_and_multiplier(penalty):
    """Minimise |x - (2, 2)|² subject to x1 + x2 <= 2: the solution is (1, 1) with multiplier 2."""
    lagrangian = Lagrangian(1, lr=0.05, penalty=penalty).double()
    x = minimise(lagrangian, lambda x: ((x - 2) ** 2).sum(), lambda x: x.sum()[None] - 2, [0.0, 0.0])
    np.testing.assert_allclose(x, [1.0, 1.0], atol=1e-6)
    np.testing.assert_allclose(lagrangian.multipliers, [2.0], atol=1e-6)


@pytest.mark.parametrize("penalty", [0.0, 1.0])
def test_an_inactive_constraint_ends_with_multiplier_zero(penalty):
    lagrangian = Lagrangian(1, lr=0.05, penalty=penalty).double()
    lagrangian.multipliers.fill_(3.0)
    x = minimise(lagrangian, lambda x: ((x - 2) ** 2).sum(), lambda x: x.sum()[None] - 10, [0.0, 0.0])
    np.testing.assert_allclose(x, [2.0, 2.0], atol=1e-6)
    assert lagrangian.multipliers.item() == 0.0


def test_a_multiplier_is_the_rate_at_which_the_loss_falls_with_the_budget():
    def solve(budget):
        lagrangian = Lagrangian(1, lr=0.05).double()
        x = minimise(lagrangian, lambda x: ((x - 2) ** 2).sum(), lambda x: x.sum()[None] - budget, [0.0, 0.0])
        return float(((x - 2) ** 2).sum()), lagrangian.multipliers.item()

    (low, _), (_, multiplier), (high, _) = solve(1.99), solve(2.0), solve(2.01)
    assert (low - high) / 0.02 == pytest.approx(multiplier, rel=1e-6)


def test_at_the_solution_the_kkt_conditions_hold_for_two_constraints():
    """One active and one inactive constraint on a quadratic with correlated axes."""
    hessian = torch.tensor([[2.0, 0.5], [0.5, 1.0]], dtype=DTYPE)
    violations = lambda x: torch.stack([1.0 - x[0], x[1] - 5.0])  # noqa: E731
    lagrangian = Lagrangian(2, lr=0.05).double()
    x = minimise(lagrangian, lambda x: x @ hessian @ x / 2, violations, [0.0, 0.0])
    jacobian = torch.tensor([[-1.0, 0.0], [0.0, 1.0]], dtype=DTYPE)
    np.testing.assert_allclose(hessian @ x + jacobian.T @ lagrangian.multipliers, 0.0, atol=1e-6)
    assert (violations(x) <= 1e-6).all()
    np.testing.assert_allclose(lagrangian.multipliers * violations(x), 0.0, atol=1e-6)


class ClosedForm(cooper.ConstrainedMinimizationProblem):
    """Cooper's statement of: minimise |x - (2, 2)|² subject to x1 + x2 <= 2."""

    def __init__(self, penalty):
        super().__init__()
        kind, coefficient = cooper.formulations.Lagrangian, None
        if penalty > 0:
            kind = cooper.formulations.AugmentedLagrangian
            coefficient = cooper.penalty_coefficients.DensePenaltyCoefficient(torch.tensor([penalty], dtype=DTYPE))
        self.budget = cooper.Constraint(
            multiplier=cooper.multipliers.DenseMultiplier(num_constraints=1, dtype=DTYPE),
            constraint_type=cooper.ConstraintType.INEQUALITY,
            formulation_type=kind,
            penalty_coefficient=coefficient,
        )

    def compute_cmp_state(self, x):
        state = cooper.ConstraintState(violation=x.sum()[None] - 2)
        return cooper.CMPState(loss=((x - 2) ** 2).sum(), observed_constraints={self.budget: state})


@pytest.mark.parametrize("penalty", [0.0, 1.0])
def test_every_step_equals_coopers_on_its_closed_form_problem(penalty):
    lr, dual_lr, steps = 0.05, 0.03, 40
    theirs = torch.zeros(2, dtype=DTYPE, requires_grad=True)
    problem = ClosedForm(penalty)
    optimiser = cooper.optim.AlternatingPrimalDualOptimizer(
        cmp=problem,
        primal_optimizers=torch.optim.SGD([theirs], lr=lr),
        dual_optimizers=torch.optim.SGD(problem.dual_parameters(), lr=dual_lr, maximize=True),
    )
    for step in range(1, steps + 1):
        optimiser.roll(compute_cmp_state_kwargs={"x": theirs})
        lagrangian = Lagrangian(1, lr=dual_lr, penalty=penalty).double()
        ours = minimise(
            lagrangian,
            lambda x: ((x - 2) ** 2).sum(),
            lambda x: x.sum()[None] - 2,
            [0.0, 0.0],
            lr=lr,
            steps=step,
        )
        np.testing.assert_allclose(ours, theirs.detach(), rtol=0, atol=1e-12)
        np.testing.assert_allclose(lagrangian.multipliers, problem.budget.multiplier.weight.detach(), atol=1e-12)


def test_ascent_finds_the_multiplier_that_a_penalty_would_need():
    """Loss (v - 62)² / 480 with budget 50: the exact penalty needs at least 0.05."""
    lagrangian = Lagrangian(1, lr=0.0005).double()
    value = minimise(
        lagrangian, lambda v: ((v - 62.0) ** 2).sum() / 480, lambda v: v - 50.0, [62.0], lr=20.0, steps=5000
    )
    assert value.item() == pytest.approx(50.0, abs=1e-3)
    assert lagrangian.multipliers.item() == pytest.approx(0.05, abs=1e-4)


@given(st.floats(-10, 10), st.floats(0, 10), st.floats(0.01, 10))
def test_the_augmented_term_is_the_saddle_value_and_its_slope_the_next_multiplier(violation, multiplier, penalty):
    lagrangian = Lagrangian(1, lr=penalty, penalty=penalty).double()
    lagrangian.multipliers.fill_(multiplier)
    g = torch.tensor([violation], dtype=DTYPE, requires_grad=True)
    lagrangian(torch.zeros((), dtype=DTYPE), g).backward()
    lagrangian.ascend(g)
    assert g.grad.item() == pytest.approx(lagrangian.multipliers.item(), abs=1e-9)


@pytest.mark.parametrize("penalty", [0.0, 2.0])
def test_the_lagrangian_passes_gradcheck(penalty):
    lagrangian = Lagrangian(3, lr=0.1, penalty=penalty).double()
    lagrangian.multipliers.copy_(torch.tensor([0.0, 0.5, 2.0]))
    loss = torch.tensor(0.3, dtype=DTYPE, requires_grad=True)
    violations = torch.tensor([0.4, -0.1, -3.0], dtype=DTYPE, requires_grad=True)
    assert torch.autograd.gradcheck(lagrangian, (loss, violations))


def test_no_gradient_reaches_the_multipliers_and_no_graph_is_kept():
    lagrangian = Lagrangian(1, lr=0.1)
    violations = torch.ones(1, requires_grad=True)
    lagrangian.ascend(violations)
    lagrangian(violations.sum(), violations).backward()
    assert not lagrangian.multipliers.requires_grad
    assert violations.grad.item() == pytest.approx(1.1)


def test_ascending_before_the_backward_pass_does_not_break_it():
    lagrangian = Lagrangian(1, lr=0.1)
    violations = torch.ones(1, requires_grad=True)
    objective = lagrangian(violations.sum(), violations)
    lagrangian.ascend(violations)
    objective.backward()
    assert violations.grad.item() == 1.0


def test_multipliers_rise_over_budget_fall_with_slack_and_never_go_below_zero():
    lagrangian = Lagrangian(2, lr=0.5)
    lagrangian.ascend(torch.tensor([2.0, -1.0]))
    assert lagrangian.multipliers.tolist() == [1.0, 0.0]
    lagrangian.ascend(torch.tensor([-1.0, 1.0]))
    assert lagrangian.multipliers.tolist() == [0.5, 0.5]


def test_multipliers_travel_with_the_state_dict():
    lagrangian = Lagrangian(2, lr=0.5)
    lagrangian.ascend(torch.tensor([2.0, 1.0]))
    other = Lagrangian(2, lr=0.5)
    other.load_state_dict(lagrangian.state_dict())
    assert torch.equal(other.multipliers, lagrangian.multipliers)
    assert list(lagrangian.parameters()) == []


def test_extreme_violations_stay_finite_in_float32():
    for penalty in (0.0, 1.0):
        lagrangian = Lagrangian(2, lr=1.0, penalty=penalty)
        violations = torch.tensor([1e15, -1e15], requires_grad=True)
        lagrangian.ascend(violations)
        value = lagrangian(torch.tensor(0.5), violations)
        value.backward()
        assert value.isfinite()
        assert violations.grad.isfinite().all()


# --- the fairness gap ---


def test_the_gap_is_the_difference_of_the_group_means():
    rng = np.random.default_rng(0)
    score, group = rng.random(50), rng.random(50) < 0.3
    gap = parity_gap(torch.tensor(score), torch.tensor(group))
    assert gap.item() == pytest.approx(score[group].mean() - score[~group].mean())
    assert parity_gap(torch.tensor(score), torch.tensor(~group)).item() == pytest.approx(-gap.item())


def test_the_gap_passes_gradcheck():
    group = torch.tensor([True, False, False, True, False])
    score = torch.rand(5, dtype=DTYPE, generator=torch.Generator().manual_seed(0)).requires_grad_()
    assert torch.autograd.gradcheck(lambda s: parity_gap(s, group), (score,))


def test_a_multiplier_bounds_the_gap_of_a_trained_score():
    generator = torch.Generator().manual_seed(0)
    group = torch.rand(400, generator=generator) < 0.5
    x = torch.randn(400, 2, generator=generator, dtype=DTYPE) + 1.5 * group[:, None]
    y = (x.sum(1) + torch.randn(400, generator=generator, dtype=DTYPE) > 1.5).to(DTYPE)

    def loss(w):
        return torch.nn.functional.binary_cross_entropy_with_logits(x @ w[:2] + w[2], y)

    def gap(w):
        return parity_gap(torch.sigmoid(x @ w[:2] + w[2]), group)

    free = minimise(Lagrangian(1, lr=0.1).double(), loss, lambda w: gap(w)[None] - 1.0, [0.0] * 3, lr=0.5)
    bound = minimise(Lagrangian(1, lr=0.1).double(), loss, lambda w: gap(w)[None] - 0.1, [0.0] * 3, lr=0.5)
    assert gap(free).item() > 0.3
    assert gap(bound).item() == pytest.approx(0.1, abs=1e-3)
    assert loss(bound) > loss(free)
    assert hinge_penalty(gap(bound), 0.1).item() < 1e-3


# --- bad input ---

SCORE, GROUP = torch.rand(4), torch.tensor([True, False, True, False])


@pytest.mark.parametrize(
    ("score", "group", "error", "message"),
    [
        (SCORE[None], GROUP, ValueError, r"`score` must have shape \(n_samples,\); got \(1, 4\)\."),
        (SCORE > 0, GROUP, TypeError, r"`score` must have a floating-point dtype; got torch\.bool\."),
        (SCORE, GROUP[:3], ValueError, r"`group` must have shape \(n_samples,\) = \(4,\); got \(3,\)\."),
        (SCORE, GROUP.int(), TypeError, r"`group` must have a boolean dtype; got torch\.int32\."),
        (SCORE, GROUP.to("meta"), ValueError, r"`group` must be on the device of `score`, cpu; got meta\."),
        (
            SCORE,
            torch.ones(4, dtype=torch.bool),
            ValueError,
            r"`group` must have at least one True and one False; got 4 True among 4\.",
        ),
        (
            SCORE[:0],
            GROUP[:0],
            ValueError,
            r"`group` must have at least one True and one False; got 0 True among 0\.",
        ),
    ],
    ids=["matrix", "dtype", "length", "integers", "device", "one side", "empty batch"],
)
def test_bad_input_to_the_gap_is_named(score, group, error, message):
    with pytest.raises(error, match=message):
        parity_gap(score, group)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"n_constraints": 0}, r"`n_constraints` must be an integer of at least 1; got 0\."),
        ({"n_constraints": 1.5}, r"`n_constraints` must be an integer of at least 1; got 1\.5\."),
        ({"lr": 0.0}, r"`lr` must be positive; got 0\."),
        ({"penalty": -1.0}, r"`penalty` must be non-negative; got -1\."),
    ],
    ids=["no constraint", "half a constraint", "lr", "penalty"],
)
def test_bad_settings_are_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        Lagrangian(**{"n_constraints": 1, "lr": 0.1, **arguments})


@pytest.mark.parametrize(
    ("violations", "error", "message"),
    [
        (torch.ones(()), ValueError, r"`violations` must have shape \(n_constraints,\) = \(2,\); got \(\)\."),
        ([1.0, 2.0], TypeError, r"`violations` must be a torch tensor; got list\."),
        (
            torch.ones(2, device="meta"),
            ValueError,
            r"`violations` must be on the device of `multipliers`, cpu; got meta\.",
        ),
    ],
    ids=["scalar", "list", "device"],
)
def test_bad_violations_are_named_both_ways(violations, error, message):
    lagrangian = Lagrangian(2, lr=0.1)
    with pytest.raises(error, match=message):
        lagrangian(torch.tensor(0.5), violations)
    with pytest.raises(error, match=message):
        lagrangian.ascend(violations)


def test_a_loss_that_is_no_scalar_is_named():
    with pytest.raises(ValueError, match=r"`loss` must have shape \(\); got \(2,\)\."):
        Lagrangian(1, lr=0.1)(torch.ones(2), torch.ones(1))


def test_a_nan_never_gets_into_the_multipliers():
    lagrangian = Lagrangian(2, lr=0.1)
    with pytest.raises(ValueError, match=r"`violations` must be finite; got nan at index 1\."):
        lagrangian.ascend(torch.tensor([1.0, float("nan")]))
    assert lagrangian.multipliers.tolist() == [0.0, 0.0]


@pytest.mark.parametrize("violation", [0.5, -0.5])
def test_a_tiny_penalty_tends_to_the_plain_lagrangian_in_float32_too(violation):
    """The difference of two squares divided by the penalty would cancel to 0."""
    plain, augmented = Lagrangian(1, lr=1.0), Lagrangian(1, lr=1.0, penalty=1e-10)
    for lagrangian in (plain, augmented):
        lagrangian.ascend(torch.tensor([2.0]))
    values = []
    for lagrangian in (plain, augmented):
        violations = torch.tensor([violation], requires_grad=True)
        value = lagrangian(torch.tensor(0.0), violations)
        value.backward()
        values.append((value.item(), violations.grad.item()))
    assert values[1] == pytest.approx(values[0], rel=1e-5)


def test_a_group_that_is_no_tensor_is_named():
    with pytest.raises(TypeError, match=r"`group` must be a torch tensor; got list\."):
        parity_gap(torch.tensor([0.9, 0.5]), [True, False])
