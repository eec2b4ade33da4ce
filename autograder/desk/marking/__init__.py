"""Marking written answers with the mark scheme in view: one page on this machine, one question after the other.

The page marks through nbgrader's gradebook, as formgrader does; a second marker's marks are kept apart and compared.
"""
