"""The names inside feedback archives, read by each platform's rule; a page as text for a notebook."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.desk.platforms.feedback import brightspace_name, canvas_name, moodle_path, page_as_markdown
from tests.autograder.desk.platforms.importers import canvas_takes, moodle_takes


@pytest.mark.parametrize(
    ("name", "user"),
    [
        ("lovelaceada_3143_207797_ps05_missing_labels.ipynb", "3143"),
        ("müllerlüdenscheidtjürgen_LATE_3144_207798_ps05-1.ipynb", "3144"),
        ("PS 5 submissions/lovelaceada_3143_207797_5_6.IPYNB", "3143"),
    ],
)
def test_a_canvas_name_has_the_user_and_goes_back_to_that_attachment(name, user):
    sent = canvas_name(name)
    assert sent.user == user
    assert canvas_takes([sent.path])[sent.path][0] == user


@pytest.mark.parametrize(
    "name",
    [
        "anon_Ab3Xy_207801_ps05.ipynb",
        "lovelaceada_3143_text.html",
        "a_1_2_x.py",
        "007_3143_207797_x.ipynb",
        "ps05.ipynb",
    ],
)
def test_what_canvas_would_give_to_somebody_else_or_break_is_no_name(name):
    assert canvas_name(name) is None


@given(st.text(max_size=30), st.integers(1, 10**6))
def test_moodle_finds_the_participant_whatever_the_name_is(name, number):
    path = moodle_path(name, str(number))
    assert moodle_takes([path]) == {path: (str(number), "feedback.html")}


def test_a_brightspace_folder_is_found_in_a_path():
    folder = "12345-67890 - Ada Lovelace - Mar 5, 2026 1105 PM"
    for path in (f"{folder}/ps05.ipynb", f"PS 5 Download/{folder} - ps05.ipynb"):
        assert (brightspace_name(path).path, brightspace_name(path).called) == (
            f"{folder}/feedback.html",
            "Ada Lovelace",
        )
    assert brightspace_name("index.html") is None


def test_a_page_becomes_text_without_styles_scripts_or_markup_of_its_own():
    page = (
        "<!doctype html><html><head><title>T</title><style>p{}</style></head><body><h1>Ada: 5 of 7</h1>"
        "<script>alert(1)</script><ul><li>first <b>thing</b></li><li>second</li></ul>"
        "<pre><code>a = `1`\n\n  b &lt; 2</code></pre><p>&lt;img src=x onerror=alert(1)&gt;</p></body></html>"
    )
    said = page_as_markdown(page)
    assert said.startswith("# Ada: 5 of 7\n\n- first thing\n- second\n\n```text\na = `1`\n\n  b < 2\n```\n")
    assert "alert(1)\\>" in said
    assert "<img" not in said.replace("\\<img", "")
    assert "p{}" not in said


def test_links_lead_out_and_never_into_the_page_and_folds_are_headings():
    page = (
        '<a class="skip" href="#main">Skip</a><p>Read <a href="https://u.edu/b?c=1#d">lesson 5</a> and '
        '<a href="#part-1">Exercise 1</a> or <a href="javascript:alert(1)">this</a>.</p>'
        "<details><summary> A hint </summary><p>Write it down.</p></details><p><a href='#top'>Up</a></p>"
    )
    assert page_as_markdown(page) == (
        "Read [lesson 5](https://u.edu/b?c=1#d) and Exercise 1 or this.\n\n**A hint**\n\nWrite it down.\n"
    )


@given(st.text(max_size=200))
def test_any_text_can_be_read_as_a_page(text):
    assert page_as_markdown(text).endswith("\n")


def test_a_fence_is_longer_than_those_in_the_code():
    assert page_as_markdown("<pre>```x```</pre>") == "````text\n```x```\n````\n"
