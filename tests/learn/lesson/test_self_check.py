"""The self-check in a notebook: nothing before there is a text, then questions, then the model answer beside it."""

import pytest

from mtl_teach.learn import written
from mtl_teach.learn.lesson import own_text, self_check
from mtl_teach.learn.lesson.self_check import LOOK, MODEL, QUESTIONS, SelfCheck
from mtl_teach.learn.progress import Progress
from mtl_teach.learn.workspace.places import PROGRESS
from tests.learn.lesson.test_own_text import ENOUGH, SLOT, write_answer


def made(workspace):
    return SelfCheck(workspace, own_text.texts(workspace))


def said(form):
    return form.box.children[1].value


def model(form):
    return form.box.children[-1].value


def press(form, times=1):
    for _ in range(times):
        form.button.click()


def test_nothing_is_shown_before_something_is_written(workspace):
    write_answer(workspace, "Masking is good.")
    form = made(workspace)
    press(form, 3)
    assert "has 3 words of it, and 20 are needed before anything is shown." in said(form)
    assert (form.groups, model(form), form.button.description) == ([], "", LOOK)
    assert Progress(workspace / PROGRESS).written() == {}


def test_one_step_after_the_other_leads_to_the_model_answer_beside_ones_own_text(workspace):
    write_answer(workspace, ENOUGH + " <b>")
    saved = Progress(workspace / PROGRESS)
    form = made(workspace)
    press(form)
    assert "Your text has 24 words. Next come the mark scheme" in said(form)
    assert (form.groups, form.button.description, saved.written()) == ([], QUESTIONS, {SLOT: "begun"})
    press(form)
    assert len(form.groups) == 6
    assert form.groups[0].name == ("<strong>1.</strong> Is this in your text: the formula with all its symbols named?")
    assert (form.groups[0].labels, form.button.description, model(form)) == (["yes", "no"], MODEL, "")
    for number, group in enumerate(form.groups):
        group.index = int(number == 2)
    press(form)
    assert "You found 5 of 6 in your text. Look in the model answer for number 3, and" in model(form)
    assert "<h3>Your text</h3>" in model(form)
    assert "no gradient at all. &lt;b&gt;" in model(form)
    assert "The mask takes the 240 rows without a label out of the conversion loss" in model(form)
    assert "Numbers of another id get neither" in model(form)
    assert saved.written() == {SLOT: "done"}
    press(form)
    assert (form.groups, model(form)) == ([], "")


def test_the_first_question_comes_with_the_wish_for_the_focus(workspace, opened):
    write_answer(workspace, ENOUGH)
    form = made(workspace)
    press(form)
    n_before = len(opened())
    press(form)
    assert [state["focus_wanted"] for state in opened()[n_before:]] == [1] + [0] * 5


def test_every_question_is_answered_before_the_model_answer_comes(workspace, monkeypatch):
    focused = []
    write_answer(workspace, ENOUGH)
    form = made(workspace)
    press(form, 2)
    monkeypatch.setattr(self_check, "focus", focused.append)
    form.groups[0].index = 1
    press(form)
    assert "5 of 6 questions have no answer yet." in said(form)
    assert (model(form), focused) == ("", [form.groups[1]])


def test_a_text_that_is_taken_away_meanwhile_is_begun_again(workspace):
    write_answer(workspace, ENOUGH)
    form = made(workspace)
    press(form, 2)
    write_answer(workspace, "Nothing.")
    press(form)
    assert (form.groups, form.button.description) == ([], LOOK)
    assert "20 are needed" in said(form)


def test_another_answer_is_begun_at_its_first_step(workspace):
    write_answer(workspace, ENOUGH)
    write_answer(workspace, "YOUR ANSWER HERE", "why-not", "Why not?")
    form = made(workspace)
    assert [label.partition(":")[0] for label in form.which.labels] == [SLOT, "ps05_missing_labels/why-not"]
    press(form, 2)
    form.which.index = 1
    assert (form.groups, said(form), form.button.description) == ([], "", LOOK)


def test_what_is_done_is_not_what_is_offered_first(workspace):
    write_answer(workspace, ENOUGH)
    write_answer(workspace, ENOUGH, "why-not", "Why not?")
    Progress(workspace / PROGRESS).record_written(SLOT, "done")
    assert made(workspace).which.index == 1


def test_outside_a_notebook_the_answers_are_listed(workspace, capsys):
    write_answer(workspace, ENOUGH)
    written()
    assert capsys.readouterr().out == (
        f"{SLOT}: Why does masking matter here? (open, 23 words)\nCompare one in a terminal: mtl-teach written NAME\n"
    )


def test_a_workspace_without_written_answers_says_so(workspace, capsys):
    written()
    assert capsys.readouterr().out == "No problem set of this workspace has a written answer.\n"


def test_outside_a_workspace_there_is_nothing_to_compare(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("autograder.kernel._said", set())
    written()
    assert "mtl-teach start" in capsys.readouterr().err


def test_progress_that_cannot_be_read_is_said(workspace, capsys):
    (workspace / PROGRESS).mkdir()
    written()
    assert "cannot be read" in capsys.readouterr().out


def test_without_its_kernel_the_page_lists_the_answers(workspace, monkeypatch):
    shown = []
    monkeypatch.setattr(self_check, "in_kernel", lambda: True)
    monkeypatch.setattr("IPython.display.display", lambda bundle, raw: shown.append(bundle))
    write_answer(workspace, ENOUGH)
    written()
    assert "Run this cell to compare." in shown[0]["text/html"]
    assert "Why does masking matter here?" in shown[0]["text/html"]
    assert "Mark scheme" not in str(shown)


@pytest.mark.parametrize("step", range(3))
def test_what_is_shown_before_its_time_tells_nothing(workspace, step):
    write_answer(workspace, ENOUGH)
    form = made(workspace)
    press(form, step)
    assert "selection bias" not in said(form) + model(form)
