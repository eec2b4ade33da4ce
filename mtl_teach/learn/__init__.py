"""The learner's companion: workspace, progress, quick tests, widgets and the ``mtl-teach`` command.

A lesson needs a few names of it: ``from mtl_teach.learn import claim, explore, outcome, predict, quiz, say, size``.
The pages ``review.ipynb`` and ``written.ipynb`` need ``review`` and ``written``.
"""

from autograder.kernel import one_thread
from autograder.last_tried import watch
from mtl_teach.learn.browser import newer
from mtl_teach.learn.lesson.experiment import claim, say, size
from mtl_teach.learn.lesson.explore import explore
from mtl_teach.learn.lesson.place import follow
from mtl_teach.learn.lesson.predict import outcome, predict
from mtl_teach.learn.lesson.quick_test import quiz
from mtl_teach.learn.lesson.self_check import written
from mtl_teach.learn.reviewing.page import review

__all__ = ["claim", "explore", "outcome", "predict", "quiz", "review", "say", "size", "written"]

one_thread()
watch()
follow()
newer.watch()
