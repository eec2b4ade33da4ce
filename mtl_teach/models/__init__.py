"""Five ways to share: one trunk, tied trunks, stitched trunks, and experts behind gates, without and with own ones.

::

    hard sharing      h = trunk(x);              y_t = head_t(h)
    soft sharing, l2  h_t = trunk_t(x);          y_t = head_t(h_t), and the loss pays for ||trunk_t - trunk_s||²
    cross-stitch      h_t = sum_s a_ts h_s       after every layer of the trunks;  y_t = head_t(h_t)
    MMoE              h_t = sum_e gate_te(x) expert_e(x);                          y_t = head_t(h_t)
    CGC               the same, over shared experts and the task's own;            y_t = head_t(h_t)

Every model maps x (n_samples, n_features) to predictions (n_samples, n_tasks), one column per task, or more columns for
a task with several outputs. Heads are linear: regression labels may be negative, and losses take logits.

One way to share a file lives here, on one base class that says which parameters are shared. It may import torch and
`mtl_teach._validate`, nothing else of the course.

References
----------
Caruana, "Multitask Learning", 1997 (hard sharing). Duong et al., "Low Resource Dependency Parsing: Cross-lingual
Parameter Sharing in a Neural Network Parser", 2015, section 4 (l2 ties). Misra et al., "Cross-stitch Networks for
Multi-task Learning", 2016, eq. 1. Ma et al., "Modeling Task Relationships in Multi-task Learning with Multi-gate
Mixture-of-Experts", 2018, eqs. 6-8. Tang et al., "Progressive Layered Extraction (PLE)", 2020 (CGC).
"""

from mtl_teach.models.base import MultiTaskModel
from mtl_teach.models.cgc import CGC
from mtl_teach.models.hard_sharing import HardSharing
from mtl_teach.models.mmoe import MMoE
from mtl_teach.models.output_scale import FixedOutputScale
from mtl_teach.models.soft_sharing import SoftSharing

__all__ = [
    "CGC",
    "FixedOutputScale",
    "HardSharing",
    "MMoE",
    "MultiTaskModel",
    "SoftSharing",
]
