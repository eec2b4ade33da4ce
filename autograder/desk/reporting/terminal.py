"""The report as lines for a terminal: a compact table, exercise by exercise."""

from __future__ import annotations

import re
from collections.abc import Iterator

from autograder.desk.reporting.items import Item
from autograder.desk.reporting.piles import Kind
from autograder.desk.reporting.quick import Question
from autograder.desk.reporting.report import Report
from autograder.desk.reporting.written import Written

NOTHING = "Nothing is graded yet: `mtl-grade run` grades what lies in submitted/."


def as_lines(report: Report) -> Iterator[str]:
    """What is printed, line by line.

    Parameters
    ----------
    report : Report
    """
    if report.monday:
        yield f"{report.heading}:"
    elif report.submissions:
        yield f"{report.heading}: nothing, whoever began an exercise has all of it right."
    for number, topic in enumerate(report.monday, 1):
        yield f"{number}. {plain(topic.heading)} ({topic.exercise}): {topic.reading.words}"
        alike = " in the same way" if topic.kind == Kind.UNNAMED else ""
        yield f"   {topic.count} of {topic.of} students{alike}, {topic.points_lost:g} points lost"
    for one in report.sets:
        yield ""
        yield f"{one.title} ({one.assignment}): {one.handed_in} handed in, {_percent(one.mean_share)} of the points"
        for item in one.exercises:
            yield from _exercise(item)
        for question in one.questions:
            yield from _question(question)
        for written in one.written:
            yield from _written(written)
    if report.for_review:
        yield f"{report.for_review} could not be graded: `mtl-grade review` lists what waits for a person."
    if report.without_record:
        have = "has" if report.without_record == 1 else "have"
        yield f"{report.without_record} {have} no record that can be read: `mtl-grade run` grades what has none."
    if report.marks_missing:
        yield report.marks_missing
    if not report.sets:
        yield NOTHING


def plain(markdown: str) -> str:
    """A line of Markdown without the backslashes that keep its signs from meaning anything.

    >>> print(plain(r"0.1 \\* w\\_1"))
    0.1 * w_1
    """
    return re.sub(r"\\([\\*_$<>\[\]#~|])", r"\1", markdown)


def _exercise(item: Item) -> Iterator[str]:
    yield (
        f"{item.title} ({item.exercise}): {item.started} of {item.handed_in} started, "
        f"{_percent(item.mean_share)} of the points"
    )
    for check in item.checks:
        yield f"  {_percent(check.pass_rate):>4}  {check.sentence}"
    for wrong in item.misconceptions:
        yield f"        {wrong.count} behave{'s' * (wrong.count == 1)} like {wrong.title}"
    for cluster in item.clusters:
        how = "is like no other, and without a name" if cluster.count == 1 else "behave alike without a name"
        yield f"        {cluster.count} {how}: {cluster.fingerprint}"


def _question(question: Question) -> Iterator[str]:
    yield f"{question.title} ({question.exercise}): {question.right} of {question.handed_in} right"
    for option in question.options:
        sign = "✓ right" if option.right else "       "
        yield f"  {option.count:>4}  {sign}  {option.letter}  {plain(option.text)}"


def _written(written: Written) -> Iterator[str]:
    marks = ", ".join(f"{count}x {mark:g}" for mark, count in written.marks if count) or "no mark yet"
    others = {
        f"wait{'s' * (written.waiting == 1)} for a mark": written.waiting,
        "left empty": written.empty,
        "marked without lines": written.without_lines,
    }
    more = [f"{count} {what}" for what, count in others.items() if count]
    yield f"{written.title}, of {written.max_score:g}: {'; '.join([marks, *more])}"
    for line in written.lines:
        word = "least met: " if line.least else ""
        yield f"  {_percent(line.share):>4}  {line.met} of {written.by_line}  {word}{plain(line.text)}"


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.0%}"
