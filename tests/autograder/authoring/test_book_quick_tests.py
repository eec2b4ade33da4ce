"""A quick test's page: every question as a group of options, and no answer to be read."""

import base64
import json

import pytest
from bs4 import BeautifulSoup

from autograder.authoring import book_quick_tests
from autograder.marked import plain, rich
from autograder.quizzes import bank

every_test = pytest.mark.parametrize("number", bank.all_quizzes())


def page_of(number):
    return book_quick_tests.page(bank.load(number))


def form_of(number):
    return BeautifulSoup(page_of(number), "html.parser").find("form")


def key_of(number):
    return json.loads(base64.b64decode(form_of(number)["data-key"]))


@every_test
def test_each_question_is_a_group_named_by_its_text_with_every_option_to_choose(number):
    groups = form_of(number).find_all("fieldset")
    asked = {group["name"]: group for group in groups}
    assert len(groups) == bank.N_QUESTIONS
    for question in bank.load(number).questions:
        group = asked[question.id]
        assert plain(question.text) in group.legend.get_text()
        labels = [label.get_text().split(". ", 1)[1] for label in group.find_all("label")]
        assert sorted(labels) == sorted(plain(option.text) for option in question.options)
        assert {one["name"] for one in group.find_all("input")} == {question.id}


@every_test
def test_neither_an_answer_nor_an_explanation_can_be_read_in_the_page(number):
    page = page_of(number)
    whys = [option.why for question in bank.load(number).questions for option in question.options]
    assert [why for why in whys if why in page or rich(why) in page] == []
    assert not {"correct", "checked", "right answer is"} & set(page.lower().split())


@every_test
def test_the_key_names_the_right_option_where_the_page_has_it(number):
    answers, form = key_of(number)["answers"], form_of(number)
    for question in bank.load(number).questions:
        right = answers[question.id]["right"]
        label = form.find("input", {"name": question.id, "value": str(right)}).parent
        assert plain(question.right.text) in label.get_text()
        assert answers[question.id]["why"][right] == rich(question.right.why)


def test_the_right_option_does_not_always_stand_first():
    rights = [answer["right"] for number in bank.all_quizzes() for answer in key_of(number)["answers"].values()]
    assert max(rights.count(place) for place in range(4)) < len(rights) / 2


def test_every_score_has_the_words_of_the_notebook():
    test = bank.load("05")
    assert key_of("05")["verdicts"] == [bank.verdict(test, score) for score in range(8)]


def test_a_page_leads_to_its_lesson_and_says_what_passes_and_what_to_do_without_a_script():
    page = page_of("05")
    assert page.startswith(
        "# Quick test 05: Missing labels and masked losses\n\n7 questions on [lesson 5](../05_missing"
    )
    assert "5 right answers pass." in page
    assert "mtl-teach quiz 05" in form_of("05").noscript.get_text()


@every_test
def test_no_empty_line_ends_the_form_too_early(number):
    form = page_of(number).partition("<form")[2].partition("</form>")[0]
    assert "\n\n" not in form


def test_an_attempt_on_other_questions_is_told_by_their_versions():
    assert form_of("05")["data-version"].split("-") != form_of("06")["data-version"].split("-")
    assert sorted(form_of("05")["data-version"].split("-")) == sorted(bank.versions("05"))
