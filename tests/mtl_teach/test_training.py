"""The training loop: what it logs is what happened, it stops by its stated rule, and it repeats to the last bit."""

import sys

import numpy as np
import pandas
import pytest
import torch
from torch import nn

from mtl_teach import figures
from mtl_teach.gradients import METHODS, task_gradients
from mtl_teach.losses import masked_loss
from mtl_teach.models import FixedOutputScale, HardSharing, MMoE, SoftSharing
from mtl_teach.training import History, fit, minibatches
from mtl_teach.weighting import (
    DynamicWeightAverage,
    GradNorm,
    PerformanceWeighting,
    UncertaintyWeighting,
    WeightedSum,
)


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


X = torch.randn(60, 3, generator=seeded(1))
Y = X @ torch.tensor([[1.0, 0.5], [0.0, 1.0], [-1.0, 0.5]]) + 0.1 * torch.randn(60, 2, generator=seeded(2))


def mse(prediction, target):
    return (prediction - target).square().mean(dim=0)


def hard(generator=None):
    return HardSharing(3, 8, [1, 1], generator or seeded(3))


def run(weighting=None, *, model=None, generator=None, epochs=3, lr=0.05, **keywords):
    model = model or hard()
    weighting = WeightedSum([1.0, 1.0]) if weighting is None else weighting
    own = [] if isinstance(weighting, str) else list(weighting.parameters())
    optimiser = torch.optim.SGD([*model.parameters(), *own], lr=lr)
    batches = keywords.pop("batches", minibatches(X, Y, size=20))
    loss_fn = keywords.pop("loss_fn", mse)
    keywords.setdefault("quiet", True)
    history = fit(model, batches, loss_fn, weighting, optimiser, epochs, generator=generator or seeded(4), **keywords)
    return model, history


def parameters(model):
    return nn.utils.parameters_to_vector(model.parameters()).detach()


EVERY_WEIGHTING = {
    "weighted sum": lambda: WeightedSum([2.0, 0.5]),
    "uncertainty": lambda: UncertaintyWeighting(["regression", "regression"]),
    "dynamic weight average": lambda: DynamicWeightAverage(2),
    "GradNorm": lambda: GradNorm(2),
    **{method: (lambda method=method: method) for method in METHODS},
}
every_weighting = pytest.mark.parametrize("weighting", EVERY_WEIGHTING.values(), ids=EVERY_WEIGHTING)


class TestEveryWeighting:
    @every_weighting
    def test_trains(self, weighting):
        _, history = run(weighting(), epochs=30)
        losses = history.column("loss")
        assert (losses[-1] < 0.5 * losses[0]).all()

    @every_weighting
    def test_the_same_generator_gives_the_same_run_to_the_last_bit(self, weighting):
        (first, one), (second, two) = run(weighting()), run(weighting())
        assert torch.equal(parameters(first), parameters(second))
        assert one == two

    @every_weighting
    def test_the_global_random_state_is_untouched(self, weighting):
        before = torch.get_rng_state()
        run(weighting())
        assert torch.equal(torch.get_rng_state(), before)

    @every_weighting
    def test_the_first_epoch_logs_the_untrained_model(self, weighting):
        """One batch an epoch, so that the logged numbers can be computed beside the loop."""
        _, history = run(weighting(), batches=[(X, Y)], epochs=1)
        model = hard()
        losses = mse(model(X), Y)
        norms = task_gradients(losses, list(model.shared_parameters())).norm(dim=1)
        np.testing.assert_allclose(history.column("loss")[0], losses.detach())
        np.testing.assert_allclose(history.column("gradient_norm")[0], norms)
        assert np.isfinite(history.column("weight")).all()


class TestTheSteps:
    def test_agree_with_a_loop_written_out(self):
        trained, _ = run(WeightedSum([2.0, 0.5]), batches=[(X, Y)], epochs=5)
        model = hard()
        optimiser = torch.optim.SGD(model.parameters(), lr=0.05)
        for _ in range(5):
            optimiser.zero_grad()
            losses = mse(model(X), Y)
            (2.0 * losses[0] + 0.5 * losses[1]).backward()
            optimiser.step()
        torch.testing.assert_close(parameters(trained), parameters(model))

    def test_the_gradient_method_sum_equals_weights_of_one(self):
        (by_method, _), (by_weights, _) = run("sum"), run(WeightedSum([1.0, 1.0]))
        torch.testing.assert_close(parameters(by_method), parameters(by_weights))

    def test_fixed_weights_are_logged_as_given(self):
        _, history = run(WeightedSum([2.0, 0.5]))
        np.testing.assert_array_equal(history.column("weight"), [[2.0, 0.5]] * 3)

    def test_dynamic_weight_average_is_told_every_epoch(self):
        _, history = run(DynamicWeightAverage(2), epochs=4)
        np.testing.assert_array_equal(history.column("weight")[:2], np.ones((2, 2)))
        losses = torch.tensor(history.column("loss"))
        expected = 2 * torch.softmax(losses[1] / losses[0] / 2.0, dim=0)
        np.testing.assert_allclose(history.column("weight")[2], expected, rtol=1e-6)

    def test_gradnorm_moves_its_weights_and_keeps_their_sum(self):
        _, history = run(GradNorm(2), epochs=4)
        weights = history.column("weight")
        np.testing.assert_allclose(weights.sum(axis=1), 2.0, rtol=1e-6)
        assert np.ptp(weights, axis=0).min() > 1e-3

    def test_uncertainty_learns_its_log_variances(self):
        weighting = UncertaintyWeighting(["regression", "regression"])
        run(weighting, epochs=10)
        assert (weighting.log_variances.abs() > 1e-3).all()

    def test_performance_weighting_is_told_the_validation(self):
        _, history = run(
            PerformanceWeighting(2), epochs=2, validate=lambda model: np.array([0.9, 0.5]), higher_is_better=True
        )
        assert history.column("weight")[1, 1] > 1.9

    def test_a_batch_without_labels_of_one_task_trains_the_other(self):
        mask = torch.zeros(60, 2, dtype=torch.bool)
        mask[:, 0] = True
        target = torch.where(mask, Y, torch.nan)
        model, history = run(batches=minibatches(X, target, mask, size=20), loss_fn=masked_loss)
        np.testing.assert_array_equal(history.column("loss")[:, 1], 0.0)
        np.testing.assert_array_equal(history.column("gradient_norm")[:, 1], 0.0)
        assert torch.isfinite(parameters(model)).all()

    @pytest.mark.parametrize(
        "model",
        [
            lambda: SoftSharing(3, 8, [1, 1], tie="cross_stitch", generator=seeded(3)),
            lambda: MMoE(3, 2, 8, [1, 1], generator=seeded(3)),
            lambda: FixedOutputScale(hard(), [0.0, 0.0], [1.0, 2.0]),
            lambda: HardSharing(3, 8, [2], generator=seeded(3)),
        ],
        ids=["cross-stitch", "MMoE", "output scale", "one task"],
    )
    def test_every_model_trains(self, model):
        model = model()
        loss_fn = mse if model.n_tasks == 2 else lambda p, y: mse(p, y).mean().reshape(1)
        _, history = run(WeightedSum([1.0] * model.n_tasks), model=model, epochs=20, loss_fn=loss_fn)
        assert (history.column("loss")[-1] < history.column("loss")[0]).all()

    def test_where_nothing_is_shared_the_gradient_norm_is_nan(self):
        _, history = run(model=SoftSharing(3, 8, [1, 1], generator=seeded(3)))
        assert np.isnan(history.column("gradient_norm")).all()


class Recording(WeightedSum):
    """A weighting of one's own, which `fit` has never heard of; it writes down what it is told."""

    def __init__(self):
        super().__init__([1.0, 1.0])
        self.told = []

    def forward(self, losses):
        self.told.append(("forward", losses.tolist()))
        return super().forward(losses)

    def before_backward(self, losses, model):
        task_gradients(losses, list(model.shared_parameters()))  # needs the graph
        self.told.append(("before_backward", losses.tolist()))

    def after_epoch(self, mean_losses):
        self.told.append(("after_epoch", mean_losses.tolist()))

    def after_validation(self, scores):
        self.told.append(("after_validation", scores.tolist()))


class TestHooks:
    def test_a_weighting_of_ones_own_is_told_at_its_times(self):
        weighting = Recording()
        scores = iter([[0.1, 0.2], [0.3, 0.4]])
        _, history = run(
            weighting, batches=[(X[:30], Y[:30]), (X[30:], Y[30:])], epochs=2, validate=lambda m: next(scores)
        )
        names = ["forward", "before_backward"] * 2 + ["after_epoch", "after_validation"]
        assert [name for name, _ in weighting.told] == names * 2
        for epoch, told in enumerate((weighting.told[:6], weighting.told[6:])):
            assert told[0][1] == told[1][1]
            np.testing.assert_array_equal(told[4][1], history.column("loss")[epoch])
            np.testing.assert_array_equal(told[5][1], history.column("validation")[epoch])

    def test_without_validation_it_is_told_of_none(self):
        weighting = Recording()
        run(weighting, epochs=2)
        assert "after_validation" not in {name for name, _ in weighting.told}

    def test_an_epoch_that_diverges_is_not_told(self):
        weighting = Recording()
        run(weighting, loss_fn=lambda p, y: mse(p, y) * torch.nan, on_divergence="stop")
        assert weighting.told == []

    def test_a_module_without_hooks_trains_as_well(self):
        class Halves(nn.Module):
            weights = torch.tensor([0.5, 0.5])

            def forward(self, losses):
                return losses.mean()

        (plain, _), (fixed, _) = run(Halves()), run(WeightedSum([0.5, 0.5]))
        torch.testing.assert_close(parameters(plain), parameters(fixed))

    def test_one_that_needs_metrics_is_refused_without_them(self):
        class Curious(Recording):
            needs_metrics = True

        message = r"`validate` must return metrics with higher_is_better=True for Curious; got validate=None, .*False\."
        with pytest.raises(ValueError, match=message):
            run(Curious())


class TestEarlyStopping:
    SCORES = (5.0, 4.0, 3.0, 3.0, 3.5, 3.0, 1.0)

    def test_stops_after_patience_epochs_without_a_strictly_better_score(self):
        scores = iter(self.SCORES)
        _, history = run(epochs=7, validate=lambda model: next(scores), patience=3)
        assert [row["validation"] for row in history.rows] == [5.0, 4.0, 3.0, 3.0, 3.5, 3.0]
        assert history.best_epoch == 3
        assert history.stop_reason == "No better validation for 3 epochs."

    def test_gives_back_the_parameters_of_the_best_epoch(self):
        scores, seen = iter(self.SCORES), []

        def validate(model):
            seen.append(parameters(model).clone())
            return next(scores)

        model, history = run(epochs=6, validate=validate, patience=3)
        assert torch.equal(parameters(model), seen[history.best_epoch - 1])
        assert not torch.equal(parameters(model), seen[-1])

    def test_also_when_the_epochs_run_out_first(self):
        scores, seen = iter([1.0, 2.0, 3.0]), []

        def validate(model):
            seen.append(parameters(model).clone())
            return next(scores)

        model, history = run(epochs=3, validate=validate, patience=10)
        assert torch.equal(parameters(model), seen[0])
        assert history.stop_reason == "All epochs are done."

    def test_without_patience_the_last_parameters_stay(self):
        scores, seen = iter([1.0, 2.0, 3.0]), []

        def validate(model):
            seen.append(parameters(model).clone())
            return next(scores)

        model, history = run(epochs=3, validate=validate)
        assert torch.equal(parameters(model), seen[-1])
        assert history.best_epoch == 1

    def test_larger_can_be_better(self):
        scores = iter([0.1, 0.5, 0.4])
        _, history = run(epochs=3, validate=lambda model: next(scores), higher_is_better=True)
        assert history.best_epoch == 2

    def test_per_task_scores_are_logged_and_their_mean_decides(self):
        scores = iter([torch.tensor([1.0, 3.0]), torch.tensor([2.5, 1.0])])
        _, history = run(epochs=2, validate=lambda model: next(scores))
        np.testing.assert_array_equal(history.column("validation"), [[1.0, 3.0], [2.5, 1.0]])
        assert history.best_epoch == 2

    def test_validation_runs_in_evaluation_mode_without_gradients(self):
        seen = []
        run(validate=lambda model: seen.append((model.training, torch.is_grad_enabled())) or 1.0)
        assert seen == [(False, False)] * 3

    def test_every_epoch_trains_in_training_mode_whatever_the_mode_before(self):
        model, modes = hard().eval(), []
        model.register_forward_pre_hook(lambda module, inputs: modes.append(module.training))
        run(model=model, batches=[(X, Y)], epochs=3, validate=lambda model: 1.0)
        assert modes == [True] * 3

    def test_a_validation_that_is_no_number_is_never_the_best_and_the_history_says_so(self):
        scores = iter([np.nan, 3.0, np.nan, np.nan])
        _, history = run(validate=lambda model: next(scores), patience=2, epochs=9)
        assert (history.best_epoch, len(history.rows)) == (2, 4)
        _, history = run(validate=lambda model: [np.nan, 1.0], patience=2, epochs=9)
        assert (history.best_epoch, len(history.rows)) == (None, 2)
        assert history.stop_reason == "No validation was a finite number for 2 epochs; none is the best."

    @pytest.mark.parametrize(
        "scores",
        [
            pandas.Series({"price": 1.0, "days": 2.0}),
            torch.tensor([1.0, 2.0], requires_grad=True),
            torch.tensor([1.0, 2.0], dtype=torch.bfloat16),
        ],
        ids=["Series", "tensor with a graph", "bfloat16"],
    )
    def test_takes_what_a_metric_returns(self, scores):
        _, history = run(validate=lambda model: scores, epochs=1)
        assert history.column("validation").tolist() == [[1.0, 2.0]]

    def test_without_validation_there_is_no_best_epoch(self):
        assert run()[1].best_epoch is None


class TestDivergence:
    @staticmethod
    def breaks_in_epoch_two():
        calls = iter(range(100))
        return lambda p, y: mse(p, y) * torch.tensor([1.0, torch.nan if next(calls) >= 3 else 1.0])

    def test_is_refused_naming_the_task_and_the_epoch(self):
        message = r"`loss_fn` must return finite losses; got \[.*nan\] in epoch 2 \(not finite: days\)\."
        with pytest.raises(FloatingPointError, match=message):
            run(loss_fn=self.breaks_in_epoch_two(), task_names=["price", "days"])

    def test_or_recorded_if_asked_and_the_parameters_stay_finite(self):
        model, history = run(loss_fn=self.breaks_in_epoch_two(), on_divergence="stop", epochs=9)
        assert len(history.rows) == 2
        assert "not finite: task 2" in history.stop_reason
        assert torch.isfinite(parameters(model)).all()

    def test_a_step_that_spoils_the_parameters_is_noticed_though_the_loss_was_finite(self):
        """The square root of 0 is 0, and its gradient is not finite."""
        message = r"`loss_fn` must have finite gradients; got a step in epoch 1 that spoils "
        with pytest.raises(FloatingPointError, match=message):
            run(loss_fn=lambda p, y: mse(p, y) + (p * 0).sum().sqrt(), batches=[(X, Y)], epochs=1)

    def test_a_learning_rate_that_is_far_too_large_is_noticed(self):
        _, history = run(lr=1e6, on_divergence="stop", epochs=50)
        assert "must return finite losses" in history.stop_reason


class TestHistory:
    def test_it_is_a_plain_table_that_pandas_and_csv_read(self):
        """Rows with the same keys in the same order and plain numbers: all that a table reader needs."""
        _, history = run(task_names=["price", "days"], validate=lambda model: [1.0, 2.0])
        columns, *others = [list(row) for row in history.rows]
        assert all(other == columns for other in others)
        assert all(type(value) in (int, float) for row in history.rows for value in row.values())
        assert columns == [
            "epoch",
            *("loss/price", "loss/days", "weight/price", "weight/days"),
            *("gradient_norm/price", "gradient_norm/days", "validation/price", "validation/days"),
        ]
        assert [row["epoch"] for row in history.rows] == [1, 2, 3]

    @pytest.mark.parametrize("quantity", ["loss", "weight", "gradient_norm"])
    def test_figures_plot_it(self, quantity):
        _, history = run(task_names=["price", "days"])
        figure = figures.training_curves(history, quantity, title="Both fall", ylabel=quantity)
        assert "price: from" in figure.alt_text or "price: constant" in figure.alt_text

    def test_an_epoch_without_its_validation_has_a_gap_there(self):
        _, history = run(
            loss_fn=TestDivergence.breaks_in_epoch_two(), on_divergence="stop", validate=lambda model: [1.0, 2.0]
        )
        np.testing.assert_array_equal(history.column("validation"), [[1.0, 2.0], [np.nan, np.nan]])
        assert History(("a", "b")).column("loss").shape == (0, 2)

    @pytest.mark.parametrize(
        "names",
        [np.array(["a", "b"]), pandas.Index(["a", "b"]), [0, 1], ["km/h", "m/s"]],
        ids=["array", "index", "numbers", "units"],
    )
    def test_tasks_are_named_by_what_a_table_has(self, names, capsys):
        _, history = run(task_names=names, quiet=False)
        assert history.task_names == tuple(str(name) for name in names)
        assert history.column("loss").shape == (3, 2)

    def test_two_equal_records_are_equal(self):
        assert History(("a",), [{"epoch": 1}]) == History(("a",), [{"epoch": 1}])


class TestFrozenParameters:
    @pytest.mark.parametrize("weighting", [WeightedSum([1.0, 1.0]), "upgrad"], ids=["weighted sum", "upgrad"])
    @pytest.mark.parametrize("part", ["first layer", "one head"])
    def test_stay_as_they_are_and_the_others_are_trained(self, weighting, part):
        model = HardSharing(3, [8, 8], [1, 1], seeded(3))
        frozen = list((model.trunk[0] if part == "first layer" else model.heads[0]).parameters())
        before = [parameter.requires_grad_(False).clone() for parameter in frozen]
        head = model.heads[1].weight.detach().clone()
        _, history = run(weighting, model=model)
        assert all(torch.equal(parameter, old) for parameter, old in zip(frozen, before))
        assert not torch.equal(model.heads[1].weight, head)
        assert np.isfinite(history.column("gradient_norm")).all()

    def test_a_trunk_that_is_frozen_has_no_gradient_norm(self):
        model = hard()
        model.trunk.requires_grad_(False)
        assert np.isnan(run(model=model)[1].column("gradient_norm")).all()


class TestProgressBar:
    def test_shows_the_losses_by_task(self, capsys):
        run(quiet=False, task_names=["price", "days"])
        shown = capsys.readouterr().err
        assert "price=" in shown
        assert "days=" in shown

    def test_can_be_silenced(self, capsys):
        run(quiet=True)
        captured = capsys.readouterr()
        assert captured.err == captured.out == ""


class TestMinibatches:
    def test_every_row_comes_once_an_epoch_and_columns_stay_together(self):
        rows = torch.arange(10.0)
        batches = list(minibatches(rows, 2 * rows, size=4)(seeded()))
        assert [len(a) for a, _ in batches] == [4, 4, 2]
        assert torch.equal(torch.cat([a for a, _ in batches]).sort().values, rows)
        assert all(torch.equal(b, 2 * a) for a, b in batches)

    def test_the_order_changes_from_epoch_to_epoch(self):
        generator, batches = seeded(), minibatches(torch.arange(10.0), size=10)
        (first,), (second,) = batches(generator), batches(generator)
        assert not torch.equal(first[0], second[0])


def trained_by(optimiser, **keywords):
    arguments = {"model": hard(), "weighting": WeightedSum([1.0, 1.0]), **keywords}
    return fit(arguments["model"], [(X, Y)], mse, arguments["weighting"], optimiser, epochs=1, quiet=True)


def used_up():
    """A generator of batches: it has nothing left in the second epoch."""
    return ((X, Y) for _ in range(2))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: run(epochs=0), r"`epochs` must be an integer of at least 1; got 0\."),
        (lambda: run(task_names=["a"]), r"`task_names` must name 2 tasks; got 1\."),
        (lambda: run(patience=0, validate=lambda m: 1.0), r"`patience` must be an integer of at least 1; got 0\."),
        (lambda: run(patience=2), r"`validate` must be given where `patience` is; got None\."),
        (lambda: run("surgery"), r"`weighting` must be one of 'sum'.*; got 'surgery'\."),
        (lambda: run(on_divergence="ignore"), r"`on_divergence` must be one of 'raise', 'stop'; got 'ignore'\."),
        (
            lambda: fit(
                (model := hard()),
                [(X, Y)],
                mse,
                UncertaintyWeighting(["regression"] * 2),
                torch.optim.SGD(model.parameters(), lr=0.1),
                epochs=1,
            ),
            r"`optimiser` must hold the weighting's parameters; got only others\.",
        ),
        (
            lambda: run(PerformanceWeighting(2), validate=lambda m: [1.0, 1.0]),
            r"`validate` must return metrics with higher_is_better=True for PerformanceWeighting; got .*False\.",
        ),
        (lambda: run(batches=[]), r"`batches` must yield at least one batch every epoch; got none\."),
        (lambda: run(batches=used_up()), r"`batches` must yield at least one batch every epoch; got none\."),
        (
            lambda: run(loss_fn=lambda p, y: mse(p, y).sum()),
            r"`loss_fn` must return shape \(n_tasks,\) = \(2,\); got \(\)\.",
        ),
        (
            lambda: run(validate=lambda m: [1.0, 2.0, 3.0]),
            r"`validate` must return one number or shape \(n_tasks,\) = \(2,\); got \(3,\)\.",
        ),
        (lambda: minibatches(X, size=0), r"`size` must be an integer of at least 1; got 0\."),
        (
            lambda: minibatches(X, Y[:5], size=2),
            r"`tensors` must have the same number of rows, at least 1; got \[60, 5\]\.",
        ),
        (lambda: minibatches(X[:0], size=2), r"`tensors` must have the same number of rows, at least 1; got \[0\]\."),
        (lambda: run(epochs=1.5), r"`epochs` must be an integer of at least 1; got 1\.5\."),
        (lambda: run(task_names=["a", "a"]), r"`task_names` must be all different; got \['a', 'a'\]\."),
        (
            lambda: trained_by(torch.optim.SGD(hard().parameters(), 0.1)),
            r"`optimiser` must hold parameters of the model; ",
        ),
        (
            lambda: run(GradNorm(2), model=SoftSharing(3, 8, [1, 1])),
            r"`model` must share a weight matrix, whose gradients GradNorm compares; got none\.",
        ),
        (lambda: run()[1].column("los"), r"`quantity` must be one of 'gradient_norm', 'loss', 'weight'; got 'los'\."),
        (
            lambda: run(validate=lambda m: 1.0)[1].column("validation"),
            r"`quantity` must be one of 'gradient_norm', 'loss', 'weight'; got 'validation'\.",
        ),
    ],
)
def test_bad_input_is_refused_by_name(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: trained_by(None), r"`optimiser` must be a torch optimizer; got NoneType\."),
        (
            lambda: trained_by(torch.optim.SGD((m := nn.Linear(3, 2)).parameters(), 0.1), model=m),
            r"`model` must have n_tasks, .*; got Linear without n_tasks, shared_parameters, task_parameters\.",
        ),
        (
            lambda: trained_by(torch.optim.SGD((m := hard()).parameters(), 0.1), model=m, weighting=[1.0, 1.0]),
            r"`weighting` must be the name of a gradient method or a module of `weighting`; got list\.",
        ),
        (lambda: run(loss_fn=lambda p, y: list(mse(p, y))), r"`loss_fn` must return a torch tensor; got list\."),
        (lambda: run(validate=lambda m: None), r"`validate` must return one number or one per task; got None\."),
        (lambda: run(validate=lambda m: {"a": 1.0}), r"`validate` must hold numbers; got \{'a': 1\.0\}\."),
        (lambda: minibatches(X.numpy(), size=2), r"`tensors` must be torch tensors; got ndarray\."),
    ],
)
def test_what_is_of_the_wrong_kind_is_refused_by_name(call, message):
    with pytest.raises(TypeError, match=message):
        call()


def test_a_history_becomes_a_table_by_epoch():
    rows = [{"epoch": 1, "loss/a": 2.0, "loss/b": 3.0}, {"epoch": 2, "loss/a": 1.0, "loss/b": 2.5}]
    table = History(("a", "b"), rows).to_frame()
    assert (list(table.index), list(table.columns)) == ([1, 2], ["loss/a", "loss/b"])
    np.testing.assert_array_equal(table["loss/a"], [2.0, 1.0])
    assert History(("a",)).to_frame().empty


def test_without_pandas_a_history_names_the_repair(monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match=r"`History\.to_frame` needs pandas: `pip install pandas`"):
        History(("a",)).to_frame()
