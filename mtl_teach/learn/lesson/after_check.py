"""What follows a check: it is saved, and the next hint and the commented solution are offered."""

from __future__ import annotations

import difflib
import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from autograder import api
from autograder.kernel import in_kernel
from autograder.quizzes.question import is_quick
from autograder.results import ExerciseResult
from mtl_teach.learn.lesson import onward, own_code
from mtl_teach.learn.lesson.notebook import live, rich, show
from mtl_teach.learn.progress import Progress, Row, look, save

PRE = "margin:0;white-space:pre-wrap;background:transparent"
STEPS = ("a nudge", "the concept", "the way in pseudo-code")


@dataclass(frozen=True)
class Hint:
    """One hint: its number, how many there are, and its text."""

    number: int
    out_of: int
    text: str

    @property
    def title(self) -> str:
        """How the hint is announced."""
        return f"Hint {self.number} of {self.out_of}: {STEPS[self.number - 1]}"


def next_hint(exercise: str, shown: int) -> Hint:
    """The hint after the first ``shown`` ones, or the last one again; it is recorded.

    Raises
    ------
    UnknownExercise
        If there is no such exercise.
    """
    texts = api.hints(exercise, len(STEPS))
    number = min(shown + 1, len(texts))
    save(lambda progress: progress.record_hint(exercise, number))
    return Hint(number, len(texts), texts[number - 1])


def saved(exercise: str) -> Row:
    """What is known about an exercise; blank outside a workspace or where it cannot be read."""
    return look(lambda progress: progress.exercise(exercise), Progress.blank(exercise))


def reveal(exercise: str, gave_up: bool) -> str:
    """The commented solution; that it was shown is recorded.

    Raises
    ------
    UnknownExercise
        If there is no such exercise.
    """
    solution = api.solution_of(exercise)
    save(lambda progress: progress.record_reveal(exercise, gave_up))
    return solution


def may_reveal(row: Row) -> bool:
    """True once the exercise was passed or given up."""
    return bool(row["first_pass"] or row["gave_up"])


def difference(mine: str, solution: str) -> list[tuple[str, str]]:
    """The learner's code and the solution line by line: ("=", "-" or "+", line).

    >>> difference("a\\nb", "a\\nc")
    [('=', 'a'), ('-', 'b'), ('+', 'c')]
    """
    old, new = mine.strip("\n").splitlines(), solution.strip("\n").splitlines()
    rows: list[tuple[str, str]] = []
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            rows += [("=", line) for line in old[i1:i2]]
        else:
            rows += [("-", line) for line in old[i1:i2]] + [("+", line) for line in new[j1:j2]]
    return rows


WORDS = {"=": "same", "-": "yours", "+": "solution"}
SIGNS = {"=": " ", "-": "−", "+": "+"}


def difference_html(mine: str, solution: str) -> str:
    """The difference as a table; the sign and a word carry the meaning, not a colour."""
    rows = "".join(
        f'<tr class="mtl-diff-{WORDS[sign]}">'
        f'<th scope="row" style="text-align:left;vertical-align:top">{WORDS[sign]}</th>'
        f'<td style="text-align:left"><pre style="{PRE}">{SIGNS[sign]} {html.escape(line)}</pre></td></tr>'
        for sign, line in difference(mine, solution)
    )
    return (
        '<table class="mtl-difference"><caption>Your code (−) and the commented solution (+)</caption>'
        f"<tbody>{rows}</tbody></table>"
    )


def difference_text(mine: str, solution: str) -> str:
    """The difference as text, one sign before each line."""
    return "\n".join(f"{' ' if sign == '=' else sign} {line}" for sign, line in difference(mine, solution))


class Companion:
    """The buttons under a check: a hint while something is wrong, the solution once passed or given up.

    Parameters
    ----------
    exercise : str
    passed : bool
    answer : str
        The source of the learner's answer.

    Attributes
    ----------
    box : ipywidgets.VBox
        What is displayed.
    """

    def __init__(self, exercise: str, passed: bool, answer: str) -> None:
        import ipywidgets as widgets

        self._exercise, self._passed, self._answer = exercise, passed, answer
        row = saved(exercise)
        self._shown = int(row["hints"]) if row["hints"] < len(STEPS) else 0
        self._open = passed or may_reveal(row)
        self.hint = widgets.Button(layout={"width": "auto"})
        self.solution = widgets.Button(layout={"width": "auto"})
        self._messages = widgets.VBox()  # one piece a message: only what is new is announced
        self.hint.on_click(lambda _: self.show_hint())
        self.solution.on_click(lambda _: self.show_solution())
        self._sure = self._open
        self._label()
        buttons = [self.solution] if passed else [self.hint, self.solution]
        self.box = widgets.VBox([widgets.HBox(buttons), self._messages])

    def _label(self) -> None:
        number = min(self._shown + 1, len(STEPS))
        self.hint.description = f"Hint {number} of {len(STEPS)}"
        if self._open:
            self.solution.description = "Compare with the commented solution"
        else:
            self.solution.description = "Really show the solution" if self._sure else "I give up: show the solution"

    def _say(self, text: str, kind: str) -> None:
        import ipywidgets as widgets

        self._messages.children = (*self._messages.children, widgets.HTML(live(text, kind)))

    def show_hint(self) -> None:
        """Add the next hint under the buttons."""
        if self._shown >= len(STEPS):
            return
        hint = next_hint(self._exercise, self._shown)
        self._shown = hint.number
        code = hint.number == len(STEPS)
        text = (
            f'<pre style="{PRE}">{html.escape(hint.text)}</pre>'
            if code
            else f"<p>{rich(' '.join(hint.text.split()))}</p>"
        )
        self._say(f"<strong>{hint.title}</strong>{text}", "hint")
        self.hint.disabled = self._shown >= len(STEPS)
        self._label()

    def show_solution(self) -> None:
        """Show the solution beside the learner's code; before passing, ask once more first."""
        if not self._sure:
            self._sure = True
            self._label()
            text = "Press once more to see the solution. That is recorded for yourself only; a hint may be enough."
            self._say(text, "sure")
            return
        solution = reveal(self._exercise, gave_up=not self._passed and not self._open)
        self._say(difference_html(self._answer, solution), "solution")
        self.solution.disabled = True


def offer(exercise: str, passed: bool, answer: str) -> None:
    """Show the buttons under the check's output; without a front-end for widgets, say which commands do the same."""
    text = f"Compare with the solution: mtl-teach reveal {exercise}"
    if not passed:
        text = f"A hint: mtl-teach hint {exercise}"
    static = f"<p><small>{html.escape(text)}</small></p>"
    show(Companion(exercise, passed, answer).box, static, text, to="check again")


def follow(result: ExerciseResult, answer: str, answers: Sequence[Any] = ()) -> None:
    """Offer what fits a result: nothing for an untouched stub, a quick test, or where the grader itself failed."""
    if result.needs_review or result.not_started or is_quick(result.exercise):
        return
    offer(result.exercise, result.passed, answer)
    if result.passed:
        own_code.offer(result.exercise, answers)
    onward.show(result)


def listen(result: ExerciseResult, sources: Sequence[str], quietly: bool = False, answers: Sequence[Any] = ()) -> None:
    """Save the result of a ``check()`` and, in a notebook, offer what follows it.

    Named in pyproject.toml as a listener of the grader. That nothing is saved outside a workspace, and what goes
    wrong inside one, is said once, in a sentence.

    Parameters
    ----------
    result : ExerciseResult
    sources : sequence of str
        The source of each answer.
    quietly : bool
        True to save it only: it is one of several, and another one is followed.
    answers : sequence of objects
        The answers themselves.
    """
    answer = "\n\n".join(sources)
    save(lambda progress: progress.record_check(result, answer))
    if in_kernel() and not quietly:
        follow(result, answer, answers)
