"""A newcomer's way, in a real browser: home page, lesson, exercise, hint, progress, quick test, restart."""

from __future__ import annotations

import re
from importlib import resources

import pytest

from autograder.marked import plain
from autograder.quizzes.bank import load
from mtl_teach.learn.progress import Progress
from mtl_teach.learn.workspace.places import PROGRESS
from tests.browser.conftest import PROGRAMS, SECONDS, TOKEN, Notebook
from tests.learn.conftest import PROBLEM_SET, RIGHT, WRONG

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PS = PROBLEM_SET.as_posix()
ANSWER = "masked_mean is not written yet"
CHECK = 'check("masked_mean", masked_mean)'


def shoot(page, shots, name):
    if shots is not None:
        page.screenshot(path=shots / f"{name}.png")


def test_a_wrong_answer_is_named_a_right_one_turns_green_and_everything_survives_a_restart(lab, page, shots):
    home = Notebook(lab, page, "index.ipynb")
    home.says("Work through the lesson")
    shoot(page, shots, "1-home")

    work = Notebook(lab, page, PS)
    work.run("import torch")
    work.type(ANSWER, WRONG)
    work.run("def masked_mean")
    result = work.run(CHECK)
    result.get_by_text("This behaves like a known mistake: divides by batch size.").wait_for()
    shoot(page, shots, "2-wrong")
    result.get_by_role("button", name="Hint 1 of 3").click()
    result.get_by_role("alert").filter(has_text="Hint 1 of 3: where to look").wait_for()
    result.get_by_role("button", name="Hint 2 of 3").wait_for()
    shoot(page, shots, "3-hint")
    assert serious(page) == []

    work.type("def masked_mean", RIGHT)
    work.run("def masked_mean")
    result = work.run(CHECK)
    result.get_by_text("9 of 9 points, 7 of 7 checks passed").wait_for()
    assert result.locator(".mtl-check.mtl-passed").count() == 7
    result.get_by_role("button", name="Compare with the commented solution").click()
    result.get_by_role("table", name="Your code").wait_for()
    shoot(page, shots, "4-right")
    assert serious(page) == []
    work.save()

    row = Progress(lab.workspace / PROGRESS).exercise("masked_mean")
    assert (row["attempts"], row["hints"], row["gave_up"]) == (2, 1, 0)
    assert row["first_pass"]
    assert row["revealed"]

    lab.restart()
    again = Notebook(lab, page, PS)
    again.cell("def masked_mean").filter(has_text="values[mask].sum()").wait_for()  # until it is drawn
    shoot(page, shots, "5-after-restart")
    again.cell(CHECK).scroll_into_view_if_needed()  # what is out of sight is not drawn
    again.cell(CHECK).get_by_text("9 of 9 points").first.wait_for()
    assert "Error" not in again.cell(CHECK).inner_text()
    home = Notebook(lab, page, "index.ipynb")
    home.run("home()").filter(has_text="Mean of the observed entries (passed)").wait_for()
    shoot(page, shots, "6-home-after-restart")
    assert serious(page) == []


LABEL = "(() => { const e = document.activeElement; return (e.closest('label') || e).textContent.trim() })()"


def focused(page):
    """The label of the element that has the keyboard's focus."""
    return page.evaluate(LABEL)


def wait_for_focus(page, label):
    """Wait until what has this label has the keyboard's focus."""
    page.wait_for_function(f"label => {LABEL} === label", arg=label)


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_quick_test_is_passed_by_keyboard_alone(request, program, page, shots):
    lab = request.getfixturevalue(program)
    taken = Progress(lab.workspace / PROGRESS).quick_tests().get("05", {"attempts": 0})["attempts"]
    Progress(lab.workspace / PROGRESS).remember("quick_test/05", None)  # not the attempt made in the other program
    test = Notebook(lab, page, "quick_tests/quick_test_05.ipynb")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="Check my answers").wait_for()
    shoot(page, shots, f"7-quick-test-{program}")
    assert serious(page) == []
    right = {plain(question.right.text) for question in load("05").questions}
    chosen = 0
    for _ in range(80):
        page.keyboard.press("Tab")
        if (
            page.evaluate("document.activeElement.type") == "radio"
        ):  # Tab comes to a question, the arrows to its options
            page.keyboard.press("Space")
            for _ in range(5):
                if re.sub(r"^[A-E]\. ", "", focused(page)) in right:
                    chosen += 1
                    break
                page.keyboard.press("ArrowDown")
        if focused(page) == "Check my answers":
            break
    assert chosen == 7
    page.keyboard.press("Enter")
    page.get_by_role("alert").filter(has_text="Passed: 7 of 7").wait_for()
    shoot(page, shots, f"8-quick-test-passed-{program}")
    assert serious(page) == []
    wait_for_focus(page, "Try again, reshuffled")
    assert Progress(lab.workspace / PROGRESS).quick_tests() == {"05": {"attempts": taken + 1, "best": 7, "out_of": 7}}
    assert test.panel.get_by_text("✓ Right.").count() == 7


def test_two_windows_count_together_and_neither_overwrites_the_other(lab, notebook7, chromium, page, shots):
    """JupyterLab in one window, Notebook 7 in another: two servers, two kernels and two editors of one file."""
    progress, file = Progress(lab.workspace / PROGRESS), lab.workspace / PS
    before = progress.exercise("masked_mean")["attempts"]
    other = chromium.new_context(viewport={"width": 1280, "height": 900})
    other.set_default_timeout(SECONDS)
    windows = [Notebook(lab, page, PS), Notebook(notebook7, other.new_page(), PS)]
    for window, answer, words in zip(windows, (RIGHT, WRONG), ("9 of 9 points", "divides by batch size")):
        window.run("import torch")
        window.type("def masked_mean", answer)
        window.run("def masked_mean")
        window.run(CHECK).get_by_text(words).first.wait_for()
    row = progress.exercise("masked_mean")
    assert (row["attempts"], row["best"]) == (before + 2, 9.0)
    first, second = windows
    hint = second.cell(CHECK).get_by_role("button", name=re.compile("^Hint"))
    hint.focus()
    second.page.keyboard.press("Enter")
    second.panel.get_by_role("alert").filter(has_text="Hint").wait_for()
    shoot(second.page, shots, "10-notebook-7")
    assert serious(second.page) == []
    first.save()
    saved = file.read_bytes()
    assert b"values[mask].sum()" in saved
    second.page.keyboard.press("Control+s")
    asked = second.page.get_by_role("dialog").filter(has_text="changed on disk")
    asked.get_by_role("button", name="Cancel").click()
    assert "torch.where" in second.cell("def masked_mean").inner_text()
    assert file.read_bytes() == saved
    other.close()


def test_the_home_page_opens_what_is_next(lab, page):
    Notebook(lab, page, "index.ipynb")
    page.get_by_role("link", name="Open it").click()
    page.wait_for_url(re.compile(r"/lab/tree/lessons/\d\d_.*\.ipynb"))


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_lesson_runs_and_its_interactive_element_moves(request, program, page, shots):
    lab = request.getfixturevalue(program)
    lesson = Notebook(lab, page, "lessons/05_missing_labels.ipynb")
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    status = lesson.panel.locator(".jp-Notebook-ExecutionIndicator")
    status.and_(page.locator("[data-status=busy]")).wait_for()
    status.and_(page.locator("[data-status=idle]")).wait_for(timeout=5 * SECONDS)
    assert lesson.panel.locator("[data-mime-type='application/vnd.jupyter.stderr']").count() == 0

    # A prediction's cell opens without its code, which would give the answer away.
    asks = page.get_by_role("button", name="Commit my guess")
    guess = lesson.panel.locator(".jp-CodeCell").filter(has=asks).first.locator(".jp-OutputArea")
    guess.get_by_role("radiogroup", name="Predict:").get_by_role("radio").last.check()
    guess.get_by_role("radiogroup", name="How sure are you?").get_by_role("radio", name="fairly sure").check()
    guess.get_by_role("button", name="Commit my guess").click()
    guess.get_by_role("alert").filter(has_text="Now run the cells below").wait_for()
    (kept,) = Progress(lab.workspace / PROGRESS).to_json()["prediction"]
    assert kept["confidence"] == "fairly sure"

    element = lesson.cell("explore(").locator(".jp-OutputArea")
    other = element.get_by_role("radio", checked=False).first  # the other program's choice is there again
    other.scroll_into_view_if_needed()
    before = element.get_by_role("alert").inner_text()
    picture = element.get_by_role("img").first.get_attribute("src")
    other.focus()
    page.keyboard.press("Space")
    page.wait_for_function(
        "([node, sentence, picture]) => node.querySelector('[role=alert]').innerText !== sentence"
        " && node.querySelector('img').src !== picture"
        " && node.querySelector('img').alt === node.querySelector('[role=alert]').innerText",  # no step in between
        arg=[element.element_handle(), before, picture],
    )
    assert element.get_by_role("img").first.get_attribute("alt") == element.get_by_role("alert").inner_text()
    element.get_by_text("The same as a table").click()
    assert element.get_by_role("row").count() > 2
    shoot(page, shots, f"9-interactive-{program}")
    assert serious(page) == []


def test_the_token_is_needed(lab, page):
    page.goto(f"{lab.url}/lab")
    assert "/login" in page.url
    assert TOKEN not in page.url


def serious(page):
    """What axe finds serious inside what our cells show; JupyterLab's own frame is not ours to mend."""
    page.evaluate((resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("async () => (await axe.run('.jp-OutputArea-output')).violations")
    return [(one["id"], one["nodes"][0]["html"][:300]) for one in found if one["impact"] in ("serious", "critical")]
