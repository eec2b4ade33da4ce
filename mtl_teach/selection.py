r"""Labels that exist only for a chosen part of the samples: clicks and conversions, propensities.

Two families, for two different questions.

*The cascade.* A conversion can only follow a click, so over all impressions

.. math::
    P(\text{click} \wedge \text{conversion} \mid x)
    = P(\text{click} \mid x) \cdot P(\text{conversion} \mid \text{click}, x)

and both sides have a label for every impression (no click: a true 0). `esmm_loss` trains on these.

*The reweighting.* With :math:`o_i = 1` where the loss :math:`\ell_i` can be seen, which happens with
probability (propensity) :math:`p_i`, the average over all samples can be estimated from the seen ones:

.. math::
    \text{IPS} = \frac1n \sum_i \frac{o_i \ell_i}{p_i}, \qquad
    \text{SNIPS} = \frac{\sum_i o_i \ell_i / p_i}{\sum_i o_i / p_i}, \qquad
    \text{DR} = \frac1n \sum_i \hat\ell_i + \frac{o_i (\ell_i - \hat\ell_i)}{p_i}

where :math:`\hat\ell_i` is a guess (imputation) of the loss; DR's correction too can be divided by the sum of its
weights. None of them helps when whether a loss is seen
depends on something that neither the propensity nor the model knows.
"""

from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor

from mtl_teach._validate import (
    check_all,
    check_boolean,
    check_choice,
    check_floating,
    check_like,
    check_tensor,
)


def product_logit(a: Tensor, b: Tensor) -> Tensor:
    r"""Return the logit of :math:`\sigma(a)\,\sigma(b)` without forming the product.

    From :math:`1/(\sigma(a)\sigma(b)) - 1 = e^{-a} + e^{-b} + e^{-a-b}` follows
    ``-logsumexp(-a, -b, -a-b)``, which keeps its value and its gradient where the product underflows.

    Parameters
    ----------
    a, b : Tensor of the same shape
        Logits.

    Returns
    -------
    Tensor of that shape

    Raises
    ------
    TypeError
        If `a` or `b` is not a floating-point tensor.
    ValueError
        If shapes or devices differ.

    Examples
    --------
    >>> product_logit(torch.tensor(0.0), torch.tensor(0.0)).sigmoid()
    tensor(0.2500)
    """
    check_like("b", b, "a", a)
    check_floating("a", a)
    check_floating("b", b)
    return -torch.logsumexp(torch.stack([-a, -b, -a - b]), dim=0)


def esmm_loss(
    click_logit: Tensor,
    conv_logit: Tensor,
    click: Tensor,
    conv: Tensor,
    weight: Tensor | None = None,
    reduction: Literal["mean", "sum", "none"] = "mean",
) -> Tensor:
    """Train click and conversion rate together over all impressions.

    The loss of an impression is the cross-entropy of *click* under the click probability plus that of *click
    and conversion* under the product of both probabilities. The conversion rate has no loss of its own.

    Parameters
    ----------
    click_logit, conv_logit : Tensor of shape (n_samples,)
        Logits of P(click | x) and of P(conversion | click, x).
    click : Tensor of shape (n_samples,)
        0 or 1 (any numeric dtype, or bool).
    conv : Tensor of shape (n_samples,)
        0 or 1 where clicked; elsewhere ignored, and usually NaN.
    weight : Tensor of shape (n_samples,), optional
        Non-negative. "mean" then divides by the sum of the weights.
    reduction : {"mean", "sum", "none"}, default "mean"
        Over impressions. The paper sums.

    Returns
    -------
    Tensor of shape () or, for "none", (n_samples,)
        In nats. The mean over an empty batch is 0.

    Raises
    ------
    TypeError
        If a logit or `weight` is not a floating-point tensor.
    ValueError
        If shapes or devices differ, a label is neither 0 nor 1, or a weight is negative or not finite.

    References
    ----------
    Ma et al., Entire space multi-task model, SIGIR 2018, equation 3.

    Examples
    --------
    >>> zero = torch.zeros(2)
    >>> esmm_loss(zero, zero, torch.tensor([1.0, 0.0]), torch.tensor([1.0, float("nan")]))
    tensor(1.5301)
    """
    check_choice("reduction", reduction, ["mean", "sum", "none"])
    check_tensor("click_logit", click_logit, n_samples=None)
    check_like("conv_logit", conv_logit, "click_logit", click_logit)
    check_floating("conv_logit", conv_logit)
    check_like("conv", conv, "click_logit", click_logit)
    clicked = _labels(click, "click", click_logit)
    converted = _labels(torch.where(clicked == 1, conv, 0), "conv", click_logit)
    losses = F.binary_cross_entropy_with_logits(click_logit, clicked, reduction="none")
    both_logit = product_logit(click_logit, conv_logit)
    losses = losses + F.binary_cross_entropy_with_logits(both_logit, converted, reduction="none")
    weight = torch.ones_like(losses) if weight is None else _check_weight(weight, click_logit)
    losses = weight * losses
    if reduction == "none":
        return losses
    if reduction == "sum":
        return losses.sum()
    return _mean(losses, weight)


def inverse_propensity_loss(
    loss: Tensor, observed: Tensor, propensity: Tensor, clip: float = 0.0, normalise: bool = False
) -> Tensor:
    """Estimate the mean loss over all samples from the observed ones, each counted 1 / propensity times.

    Parameters
    ----------
    loss : Tensor of shape (n_samples,)
        Elementwise losses. Where not observed they may hold anything, but for a NaN-free gradient they must
        come from a filled label, as those of ``masked_loss(..., reduction="none")`` do.
    observed : bool Tensor of shape (n_samples,)
    propensity : Tensor of shape (n_samples,)
        P(observed | x), in (0, 1]. No gradient flows into it: a model could otherwise lower its loss by
        claiming that its mistakes are likely to be seen.
    clip : float, default 0.0
        Smaller propensities are raised to this, in [0, 1]. That is *bias* traded for variance: a sample of
        propensity p below `clip` counts p / clip times, so the estimate is too small by the mean of
        ``loss * (1 - p / clip)`` over such samples. At 1 every observed sample counts once.
    normalise : bool, default False
        False: IPS, divided by `n_samples`. True: SNIPS, divided by the sum of the weights of the observed
        samples: slightly biased in small samples, never outside the range of the losses, and unchanged when
        all propensities are wrong by the same factor.

    Returns
    -------
    Tensor of shape ()
        In the units of `loss`; 0 if nothing was observed.

    Raises
    ------
    TypeError
        If `loss` or `propensity` is not a floating-point tensor or `observed` is not boolean.
    ValueError
        If shapes or devices differ, a propensity is outside (0, 1], or `clip` is outside [0, 1].

    References
    ----------
    Horvitz & Thompson, JASA 1952; Swaminathan & Joachims, The self-normalized estimator for counterfactual
    learning, NeurIPS 2015; Schnabel et al., Recommendations as treatments, ICML 2016, section 3.

    Examples
    --------
    Losses 1 and 3, the second seen half of the time:

    >>> seen, propensity = torch.tensor([True, True]), torch.tensor([1.0, 0.5])
    >>> inverse_propensity_loss(torch.tensor([1.0, 3.0]), seen, propensity)
    tensor(3.5000)
    >>> inverse_propensity_loss(torch.tensor([1.0, 3.0]), seen, propensity, normalise=True)
    tensor(2.3333)
    """
    check_all("clip", clip, 0 <= clip <= 1, "lie in [0, 1]")
    _check_reweighting(loss, observed, propensity)
    weights = observed / propensity.detach().clamp(min=clip)
    return _mean(weights * loss.masked_fill(~observed, 0.0), weights if normalise else None)


def doubly_robust_loss(
    loss: Tensor,
    imputed: Tensor,
    observed: Tensor,
    propensity: Tensor,
    clip: float = 0.0,
    normalise: bool = False,
) -> Tensor:
    """Estimate the mean loss over all samples from imputed losses, corrected where the loss was observed.

    Right on average if the propensities are right *or* if the imputed losses are; wrong if both are wrong.
    A clipped propensity is a wrong one: below `clip` only the imputation can still be right.

    Parameters
    ----------
    loss : Tensor of shape (n_samples,)
        Elementwise losses, as in `inverse_propensity_loss`.
    imputed : Tensor of shape (n_samples,)
        A guess of every sample's loss. It keeps its gradient: detach it to train only on the correction.
    observed : bool Tensor of shape (n_samples,)
    propensity : Tensor of shape (n_samples,)
        P(observed | x), in (0, 1]. No gradient flows into it.
    clip : float, default 0.0
        Smaller propensities are raised to this, in [0, 1], as in `inverse_propensity_loss`.
    normalise : bool, default False
        False: the correction is divided by `n_samples`. True: by the sum of the weights of the observed samples, as
        in SNIPS; it then stays within the range of the observed errors of the imputation.

    Returns
    -------
    Tensor of shape ()
        In the units of `loss`; 0 for an empty batch, the mean imputed loss where nothing was observed. It can be
        negative even when no loss is.

    Raises
    ------
    TypeError
        If `loss`, `imputed` or `propensity` is not a floating-point tensor or `observed` is not boolean.
    ValueError
        If shapes or devices differ, a propensity is outside (0, 1], or `clip` is outside [0, 1].

    References
    ----------
    Robins, Rotnitzky & Zhao, JASA 1994; Wang et al., Doubly robust joint learning for recommendation on data
    missing not at random, ICML 2019.

    Examples
    --------
    >>> seen, propensity = torch.tensor([True, False]), torch.tensor([0.5, 0.5])
    >>> doubly_robust_loss(torch.tensor([1.0, 3.0]), torch.tensor([2.0, 2.0]), seen, propensity)
    tensor(1.)
    """
    check_all("clip", clip, 0 <= clip <= 1, "lie in [0, 1]")
    _check_reweighting(loss, observed, propensity)
    check_like("imputed", imputed, "loss", loss)
    check_floating("imputed", imputed)
    weights = observed / propensity.detach().clamp(min=clip)
    correction = weights * (loss - imputed).masked_fill(~observed, 0.0)
    return _mean(imputed) + _mean(correction, weights if normalise else None)


def _mean(terms: Tensor, weights: Tensor | None = None) -> Tensor:
    """Return the sum of the terms by that of the weights, or by their number; 0 where there is nothing to divide by."""
    wide = torch.promote_types(terms.dtype, torch.float32)  # a sum in float16 ends at 65504
    size = torch.ones_like(terms) if weights is None else weights
    divisor = size.sum(dtype=wide)
    return (terms.sum(dtype=wide) / torch.where(divisor > 0, divisor, 1.0)).to(terms.dtype)


def _labels(label: Tensor, name: str, reference: Tensor) -> Tensor:
    """Check labels that must be 0 or 1 and return them in the dtype of `reference`."""
    check_like(name, label, "click_logit", reference)
    check_all(name, label, (label == 0) | (label == 1), "be 0 or 1")
    return label.to(reference.dtype)


def _check_weight(weight: Tensor, reference: Tensor) -> Tensor:
    check_like("weight", weight, "click_logit", reference)
    check_floating("weight", weight)
    check_all("weight", weight, (weight >= 0) & weight.isfinite(), "be non-negative and finite")
    return weight


def _check_reweighting(loss: Tensor, observed: Tensor, propensity: Tensor) -> None:
    check_tensor("loss", loss, n_samples=None)
    check_like("observed", observed, "loss", loss)
    check_boolean("observed", observed)
    check_like("propensity", propensity, "loss", loss)
    check_floating("propensity", propensity)
    check_all("propensity", propensity, (propensity > 0) & (propensity <= 1), "lie in (0, 1]")
