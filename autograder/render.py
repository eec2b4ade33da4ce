"""Results as text for a terminal and as HTML for a notebook; both say the same."""

from __future__ import annotations

import html
import math
import re

from autograder.results import Agreement, CheckResult, ExamplesReport, ExerciseResult, Verdict

WORDS = {
    Verdict.PASSED: ("✓", "passed"),
    Verdict.FAILED: ("✗", "failed"),
    Verdict.SKIPPED: ("–", "skipped"),
    Verdict.STUDENT_ERROR: ("✗", "error"),
    Verdict.GRADER_ERROR: ("!", "for review"),
}
OPEN = ("○", "open")  # a check of an answer that is not begun: neither right nor wrong
DIFFERS = "≠"
ALL_PASSED = "✓ All checks passed."
EDGES = {
    Verdict.PASSED: "#2e7d32",  # green, red, grey: beside a sign and a word, never alone
    Verdict.FAILED: "#c62828",
    Verdict.SKIPPED: "#757575",
    Verdict.STUDENT_ERROR: "#c62828",
    Verdict.GRADER_ERROR: "#757575",
}
PRE = "margin:0;white-space:pre-wrap;background:transparent"
Entries = list[tuple[str, bool]]
_ENTRY = re.compile(r"[^\s,\[\](){}:]+")
_VALUE = re.compile(r"[-+]?(\d.*|nan|inf)|True|False|None|'.*'|tensor|\.\.\.|…")


def headline(result: ExerciseResult) -> str:
    """One line: the exercise, the points, and how many checks passed."""
    passed = sum(check.verdict is Verdict.PASSED for check in result.checks)
    points = f"{result.score:g} of {result.max_score:g} points"
    return f"{result.title}: {points}, {passed} of {len(result.checks)} checks passed"


def one_line(result: ExerciseResult) -> str:
    """What was wrong, in one line; empty where nothing was."""
    if named := [check for check in result.checks if check.misconception]:
        return " ".join(f"[{check.misconception}] {check.message}" for check in named)
    failed = (check for check in result.checks if check.verdict not in (Verdict.PASSED, Verdict.SKIPPED))
    return next((check.summary for check in failed), "")


def as_text(result: ExerciseResult, reading: str = "") -> str:
    """The whole result as plain text.

    Parameters
    ----------
    result : ExerciseResult
    reading : str
        What to read again where something failed.
    """
    lines = [headline(result)]
    if result.not_started:
        lines += [f"  {result.checks[0].summary}"]
        lines += [f"  {' '.join(OPEN):<12} {check.sentence} (0/{check.max_points:g})" for check in result.checks]
        return "\n".join([*lines, *([f"  Read first: {reading}"] if reading else [])])
    for check in result.checks:
        mark, word = WORDS[check.verdict]
        lines.append(f"  {mark} {word:<10} {check.sentence} ({check.points:g}/{check.max_points:g})")
        if check.verdict is Verdict.PASSED:
            continue
        lines += [f"      {line}" for line in _details(check)]
    if result.passed:
        lines.append(f"  {ALL_PASSED}")
    if result.question:
        lines.append(f"  ? {result.question}")
    if reading and not result.passed:
        lines.append(f"  Read again: {reading}")
    return "\n".join(lines)


def _details(check: CheckResult) -> list[str]:
    lines = [check.summary] if check.summary else []
    if check.message:
        lines.append(f"This behaves like a known mistake ({check.misconception.replace('_', ' ')}): {check.message}")
    for name, entries in _rows(check):
        text = "".join(f"{DIFFERS}{entry}" if differs else entry for entry, differs in entries)
        first, *rest = text.splitlines() or [""]
        lines.append(f"{name + ':':<10} {first}")
        lines += [" " * 11 + line for line in rest]
    return lines


def _rows(check: CheckResult) -> list[tuple[str, Entries]]:
    """What to show of a failure: each with its name and its entries, those of the answer compared."""
    rows = [(name, [(text, False)]) for name, text in (check.inputs or {}).items()]
    if check.expected:
        rows.append(("expected", [(check.expected, False)]))
    if check.got:
        rows.append(("got", compare(check.expected, check.got)))
    if check.difference:
        rows.append(("largest difference", [(check.difference, False)]))
    return rows


def compare(expected: str, got: str) -> Entries:
    """The text of an answer in pieces, each with whether that entry differs from what was expected.

    Nothing is marked where there is only one entry or not as many as expected, and nothing in words: that says so
    itself, and a sign before each word helps nobody.

    >>> compare("[1, 2]", "[1, 3]")
    [('[1, ', False), ('3', True), (']', False)]
    >>> compare("no error", "an error")
    [('an error', False)]
    """
    wanted, found = _ENTRY.findall(expected), list(_ENTRY.finditer(got))
    texts = [match[0] for match in found]
    if len(found) != len(wanted) or len(found) < 2 or not all(map(_VALUE.fullmatch, [*wanted, *texts])):
        return [(got, False)]
    differs = [not _same(*pair) for pair in zip(wanted, texts)]
    if not any(differs):  # told with more digits than rounding leaves alone, because it is there that they differ
        differs = [want != text for want, text in zip(wanted, texts)]
    pieces, end = [], 0
    for match, marked in zip(found, differs):
        if marked:
            pieces += [(got[end : match.start()], False), (match[0], True)]
            end = match.end()
    return [piece for piece in [*pieces, (got[end:], False)] if piece[0]]


def _same(one: str, other: str) -> bool:
    try:
        return math.isclose(float(one), float(other), rel_tol=1e-5, abs_tol=1e-8) or one == other
    except ValueError:
        return one == other


def as_html(result: ExerciseResult, reading: str = "", link: str = "") -> str:
    """The whole result as one self-contained piece of HTML, everything from the answer escaped.

    Parameters
    ----------
    result : ExerciseResult
    reading, link : str
        What to read again where something failed, and where it is.
    """
    parts = [
        f'<section class="mtl-result" aria-label="{html.escape(headline(result))}" style="line-height:1.45">',
        f"<p><strong>{html.escape(headline(result))}</strong></p>",
        '<ul style="list-style:none;padding-left:0;margin:0">',
    ]
    begun = not result.not_started
    if not begun:
        parts.insert(2, f"<p>{rich(result.checks[0].summary)}</p>")
    for check in result.checks:
        mark, word = WORDS[check.verdict] if begun else OPEN
        edge = EDGES[check.verdict if begun else Verdict.SKIPPED]
        parts.append(
            f'<li class="mtl-check mtl-{check.verdict.value}" style="margin:.3em 0;padding-left:.6em;'
            f'border-left:4px solid {edge}"><span aria-hidden="true">{mark}</span> '
            f"<strong>{word}</strong> {rich(check.sentence)} <small>({check.points:g}/{check.max_points:g})</small>"
        )
        if begun and check.verdict is not Verdict.PASSED:
            parts.append(_details_html(check))
        parts.append("</li>")
    parts.append("</ul>")
    if result.passed:
        parts.append(f'<p class="mtl-all-passed"><strong>{ALL_PASSED}</strong></p>')
    if result.question and begun:
        parts.append(f"<p><em>{rich(result.question)}</em></p>")
    if reading and not result.passed:
        name, when = html.escape(reading), "again" if begun else "first"
        where = f'<a href="{html.escape(link)}">{name}</a>' if link else name
        parts.append(f"<p>Read {when}: {where}</p>")
    parts.append("</section>")
    return "".join(parts)


def rich(text: str) -> str:
    """A sentence of ours as HTML, back-quoted pieces as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text))


def _details_html(check: CheckResult) -> str:
    parts = [f'<p style="margin:.2em 0">{rich(check.summary)}</p>'] if check.summary else []
    if check.message:
        name = html.escape(check.misconception.replace("_", " "))
        parts.append(
            f'<p class="mtl-misconception" style="margin:.3em 0;padding:.3em .6em;border:1px solid currentColor">'
            f"<strong>This behaves like a known mistake: {name}.</strong> {rich(check.message)}</p>"
        )
    if rows := _rows(check):
        cells = "".join(
            f'<tr><th scope="row" style="text-align:left;vertical-align:top">{html.escape(name)}</th>'
            f'<td style="text-align:left"><pre style="{PRE}">{_entries_html(entries)}</pre>'
            "</td></tr>"
            for name, entries in rows
        )
        parts.append(f"<table><tbody>{cells}</tbody></table>")
    return "".join(parts)


def _entries_html(entries: Entries) -> str:
    """The differing entries in bold and after a sign, so that no colour is needed to find them."""
    return "".join(
        f'<strong class="mtl-differs" style="text-decoration:underline">{DIFFERS}{html.escape(text)}</strong>'
        if differs
        else html.escape(text)
        for text, differs in entries
    )


# ---- examples --------------------------------------------------------------------------------------------------

AGREEMENT_MARKS = {Agreement.AGREES: "✓", Agreement.DISAGREES: "✗", Agreement.UNCLEAR: "?", Agreement.MALFORMED: "!"}


def how_to_write_examples(report: ExamplesReport) -> str:
    """What to write, for somebody who has not written an example yet."""
    return (
        f"No examples yet. Say what you think `{report.exercise}` does before you write it: "
        f'examples("{report.exercise}", [{report.pair}]) takes pairs of the arguments and what should come back: '
        "a number, an array, or an error class such as KeyError."
    )


def examples_summary(report: ExamplesReport) -> str:
    """What the examples are worth together, in a sentence or two."""
    if not report.examples:
        return how_to_write_examples(report)
    if report.agreeing == 0:
        return "No example agrees with the right answers yet, so none can tell a mistake from them."
    ours = "Your example" if report.agreeing == 1 else f"Your {report.agreeing} right examples"
    if report.mistakes == 0:
        return f"{ours} agree{'s' if report.agreeing == 1 else ''} with the right answers."
    if report.let_through == 0:
        return f"{ours} would stop every one of the {report.mistakes} common mistakes that a value can show."
    return (
        f"{ours} would let {report.let_through} of {report.mistakes} common mistakes through, "
        f"{report.conceptual_let_through} of the {report.conceptual} that misunderstand the idea. "
        "For which input would somebody with another idea of the exercise expect something else?"
    )


def examples_headline(report: ExamplesReport) -> str:
    """One line: the exercise and how many examples agree."""
    if not report.examples:
        return f"{report.title}: examples"
    agree = "agrees" if len(report.examples) == 1 else "agree"
    return f"{report.title}: {report.agreeing} of {len(report.examples)} examples {agree} with the right answers"


def examples_as_text(report: ExamplesReport) -> str:
    """The report as plain text."""
    lines = [examples_headline(report)]
    for number, one in enumerate(report.examples, 1):
        lines.append(f"  {AGREEMENT_MARKS[one.verdict]} example {number} {one.verdict}: {one.text}")
    return "\n".join([*lines, f"  {examples_summary(report)}"])


def examples_as_html(report: ExamplesReport) -> str:
    """The report as one self-contained piece of HTML, everything escaped."""
    items = "".join(
        f'<li class="mtl-example mtl-{one.verdict}" style="margin:.3em 0;padding-left:.6em;'
        f'border-left:3px solid currentColor"><span aria-hidden="true">{AGREEMENT_MARKS[one.verdict]}</span> '
        f"<strong>example {number} {one.verdict}</strong> {rich(one.text)}</li>"
        for number, one in enumerate(report.examples, 1)
    )
    examples = f'<ul style="list-style:none;padding-left:0;margin:0">{items}</ul>' if items else ""
    title = html.escape(examples_headline(report))
    return (
        f'<section class="mtl-examples" aria-label="{title}" style="line-height:1.45"><p><strong>{title}</strong></p>'
        f"{examples}<p>{rich(examples_summary(report))}</p></section>"
    )
