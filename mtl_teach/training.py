"""One training loop to read in one sitting; nothing hidden behind callbacks.

::

    for every epoch:
        for every batch:
            losses = loss_fn(model(x), ...)          one loss per task
            step along the weighted sum, or along the combination of gradients that a method chooses
        log the losses, the weights, and the length of each task's gradient on the shared parameters
        ask validate; stop when it has had no new best for patience epochs

Per-task losses are always logged, because a total hides which task pays for it.
"""

import copy
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from tqdm import tqdm

from mtl_teach._tables import as_floats
from mtl_teach._validate import check_choice, check_count, must
from mtl_teach.gradients import METHODS, multitask_backward, task_gradients
from mtl_teach.weighting import TrainingHooks

Batch = Sequence[Tensor]
Batches = Iterable[Batch] | Callable[[torch.Generator | None], Iterable[Batch]]


@dataclass
class History:
    """What happened in each epoch, as plain rows; `to_frame` makes a table of them.

    Attributes
    ----------
    task_names : tuple of str
    rows : list of dict
        One per epoch, with the keys ``epoch`` (from 1), and for every task ``loss/<task>``, ``weight/<task>``,
        ``gradient_norm/<task>`` and, if there is validation, ``validation/<task>`` (or ``validation`` alone where
        `validate` returns one number).
    best_epoch : int or None
        The epoch with the best validation; None without validation.
    stop_reason : str
        Why training ended, as a sentence.

    Examples
    --------
    >>> rows = [{"epoch": 1, "loss/price": 0.9, "loss/days": 1.1}, {"epoch": 2, "loss/price": 0.4, "loss/days": 1.0}]
    >>> History(("price", "days"), rows).column("loss")
    array([[0.9, 1.1],
           [0.4, 1. ]])
    """

    task_names: tuple[str, ...]
    rows: list[dict[str, float]] = field(default_factory=list)
    best_epoch: int | None = None
    stop_reason: str = "All epochs are done."

    def column(self, quantity: str) -> np.ndarray:
        """Return "loss", "weight", "gradient_norm" or "validation" as an array (n_epochs, n_tasks).

        An epoch that ended before its validation has NaN there.

        Raises
        ------
        ValueError
            If the quantity was not logged for each task; a `validate` that returns one number logs it as
            ``row["validation"]``.
        """
        logged = {key.partition("/")[0] for row in self.rows for key in row if "/" in key}
        if self.rows:
            check_choice("quantity", quantity, sorted(logged))
        values = [[row.get(f"{quantity}/{name}", np.nan) for name in self.task_names] for row in self.rows]
        return np.array(values, dtype=float).reshape(len(self.rows), len(self.task_names))

    def to_frame(self) -> Any:
        """Return the rows as a ``pandas.DataFrame`` with the epoch as its index.

        Raises
        ------
        ImportError
            If pandas is not installed; the course does not need it.
        """
        try:
            import pandas
        except ImportError as cause:
            raise ImportError(
                "`History.to_frame` needs pandas: `pip install pandas`. `History.rows` does not."
            ) from cause
        return pandas.DataFrame(self.rows, columns=list(self.rows[0]) if self.rows else ["epoch"]).set_index("epoch")


def minibatches(*tensors: Tensor, size: int) -> Callable[[torch.Generator | None], Iterator[Batch]]:
    """Return batches for `fit`: all rows once an epoch, in a new random order.

    Parameters
    ----------
    *tensors : Tensor of shape (n_samples, ...)
        Cut together: features first, then what the loss function needs, such as targets and mask.
    size : int
        Rows per batch; the last one may be smaller.

    Returns
    -------
    callable(generator) -> iterator of tuples of Tensors
        One epoch, in an order that the generator decides.

    Raises
    ------
    ValueError
        If `size` is below 1, or the tensors do not have the same number of rows, or none.
    TypeError
        If something else than a tensor is given.

    Examples
    --------
    >>> batches = minibatches(torch.zeros(5, 2), torch.zeros(5), size=2)
    >>> [len(x) for x, y in batches(torch.Generator().manual_seed(0))]
    [2, 2, 1]
    """
    check_count("size", size)
    for tensor in tensors:
        if not isinstance(tensor, Tensor):
            raise TypeError(must("tensors", "be torch tensors", type(tensor).__name__))
    lengths = [len(tensor) for tensor in tensors]
    if len(set(lengths)) != 1 or lengths[0] == 0:
        raise ValueError(must("tensors", "have the same number of rows, at least 1", lengths))

    def one_epoch(generator: torch.Generator | None) -> Iterator[Batch]:
        for rows in torch.randperm(lengths[0], generator=generator).split(size):
            yield tuple(tensor[rows] for tensor in tensors)

    return one_epoch


def fit(
    model: Any,
    batches: Batches,
    loss_fn: Callable[..., Tensor],
    weighting: Any,
    optimiser: torch.optim.Optimizer,
    epochs: int,
    validate: Callable[[nn.Module], Any] | None = None,
    patience: int | None = None,
    generator: torch.Generator | None = None,
    *,
    higher_is_better: bool = False,
    task_names: Sequence[str] | None = None,
    on_divergence: str = "raise",
    quiet: bool = False,
) -> History:
    """Train a multi-task model in place and return what happened.

    Parameters
    ----------
    model : nn.Module
        With ``n_tasks``, ``shared_parameters()`` and ``task_parameters(task)``, such as those of `models`. Parameters
        that require no gradient are left as they are.
    batches : iterable of batches, or callable(generator) -> iterable of batches
        Asked anew every epoch, so a list or a DataLoader, or `minibatches`; not a generator that is used up. A batch
        is a sequence of tensors whose first is x.
    loss_fn : callable(model(x), *rest of the batch) -> Tensor of shape (n_tasks,)
    weighting : nn.Module or str
        One of `weighting`, or the name of a method of `gradients`. A weighting's `TrainingHooks` are called here, so
        that dynamic weight averages, GradNorm and performance weights are updated.
    optimiser : torch.optim.Optimizer
        Must hold parameters of the model, and the weighting's too, if it has any.
    epochs : int
        At least 1; the most that are done.
    validate : callable(model) -> float or array-like of shape (n_tasks,), optional
        Called after every epoch in evaluation mode without gradients. Its mean is what "best" means; a NaN, such as
        the AUC of one class, is never the best.
    patience : int, optional
        The stopping rule: end once that many epochs in a row brought no strictly better validation, and give the
        model back the parameters of the best epoch. Without it the last epoch's parameters stay.
    generator : torch.Generator, optional
        Decides the order of rows and of PCGrad's projections. With it, a model of known initial parameters and no
        dropout, two runs are equal to the last bit on one machine.
    higher_is_better : bool
        Whether a better validation is larger (a metric) or smaller (a loss).
    task_names : sequence of n_tasks str, optional
        By default "task 1", "task 2", ... All different.
    on_divergence : "raise" | "stop"
        What to do when a loss, or a parameter after an epoch, is no longer finite: refuse, or end and say so in the
        history.
    quiet : bool
        No progress bar.

    Returns
    -------
    History
        Losses are means over the epoch's batches, each taken before its step; weights are means over batches.
        Gradient norms are those of the *unweighted* losses with respect to all shared parameters, on the first batch
        of the epoch; NaN where nothing is shared.

    Raises
    ------
    ValueError
        If an argument does not fit the others (see the messages), or `batches` yields nothing.
    TypeError
        If an argument, or what one of the functions returns, is of the wrong kind.
    FloatingPointError
        If a loss or a parameter is not finite and `on_divergence` is "raise".

    Examples
    --------
    >>> from mtl_teach.models import HardSharing
    >>> from mtl_teach.weighting import WeightedSum
    >>> generator = torch.Generator().manual_seed(0)
    >>> x = torch.randn(64, 3, generator=generator)
    >>> model = HardSharing(3, 8, [1, 1], generator)
    >>> history = fit(model, minibatches(x, x[:, :2], size=16), lambda p, y: (p - y).square().mean(dim=0),
    ...               WeightedSum([1.0, 1.0]), torch.optim.Adam(model.parameters(), 0.01), epochs=20,
    ...               generator=generator, quiet=True)
    >>> history.column("loss").shape, bool((history.column("loss")[-1] < 0.2).all())
    ((20, 2), True)
    """
    _check_model(model)
    numbered = [f"task {task + 1}" for task in range(model.n_tasks)]
    names = tuple(str(name) for name in (numbered if task_names is None else task_names))
    _check(model, weighting, optimiser, epochs, validate, patience, higher_is_better, names)
    check_choice("on_divergence", on_divergence, ["raise", "stop"])
    history, hooks = History(names), _hooks(weighting)
    best_score, best_state = np.inf, None

    progress = tqdm(range(1, epochs + 1), disable=quiet, unit="epoch", leave=False)
    for epoch in progress:
        losses, weights, norms = _one_epoch(model, batches, loss_fn, weighting, optimiser, generator)
        row = {"epoch": epoch} | _named("loss", names, losses) | _named("weight", names, weights)
        history.rows.append(row | _named("gradient_norm", names, norms))
        if divergence := _say_diverged(model, epoch, names, losses):
            history.stop_reason = divergence
            if on_divergence == "raise":
                raise FloatingPointError(history.stop_reason)
            break
        hooks.after_epoch(torch.as_tensor(losses))
        progress.set_postfix({name: f"{loss:.3g}" for name, loss in zip(names, losses)})

        if validate is None:
            continue
        scores = _validation(model, validate, len(names))
        history.rows[-1] |= _named("validation", names, scores) if scores.ndim else {"validation": float(scores)}
        hooks.after_validation(torch.tensor(scores))
        score = -scores.mean() if higher_is_better else scores.mean()
        if score < best_score:
            best_score, history.best_epoch = score, epoch
            best_state = copy.deepcopy(model.state_dict()) if patience else None
        elif patience and epoch - (history.best_epoch or 0) >= patience:
            history.stop_reason = f"No better validation for {patience} epochs."
            if history.best_epoch is None:
                history.stop_reason = f"No validation was a finite number for {patience} epochs; none is the best."
            break

    progress.close()
    if best_state is not None:
        model.load_state_dict(best_state)
    return history


def _one_epoch(
    model: Any,
    batches: Batches,
    loss_fn: Callable[..., Tensor],
    weighting: Any,
    optimiser: torch.optim.Optimizer,
    generator: torch.Generator | None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Train once through the batches; return mean losses, mean weights and gradient norms, each (n_tasks,)."""
    seen_losses: list[Tensor] = []
    seen_weights: list[Tensor] = []
    norms = np.array([])
    model.train()
    for x, *rest in batches(generator) if callable(batches) else batches:
        losses = loss_fn(model(x), *rest)
        if not isinstance(losses, Tensor):
            raise TypeError(must("loss_fn", "return a torch tensor", type(losses).__name__))
        if losses.shape != (model.n_tasks,):
            raise ValueError(must("loss_fn", f"return shape (n_tasks,) = ({model.n_tasks},)", tuple(losses.shape)))
        if not seen_losses:
            norms = _trunk_norms(losses, model)
        seen_losses.append(losses.detach())
        if not bool(losses.detach().isfinite().all()):
            seen_weights.append(torch.full_like(seen_losses[-1], torch.nan))
            break  # a step along a gradient that is not finite would destroy the parameters
        seen_weights.append(_step(losses, model, weighting, optimiser, generator))
    if not seen_losses:
        raise ValueError(must("batches", "yield at least one batch every epoch", "none"))
    return _mean(seen_losses), _mean(seen_weights), norms


def _step(
    losses: Tensor,
    model: Any,
    weighting: Any,
    optimiser: torch.optim.Optimizer,
    generator: torch.Generator | None,
) -> Tensor:
    """Take one step and return the weights (n_tasks,) that it used."""
    optimiser.zero_grad()
    if isinstance(weighting, str):
        heads = [_trainable(model.task_parameters(task)) for task in range(model.n_tasks)]
        options: dict[str, Any] = {"generator": generator} if weighting == "pcgrad" else {}
        weights = multitask_backward(losses, _trainable(model.shared_parameters()), heads, weighting, **options)
    else:
        weights = weighting.weights
        total = weighting(losses)
        _hooks(weighting).before_backward(losses, model)
        total.backward()
    optimiser.step()
    return weights.detach()


def _hooks(weighting: Any) -> TrainingHooks:
    """A weighting's own hooks; a gradient method, given by its name, and a module without hooks hear nothing."""
    return weighting if isinstance(weighting, TrainingHooks) else TrainingHooks()


def _trainable(parameters: Iterable[nn.Parameter]) -> list[Tensor]:
    return [parameter for parameter in parameters if parameter.requires_grad]


def _trunk_norms(losses: Tensor, model: Any) -> np.ndarray:
    shared = _trainable(model.shared_parameters())
    if not shared:
        return np.full(len(losses), np.nan)
    return task_gradients(losses, shared).norm(dim=1).cpu().double().numpy()


def _validation(model: nn.Module, validate: Callable[[nn.Module], Any], n_tasks: int) -> np.ndarray:
    model.eval()
    with torch.no_grad():
        scores = validate(model)
    if scores is None:
        raise TypeError(must("validate", "return one number or one per task", None))
    scores = as_floats("validate", scores)
    if scores.shape not in ((), (n_tasks,)):
        raise ValueError(must("validate", f"return one number or shape (n_tasks,) = ({n_tasks},)", scores.shape))
    return scores


def _mean(values: list[Tensor]) -> np.ndarray:
    return torch.stack(values).double().mean(dim=0).cpu().numpy()


def _named(quantity: str, names: Sequence[str], values: np.ndarray) -> dict[str, float]:
    return {f"{quantity}/{name}": float(value) for name, value in zip(names, values)}


def _say_diverged(model: nn.Module, epoch: int, names: Sequence[str], losses: np.ndarray) -> str:
    """Say what is no longer finite after an epoch; nothing where all is."""
    if not np.isfinite(losses).all():
        culprits = ", ".join(name for name, loss in zip(names, losses) if not np.isfinite(loss))
        return f"`loss_fn` must return finite losses; got {losses.tolist()} in epoch {epoch} (not finite: {culprits})."
    for name, parameter in model.named_parameters():
        if not bool(parameter.detach().isfinite().all()):  # a finite loss can have a gradient that is not
            return must("loss_fn", "have finite gradients", f"a step in epoch {epoch} that spoils {name}")
    return ""


def _check_model(model: Any) -> None:
    needed = ("n_tasks", "shared_parameters", "task_parameters")
    if missing := [name for name in needed if not hasattr(model, name)]:
        need = f"have {', '.join(needed)}, as those of `models`"
        raise TypeError(must("model", need, f"{type(model).__name__} without {', '.join(missing)}"))


def _check(
    model: Any,
    weighting: Any,
    optimiser: torch.optim.Optimizer,
    epochs: int,
    validate: Any,
    patience: int | None,
    higher_is_better: bool,
    names: Sequence[str],
) -> None:
    check_count("epochs", epochs)
    if len(names) != model.n_tasks:
        raise ValueError(must("task_names", f"name {model.n_tasks} tasks", len(names)))
    if len(set(names)) != len(names):
        raise ValueError(must("task_names", "be all different", list(names)))
    if patience is not None:
        check_count("patience", patience)
    if not isinstance(optimiser, torch.optim.Optimizer):
        raise TypeError(must("optimiser", "be a torch optimizer", type(optimiser).__name__))
    held = {id(p) for group in optimiser.param_groups for p in group["params"]}
    if not any(id(p) in held for p in model.parameters()):
        raise ValueError(must("optimiser", "hold parameters of the model", "only others"))
    if patience is not None and validate is None:
        raise ValueError(must("validate", "be given where `patience` is", None))
    if isinstance(weighting, str):
        check_choice("weighting", weighting, METHODS)
        return
    if not isinstance(weighting, nn.Module):
        need = "be the name of a gradient method or a module of `weighting`"
        raise TypeError(must("weighting", need, type(weighting).__name__))
    if any(id(p) not in held for p in weighting.parameters()):
        raise ValueError(must("optimiser", "hold the weighting's parameters", "only others"))
    if _hooks(weighting).needs_metrics and (validate is None or not higher_is_better):
        need = f"return metrics with higher_is_better=True for {type(weighting).__name__}"
        raise ValueError(must("validate", need, f"validate={validate}, higher_is_better={higher_is_better}"))
