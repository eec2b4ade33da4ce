"""A newer text of a notebook that the browser keeps: noticed by its stamp, taken without touching what was written.

A browser shows the copy that it keeps in preference to the one that the course ships, so that a new version would never
be seen. Each notebook carries what was delivered as a stamp; the course's own lie in the package.
"""

from __future__ import annotations

from autograder.files import Notebook
from mtl_teach import __version__
from mtl_teach.learn.workspace import merge

STAMP = "mtl_teach"  # its name among a notebook's metadata


def stamp(notebook: Notebook) -> Notebook:
    """The notebook with the stamp of this version: which cells are delivered, and with what text.

    Parameters
    ----------
    notebook : dict
        As it is delivered; it stays as it is.
    """
    cells = [list(pair) for pair in merge.delivered(notebook)]
    return {**notebook, "metadata": {**notebook["metadata"], STAMP: {"version": __version__, "cells": cells}}}
