"""A quick test as a page of the web book: a form that ``docs/book/static/book.js`` scores in the browser.

Which option is right, and why, travels base64-encoded in an attribute. That hides nothing from who wants to see it; but
neither a look at the page's source nor the book's search gives an answer away to who only wanted to read a question.
"""

from __future__ import annotations

import base64
import html
import json
import random
from typing import Any

from autograder.marked import rich
from autograder.quizzes import bank
from autograder.quizzes.bank import LETTERS, PASS_MARK, Question, Quiz

CHECK, AGAIN = "Check my answers", "Try again, reshuffled"
NO_SCRIPT = "Without JavaScript this page cannot check answers; in a terminal <code>mtl-teach quiz {id}</code> can."


def page(test: Quiz) -> str:
    """The quick test of a lesson, its questions with the numbers of the assignment.

    Parameters
    ----------
    test : Quiz
    """
    shown = test.shuffled(random.Random(test.id))  # written with the right option first, never shown so
    lesson = f"[lesson {int(test.id)}](../{test.lesson}.ipynb)"
    return f"""# Quick test {test.id}: {test.title}

{len(test.questions)} questions on {lesson}; {PASS_MARK} right answers pass. Tab moves to the next question, the arrow
keys choose an answer.

{form(shown)}
"""


def form(test: Quiz) -> str:
    """The questions as an HTML form, without an empty line, which would end the block of HTML."""
    versions = "-".join(question.version for question in test.questions)
    no_script = NO_SCRIPT.format(id=test.id)
    return "\n".join(
        [
            f'<form class="quick-test" data-quick-test="{test.id}" data-version="{versions}" '
            f'data-key="{encoded(_key(test))}" novalidate>',
            f"<noscript><p>{no_script}</p></noscript>",
            *(_fieldset(number, question) for number, question in enumerate(test.questions, 1)),
            f'<p class="buttons"><button type="submit" hidden>{CHECK}</button> '
            f'<button type="button" hidden>{AGAIN}</button></p>',
            '<p class="told" role="status"></p>',
            "</form>",
        ]
    )


def _fieldset(number: int, question: Question) -> str:
    name = html.escape(question.id)
    options = "".join(
        f'<label><input type="radio" name="{name}" value="{index}"> '
        f'<span><span class="letter">{letter}</span>. {rich(option.text)}</span></label>'
        for index, (letter, option) in enumerate(zip(LETTERS, question.options))
    )
    return (
        f'<fieldset name="{name}"><legend><strong>Question <span class="number">{number}</span>.</strong> '
        f'{rich(question.text)}</legend>{options}<div class="why" hidden></div></fieldset>'
    )


def _key(test: Quiz) -> dict[str, Any]:
    """What the browser needs to score an attempt: by question what is right and why, and what to say of each score."""
    answers = {
        question.id: {
            "right": question.options.index(question.right),
            "why": [rich(option.why) for option in question.options],
        }
        for question in test.questions
    }
    return {"answers": answers, "verdicts": [bank.verdict(test, score) for score in range(len(test.questions) + 1)]}


def encoded(data: Any) -> str:
    """Data for an attribute of a page, not readable at a glance.

    >>> encoded({"right": 2})
    'eyJyaWdodCI6IDJ9'
    """
    return base64.b64encode(json.dumps(data, ensure_ascii=False).encode()).decode()
