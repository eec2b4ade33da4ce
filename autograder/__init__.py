"""Checks that know what went wrong: ``from autograder import check; check("masked_mean", masked_mean)``.

A name is imported when it is asked for: a command line that needs none of them starts in half the time.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.api import check, examples, hints, misconception_answers, solution_of, variant

__all__ = ["check", "examples", "hints", "misconception_answers", "solution_of", "variant"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from autograder import api

    return getattr(api, name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
