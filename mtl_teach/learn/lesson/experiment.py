"""What a lesson's experiments need around them: a size, a sentence with their numbers, and claims that can fail."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeVar

from autograder.kernel import in_kernel
from autograder.marked import plain

T = TypeVar("T")


def short_run() -> bool:
    """True where ``SMOKE=1`` asks for the shortest run that still visits every line."""
    return os.environ.get("SMOKE") == "1"


def size(full: T, short: T) -> T:
    """Return what a full run uses, or what a short one does: a number of seeds, a list of settings.

    >>> size(8, short=2)
    8
    """
    return short if short_run() else full


def say(sentence: str) -> None:
    """Show a sentence in which numbers of this run stand, in Markdown.

    >>> say("Rain is **22 %** of the loss.")
    Rain is **22 %** of the loss.
    """
    if not in_kernel():
        print(sentence)
        return
    from IPython.display import Markdown, display

    display(Markdown(sentence))


def claim(
    sentence: str,
    holds: Callable[..., Any],
    *values: Any,
    opposite: tuple[Any, ...] | None = None,
    effect: bool = True,
) -> None:
    """Check a statement of the lesson against this run, and that the check would notice the opposite.

    Parameters
    ----------
    sentence : str
        What is claimed, for the reader.
    holds : callable(*values) -> bool
    *values
        What this run measured.
    opposite : tuple, optional
        Values for which the claim is false. By default the same values with their roles exchanged: two or more in
        reversed order, and a single one, a difference, with its sign turned.
    effect : bool, default True
        An effect takes the seeds of a full run to be seen; a short run does not look for it.

    Raises
    ------
    AssertionError
        If the claim does not hold, or holds for its opposite as well.

    Examples
    --------
    >>> claim("Sharing helps.", lambda gain: gain > 0, 0.1)
    ✓ Holds in this run: Sharing helps.
    >>> claim("Anything goes.", lambda gain: True, 0.1)
    Traceback (most recent call last):
    AssertionError: The check of “Anything goes.” cannot fail: it holds for the opposite, too.
    """
    if effect and short_run():
        return
    if not everywhere(holds(*values)):
        raise AssertionError(f"“{plain(sentence)}” does not hold in this run.")
    if everywhere(holds(*(_exchanged(values) if opposite is None else opposite))):
        raise AssertionError(f"The check of “{plain(sentence)}” cannot fail: it holds for the opposite, too.")
    say(f"✓ Holds in this run: {sentence}")


def _exchanged(values: tuple[Any, ...]) -> tuple[Any, ...]:
    if len(values) == 1:
        return (-values[0],)
    return values[::-1]


def everywhere(holds: Any) -> bool:
    """One truth from a truth, or from an array or tensor of them."""
    return bool(holds.all() if hasattr(holds, "all") else holds)
