"""One model of each kind, for three tasks."""

import pytest
import torch

from mtl_teach.models import CGC, FixedOutputScale, HardSharing, MMoE, SoftSharing

N_FEATURES = 5


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


MODELS = {
    "hard sharing": lambda **kw: HardSharing(N_FEATURES, [16, 8], [1, 1, 1], **kw),
    "soft sharing, l2": lambda **kw: SoftSharing(N_FEATURES, [16, 8], [1, 1, 1], tie="l2", **kw),
    "cross-stitch": lambda **kw: SoftSharing(N_FEATURES, [16, 8], [1, 1, 1], tie="cross_stitch", **kw),
    "MMoE": lambda **kw: MMoE(N_FEATURES, 4, [16, 8], [1, 1, 1], **kw),
    "CGC": lambda **kw: CGC(N_FEATURES, 2, 1, [16, 8], [1, 1, 1], **kw),
    "hard sharing with output scale": lambda **kw: FixedOutputScale(
        HardSharing(N_FEATURES, [16, 8], [1, 1, 1], **kw), mean=[1.0, 2.0, 3.0], scale=[1.0, 10.0, 100.0]
    ),
}


every_model = pytest.mark.parametrize("make", MODELS.values(), ids=MODELS)
