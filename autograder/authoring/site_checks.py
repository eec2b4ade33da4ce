"""What has to hold for the pages of the web book once they are built: links arrive, no page fetches, none is large.

It reads the HTML, so that it sees what a reader's browser sees, whatever the page was made of. Nothing is fetched.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from autograder.authoring.lite.links import FOLDER

LARGEST_PAGE, LARGEST_BOOK = 400_000, 15_000_000  # bytes; a page without its figures, which are files of their own
LOADED = {"script": "src", "img": "src", "iframe": "src", "source": "src"}  # what a browser fetches by itself
LOADED_LINKS = {"stylesheet", "icon", "preload", "modulepreload", "preconnect", "dns-prefetch"}


@dataclass
class Found:
    """What was found in a book."""

    pages: dict[str, int] = field(default_factory=dict)  # bytes of each page
    bytes: int = 0  # of everything, figures too
    inside: int = 0  # links that arrive at a page of the book
    outside: dict[str, list[str]] = field(default_factory=dict)  # other addresses, and the pages that have them
    problems: list[str] = field(default_factory=list)


class _Page(HTMLParser):
    """The anchors, links and fetched files of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        self.anchors.update(has[name] for name in ("id", "name") if name in has)
        if tag == "a" and "href" in has:
            self.links.append(has["href"])
        if tag in LOADED and LOADED[tag] in has:
            self.loaded.append(has[LOADED[tag]])
        if tag == "link" and LOADED_LINKS & set(has.get("rel", "").split()):
            self.loaded.append(has.get("href", ""))


def look_at(folder: Path) -> Found:
    """Check every page of a book that is built; a problem names the page and what is wrong with it.

    The browser edition, where it lies in the book, is no page of it: only that links into it arrive is looked at.
    """
    files = [path for path in folder.rglob("*") if path.is_file() and path.relative_to(folder).parts[0] != FOLDER]
    found = Found(bytes=sum(path.stat().st_size for path in files))
    pages = {
        path.relative_to(folder).as_posix(): _Page(path.read_text(encoding="utf-8"))
        for path in sorted(files)
        if path.suffix == ".html" and path.relative_to(folder).parts[0] != "_static"
    }
    for name, page in pages.items():
        found.pages[name] = (folder / name).stat().st_size
        for link in page.links:
            _follow(folder, pages, name, link, found)
        for link in page.loaded:
            _load(folder, name, link, found)
        if found.pages[name] > LARGEST_PAGE:
            found.problems.append(f"{name} has {_kb(found.pages[name])}; a page has {_kb(LARGEST_PAGE)} at most.")
    if found.bytes > LARGEST_BOOK:
        largest = sorted(files, key=lambda path: -path.stat().st_size)[:3]
        names = ", ".join(f"{path.relative_to(folder).as_posix()} {_kb(path.stat().st_size)}" for path in largest)
        found.problems.append(
            f"The book has {_kb(found.bytes)}; {_kb(LARGEST_BOOK)} are the most. Its largest files: {names}."
        )
    return found


def _follow(folder: Path, pages: dict[str, _Page], name: str, link: str, found: Found) -> None:
    there, anchor = _place(name, link)
    if there is None:
        found.outside.setdefault(link, [])
        if name not in found.outside[link]:
            found.outside[link].append(name)
    elif there not in pages and not (folder / there).is_file():
        found.problems.append(f"{name}: the link {link} leads nowhere; there is no {there}.")
    elif anchor and there in pages and anchor not in pages[there].anchors:
        found.problems.append(f"{name}: the link {link} leads nowhere; {there} has no place #{anchor}.")
    else:
        found.inside += 1


def _load(folder: Path, name: str, link: str, found: Found) -> None:
    if link.startswith("data:"):
        return
    there, _ = _place(name, link)
    if there is None:
        found.problems.append(f"{name}: it fetches {link} from another host.")
    elif not (folder / there).is_file():
        found.problems.append(f"{name}: it fetches {link}, and there is no {there}.")


def _place(name: str, link: str) -> tuple[str | None, str]:
    """The file and the anchor that a link of a page leads to; no file where it leads out of the book."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return None, ""
    there = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(parts.path))) if parts.path else name
    return there, unquote(parts.fragment)


def _kb(size: int) -> str:
    return f"{size / 1000:,.0f} kB"
