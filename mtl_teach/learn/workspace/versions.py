"""Whether the running package and the workspace are of one version."""

from __future__ import annotations

import json
from pathlib import Path

from mtl_teach import __version__
from mtl_teach.learn.workspace.places import MANIFEST


def mismatch(workspace: Path) -> str:
    """What to do where two versions meet, in a sentence; empty where they are the same.

    Parameters
    ----------
    workspace : Path
    """
    made = _made_by(workspace)
    if made not in ("", __version__):
        return (
            f"This workspace was last brought up to date by mtl-teach {made}, and this is {__version__}: run "
            "`mtl-teach start` with the newer of the two. What you wrote and your progress stay."
        )
    return ""


def _made_by(workspace: Path) -> str:
    try:
        return str(json.loads((workspace / MANIFEST).read_text(encoding="utf-8"))["course"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""  # `mtl-teach start` keeps a damaged one aside and says so
