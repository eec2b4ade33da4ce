"""What a model costs: operations, under their two names, and measured latency.

One multiply-add is one MAC and two FLOPs. Papers and tools use "FLOPs" for both, a factor of 2 apart, so both numbers
are returned under their names. Only matrix products and convolutions are counted; activations, normalisations and
memory traffic are not, and a latency does not follow from either number.
"""

import time
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from mtl_teach._validate import check_count


class Latency(NamedTuple):
    """Middle and spread of the time for one forward pass, in milliseconds."""

    median_ms: float
    iqr_ms: float


def count_flops(model: Callable[[Tensor], Any], x: Tensor) -> dict[str, int]:
    """Count the multiply-adds of one forward pass.

    Parameters
    ----------
    model : callable
        Usually an ``nn.Module``.
    x : Tensor of shape (n_samples, ...)
        The count is for all of `x`; pass one sample for the cost of one prediction.

    Returns
    -------
    dict with keys "macs" and "flops"
        flops = 2 * macs.

    Examples
    --------
    A linear layer from 10 to 4 units multiplies and adds 40 times a sample.

    >>> count_flops(torch.nn.Linear(10, 4), torch.zeros(1, 10))
    {'macs': 40, 'flops': 80}
    """
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        model(x)
    flops = counter.get_total_flops()
    return {"macs": flops // 2, "flops": flops}


def measure_latency(model: Callable[[Tensor], Any], x: Tensor, repeats: int = 100, warmup: int = 10) -> Latency:
    """Time forward passes without gradients, in evaluation mode.

    A mean would be ruled by a few interruptions of the machine, so the median is reported, with the interquartile
    range as the noise. On a CUDA device the clock waits until the work is done.

    Parameters
    ----------
    model : callable
        An ``nn.Module`` is put into evaluation mode meanwhile.
    x : Tensor of shape (n_samples, ...)
    repeats : int
        Passes that count; at least 2.
    warmup : int
        Passes before them that do not: the first ones allocate memory and fill caches.

    Returns
    -------
    Latency
        ``median_ms`` and ``iqr_ms``, in milliseconds for all of `x`.

    Raises
    ------
    ValueError
        If `repeats` is no integer of at least 2 or `warmup` no integer of at least 0.

    Examples
    --------
    >>> latency = measure_latency(torch.nn.Linear(10, 4), torch.zeros(1, 10), repeats=5, warmup=1)
    >>> latency.median_ms > 0 and latency.iqr_ms >= 0
    True
    """
    check_count("repeats", repeats, least=2)
    check_count("warmup", warmup, least=0)
    modes = [(m, m.training) for m in model.modules()] if isinstance(model, nn.Module) else []
    for module, _ in modes:
        module.training = False
    try:
        with torch.inference_mode():
            milliseconds = [_timed(model, x) for _ in range(warmup + repeats)][warmup:]
    finally:
        for module, mode in modes:
            module.training = mode
    low, median, high = np.percentile(milliseconds, [25, 50, 75])
    return Latency(float(median), float(high - low))


def _timed(model: Callable[[Tensor], Any], x: Tensor) -> float:
    start = time.perf_counter()
    model(x)
    if x.is_cuda:
        torch.cuda.synchronize(x.device)
    return 1000 * (time.perf_counter() - start)
