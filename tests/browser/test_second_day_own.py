"""A question about one's own code, by keyboard: a wrong answer today, everything stopped, and the review tomorrow."""

from __future__ import annotations

import random

import pytest
import torch

from autograder.marked import plain
from mtl_teach.learn.lesson.own_code import question_for
from mtl_teach.learn.progress import Progress
from mtl_teach.learn.workspace.places import PROGRESS
from tests.browser.conftest import PROGRAMS, Notebook
from tests.browser.test_journey import CHECK, PS, RIGHT
from tests.browser.test_second_day_memory import a_day_passes, choose, serious, tab_to

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CARD = "own_code/masked_mean"


def shoot(page, shots, name):
    if shots is not None:
        page.screenshot(path=shots / f"own-{name}.png")


def asked():
    """What is asked about the right answer."""
    names = {"torch": torch}
    exec(RIGHT, names)
    return question_for("masked_mean", (names["masked_mean"],), random.Random("masked_mean"))


def passed(program, page):
    """Pass the exercise; give back what stands below the check."""
    work = Notebook(program, page, PS)
    work.run("import torch")
    work.type("def masked_mean", RIGHT)
    work.run("def masked_mean")
    output = work.run(CHECK).locator(".jp-OutputArea")
    output.get_by_role("button", name="Compare with the commented solution").wait_for()
    page.keyboard.press("Escape")
    return work, output


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_question_about_ones_own_code_is_answered_by_keyboard_and_comes_back_in_the_review(
    request, name, page, shots
):
    program = request.getfixturevalue(name)
    progress = Progress(program.workspace / PROGRESS)
    progress.path.unlink(missing_ok=True)
    wrong = [plain(option.text) for option in asked().options if not option.correct]
    work, output = passed(program, page)
    group = output.get_by_role("radiogroup", name="One question about your own code")
    group.wait_for()
    shoot(page, shots, f"1-asked-{name}")
    assert serious(page) == []
    tab_to(page, group)
    choose(page, group, lambda text: any(text.endswith(one) for one in wrong))
    tab_to(page, output.get_by_role("button", name="Check my answer"))
    page.keyboard.press("Enter")
    verdict = output.get_by_role("alert").filter(has_text="✗ Not right.")
    verdict.wait_for()
    assert plain(asked().right.why) in verdict.inner_text()
    shoot(page, shots, f"2-answered-{name}")
    assert serious(page) == []
    work.save()
    assert progress.cards()[CARD]["wrong"] == 1

    page.goto("about:blank")
    program.restart()
    _, output = passed(program, page)
    assert output.get_by_role("radiogroup").count() == 0
    a_day_passes(progress)
    output = Notebook(program, page, "review.ipynb").run("review()").locator(".jp-OutputArea")
    group = output.get_by_role("radiogroup", name="1 of 1. Your own code.")
    group.wait_for()
    page.keyboard.press("Escape")
    tab_to(page, group)
    choose(page, group, lambda text: text.endswith(plain(asked().right.text)))
    tab_to(page, output.get_by_role("button", name="Check my answer"))
    page.keyboard.press("Enter")
    output.get_by_role("alert").filter(has_text="✓ Right.").wait_for()
    shoot(page, shots, f"3-review-{name}")
    assert progress.cards()[CARD]["step"] == 1


def test_a_question_is_skipped_by_keyboard_and_does_not_come_again(lab, page):
    progress = Progress(lab.workspace / PROGRESS)
    progress.path.unlink(missing_ok=True)
    lab.restart()
    work, output = passed(lab, page)
    tab_to(page, output.get_by_role("button", name="Skip the question"))
    page.keyboard.press("Enter")
    output.get_by_role("alert").filter(has_text="Skipped: it will not be asked again.").wait_for()
    assert progress.remembered(CARD) == "skipped"
    output = work.run(CHECK).locator(".jp-OutputArea")
    output.get_by_role("button", name="Compare with the commented solution").wait_for()
    assert output.get_by_role("radiogroup").count() == 0
    assert progress.cards() == {}
