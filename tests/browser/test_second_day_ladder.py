"""The ladder before the solution, by keyboard alone: three hints, lines put in order, the solution as a difference."""

import pytest

from autograder import exercises
from mtl_teach.learn.progress import Progress
from mtl_teach.learn.workspace.places import PROGRESS
from tests.browser.conftest import PROGRAMS, Notebook
from tests.browser.test_journey import serious, shoot
from tests.browser.test_second_day_memory import tab_to
from tests.browser.test_second_day_verdict import theme
from tests.learn.conftest import PROBLEM_SET, WRONG, read, write

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CHECK = 'check("masked_mean", masked_mean)'
ORDER = exercises.load("masked_mean").order


def put_in_order(page, lines, wanted):
    """Leave the wrong lines out and move the others, with keys alone; the focus is on a line."""
    text = lines.locator("ol code")

    def go_to(line):
        page.wait_for_function("() => document.activeElement.matches('.mtl-sortable li')")
        for key in ("ArrowUp",) * 9:
            page.keyboard.press(key)
        for _ in range(text.all_inner_texts().index(line)):
            page.keyboard.press("ArrowDown")
        assert line in page.evaluate("() => document.activeElement.innerText")

    for line in [line for line in text.all_inner_texts() if line not in wanted]:
        go_to(line)
        page.keyboard.press("Delete")
    for place, line in enumerate(wanted):
        go_to(line)
        for _ in range(text.all_inner_texts().index(line) - place):
            page.keyboard.press("Alt+ArrowUp")
    assert tuple(text.all_inner_texts()) == tuple(wanted)


@pytest.mark.parametrize("name", PROGRAMS)
def test_three_hints_and_the_solution_by_keyboard_alone(request, name, page, shots):
    program = request.getfixturevalue(name)
    progress = Progress(program.workspace / PROGRESS)
    progress.path.unlink(missing_ok=True)
    work = Notebook(program, page, PROBLEM_SET.as_posix())
    work.run("import torch")
    work.type("def masked_mean", WRONG)
    work.run("def masked_mean")
    output = work.run(CHECK).locator(".jp-OutputArea")
    hint = output.get_by_role("button", name="Hint 1 of 3")
    hint.wait_for()
    page.keyboard.press("Escape")
    tab_to(page, hint)
    for number in (1, 2):
        page.keyboard.press("Enter")
        output.get_by_text(f"Hint {number} of 3:").wait_for()
        output.get_by_role("button", name=f"Hint {number + 1} of 3").wait_for()
    page.keyboard.press("Enter")
    lines = output.locator(".mtl-sortable")
    lines.get_by_role("list").first.wait_for()
    shoot(page, shots, f"ladder-lines-{name}")
    assert serious(page) == []

    attempt = lines.get_by_role("button", name="Try this order")
    put_in_order(page, lines, [ORDER.wrong[0], *ORDER.lines[1:]])
    tab_to(page, attempt)
    said = lines.get_by_role("status").first
    for _ in range(2):
        page.keyboard.press("Enter")
        lines.get_by_text("With these lines the check").wait_for()
    said.get_by_text("One of the mistakes is among your lines.").wait_for()
    shoot(page, shots, f"ladder-wrong-{name}")

    output = work.run(CHECK).locator(".jp-OutputArea")  # the lines are there as they were left
    lines = output.locator(".mtl-sortable")
    lines.locator("ol code").first.wait_for()
    assert lines.locator("ol code").all_inner_texts() == [ORDER.wrong[0], *ORDER.lines[1:]]
    page.keyboard.press("Escape")
    tab_to(page, lines.locator("li").first)
    back = lines.locator("ul li").filter(has_text=ORDER.lines[0])
    for _ in range(len(ORDER.lines) + 1):
        if back.evaluate("node => node === document.activeElement"):
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Delete")
    put_in_order(page, lines, ORDER.lines)
    tab_to(page, lines.get_by_role("button", name="Try this order"))
    page.keyboard.press("Enter")
    lines.get_by_text("Right: with these lines in this order every check passes.").wait_for()
    row = progress.exercise("masked_mean")
    assert (row["hints"], row["gave_up"], row["first_pass"]) == (3, 0, None)
    shoot(page, shots, f"ladder-right-{name}")
    assert serious(page) == []

    give_up = output.get_by_role("button", name="I give up: show the solution")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Home")
    tab_to(page, give_up)
    page.keyboard.press("Enter")
    output.get_by_role("button", name="Really show the solution").wait_for()
    page.keyboard.press("Enter")
    table = output.get_by_role("table", name="Your code")
    table.wait_for()
    assert {"yours", "solution"} <= set(table.get_by_role("rowheader").all_inner_texts())
    table.scroll_into_view_if_needed()
    shoot(page, shots, f"ladder-solution-{name}")
    if name == "lab":
        theme(page, "JupyterLab Dark")
        shoot(page, shots, f"ladder-dark-{name}")
        assert serious(page) == []
        theme(page, "JupyterLab Light")
    else:
        page.set_viewport_size({"width": 390, "height": 900})
        lines.scroll_into_view_if_needed()
        shoot(page, shots, f"ladder-narrow-{name}")
        for part in (lines, table):
            assert part.evaluate("node => node.scrollWidth <= node.clientWidth + 1")


def test_a_written_answer_is_compared_with_the_model_answer_by_keyboard_alone(lab, page, shots):
    progress = Progress(lab.workspace / PROGRESS)
    answer = lab.workspace / PROBLEM_SET
    notebook = read(answer)
    (cell,) = [one for one in notebook["cells"] if one.get("id") == "why-masking"]
    cell["source"] = (
        "The mask takes the rows without a label out of the loss, and the rest is divided by their number. " * 3
    )
    write(answer, notebook)
    output = Notebook(lab, page, "written.ipynb").run("written()").locator(".jp-OutputArea")
    output.get_by_role("combobox").wait_for()
    output.get_by_role("combobox").select_option(
        label=next(text for text in output.get_by_role("option").all_inner_texts() if "why-masking" in text)
    )
    button = output.get_by_role("button", name="Look at my text")
    page.keyboard.press("Escape")
    tab_to(page, button)
    page.keyboard.press("Enter")
    output.get_by_text("Next come the mark scheme").wait_for()
    assert "selection bias" not in output.inner_text()
    page.keyboard.press("Enter")
    groups = output.get_by_role("radiogroup")
    groups.nth(5).wait_for()
    assert serious(page) == []
    for place in range(6):
        page.wait_for_function("node => node.contains(document.activeElement)", arg=groups.nth(place).element_handle())
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
    shoot(page, shots, "written-questions")
    page.keyboard.press("Enter")
    output.get_by_role("heading", name="The model answer").wait_for()
    output.get_by_text("You found all 6 in your text.").wait_for()
    output.get_by_role("heading", name="The model answer").scroll_into_view_if_needed()
    shoot(page, shots, "written-model")
    assert serious(page) == []
    theme(page, "JupyterLab Dark")
    shoot(page, shots, "written-dark")
    theme(page, "JupyterLab Light")
    assert progress.written() == {"ps05_missing_labels/why-masking": "done"}
