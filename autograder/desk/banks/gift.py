"""GIFT, the text format that Moodle reads and people can edit: feedback by option, an explanation and tags."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from autograder.desk.banks.form import Form
from autograder.desk.banks.item import Bank, Item
from autograder.desk.banks.markup import html
from autograder.desk.banks.moodle_xml import category


class Gift(Form):
    """A question is a block of lines; an empty line ends it."""

    name = "gift"
    suffix = "-gift.txt"
    way_in = "Moodle: Question bank > Import > GIFT format. Each quick test becomes a category."

    def data(self, banks: Sequence[Bank]) -> bytes:
        """One file for all; every text is HTML, behind a mark that says so."""
        blocks = [block for bank in banks for block in _blocks(bank)]
        return ("\n\n".join(blocks) + "\n").encode()


def _blocks(bank: Bank) -> Iterator[str]:
    # Of a category nothing but the backslash is escaped: Moodle leaves other escapes of it as they are.
    yield "$CATEGORY: " + category(bank).replace("\\", r"\\")
    for item in bank.items:
        yield "\n".join(_lines(item))


def _lines(item: Item) -> Iterator[str]:
    yield "// " + " ".join(f"[tag:{tag}]" for tag in item.tags)
    yield f"::{item.name}::{_marked(item.text)} {{"
    for choice in item.choices:
        yield f"{'=' if choice.right else '~'}{_marked(choice.text)}#{_marked(choice.feedback)}"
    yield f"####{_marked(item.explanation)}"
    yield "}"


def _marked(text: str) -> str:
    """A text as GIFT: what means something there has a backslash before it, and it is all on one line."""
    return "[html]" + re.sub(r"[\\:#={}~]", r"\\\g<0>", html(text)).replace("\n", r"\n")
