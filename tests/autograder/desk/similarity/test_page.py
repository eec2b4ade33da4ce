import base64
import hashlib
import re
import stat

from autograder.desk.similarity.compare import Pair, Shared, Side, Similar
from autograder.desk.similarity.page import MOST, as_html, write_page
from tests.autograder.desk.similarity.test_compare import ADA, BOB, pairs

VERDICTS = re.compile(r"plagiari|cheat|cop(?:y|ied)|suspic|fraud|guilt|dishonest|steal|stolen", re.IGNORECASE)


def class_of(*found, answers=3, **how):
    return Similar("ps05_masks", answers, 12.0, tuple(found), **how)


def two(left=ADA, right=BOB):
    return Pair(("ada", "bob"), (pairs({"ada": left, "bob": right})["ada", "bob"],))


def test_both_answers_stand_side_by_side_with_what_they_share():
    page = as_html(class_of(two()))
    assert page.count("<pre>") == 2
    assert re.search(r"<mark>[^<]*range\(len\(values\)\)", page)
    assert "summe" in page
    assert "Left out are what was handed out" in page
    assert "what more than 5 answers have" in page


def test_nothing_on_the_page_is_a_verdict():
    for found in (class_of(two()), class_of(), class_of(compared=False)):
        assert not VERDICTS.search(as_html(found))
        assert not VERDICTS.search(" ".join(found.said()))
    assert "only the people can say" in as_html(class_of(two()))


def test_an_answer_cannot_put_anything_into_the_page():
    page = as_html(class_of(two(ADA.replace("nothing", "</mark><script>alert(1)</script>"))))
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_the_page_lets_in_its_own_style_alone():
    page = as_html(class_of(two()))
    (text,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    assert f"default-src &#39;none&#39;; style-src &#39;sha256-{digest}&#39;" in page or f"'sha256-{digest}'" in page
    assert not re.search(r"url\(|@import|https?:", page)


def test_a_page_without_pairs_says_why():
    assert "No pairs to look at" in as_html(class_of())
    assert "typically have 3 lines" in as_html(Similar("ps05_masks", 3, 3.0, compared=False))


def test_a_long_list_is_cut_and_says_so():
    side = Side("ada", "x\n", ((0, 1),))
    many = [Pair(("ada", f"b{at}"), (Shared("masked_mean", side, side, 60),)) for at in range(MOST + 1)]
    page = as_html(class_of(*many))
    assert page.count("<section") == MOST
    assert f"The {MOST} pairs that share most, of {MOST + 1}." in page


def test_the_page_is_its_owners_alone(tmp_path):
    write_page(class_of(two()), tmp_path / "new" / "pairs.html")
    assert stat.S_IMODE((tmp_path / "new" / "pairs.html").stat().st_mode) == 0o600
