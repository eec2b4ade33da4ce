"""The review in a notebook: one card at a time, each answer explained and saved, and a calm end."""

import random

import pytest

from autograder.quizzes import bank
from mtl_teach.learn import review
from mtl_teach.learn.lesson.notebook import live
from mtl_teach.learn.progress import Progress
from mtl_teach.learn.reviewing import cards, page, schedule
from mtl_teach.learn.reviewing.page import Review
from mtl_teach.learn.workspace.places import PROGRESS
from tests.learn.reviewing.conftest import learner


@pytest.fixture
def shown(monkeypatch):
    """Pretend to be in a kernel; collect what is displayed."""
    bundles = []
    monkeypatch.setattr(page, "in_kernel", lambda: True)
    monkeypatch.setattr("IPython.display.display", lambda bundle, raw: bundles.append(bundle))
    return bundles


def made(progress, judged=()):
    return Review(cards.of_today(progress, schedule.today()), list(judged), random.Random(0))


def answer(form, right=True):
    """Choose the right option, or the first wrong one, and check it."""
    asked = form.asked
    form.group.index = next(place for place, option in enumerate(asked.options) if option.correct is right)
    form.button.click()
    return asked


def parts(form):
    _, why, button, end, remarks, foot = form.box.children
    return end.value, why.value, button.children[0], remarks.value, foot.value


def test_one_card_after_the_other_is_asked_checked_and_saved(progress, day):
    learner(progress)
    day(1)
    form = made(progress)
    names = []
    for number in (1, 2, 3):
        names.append(form.group.name)
        assert form.group.name.startswith(f"<strong>{number} of 3. ")
        assert (form.group.index, form.group.disabled, form.button.description) == (None, False, "Check my answer")
        asked = answer(form)
        assert parts(form)[1].startswith('<div role="alert" class="mtl-note"')
        assert "✓ Right." in parts(form)[1]
        assert form.group.disabled
        assert form.button.description == ("Next" if number < 3 else "Finish")
        form.button.click()
    assert len(set(names)) == 3
    assert "<pre" in names[0]
    assert "masked_mean" in names[0]
    assert asked.where == "Quick test 5"
    assert parts(form)[0] == live("<strong>Done for today: 3 of 3 right.</strong>", "review-end")
    assert (form.group.layout.display, form.button.layout.display) == (None, "none")
    assert "✓ Right." in parts(form)[1]  # the last explanation can still be read
    assert [row["step"] for row in progress.cards().values()] == [1, 1, 1]


def test_a_page_hears_of_no_card_before_it_has_its_words(progress, day, opened):
    learner(progress)
    day(1)
    form = made(progress)
    (heard,) = opened()
    assert (heard["name"], heard["labels"]) == (form.group.name, form.group.labels)
    assert all((heard["name"], heard["labels"]))


def test_running_the_cell_leaves_the_focus_there_and_each_further_card_and_the_end_take_it(progress, day):
    cards.missed(progress, "05", ["total", "where"])
    day(1)
    form = made(progress)
    assert form.group.focus_wanted == 0
    for wish in (1, 2):
        answer(form)
        form.button.click()
        assert form.group.focus_wanted == wish
    assert parts(form)[0]  # the end


def test_a_wrong_answer_names_the_right_one_and_both_reasons(progress, day):
    cards.missed(progress, "05", ["total"])
    day(1)
    form = made(progress)
    asked = answer(form, right=False)
    why = parts(form)[1]
    letter = bank.LETTERS[asked.options.index(asked.right)]
    assert "✗ Not right." in why
    assert f"<strong>The right answer is {letter}:</strong> {asked.right.text}</p>" in why
    assert page.rich(asked.right.why) in why
    form.button.click()
    assert "Done for today: 0 of 1 right. What was not right comes back tomorrow." in parts(form)[0]
    assert progress.cards()["question/05/total"]["wrong"] == 2


def test_a_question_comes_back_with_other_numbers(progress, day):
    cards.missed(progress, "05", ["total"])
    day(1)
    first = made(progress).group.name
    progress.record_card("question/05/total", "question", 0, schedule.written(day(0)), 1, 1, {})
    assert made(progress).group.name != first


def test_without_a_choice_nothing_is_saved_and_the_group_gets_the_focus(progress, day, monkeypatch):
    cards.missed(progress, "05", ["total"])
    day(1)
    form = made(progress)
    moved = []
    monkeypatch.setattr(page, "focus", moved.append)
    form.button.click()
    assert "Choose an answer first; a wrong one teaches more than none." in parts(form)[1]
    assert moved == [form.group]
    assert progress.cards()["question/05/total"]["seen"] == 0


def test_an_answer_given_in_another_window_meanwhile_is_said(progress, day):
    cards.missed(progress, "05", ["total"])
    day(1)
    form, other = made(progress), made(Progress(progress.path))
    answer(form)
    answer(other, right=False)
    assert "This one was answered in another window meanwhile; that answer counts." in parts(other)[1]
    row = progress.cards()["question/05/total"]
    assert (row["step"], row["seen"], row["wrong"]) == (1, 1, 1)


def test_nothing_due_is_said_with_the_day_to_come_back_and_shows_no_controls(progress, day):
    form = made(progress)
    assert "Nothing to look at again today." in parts(form)[3]
    assert (form.group.layout.display, parts(form)[0]) == ("none", "")
    learner(progress)
    assert "Come back tomorrow." in parts(made(progress))[3]


def test_how_sure_one_was_stands_below(progress, day):
    assert parts(made(progress))[4] == ""
    foot = parts(made(progress, ["Of 2 predictions that you were sure of, 1 was right."]))[4]
    assert (
        foot == "<h3>Your predictions so far</h3><ul><li>Of 2 predictions that you were sure of, 1 was right.</li></ul>"
    )


def test_what_the_page_shows_without_widgets(progress, day, shown):
    learner(progress)
    day(1)
    progress.record_prediction("01-total", "What?", "yes", "sure", "yes")
    review(seed=0)
    (bundle,) = shown
    assert bundle["text/plain"].splitlines() == [
        "3 things to look at again, about 3 minutes.",
        "Of 1 prediction that you were sure of, 1 was right.",
        "Look at them in a terminal: mtl-teach review",
    ]
    assert "Run this cell to look at them." in bundle["text/html"]
    on = schedule.today()
    said = f"<p>As of {on:%A} {on.day} {on:%B}:</p><p>3 things to look at again, about 3 minutes.</p>"
    assert said in bundle["text/html"]


def test_outside_a_notebook_it_is_text(progress, day, capsys):
    review()
    assert capsys.readouterr().out == "Nothing to look at again today.\n"


def test_outside_a_workspace_and_where_progress_cannot_be_read_it_says_so(workspace, tmp_path, monkeypatch, capsys):
    (workspace / PROGRESS).mkdir()
    review()
    assert "Progress cannot be read" in capsys.readouterr().out
    monkeypatch.chdir(tmp_path)
    review()
    assert "this folder is in no workspace" in capsys.readouterr().err


def test_a_card_that_turns_out_to_have_nothing_to_ask_is_left_out(progress, day, monkeypatch):
    learner(progress)
    day(1)
    monkeypatch.setattr(page, "ask", lambda card, rng: None)
    form = made(progress)
    assert form.group.layout.display == "none"
    assert len(cards.of_today(progress, schedule.today()).cards) == 3
