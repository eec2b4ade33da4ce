"""The way into the browser edition, and what is said where it does not lead; the web book says the same."""

FOLDER = "lite"  # of the edition, inside the web book's
INSTALL = "`pip install mtl-teach`, then `mtl-teach start`"


def address(path: str, cell: str = "") -> str:
    """Where a notebook opens, seen from the edition's folder.

    >>> address("index.ipynb")
    'notebooks/index.html?path=index.ipynb'
    >>> address("exercises/ps02/ps02.ipynb", "about-f")
    'notebooks/index.html?path=exercises/ps02/ps02.ipynb#cell-id=about-f'
    """
    return f"notebooks/index.html?path={path}" + (f"#cell-id={cell}" if cell else "")
