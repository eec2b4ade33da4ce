"""The commented solution as a difference to the learner's own code: as a table, and as text."""

from __future__ import annotations

import ast
import difflib
import html

PRE = "margin:0;white-space:pre-wrap;overflow-wrap:anywhere;word-break:normal;background:transparent;color:inherit"
HANGING = "padding-left:2ch;text-indent:-2ch"  # of a line that is too long: it goes on beside its sign
WORDS = {"=": "same", "-": "yours", "+": "solution"}
SIGNS = {"=": " ", "-": "−", "+": "+"}


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


def is_code(answer: str) -> bool:
    """True for a source that defines something; of an answer that is a value there is only what it looks like.

    >>> is_code("def f(): return 1"), is_code("total = 2"), is_code("2.05"), is_code("")
    (True, True, False, False)
    """
    try:
        return any(isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Assign)) for node in ast.parse(answer).body)
    except (SyntaxError, ValueError):
        return False


def difference_html(mine: str, solution: str) -> str:
    """The difference as a table; the sign and a word carry the meaning, not a colour.

    Where there is no code of the learner's, the solution alone.
    """
    if not is_code(mine):
        return f'<p><strong>The commented solution</strong></p><pre style="{PRE}">{html.escape(solution)}</pre>'
    rows = "".join(
        f'<tr class="mtl-diff-{WORDS[sign]}">'
        f'<th scope="row" style="text-align:left;vertical-align:top">{WORDS[sign]}</th>'
        f'<td style="text-align:left"><pre style="{PRE};{HANGING}">{SIGNS[sign]} {html.escape(line)}</pre></td></tr>'
        for sign, line in difference(mine, solution)
    )
    return (
        '<table class="mtl-difference"><caption>Your code (−) and the commented solution (+)</caption>'
        f"<tbody>{rows}</tbody></table>"
    )


def difference_text(mine: str, solution: str) -> str:
    """The difference as text, one sign before each line."""
    return "\n".join(f"{' ' if sign == '=' else sign} {line}" for sign, line in difference(mine, solution))
