"""Blackboard's text: a line a question, its fields apart by tabs; no feedback, no names, no formatting."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from autograder.desk.banks.form import Form
from autograder.desk.banks.item import Bank, Item
from autograder.desk.banks.markup import plain


class BlackboardText(Form):
    """Uploaded into a test or a pool; Original and Ultra read the same."""

    name = "blackboard"
    suffix = "-blackboard.txt"
    way_in = (
        "Blackboard Original: Tests > the test or pool > Upload Questions. Ultra: the test > + > Upload questions from "
        "file. All questions go into one test: write one quick test at a time to have a test each."
    )
    lacks = "This format has no place for feedback, explanations, names and tags; formulas and code show as typed."

    def data(self, banks: Sequence[Bank]) -> bytes:
        """Lines without a heading; a line ends like those of Windows, as a spreadsheet would write them."""
        lines = ("\t".join(_fields(item)) for bank in banks for item in bank.items)
        return "".join(f"{line}\r\n" for line in lines).encode()

    def refuses(self, item: Item) -> str:
        """Options that differ in nothing but marks."""
        texts = {plain(choice.text) for choice in item.choices}
        return "" if len(texts) == len(item.choices) else "two of its options read the same as plain text"


def _fields(item: Item) -> Iterator[str]:
    yield "MC"
    yield plain(item.text)
    for choice in item.choices:
        yield plain(choice.text)
        yield "correct" if choice.right else "incorrect"
