"""Moodle XML: a category a quick test; feedback by option, an explanation and tags."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from autograder.desk.banks.form import Form
from autograder.desk.banks.item import Bank, Item
from autograder.desk.banks.markup import html


class MoodleXml(Form):
    """Read by Moodle's own importer, without a plug-in."""

    name = "moodle"
    suffix = "-moodle.xml"
    way_in = "Moodle: Question bank > Import > Moodle XML format. Each quick test becomes a category."

    def data(self, banks: Sequence[Bank]) -> bytes:
        """One file for all; every text is HTML."""
        root = Element("quiz")
        for bank in banks:
            question = SubElement(root, "question", type="category")
            _text(SubElement(question, "category"), category(bank))
            for item in bank.items:
                _question(SubElement(root, "question", type="multichoice"), item)
        ElementTree.indent(root)
        text = ElementTree.tostring(root, encoding="unicode")
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def category(bank: Bank) -> str:
    """The category of a quick test as Moodle writes its path, in which a slash of a name is doubled."""
    return f"$course$/top/mtl-teach/{bank.title.replace('/', '//')}"


def _question(question: Element, item: Item) -> None:
    _text(SubElement(question, "name"), item.name)
    _html(question, "questiontext", item.text)
    _html(question, "generalfeedback", item.explanation)
    plain = {"defaultgrade": "1", "hidden": "0", "single": "true", "shuffleanswers": "true", "answernumbering": "ABCD"}
    for name, value in plain.items():
        SubElement(question, name).text = value
    for choice in item.choices:
        answer = _html(question, "answer", choice.text)
        answer.set("fraction", "100" if choice.right else "0")
        _html(answer, "feedback", choice.feedback)
    tags = SubElement(question, "tags")
    for tag in item.tags:
        _text(SubElement(tags, "tag"), tag)


def _html(parent: Element, name: str, text: str) -> Element:
    made = SubElement(parent, name, format="html")
    _text(made, html(text))
    return made


def _text(parent: Element, text: str) -> None:
    SubElement(parent, "text").text = text
