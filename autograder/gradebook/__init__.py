"""Records into nbgrader's database and out of it: what is released, what is entered, the marks, the feedback.

With ``authoring`` the only room that imports nbgrader; it may import everything above it.
"""

from autograder.gradebook import quick_start as quick_start  # before anything here imports nbgrader
