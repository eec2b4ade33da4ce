"""Finding things: an index of a workspace's lessons, problem sets, quick tests, projects, glossary and pages.

It is made when it is needed and kept in memory, so it is never out of date and nothing is written. What would give an
answer away is never in it: no solution, no learner's answer, no prediction, and of a quick test only what it asks.
"""

from __future__ import annotations

import difflib
import re
import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.files import Cell
from autograder.quizzes import bank
from autograder.sections import at, read_cells, sections_of
from mtl_teach.learn import formulas, glossary
from mtl_teach.learn.browser.here import texts
from mtl_teach.learn.glossary import spelled

WORD = re.compile(r"[^\W_]+")
NAME = re.compile(r"\b[A-Za-z_]\w{2,}\b")
FILLERS = {
    *("a", "an", "and", "are", "do", "does", "for", "how", "i", "in", "is", "it", "of", "on", "the", "to"),
    *("what", "when", "where", "which", "who", "why"),
}
MOST_WORDS = 20  # of what is looked for
LONGEST = 50  # characters of one of them
START, END = "\x02", "\x03"  # around what was found in an excerpt; texts hold no such characters
STAR = "\x04"  # stands for one that is no mark
NOT_SHOWN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
HIDDEN_TAGS = {"fold", "claim"}  # cells that hold the answer to a prediction


@dataclass(frozen=True)
class Entry:
    """One thing that can be found.

    Attributes
    ----------
    kind : str
        "lesson", "problem set", "quick test", "project", "glossary" or "page".
    where : str
        In words, for example ``lesson 5, “The mean over what was observed”``.
    path, cell : str
        The notebook in the workspace, and the cell in it.
    title, text, names : str
        What is searched: a heading, what stands under it, and what is named in its code.
    """

    kind: str
    where: str
    path: str
    cell: str
    title: str
    text: str
    names: str = ""

    @property
    def link(self) -> str:
        """A link from the workspace's folder that opens the notebook at the cell."""
        return at(self.path, self.cell)


@dataclass(frozen=True)
class Hit:
    """One thing that was found, with the words around what was looked for cut into (text, found or not)."""

    entry: Entry
    excerpt: tuple[tuple[str, bool], ...]

    @property
    def plain(self) -> str:
        """The excerpt as text."""
        return "".join(text for text, _ in self.excerpt)


class Index:
    """What a workspace holds, to be searched by words.

    Parameters
    ----------
    entries : iterable of Entry
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = list(entries)
        self._words: set[str] = set()
        # a notebook's search box is asked from the thread of the kernel's control messages, too
        self._db = sqlite3.connect(":memory:", check_same_thread=False)
        self._db.execute(
            "CREATE VIRTUAL TABLE entry USING fts5(title, text, names, tokenize='porter unicode61 remove_diacritics 2')"
        )
        for number, entry in enumerate(self.entries):
            names = " ".join((entry.names, *_greek_names(f"{entry.title} {entry.text}")))
            row = (number, entry.title, entry.text, names)
            self._db.execute("INSERT INTO entry (rowid, title, text, names) VALUES (?, ?, ?, ?)", row)
            self._words.update(word.lower() for word in WORD.findall(f"{entry.title} {entry.text}") if len(word) > 2)

    def find(self, words: str, limit: int = 20) -> list[Hit]:
        """What fits the words best, best first.

        All words count, else all of them as beginnings of others, else any of them. A word's forms are one word:
        masks, masked and masking find each other.
        """
        asked = _asked(words)
        asked = [word for word in asked if word.lower() not in FILLERS] or asked
        exact = [_or_its_name(f'"{word}"', word) for word in asked]
        begun = [f"{term}*" if self._is_begun(word) else term for term, word in zip(exact, asked)]
        for joined in (" AND ".join(exact), " AND ".join(begun), " OR ".join(exact)):
            if joined and (hits := self._matching(joined, limit)):
                return hits
        return []

    def _is_begun(self, word: str) -> bool:
        """True where longer words begin so; the ending of a long word may differ."""
        start = spelled(word).lower() if len(word) <= 5 else spelled(word).lower()[:-1]
        return len(start) > 1 and any(one.startswith(start) for one in self._words)

    def _matching(self, query: str, limit: int) -> list[Hit]:
        rows = self._db.execute(
            "SELECT rowid, snippet(entry, 1, ?, ?, '…', 18) FROM entry WHERE entry MATCH ? "
            "ORDER BY bm25(entry, 8.0, 1.0, 2.0), rowid LIMIT ?",
            (START, END, query, limit),
        )
        return [Hit(self.entries[number], tuple(_cut(excerpt))) for number, excerpt in rows]

    def suggestion(self, words: str) -> str:
        """The words with each one that stands nowhere replaced by the nearest that does; empty where none is near."""
        asked = [word.lower() for word in _asked(words)]
        near = [self._nearest(word) for word in asked]
        return " ".join(near) if near != asked and all(near) else ""

    def _nearest(self, word: str) -> str:
        found = difflib.get_close_matches(word, sorted(self._words), n=1, cutoff=0.7)
        return found[0] if found else ""


def index_of(workspace: Path) -> Index:
    """Everything in a workspace that can be found; what is damaged or missing is left out."""
    return Index(entries_of(texts(workspace)))


def entries_of(workspace: Path) -> Iterator[Entry]:
    """What a workspace holds, section by section."""
    yield from _glossary(workspace)
    for file in sorted((workspace / "lessons").glob("[0-9][0-9]*.ipynb")):
        yield from _sections("lesson", f"lesson {int(file.name[:2])}", workspace, file)
    for file in sorted((workspace / "exercises").glob("ps[0-9][0-9]*/ps[0-9][0-9]*.ipynb")):
        yield from _sections("problem set", f"problem set {int(file.name[2:4])}", workspace, file)
    for number in bank.all_quizzes():
        if (workspace / f"quick_tests/quick_test_{number}.ipynb").is_file():
            yield from _questions(number)
    for file in sorted((workspace / "projects").glob("[pP][0-9]*.ipynb")):
        yield from _sections("project", f"project {file.stem[1:2]}", workspace, file)
    for file in sorted((workspace / "lessons" / "pages").glob("*.ipynb")):
        if file.name != Path(glossary.FILE).name:
            yield from _sections("page", file.stem.replace("_", " "), workspace, file)


def _sections(kind: str, where: str, workspace: Path, file: Path) -> Iterator[Entry]:
    path = file.relative_to(workspace).as_posix()
    cells = [cell for cell in read_cells(file) if not _is_answer(cell) and not cell.id.startswith("signpost-")]
    for section in sections_of(cells):
        title = readable(section.title)
        place = f"{where}, “{title}”" if section.level > 1 else where
        code = [cell.source for cell in section.cells if not HIDDEN_TAGS & set(cell.metadata.get("tags", ()))]
        names = " ".join(dict.fromkeys(NAME.findall("\n".join(code))))
        yield Entry(kind, place, path, section.cell, title, readable(section.text), names)


def _is_answer(cell: Cell) -> bool:
    marks = cell.metadata.get("nbgrader")
    return isinstance(marks, dict) and bool(marks.get("solution"))


def _questions(number: str) -> Iterator[Entry]:
    title, questions = bank.asked(number)
    where, path = f"quick test {int(number)}", f"quick_tests/quick_test_{number}.ipynb"
    yield Entry("quick test", where, path, "", "", readable(title))
    for place, text in enumerate(questions, 1):
        yield Entry("quick test", f"{where}, question {place}", path, "", "", readable(text))


def _glossary(workspace: Path) -> Iterator[Entry]:
    for cell in read_cells(workspace / glossary.FILE):
        if cell.id.startswith("glossary-") and (found := re.match(r"\*\*(.+?)\*\*:\s*(.*)", cell.source, re.DOTALL)):
            name = readable(found[1])
            yield Entry("glossary", f"glossary, “{name}”", glossary.FILE, cell.id, name, readable(found[2]))


def readable(markdown: str) -> str:
    """Markdown as plain text on one line: no marks, no links, no HTML, formulas as text.

    >>> readable("The **mean** of `x`, see [lesson 5](../05.ipynb): $\\\\ell_i$")
    'The mean of x, see lesson 5: ℓ_i'
    """
    text = formulas.MATH.sub(_formula, NOT_SHOWN.sub(" ", markdown)).replace("\\*", STAR)
    text = re.sub(r"!?\[([^\[\]]*)\]\([^)\n]*\)", r"\1", text)
    text = re.sub(r"</?[a-zA-Z][^>\n]*>|^\s*(?:[-*+>]|\|[-:| ]+\|$|```\w*)|^#+ ", " ", text, flags=re.MULTILINE)
    text = re.sub(r"[`|]|\*+(?=\S)|(?<=\S)\*+", " " if "|" in text else "", text)
    return " ".join(text.replace("\\", "").replace(STAR, "*").split())


def _formula(found: re.Match[str]) -> str:
    return formulas.text(found[1] or found[2]).replace("*", STAR)


def _greek_names(text: str) -> Iterator[str]:
    """What the words with Greek letters, and the letters themselves, are called."""
    for word in dict.fromkeys(WORD.findall(text)):
        if spelled(word) != word:
            yield from (spelled(word), *(spelled(letter) for letter in word if spelled(letter) != letter))


def _asked(words: str) -> list[str]:
    return [word[:LONGEST] for word in WORD.findall(unicodedata.normalize("NFC", words))][:MOST_WORDS]


def _or_its_name(term: str, word: str) -> str:
    """A term, or where it has Greek letters also their names; "lambda" finds λ since every entry holds the names."""
    name = spelled(word)
    return term if name == word else f'({term} OR "{name}")'


def _cut(excerpt: str) -> Iterator[tuple[str, bool]]:
    for number, piece in enumerate(re.split(f"[{START}{END}]", excerpt)):
        if piece:
            yield piece, number % 2 == 1
