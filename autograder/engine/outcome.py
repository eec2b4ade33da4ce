"""What comes of asking an answer something: a value, or the error that says why there is none."""

from __future__ import annotations

from typing import Any

from autograder.engine.inside import worker


class AnswerError(Exception):
    """The answer raised, looped, ended its process or was not there.

    Attributes
    ----------
    tag : str
        One of a closed set of exception names, ``"Timeout"``, ``"Exit"``, ``"Missing"`` or ``"Other"``.
    message : str
        The exception's own text: written by the student's side, so it is data and never trusted.
    inputs : dict of str to anything, or None
        What it was asked, by name, where a check says so.
    """

    inputs: dict[str, Any] | None = None

    def __init__(self, tag: str, message: str = "") -> None:
        super().__init__(f"{tag}: {message}" if message else tag)
        self.tag = tag
        self.message = message

    @property
    def is_last(self) -> bool:
        """True where asking on would cost a worker, or its time, since it ended, hangs, or sent what is no data."""
        return self.tag in ("Timeout", "Exit", "Other")


def outcome_of(response: dict[str, Any]) -> Any:
    """The value in a response, or its error; an error is read with the same caps that an honest worker keeps to."""
    if "error" not in response:
        return response.get("value")
    tag, message = response["error"], response.get("message", "")
    known = isinstance(tag, str) and tag in (*worker.ERROR_TAGS, "Missing", "Exit")
    text = message[: worker.MAX_MESSAGE] if isinstance(message, str) else ""
    return AnswerError(tag if known else "Other", text)
