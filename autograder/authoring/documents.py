"""Documents of the checkout as pages of the web book: their links lead to pages where the book has them."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path

PAGES = {
    "CONTRIBUTING.md": "contribute/contributing.md",
    "docs/architecture.md": "contribute/architecture.md",
    "docs/decisions.md": "contribute/decisions.md",
    "docs/release.md": "contribute/release.md",
    "CHANGELOG.md": "contribute/changelog.md",
    "SECURITY.md": "contribute/security.md",
}
LINK = re.compile(r"(?<!!)\[([^]]+)\]\((?!\w+:|#)([^)#\s]+)(#[^)\s]*)?\)")
NAMES = "|".join(map(re.escape, PAGES))
LEFT_ALONE = r"^```.*?^```|\[[^]]+\]\([^)]+\)|`[^`\n]+`"  # blocks of code, links, and other code in a line
NAMED = re.compile(rf"`(?P<code>{NAMES})`|{LEFT_ALONE}|(?<![\w/])(?P<plain>{NAMES})", re.DOTALL | re.MULTILINE)


def pages(root: Path) -> dict[str, str]:
    """Every document, by its place in the book."""
    return {page: document(root, name) for name, page in PAGES.items()}


def document(root: Path, name: str) -> str:
    """A document's text; a link to a file that the book does not have becomes the words that it stood on.

    Where it names another document without a link, the name becomes one.
    """

    def to_page(found: re.Match[str]) -> str:
        words, link, anchor = found.groups("")
        file = posixpath.normpath(posixpath.join(posixpath.dirname(name), link))
        page = PAGES.get(file) or _taken_as_it_is(file)
        return f"[{words}](/{page}{anchor})" if page else words

    def to_named(found: re.Match[str]) -> str:
        file = found["code"] or found["plain"]
        return f"[{found[0]}](/{PAGES[file]})" if file and file != name else found[0]

    return NAMED.sub(to_named, LINK.sub(to_page, (root / name).read_text(encoding="utf-8")))


def _taken_as_it_is(file: str) -> str:
    """The page of a lesson or of one of its pages."""
    return file.removeprefix("lessons/") if re.fullmatch(r"lessons/.+\.(md|ipynb)", file) else ""
