"""The cheat sheet: every lesson's take-aways and formulas on one page of HTML, to be read, printed and kept.

The page needs no network, no script and no other file: formulas are MathML, colours follow the reader's theme.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from autograder.files import Cell
from autograder.sections import sections_of
from mtl_teach.learn import formulas

FILE = "lessons/pages/cheat_sheet.html"
HEADING = "Take-away"

STYLE = """
:root { color-scheme: light dark; --text: #1b1b1f; --quiet: #55555e; --line: #b9b9c3; --page: #fff; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e6e6ea; --quiet: #aaaab4; --line: #4a4a55; --page: #17171b; }
}
body { margin: 0 auto; padding: 1.2rem; max-width: 84rem; background: var(--page); color: var(--text);
  font: 1rem/1.4 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: 0 0 .2rem; }
header p { margin: 0 0 1rem; color: var(--quiet); }
main { columns: 25rem; column-gap: 2rem; }
section { margin: 0 0 1rem; padding-top: .3rem; border-top: 1px solid var(--line); }
h2 { font-size: 1.1rem; margin: 0 0 .3rem; break-after: avoid; break-inside: avoid; }
ul { margin: 0; padding-left: 1.1rem; }
li { margin: .15rem 0; break-inside: avoid; }
figure { margin: .5rem 0 0; break-inside: avoid; }
figure div { display: flex; flex-wrap: wrap; justify-content: center; align-items: center; gap: .2rem 1.5rem; }
figcaption { color: var(--quiet); font-size: .85rem; }
figure math { font-size: clamp(.7rem, 2.9vw, .85rem); }
code { font-family: ui-monospace, monospace; font-size: .95em; }
@media print {
  @page { size: A4 landscape; margin: 9mm; }
  :root { --text: #000; --quiet: #333; --line: #999; --page: #fff; }
  body { padding: 0; max-width: none; font-size: 8.6pt; line-height: 1.25; }
  h1 { font-size: 12pt; }
  header p { margin-bottom: 2mm; }
  main { columns: 3; column-gap: 6mm; }
  section { margin-bottom: 2mm; }
  h2 { font-size: 10pt; }
  figcaption { font-size: 7.4pt; }
  figure { margin-top: .6mm; }
  figure div { gap: 0 3mm; }
  figure math { font-size: 8.6pt; }
}
"""


@dataclass(frozen=True)
class Summary:
    """What of one lesson stands on the sheet.

    Attributes
    ----------
    number : int
    title : str
    points : tuple of str
        Its take-aways, in Markdown.
    formulas : tuple of (str, str)
        The section where each stands, and the formula in TeX.
    """

    number: int
    title: str
    points: tuple[str, ...]
    formulas: tuple[tuple[str, str], ...]


def summary_of(number: int, cells: Sequence[Cell]) -> Summary:
    """The take-aways and the set-off formulas of a lesson; what it does not have is empty."""
    sections = sections_of(cells)
    title = next((one.title for one in sections if one.level == 1), "")
    ending = next((one.text for one in sections if one.title == HEADING), "")
    points = re.findall(r"^[-*] (.+(?:\n[ \t]+\S.*)*)", ending, re.MULTILINE)
    found = ((one.title, tex) for one in sections for tex, _ in formulas.MATH.findall(one.text) if tex)
    title = re.sub(r"^\d+\.\s*", "", title)
    return Summary(number, title, tuple(" ".join(point.split()) for point in points), tuple(found))


def page(summaries: Iterable[Summary]) -> str:
    """The sheet as one HTML document."""
    parts = "\n".join(_part(one) for one in summaries if one.points or one.formulas)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Cheat sheet: multi-task and multi-objective learning</title><style>{STYLE}</style></head>\n<body>"
        "<header><h1>Multi-task and multi-objective learning</h1>"
        "<p>Take-aways and formulas of every lesson. Printed, it is one sheet of A4, both sides.</p></header>\n"
        f"<main>\n{parts}\n</main></body></html>\n"
    )


def _part(one: Summary) -> str:
    points = "".join(f"<li>{inline(point)}</li>" for point in one.points)
    drawn = "".join(
        f"<figure><figcaption>{inline(section)}</figcaption><div>{_drawn(tex)}</div></figure>"
        for section, tex in one.formulas
    )
    return (
        f"<section><h2>{one.number}. {inline(one.title)}</h2>{f'<ul>{points}</ul>' if points else ''}{drawn}</section>"
    )


def _drawn(tex: str) -> str:
    """A formula with its parts side by side where there is room, else below each other."""
    parts = (part.strip().rstrip(".,").strip() for part in re.split(r"\\q?quad(?![a-zA-Z])", tex))
    return "".join(formulas.mathml(part, display=True) for part in parts if part)


_INLINE = re.compile(
    r"(?P<code>`+)(?P<source>.+?)(?P=code)|(?<![\\\w$])\$(?P<tex>[^$\n]+)\$|\[(?P<label>[^\[\]]+)\]\([^)\n]*\)"
    r"|\*\*(?P<strong>.+?)\*\*(?!\*)|(?<![\w*])\*(?P<em>[^*\s](?:[^*]*[^*\s])?)\*(?!\w)|\\(?P<sign>[^\w\s])"
)


def inline(markdown: str) -> str:
    r"""A line of Markdown as HTML: code, emphasis and formulas; of a link its words.

    >>> inline("**A *b*** [link](x) $w^2$ `a < b` λ\\*")
    '<strong>A <em>b</em></strong> link <math><msup><mi>w</mi><mn>2</mn></msup></math> <code>a &lt; b</code> λ*'
    """
    done, at = [], 0
    for found in _INLINE.finditer(markdown):
        done += [html.escape(markdown[at : found.start()], quote=False), _tagged(found)]
        at = found.end()
    return "".join([*done, html.escape(markdown[at:], quote=False)])


def _tagged(found: re.Match[str]) -> str:
    if found["source"] is not None:
        return f"<code>{html.escape(found['source'].strip(), quote=False)}</code>"
    if found["tex"] is not None:
        return formulas.mathml(found["tex"])
    if found["label"] is not None:
        return inline(found["label"])
    if found["strong"] is not None:
        return f"<strong>{inline(found['strong'])}</strong>"
    if found["em"] is not None:
        return f"<em>{inline(found['em'])}</em>"
    return html.escape(found["sign"], quote=False)
