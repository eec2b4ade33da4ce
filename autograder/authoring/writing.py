"""How built notebooks are written, apart from what builds them: releasing needs this and no text sources."""

from __future__ import annotations

import nbformat


def as_bytes(notebook: nbformat.NotebookNode) -> bytes:
    """A notebook as the bytes that are written; nbformat sorts the keys, so that two builds are the same."""
    nbformat.validate(notebook)
    text: str = nbformat.writes(notebook, version=nbformat.NO_CONVERT)
    return f"{text}\n".encode()
