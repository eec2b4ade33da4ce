"""Import the packages of methods, for whoever loads the library by going through its modules.

The grader's process does so before it forks: what is in memory then is not read again for every answer, and a function
that an exercise forbids is found by its name and blocked. A package that is not imported here would be neither.
"""

from mtl_teach import gradients, metrics, models, weighting

__all__ = ["gradients", "metrics", "models", "weighting"]
