"""Whether the running package, the installed one and the workspace are of one version."""

from __future__ import annotations

import json
from importlib import metadata
from pathlib import Path

from mtl_teach import __version__
from mtl_teach.learn.places import MANIFEST


def mismatch(workspace: Path) -> str:
    """What to do where two versions meet, in a sentence; empty where there is only one.

    Parameters
    ----------
    workspace : Path
    """
    installed, made = _installed(), _made_by(workspace)
    if installed not in ("", __version__):
        return (
            f"mtl-teach {installed} was installed while this kernel runs {__version__}: choose Kernel → Restart "
            "Kernel and run your cells again. What you wrote and your progress stay."
        )
    if made not in ("", __version__):
        return (
            f"This workspace was last brought up to date by mtl-teach {made}, and this is {__version__}: run "
            "`mtl-teach start` with the newer of the two. What you wrote and your progress stay."
        )
    return ""


def _installed() -> str:
    """The version on the disk now, which may no longer be the one that was imported."""
    try:
        return metadata.version("mtl-teach")
    except metadata.PackageNotFoundError:  # a copy of the sources that was never installed
        return ""


def _made_by(workspace: Path) -> str:
    try:
        return str(json.loads((workspace / MANIFEST).read_text(encoding="utf-8"))["course"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""  # `mtl-teach start` keeps a damaged one aside and says so
