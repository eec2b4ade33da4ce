"""The instructor's and the author's commands: each is a few lines over the rooms above.

Nothing in the grader imports this room.
"""
