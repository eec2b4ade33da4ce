"""Where the course's own files lie: beside the packages in a checkout, inside `mtl_teach` when installed."""

from pathlib import Path

PACKAGES = Path(__file__).resolve().parents[1]


def course_root() -> Path:
    """Return the folder that holds ``lessons/``, ``exercises/`` and ``solutions/``.

    Returns
    -------
    Path
        ``mtl_teach/_course`` in an installed wheel, else the root of the checkout.

    Examples
    --------
    >>> (course_root() / "solutions").is_dir()
    True
    """
    installed = PACKAGES / "mtl_teach" / "_course"
    return installed if installed.is_dir() else PACKAGES
