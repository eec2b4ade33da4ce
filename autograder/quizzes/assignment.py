"""A quick test as an assignment: the text of its notebook, in the form of a problem set's source."""

from __future__ import annotations

import re
from collections.abc import Iterator

from autograder.marked import MARKED
from autograder.quizzes.bank import LETTERS, N_QUESTIONS, PASS_MARK, Quiz
from autograder.quizzes.question import QuickExercise, questions_of

_PRINTED = re.compile(r"^- \*\*([A-E])\.\*\* (.*)$", re.MULTILINE)
_SPECIAL = re.compile(rf"{MARKED.pattern}|([\\*_$<>\[\]#~|])")

INTRO = """\
# Quick test {number}: {title}

**{questions} questions of one point each; {needed} right answers pass.** Lesson {number} has what you need.
About {minutes} minutes.

Under every question stands a variable with empty quotes, such as `answer_1 = ""`. Write the letter of your answer
between them, run the cell, then run the check below it: it says whether the letter is right and, where it is not,
which thought leads there. Small and capital letters are the same. You may change an answer until you hand in; without
an answer there is no point.

To hand in, save this file and keep its name. `mtl-teach quiz {id}` asks the same questions in a terminal, in another
order, and explains every option.
"""


def assignment_name(quiz: Quiz) -> str:
    """The name of a quick test as an assignment, for example ``qt05_missing_labels``."""
    return f"qt{quiz.lesson}"


def source(quiz: Quiz) -> str:
    """A quick test as a problem set's source: py:percent text with the right letters between the solution's marks."""
    return "\n".join(_cells(quiz))


def _cells(quiz: Quiz) -> Iterator[str]:
    questions = questions_of(quiz)
    intro = INTRO.format(
        number=int(quiz.id),
        id=quiz.id,
        title=markdown(quiz.title),
        questions=N_QUESTIONS,
        needed=PASS_MARK,
        minutes=sum(one.minutes for one in questions),
    )
    yield _text_cell("intro", intro)
    yield '# %% grade_id="setup" tags=["locked"]\nfrom autograder import check\n'
    for place, (question, one) in enumerate(zip(quiz.questions, questions), 1):
        options = [f"- **{letter}.** {markdown(option.text)}" for letter, option in zip(LETTERS, one.options)]
        about = "\n".join([f"## Question {place}", "", markdown(question.text), "", *options])
        yield _text_cell(f"about-{one.id}", about)
        yield (
            f'# %% grade_id="{one.id}" tags=["answer"]\n'
            f'{one.entries[0]} = ""\n### BEGIN SOLUTION\n{one.entries[0]} = "{one.right}"\n### END SOLUTION\n'
        )
        yield f'# %% grade_id="check-{one.id}" tags=["check"]\ncheck("{one.id}-{question.version}", {one.entries[0]})\n'


def printed_otherwise(exercise: QuickExercise, about: str) -> bool:
    """True where a printed question has its options under other letters than the bank now gives them.

    An option that was only worded anew keeps its letter, and so does one that turned out to be right.

    Parameters
    ----------
    exercise : QuickExercise
    about : str
        The text cell of the question in an assignment that was built earlier.
    """
    now = [markdown(option.text) for option in exercise.options]
    then = list(printed_options(about).values())
    return len(now) != len(then) or any(text in now and now.index(text) != at for at, text in enumerate(then))


def printed_options(about: str) -> dict[str, str]:
    """The options that the text cell of a question prints, by letter, as Markdown.

    >>> printed_options("Which?\\n\\n- **A.** `x`\\n- **B.** one")
    {'A': '`x`', 'B': 'one'}
    """
    return dict(_PRINTED.findall(about))


def without_options(about: str) -> str:
    """The rest of that text: the question itself."""
    return _PRINTED.sub("", about).strip()


def _text_cell(name: str, text: str) -> str:
    lines = (f"# {line}".rstrip() for line in text.strip().split("\n"))
    return "\n".join([f'# %% [markdown] grade_id="{name}" tags=["locked"]', *lines, ""])


def markdown(text: str) -> str:
    """A text of the bank as Markdown: code and emphasis stay what they are, nothing else has a special meaning.

    >>> markdown("`a * b` is *not* a * b")
    '`a * b` is *not* a \\\\* b'
    """
    return _SPECIAL.sub(_meant, text)


def _meant(found: re.Match[str]) -> str:
    _, emphasis, sign = found.groups()
    if sign:
        return f"\\{sign}"
    return f"*{markdown(emphasis)}*" if emphasis else found[0]
