"""Milestones of what a learner writes: the weight log and the mini-audit.

Nobody can mark a text by counting, so these find only what is certainly empty: too few words, words that say yes and
no more, the question said back, and the same sentence twice. The rubric asks for the rest.
"""

import re
import reprlib
from collections.abc import Mapping, Sequence
from typing import Any

from mtl_teach.learn.projects.findings import Finding, never_raises, not_done, not_usable, unsolved, usable

LOG_FIELDS = ("configuration", "weights", "reason", "decision")
_FEWEST_WORDS = 4


def _words(text: str) -> list[str]:
    return re.findall(r"\w+(?:[.'-]\w+)*", text.lower())


# Words that answer without saying where or why.
_EMPTY = frozenset(
    _words(
        """a all also am an and are as at be because been best better both but by can checked complete completed
        correct correctly course definitely did do does done each every everything fine for good great had has
        have i in indeed is it its just looks made me my nice no not nothing of ok okay on or our perfect really
        right so sure that the them there these they thing things this those to true very was we well were which
        with works yeah yep yes you"""
    )
)


@never_raises
def weight_log_filled(log: Any, least: int = 5) -> Finding:
    """Look at the weight log: one line per configuration, each with its weights, a reason of its own and a decision.

    Parameters
    ----------
    log : list of mappings with the keys of `LOG_FIELDS`, or None
    least : int
        Fewest lines.
    """
    if unsolved(log):
        return not_done()
    if not isinstance(log, Sequence) or isinstance(log, str):
        return not_usable(f"The log must be a list of dictionaries, one per configuration; got {type(log).__name__}.")
    odd = [line for line in log if not isinstance(line, Mapping) and not unsolved(line)]
    if odd:
        return not_usable(f"Each line must be a dictionary with {', '.join(LOG_FIELDS)}; got {type(odd[0]).__name__}.")
    lines = [line for line in log if not unsolved(line) and not all(unsolved(value) for value in line.values())]
    if len(lines) < least:
        return not_done(f"{len(lines)} of at least {least} lines are there.")
    for number, line in enumerate(lines, start=1):
        empty = [name for name in LOG_FIELDS if unsolved(line.get(name))]
        if empty:
            return not_usable(f"Line {number} lacks: {', '.join(empty)}.")
        if says_nothing(line["reason"]):
            return not_usable(
                f"Line {number}: {reprlib.repr(line['reason'])} says too little to be questioned by somebody else."
            )
    if len({_plain(line["reason"]) for line in lines}) < len(lines):
        return not_usable("Two lines give the same reason. What did you want to learn from each?")
    return usable(f"{len(lines)} lines, each with weights, a reason and a decision.")


@never_raises
def audit_filled(boxes: Any) -> Finding:
    """Look at the mini-audit: every box says in a few words of its own where the evidence stands.

    Parameters
    ----------
    boxes : mapping from question to answer, or None
    """
    if unsolved(boxes):
        return not_done()
    if not isinstance(boxes, Mapping):
        return not_usable(f"The audit must be a dictionary from question to answer; got {type(boxes).__name__}.")
    if all(unsolved(text) for text in boxes.values()):
        return not_done()
    thin = [str(question) for question, text in boxes.items() if says_nothing(text, str(question))]
    if thin:
        return not_usable(
            f"Say where the evidence stands, in {_FEWEST_WORDS} words or more that are not just yes: {'; '.join(thin)}."
        )
    if len({_plain(text) for text in boxes.values()}) < len(boxes):
        return not_usable("Two boxes have the same answer. Where does the evidence for each stand?")
    return usable(f"{len(boxes)} boxes answered.")


def says_nothing(text: Any, question: str = "") -> bool:
    """Whether a text has too few different words, or none that is neither empty nor the question's own.

    Examples
    --------
    >>> says_nothing("yes yes yes yes"), says_nothing("the history has a column per task")
    (True, False)
    """
    if not isinstance(text, str) or unsolved(text):
        return True
    words = set(_words(text))
    return len(words) < _FEWEST_WORDS or not words - _EMPTY - set(_words(question))


def _plain(text: str) -> str:
    return " ".join(_words(text))
