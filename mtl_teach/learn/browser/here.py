"""Where a web page keeps a learner's files, as a kernel in it sees them."""

from __future__ import annotations

from pathlib import Path

from autograder.course_files import course_root
from autograder.kernel import in_browser

DRIVE = Path("/drive")  # the browser's storage
MEMORY = Path("/tmp/mtl-teach")  # gone with the kernel
NOT_KEPT = (
    "Your browser gives this page no storage (is this a private window?), so nothing that you do here is kept; "
    "everything else works. Copy what you want to keep."
)


def drive() -> Path | None:
    """The folder that the page keeps; None where the browser gives it no storage."""
    return DRIVE if DRIVE.is_dir() else None


def texts(workspace: Path) -> Path:
    """Where the text of a workspace's notebooks is read, as the course delivers it.

    In a browser that is the copy in the package: to ask the storage for one file takes as long as to read thirty there.
    """
    shipped = course_root() / "browser"
    return shipped if in_browser() and shipped.is_dir() else workspace
