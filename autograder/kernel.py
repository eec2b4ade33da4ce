"""What the running Python knows of itself: a kernel, a browser, its threads, and whether the package changed."""

from __future__ import annotations

import contextlib
import os
import sys
import textwrap
from collections.abc import Iterator
from importlib import metadata

_said: set[str] = set()


def _installed() -> str:
    """The version on the disk; empty for a copy of the sources that was never installed."""
    try:
        return metadata.version("mtl-teach")
    except metadata.PackageNotFoundError:
        return ""


RUNNING = _installed()  # what this process began with


def in_kernel() -> bool:
    """True inside a Jupyter kernel; importing IPython is not needed to find out."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return shell is not None and hasattr(shell, "kernel")


def in_browser() -> bool:
    """True where Python itself runs in a web page, as the browser edition does it: without PyTorch, or processes."""
    return sys.platform == "emscripten"


def one_thread() -> None:
    """In a kernel whose environment says nothing of threads, let torch use one.

    The course's tensors are small: on a busy machine two threads spend most of their time waiting for each other.
    ``mtl-teach start`` sets this for its kernels; VS Code, Colab and others start theirs without it.
    """
    torch = sys.modules.get("torch")
    if torch is not None and in_kernel() and "OMP_NUM_THREADS" not in os.environ:
        torch.set_num_threads(1)


def in_lines(sentences: str) -> str:
    """Printed text in lines of 88 characters: a notebook would break the line in a word."""
    return textwrap.fill(sentences, 88, break_long_words=False, break_on_hyphens=False)


def say_once(sentence: str) -> None:
    """Print a sentence, once a process; in a terminal apart from the output, which may be JSON for a program."""
    if sentence and sentence not in _said:
        _said.add(sentence)
        print(sentence, file=sys.stdout if in_kernel() else sys.stderr)


def upgraded() -> str:
    """What to do where another version lies on the disk than the one that runs; empty where it is the same."""
    installed = _installed()
    if installed in ("", RUNNING):
        return ""
    return (
        f"mtl-teach {installed} was installed while this kernel runs {RUNNING}: choose Kernel → Restart "
        "Kernel and run your cells again. What you wrote and your progress stay."
    )


@contextlib.contextmanager
def upgrade_said_first() -> Iterator[None]:
    """Say that the package was upgraded before anything else: once, and whenever what is done inside fails.

    What was not imported yet comes from the other version on the disk, so an old kernel may stop with an
    ImportError that says nothing to a learner.
    """
    words = upgraded()
    try:
        yield
    except Exception:
        _said.discard(words)
        raise
    finally:
        say_once(words)
