"""A notebook that JupyterLab trusts stays trusted when the course rewrites it.

JupyterLab signs a notebook when it saves what the learner has run, and shows styles and scripts of saved outputs only
where the signature fits; without them a figure stays white in a dark theme. What is rewritten is signed again only if
what stood there before was signed: nothing becomes trusted that was not.
"""

from __future__ import annotations

import contextlib
import json
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jupyter_core.paths import jupyter_data_dir

from autograder.files import Notebook, write_json

SIGNATURES = "nbsignatures.db"


def rewrite(file: Path, notebook: Notebook) -> None:
    """Write a notebook over the one that is there, and leave it as trusted as that one was.

    Parameters
    ----------
    file : Path
    notebook : dict
    """
    trusted = is_trusted(file.read_bytes())
    write_json(file, notebook)
    if trusted:
        _sign(json.dumps(notebook).encode())


def is_trusted(data: bytes) -> bool:
    """True where JupyterLab signed exactly this content; False too where that cannot be found out.

    Parameters
    ----------
    data : bytes
    """
    if not (Path(jupyter_data_dir()) / SIGNATURES).is_file():  # looking would begin the file
        return False
    try:
        with _notary() as notary:
            return bool(notary.check_signature(_as_jupyter_reads(data)))
    except Exception:  # a locked or damaged file of signatures, an odd notebook: nothing that may stop a start
        return False


def _sign(data: bytes) -> None:
    with contextlib.suppress(Exception), _notary() as notary:  # unsigned, its outputs are whole once they are run again
        notary.sign(_as_jupyter_reads(data))


@contextlib.contextmanager
def _notary() -> Iterator[Any]:
    from nbformat.sign import NotebookNotary  # here, since a check in a terminal needs none and would wait for it

    notary = NotebookNotary(data_dir=jupyter_data_dir())
    with contextlib.closing(notary.store):
        yield notary


def _as_jupyter_reads(data: bytes) -> Any:
    """A notebook as Jupyter Server compares it with a signature."""
    import nbformat

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about cells without ids, of which the learner knows nothing
        return nbformat.reads(data.decode(), as_version=4)
