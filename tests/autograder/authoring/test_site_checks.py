"""A built page's links arrive, nothing comes from another host, and pages and book stay small."""

import pytest

from autograder.authoring import site_checks
from autograder.authoring.site_checks import look_at


@pytest.fixture
def book(tmp_path):
    """Two pages that lead to each other, with a figure and a style."""

    def write(name, body):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"<html><body>{body}</body></html>")

    write("index.html", '<link rel="stylesheet" href="_static/a.css?v=1"><a href="pages/a%20page.html#there">a</a>')
    write("pages/a page.html", '<h1 id="there">A</h1><a href="../index.html">b</a> <img src="../_images/f.png">')
    write("_static/a.css", "")
    write("_images/f.png", "")
    return tmp_path


@pytest.fixture
def page(book):
    """Adds a page with this body and gives back what is found."""

    def look(body):
        (book / "new.html").write_text(f"<html><body>{body}</body></html>")
        return look_at(book)

    return look


def test_links_that_arrive_are_counted_and_pages_are_measured(book):
    found = look_at(book)
    assert (found.inside, found.outside, found.problems) == (2, {}, [])
    assert found.pages == {name: (book / name).stat().st_size for name in ("index.html", "pages/a page.html")}
    assert found.bytes == sum(path.stat().st_size for path in book.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ('<a href="gone.html">x</a>', "new.html: the link gone.html leads nowhere; there is no gone.html."),
        (
            '<a href="pages/gone.html#a">x</a>',
            "new.html: the link pages/gone.html#a leads nowhere; there is no pages/gone.html.",
        ),
        ('<a href="#nowhere">x</a>', "new.html: the link #nowhere leads nowhere; new.html has no place #nowhere."),
        ('<a href="index.html#x">x</a>', "new.html: the link index.html#x leads nowhere; index.html has no place #x."),
        ('<script src="https://cdn.example.org/a.js"></script>', "new.html: it fetches https://cdn.example.org/a.js"),
        ('<img src="//example.org/a.png">', "new.html: it fetches //example.org/a.png from another host."),
        ('<link rel="preload" href="gone.woff2">', "new.html: it fetches gone.woff2, and there is no gone.woff2."),
    ],
    ids=["page", "page in a folder", "place", "place elsewhere", "script", "host without scheme", "missing file"],
)
def test_what_leads_nowhere_or_comes_from_elsewhere_is_named_with_its_page(page, body, problem):
    (said,) = page(body).problems
    assert said.startswith(problem)


@pytest.mark.parametrize(
    "body",
    [
        '<a href="index.html">x</a>',
        '<a name="there"></a><a href="#there">x</a>',
        '<a href="#%C3%A9t%C3%A9">x</a><p id="été"></p>',
        '<a href="_images/f.png">the picture</a>',
        '<img src="data:image/png;base64,AAAA">',
        '<link rel="canonical" href="https://example.org/">',
    ],
    ids=["page", "old anchor", "encoded anchor", "file", "picture inside", "says only where it lives"],
)
def test_what_is_right_is_no_problem(page, body):
    assert page(body).problems == []


def test_links_to_elsewhere_are_listed_with_their_pages_and_never_followed(page):
    found = page(
        '<a href="https://example.org/a">x</a><a href="https://example.org/a">y</a><a href="mailto:a@b.c">z</a>'
    )
    assert (found.problems, found.outside) == (
        [],
        {"https://example.org/a": ["new.html"], "mailto:a@b.c": ["new.html"]},
    )


def test_a_page_that_is_too_large_is_named_with_its_size(page, monkeypatch):
    monkeypatch.setattr(site_checks, "LARGEST_PAGE", 2000)
    assert page("x" * 3000).problems == ["new.html has 3 kB; a page has 2 kB at most."]
    assert page("x" * 1000).problems == []


def test_a_book_that_is_too_large_names_its_largest_files_and_figures_count(book, monkeypatch):
    (book / "_images" / "f.png").write_bytes(b"x" * 9000)
    monkeypatch.setattr(site_checks, "LARGEST_BOOK", 8000)
    (said,) = look_at(book).problems
    assert said.startswith("The book has 9 kB; 8 kB are the most. Its largest files: _images/f.png 9 kB, ")


def test_of_the_browser_edition_only_the_way_into_it_is_looked_at(book, page):
    before = page("").bytes
    (book / "lite").mkdir()
    (book / "lite" / "index.html").write_text('<a href="nowhere.html">' + 1_000_000 * "x")
    found = page('<a href="lite/index.html?path=a.ipynb#cell-id=b">try it</a>')
    assert found.problems == []
    assert found.bytes < before + 1000
    assert page('<a href="lite/other.html">try it</a>').problems != []
