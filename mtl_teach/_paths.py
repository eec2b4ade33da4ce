"""Where the course's own files lie: beside the packages in a checkout, inside `mtl_teach` when installed."""

from pathlib import Path

HERE = Path(__file__).resolve().parent


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
    installed = HERE / "_course"
    return installed if installed.is_dir() else HERE.parent
