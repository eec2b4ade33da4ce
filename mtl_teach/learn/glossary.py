"""The glossary: its terms, their page in a workspace, and links to them from where a lesson first uses them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from mtl_teach.learn.formulas import GREEK

FILE = "lessons/pages/glossary.ipynb"
_ROW = re.compile(r"^\|\s*\*\*(.+?)\*\*\s*\|\s*(.+?)\s*\|\s*([\d, ]*?)\s*\|\s*$", re.MULTILINE)
_SPELLED = {letter: name.lower() for name, letter in GREEK.items()}
# What is code, a heading, a formula, a link, a picture or HTML is no text to put a link in.
_NO_TEXT = re.compile(
    r"(?ms)^[ \t]*(```|~~~).*?^[ \t]*\1[^\n]*$|^\#{1,6}[ \t][^\n]*$|^</?[a-zA-Z].*?(?=\n[ \t]*\n|\Z)"
    r"|\$\$.*?\$\$|(?<!\\)\$[^$\n]+\$|(`+).*?\2"
    r"|!?\[(?:[^\[\]]|\[[^\[\]]*\])*\]\([^)\n]*\)|<[^>\n]+>|https?://\S+|\\[lr]?[a-zA-Z]+"
)
_LINK = re.compile(r"\[([^\[\]]+)\]\((?:\w*/)*glossary\.md\)")
# Words with other meanings in everyday English: linked only in the lessons that explain them.
_EVERYDAY = {"affinity", "conflict", "coverage", "expert", "gate", "proxy", "reduction", "slack", "violation"}
_NOT_MEANT = {"front": r"(?<!in )(?<!up ){}(?! end)", "head": r"{}(?! start)"}  # {}: the word itself


@dataclass(frozen=True)
class Term:
    """One row of the glossary.

    Attributes
    ----------
    name, meaning, lessons : str
        As the page has them, in Markdown; ``lessons`` lists the numbers of the lessons that explain it.
    cell : str
        The id of the term's cell on the page.
    words : tuple of str
        What stands for it in a text.
    """

    name: str
    meaning: str
    lessons: str
    cell: str
    words: tuple[str, ...]


def terms_of(page: str) -> list[Term]:
    """The terms of the glossary's source, in its order.

    Parameters
    ----------
    page : str
        Markdown with a table of word, meaning and lesson.

    Examples
    --------
    >>> [(term.cell, term.words) for term in terms_of("| **hard, soft sharing** | one trunk | 1 |")]
    [('glossary-hard-soft-sharing', ('hard sharing', 'soft sharing'))]
    """
    return [
        Term(name, meaning, lessons, f"glossary-{_slug(name)}", _words(name))
        for name, meaning, lessons in _ROW.findall(page)
    ]


def introduction(page: str) -> str:
    """What stands before the table."""
    return page.partition("\n|")[0].strip()


def as_cell(term: Term, lessons: Mapping[int, str]) -> str:
    """A term as a cell of the page: its meaning, and links to the lessons that explain it.

    Parameters
    ----------
    term : Term
    lessons : mapping of int to str
        Where each lesson lies, seen from the page, by its number.
    """
    numbers = [int(number) for number in re.findall(r"\d+", term.lessons)]
    links = ", ".join(f"[{number}]({lessons[number]})" if number in lessons else str(number) for number in numbers)
    where = f" *{'Lesson' if len(numbers) == 1 else 'Lessons'} {links}.*" if links else ""
    return f"**{term.name}**: {term.meaning}.{where}"


def spelled(text: str) -> str:
    """A text with the names of its Greek letters in their place.

    >>> spelled("λ* and Δm")
    'lambda* and deltam'
    """
    return "".join(_SPELLED.get(letter, letter) for letter in text)


def linked(texts: Sequence[str], terms: Sequence[Term], page: str, lesson: int = 0) -> list[str]:
    """The Markdown texts of one lesson, in order, with each term linked where it is used first.

    Parameters
    ----------
    texts : sequence of str
    terms : sequence of Term
    page : str
        Where the glossary lies, seen from the lesson.
    lesson : int
        Its number: words of everyday English are terms only in the lessons that explain them.

    Examples
    --------
    >>> linked(["# The mask", "The mask hides `mask`. A mask."], terms_of("| **mask** | yes or no | 5 |"), "g.ipynb")
    ['# The mask', 'The [mask](g.ipynb#cell-id=glossary-mask) hides `mask`. A mask.']
    """
    by_word = {
        _key(word): term
        for term in terms
        for word in term.words
        if word not in _EVERYDAY or str(lesson) in re.findall(r"\d+", term.lessons)
    }
    pattern = _pattern(by_word)
    seen: set[str] = set()

    def link(found: re.Match[str]) -> str:
        term = _meant(found[0], by_word)
        if term is None or term.cell in seen:
            return found[0]
        seen.add(term.cell)
        return f"[{found[0]}]({page}#cell-id={term.cell})"

    def keep(written: str) -> str:
        return _LINK.sub(old_link, written)

    def old_link(found: re.Match[str]) -> str:
        term = _meant(found[1].strip("*"), by_word) or _begun(found[1], terms)
        if term is not None and term.cell in seen:
            return found[1]
        if term is not None:
            seen.add(term.cell)
        return f"[{found[1]}]({page}{f'#cell-id={term.cell}' if term else ''})"

    done = []
    for text in texts:
        parts = [keep(part) if protected else pattern.sub(link, part) for protected, part in _parts(text)]
        done.append("".join(parts))
    return done


def _begun(written: str, terms: Sequence[Term]) -> Term | None:
    """The only term that begins with a word: the author linked "Chebyshev" and meant Chebyshev scalarisation."""
    found = [term for term in terms if term.name.lower().startswith(f"{written.lower()} ")]
    return found[0] if len(found) == 1 else None


def _parts(text: str) -> Iterator[tuple[bool, str]]:
    """A text cut into what no link may stand in (True) and plain text (False)."""
    at = 0
    for found in _NO_TEXT.finditer(text):
        yield False, text[at : found.start()]
        yield True, found[0]
        at = found.end()
    yield False, text[at:]


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", spelled(name.replace("\\", "")).lower()).strip("-")


def _words(name: str) -> tuple[str, ...]:
    """What a term is called in a text: each of its names, and abbreviations in brackets."""
    name = name.replace("\\", "")
    short = re.findall(r"\b[A-Z]{2,}\b", "".join(re.findall(r"\(([^)]*)\)", name)))
    names = [one.strip() for one in re.sub(r"\([^)]*\)", "", name).split(",")]
    noun = names[-1].partition(" ")[2]
    if noun and len(names) > 1:  # "hard, soft sharing"
        names = [one if " " in one else f"{one} {noun}" for one in names]
    return tuple(one for one in (*names, *short) if len(one) > 1 and not re.fullmatch(r"\W*\w\W*", one))


def _key(word: str) -> str:
    """A word without the difference of a capital at its beginning, which a name in capitals keeps."""
    return word if word[1:2].isupper() else word[:1].lower() + word[1:]


def _pattern(by_word: dict[str, Term]) -> re.Pattern[str]:
    """Any of the words, the longest first, also in the plural and with a capital."""
    found = []
    for word in sorted(by_word, key=lambda one: (-len(one), one)):
        first = word[0]
        start = f"[{first.upper()}{first}]" if first.isascii() and first.islower() else re.escape(first)
        rest = re.sub(r"(\\?[ -])", lambda gap: r"\s+" if " " in gap[1] else gap[1], re.escape(word[1:]))
        plural = f"{rest[:-1]}(?:y|ies)" if word.endswith("y") and word[-2:-1] not in "aeiou" else f"{rest}(?:s|es)?"
        found.append(_NOT_MEANT.get(word, "{}").replace("{}", start + plural))
    return re.compile(rf"(?<![\w-])(?:{'|'.join(found)})(?![\w-])" if found else r"(?!)")


def _meant(written: str, by_word: dict[str, Term]) -> Term | None:
    word = _key(" ".join(written.split()))
    for one in (word, word.removesuffix("s"), word.removesuffix("es"), re.sub("ies$", "y", word)):
        if one in by_word:
            return by_word[one]
    return None
