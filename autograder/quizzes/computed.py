"""The quick tests with every number worked out, for a place without the libraries that work them out.

Many options are computed by a wrong answer in PyTorch. The browser edition has none, so that its builder writes what
:func:`dump` gives into the package as ``computed.json``, and :func:`autograder.quizzes.bank.load` reads it there.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from autograder.quizzes import bank


def dump() -> dict[str, list[dict[str, Any]]]:
    """Every quick test by its number, with each of its sets of numbers, as plain JSON data.

    Raises
    ------
    QuizError
        If a file is not in the format of :mod:`~autograder.quizzes.bank`.
    """
    return {
        number: [asdict(bank.load(number, numbers)) for numbers in range(bank.how_many(number))]
        for number in bank.all_quizzes()
    }
