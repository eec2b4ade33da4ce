"""Results as text for a terminal and as HTML for a notebook; both say the same."""

from __future__ import annotations

import html
import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from autograder.marked import rich
from autograder.results import Agreement, Cause, CheckResult, ExamplesReport, ExerciseResult, Verdict

WORDS = {
    Verdict.PASSED: ("✓", "passed"),
    Verdict.FAILED: ("✗", "failed"),
    Verdict.SKIPPED: ("–", "skipped"),
    Verdict.STUDENT_ERROR: ("✗", "error"),
    Verdict.GRADER_ERROR: ("!", "for review"),
}
OPEN = ("○", "open")  # a check of an answer that is not begun: neither right nor wrong
DIFFERS = "≠"
KNOWN = "known mistake"
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


@dataclass(frozen=True)
class Outline:
    """The checks of a result in the order in which they are told: one thing at a time.

    Attributes
    ----------
    troubles : tuple of tuple of CheckResult
        What went wrong, the first to fix first; checks that are stopped by the same thing stand together.
    waiting : tuple of CheckResult
        Those that say nothing before others pass.
    passed : tuple of CheckResult
    """

    troubles: tuple[tuple[CheckResult, ...], ...]
    waiting: tuple[CheckResult, ...]
    passed: tuple[CheckResult, ...]

    @classmethod
    def of(cls, result: ExerciseResult) -> Outline:
        """Where nothing but the grader failed, that is told first; beside a mistake of the learner's it comes last."""
        ours = [check for check in result.checks if check.verdict is Verdict.GRADER_ERROR]
        return cls(
            troubles=(*troubles(result.checks), *troubles(ours, (Verdict.GRADER_ERROR,))),
            waiting=tuple(check for check in result.checks if check.verdict is Verdict.SKIPPED),
            passed=tuple(check for check in result.checks if check.verdict is Verdict.PASSED),
        )

    @property
    def waits(self) -> str:
        """How many checks wait."""
        return f"{_count(len(self.waiting), 'check')} wait{'s' if len(self.waiting) == 1 else ''} for what is above"

    @property
    def passes(self) -> str:
        """How many passed, and their points."""
        return f"{_count(len(self.passed), 'check')} passed ({_points(self.passed)})"


def troubles(
    checks: Iterable[CheckResult], kinds: tuple[Verdict, ...] = (Verdict.FAILED, Verdict.STUDENT_ERROR)
) -> tuple[tuple[CheckResult, ...], ...]:
    """What went wrong, in order; an error that stops several checks is one trouble."""
    same: dict[tuple[str, ...], list[CheckResult]] = {}
    for check in checks:
        if check.verdict in kinds:
            same.setdefault(_what_it_says(check), []).append(check)
    return tuple(map(tuple, same.values()))


def _what_it_says(check: CheckResult) -> tuple[str, ...]:
    """Checks of which this is the same are stopped by the same thing."""
    if check.cause in (Cause.TIMEOUT, Cause.ENDED):
        return (check.cause, check.message)
    alone = check.id if check.cause is Cause.WRONG else ""
    return (check.cause, alone, check.summary, check.got, check.expected, check.message)


def as_text(result: ExerciseResult, reading: str = "", notice: str = "") -> str:
    """The whole result as plain text.

    Parameters
    ----------
    result : ExerciseResult
    reading : str
        What to read again where something failed.
    notice : str
        What must be known before it: that it is about another version than the one on the screen.
    """
    lines = [*([f"! {notice}"] if notice else []), headline(result)]
    if result.not_started:
        lines += [f"  {result.checks[0].summary}"]
        lines += [f"  {' '.join(OPEN):<12} {check.sentence} (0/{check.max_points:g})" for check in result.checks]
        return "\n".join([*lines, *([f"  Read first: {reading}"] if reading else [])])
    outline = Outline.of(result)
    if outline.troubles:
        first = outline.troubles[0]
        if first[0].message:
            lines.append(f"  {_known(first[0])}")
        lines += [f"  {_title(first)}", *(f"      {line}" for line in _details(first[0]))]
    if result.question:
        lines.append(f"  ? {result.question}")
    if reading and not result.passed:
        lines.append(f"  Read again: {reading}")
    for trouble in outline.troubles[1:]:
        known = f" ({KNOWN}: {_name(trouble[0])})" if trouble[0].message else ""
        lines.append(f"  {_title(trouble)}{known}")
    if outline.waiting:
        lines.append(f"  {WORDS[Verdict.SKIPPED][0]} {outline.waits}.")
    if result.passed:
        lines.append(f"  {ALL_PASSED}")
    elif outline.passed:
        lines.append(f"  {WORDS[Verdict.PASSED][0]} {outline.passes}.")
    return "\n".join(lines)


def _title(trouble: Sequence[CheckResult]) -> str:
    """A line about checks that are stopped by the same thing: the first of them, and how many more."""
    check = trouble[0]
    mark, word = WORDS[check.verdict]
    return f"{mark} {word:<10} {check.sentence} ({_points(trouble)}) {and_more(len(trouble) - 1)}".rstrip()


def _points(checks: Sequence[CheckResult]) -> str:
    return f"{sum(check.points for check in checks):g}/{sum(check.max_points for check in checks):g}"


def and_more(count: int) -> str:
    """That so many more checks are stopped by the same thing; empty for none."""
    return f"The same stops {_count(count, 'more check')}." if count else ""


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _name(check: CheckResult) -> str:
    return check.misconception.replace("_", " ")


def check_as_text(check: CheckResult) -> str:
    """What there is to say of one check, as plain text: the known mistake, what happened, and on which input."""
    return "\n".join([*([_known(check)] if check.message else []), *_details(check)])


def _known(check: CheckResult) -> str:
    return f"This behaves like a {KNOWN} ({_name(check)}): {check.message}"


def _details(check: CheckResult) -> list[str]:
    lines = [check.summary] if check.summary else []
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


def as_html(result: ExerciseResult, reading: str = "", link: str = "", notice: str = "") -> str:
    """The whole result as one self-contained piece of HTML, everything from the answer escaped.

    Parameters
    ----------
    result : ExerciseResult
    reading, link : str
        What to read again where something failed, and where it is.
    notice : str
        What must be known before it: that it is about another version than the one on the screen.
    """
    title = html.escape(headline(result))
    parts = [
        f'<section class="mtl-result" aria-label="{title}" style="line-height:1.45">',
        _notice_html(notice),
        f"<p><strong>{title}</strong></p>",
        *(_begun_html(result, reading, link) if not result.not_started else _open_html(result, reading, link)),
        "</section>",
    ]
    return "".join(parts)


def _notice_html(notice: str) -> str:
    if not notice:
        return ""
    return (
        '<p class="mtl-notice" style="margin:.3em 0;padding:.3em .6em;border:2px solid currentColor">'
        f'<span aria-hidden="true">!</span> {rich(notice)}</p>'
    )


def _open_html(result: ExerciseResult, reading: str, link: str) -> Iterator[str]:
    """What will be checked, of an answer that is not begun: neither right nor wrong."""
    yield f"<p>{rich(result.checks[0].summary)}</p>"
    yield _list_html(result.checks, OPEN)
    yield _reading_html("first", reading, link)


def _begun_html(result: ExerciseResult, reading: str, link: str) -> Iterator[str]:
    """The first thing to fix; everything else is a line that opens."""
    outline = Outline.of(result)
    if outline.troubles:
        first = outline.troubles[0]
        yield _mistake_html(first[0])
        yield (
            f'<div class="mtl-check mtl-{first[0].verdict.value}" style="{_edge(first[0].verdict)}">'
            f"{_title_html(first)}{_details_html(first)}</div>"
        )
    if result.question:
        yield f"<p><em>{rich(result.question)}</em></p>"
    if not result.passed:
        yield _reading_html("again", reading, link)
    for trouble in outline.troubles[1:]:
        check = trouble[0]
        known = f" {KNOWN.capitalize()}: {html.escape(_name(check))}." if check.message else ""
        yield (
            f'<details class="mtl-check mtl-{check.verdict.value}" style="{_edge(check.verdict)}">'
            f"<summary>{_title_html(trouble)}{known}</summary>{_mistake_html(check)}{_details_html(trouble)}</details>"
        )
    for kind, checks in ((Verdict.SKIPPED, outline.waiting), (Verdict.PASSED, outline.passed)):
        if checks:
            words = outline.waits if kind is Verdict.SKIPPED else outline.passes
            if kind is Verdict.PASSED and result.passed:
                yield f'<p class="mtl-all-passed"><strong>{ALL_PASSED}</strong></p>'
                words = "What was checked"
            yield (
                f'<details class="mtl-{kind.value}-checks" style="{_edge(kind)}">'
                f'<summary><span aria-hidden="true">{WORDS[kind][0]}</span> {words}</summary>'
                f"{_list_html(checks)}</details>"
            )


def _edge(verdict: Verdict) -> str:
    return f"margin:.3em 0;padding-left:.6em;border-left:4px solid {EDGES[verdict]}"


def _list_html(checks: Iterable[CheckResult], sign: tuple[str, str] | None = None) -> str:
    """Checks of which there is nothing to tell but what they ask for."""
    items = []
    for check in checks:
        mark, word = sign or WORDS[check.verdict]
        items.append(
            f'<li class="mtl-check mtl-{check.verdict.value}" '
            f'style="{_edge(Verdict.SKIPPED if sign else check.verdict)}"><span aria-hidden="true">{mark}</span> '
            f"<strong>{word}</strong> {rich(check.sentence)} <small>({_points([check])})</small></li>"
        )
    return f'<ul style="list-style:none;padding-left:0;margin:0">{"".join(items)}</ul>'


def _title_html(trouble: Sequence[CheckResult]) -> str:
    check = trouble[0]
    mark, word = WORDS[check.verdict]
    return (
        f'<span aria-hidden="true">{mark}</span> <strong>{word}</strong> {rich(check.sentence)} '
        f"<small>({_points(trouble)})</small> {and_more(len(trouble) - 1)}"
    )


def _reading_html(when: str, reading: str, link: str) -> str:
    if not reading:
        return ""
    name = html.escape(reading)
    where = f'<a href="{html.escape(link)}">{name}</a>' if link else name
    return f"<p>Read {when}: {where}</p>"


def _mistake_html(check: CheckResult) -> str:
    if not check.message:
        return ""
    return (
        f'<p class="mtl-misconception" style="margin:.3em 0;padding:.3em .6em;border:1px solid currentColor">'
        f"<strong>This behaves like a {KNOWN}: {html.escape(_name(check))}.</strong> {rich(check.message)}</p>"
    )


def _details_html(trouble: Sequence[CheckResult]) -> str:
    check, *more = trouble
    parts = [f'<p style="margin:.2em 0">{rich(check.summary)}</p>'] if check.summary else []
    if rows := _rows(check):
        cells = "".join(
            f'<tr><th scope="row" style="text-align:left;vertical-align:top">{html.escape(name)}</th>'
            f'<td style="text-align:left"><pre style="{PRE}">{_entries_html(entries)}</pre>'
            "</td></tr>"
            for name, entries in rows
        )
        parts.append(f"<table><tbody>{cells}</tbody></table>")
    if more:
        parts.append(f"<details><summary>Which other checks</summary>{_list_html(more)}</details>")
    return "".join(parts)


def _entries_html(entries: Entries) -> str:
    """The differing entries in bold and after a sign, so that no colour is needed to find them."""
    return "".join(
        f'<strong class="mtl-differs" style="text-decoration:underline">{DIFFERS}{html.escape(text)}</strong>'
        if differs
        else html.escape(text)
        for text, differs in entries
    )


# ---- several exercises -----------------------------------------------------------------------------------------

Reading = Callable[[ExerciseResult], tuple[str, str]]  # what to read again, in words and as a link


@dataclass(frozen=True)
class Told:
    """A result, and what must be known before it."""

    result: ExerciseResult
    notice: str = ""

    @property
    def missing(self) -> bool:
        """True where not all is defined that the exercise asks for."""
        return any(check.cause is Cause.MISSING for check in self.result.checks)

    @property
    def open(self) -> bool:
        """True where there is nothing to fix yet: not begun, or its cell was not run."""
        return self.result.not_started or (self.missing and not self.notice)

    @property
    def line(self) -> str:
        """The result in one line, with a sign."""
        if self.open:
            return f"{OPEN[0]} {self.result.title}: {'its cell was not run' if self.missing else 'not begun'}"
        sign, _ = WORDS[Verdict.PASSED if self.result.passed else Verdict.FAILED]
        return f"{sign} {headline(self.result)}"


@dataclass(frozen=True)
class Several:
    """The results of a whole notebook: the first exercise to fix as it would be alone, and a line for each other one.

    Attributes
    ----------
    told : tuple of Told
        In the notebook's order.
    unknown : tuple of str
        A sentence about each check of the notebook for which there is no exercise.
    """

    told: tuple[Told, ...]
    unknown: tuple[str, ...] = ()

    @property
    def first(self) -> Told | None:
        """The one that is followed by a hint or by what is next: the first to fix, else the last that is right."""
        begun = [one for one in self.told if not one.open]
        return self.to_fix or next(iter([*reversed(begun), *self.told]), None)

    @property
    def to_fix(self) -> Told | None:
        """The first of those that were begun and are not right."""
        return next((one for one in self.told if not one.open and not one.result.passed), None)

    @property
    def headline(self) -> str:
        """How many exercises pass, and the points."""
        results = [one.result for one in self.told]
        passed = sum(result.passed for result in results)
        score, out_of = sum(result.score for result in results), sum(result.max_score for result in results)
        what = "exercise passes" if len(results) == 1 else "exercises pass"
        return f"{passed} of {len(results)} {what}: {score:g} of {out_of:g} points"

    def as_text(self, reading: Reading) -> str:
        """All of it as plain text."""
        lines = [self.headline, *(f"  ! {sentence}" for sentence in self.unknown)]
        if (first := self.to_fix) is not None:
            text = as_text(first.result, reading(first.result)[0], first.notice)
            lines += [f"  {line}" for line in text.splitlines()]
        for one in self.told:
            if one is not first:
                lines += [f"  {one.line}", *([f"      ! {one.notice}"] if one.notice else [])]
        return "\n".join(lines)

    def as_html(self, reading: Reading) -> str:
        """The same as one self-contained piece of HTML, everything escaped; a line opens to the whole result."""
        title = html.escape(self.headline)
        parts = [f'<section class="mtl-results" aria-label="{title}" style="line-height:1.45">']
        parts.append(f"<p><strong>{title}</strong></p>")
        parts += [f"<p>{rich(sentence)}</p>" for sentence in self.unknown]
        if (first := self.to_fix) is not None:
            parts.append(as_html(first.result, *reading(first.result), first.notice))
        for one in self.told:
            if one is not first:
                page = as_html(one.result, *reading(one.result), one.notice)
                line = html.escape(one.line)
                parts.append(f'<details style="margin:.3em 0"><summary>{line}</summary>{page}</details>')
        return "".join([*parts, "</section>"])


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
