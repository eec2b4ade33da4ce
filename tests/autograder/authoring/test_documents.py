"""Documents of the checkout are pages whose links lead to pages."""

import re

import pytest

from autograder.authoring import documents
from autograder.course_files import course_root


@pytest.fixture
def checkout(tmp_path):
    (tmp_path / "docs").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("[the floors](architecture.md)", "[the floors](/contribute/architecture.md)"),
        ("[work](../CONTRIBUTING.md#code)", "[work](/contribute/contributing.md#code)"),
        ("[guide](../lessons/pages/instructors_guide.md)", "[guide](/pages/instructors_guide.md)"),
        ("[one](../lessons/05_missing_labels.ipynb#x)", "[one](/05_missing_labels.ipynb#x)"),
        ("[the license](../LICENSE)", "the license"),
        ("[`key.py`](../autograder/grading/key.py)", "`key.py`"),
        ("[below](#below)", "[below](#below)"),
        ("[elsewhere](https://example.org/a.md)", "[elsewhere](https://example.org/a.md)"),
        ("SECURITY.md", "[SECURITY.md](/contribute/security.md)"),
        ("`docs/release.md`", "[`docs/release.md`](/contribute/release.md)"),
        ("[CHANGELOG.md](../CHANGELOG.md)", "[CHANGELOG.md](/contribute/changelog.md)"),
        ("`cat SECURITY.md`", "`cat SECURITY.md`"),
        ("\n```sh\ncat SECURITY.md\n```\n", "\n```sh\ncat SECURITY.md\n```\n"),
        ("docs/new.md", "docs/new.md"),
    ],
    ids=[
        "beside it",
        "with a place",
        "page",
        "lesson",
        "not in the book",
        "source",
        "on the page",
        "elsewhere",
        "named",
        "named as code",
        "a link with its name",
        "in a command",
        "in code",
        "no page",
    ],
)
def test_a_link_leads_to_the_page_or_is_plain_words(checkout, written, shown):
    (checkout / "docs" / "new.md").write_text(f"See {written} for more.\n")
    assert documents.document(checkout, "docs/new.md") == f"See {shown} for more.\n"


def test_every_document_is_a_page_of_its_own():
    made = documents.pages(course_root())
    assert list(made) == list(documents.PAGES.values())
    assert all(re.match(r"# \w", text) for text in made.values())
