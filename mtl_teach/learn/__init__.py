"""The learner's companion: workspace, progress, quick tests, widgets and the ``mtl-teach`` command.

A lesson needs three names of it: ``from mtl_teach.learn import explore, predict, quiz``.
"""

from autograder.kernel import one_thread
from mtl_teach.learn.lesson.explore import explore
from mtl_teach.learn.lesson.predict import predict
from mtl_teach.learn.lesson.quick_test import quiz

__all__ = ["explore", "predict", "quiz"]

one_thread()
