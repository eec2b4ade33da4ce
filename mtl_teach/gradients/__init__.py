r"""One gradient from several: methods that look at each task's gradient on the shared parameters.

The gradients of :math:`T` tasks are the rows :math:`g_1, \dots, g_T` of the Jacobian :math:`J`. A method
chooses one weight per task and steps along

.. math::  d = \sum_t w_t\, g_t = J^\top w

Every method here reads the gradients only through their inner products, the Gramian :math:`G = J J^\top`,
whose entry :math:`G_{ij} = g_i \cdot g_j` is negative where two tasks *conflict*. So each method is a short
function from a small matrix (n_tasks, n_tasks) to weights (n_tasks,), and the long vectors are touched
twice: once to form :math:`G`, once to add them up.

====== ============================================================ =================== ===============
method idea                                                         weights             can hurt a task
====== ============================================================ =================== ===============
sum    add the gradients                                            all 1               yes
mean   average them                                                 all 1/T             yes
pcgrad take from each gradient what opposes another, then add       at least 1          from 3 tasks on
mgda   shortest vector in the convex hull of the gradients          not negative, sum 1 no
upgrad move each gradient to the nearest harmless one, then average not negative        no
cagrad help the worst-off task, staying near the mean gradient      not negative        if c < 1
imtl_g the same component along every task's own direction          any sign, sum 1     yes
====== ============================================================ =================== ===============

"Hurt" is to first order: a step against :math:`d` raises loss :math:`t` if :math:`g_t \cdot d < 0`. What it
costs is one backward pass per task instead of one in all.

One method per file lives here, with the Jacobian that all start from and the backward pass that uses what they return;
`aggregation` knows the methods by name. It may import numerical libraries and `mtl_teach._validate`, nothing else of
the course.
"""

from mtl_teach.gradients.aggregation import METHODS, aggregate, gramian_weights
from mtl_teach.gradients.conflict import cosine_conflict
from mtl_teach.gradients.jacobian import task_gradients
from mtl_teach.gradients.step import multitask_backward

__all__ = [
    "METHODS",
    "aggregate",
    "cosine_conflict",
    "gramian_weights",
    "multitask_backward",
    "task_gradients",
]
