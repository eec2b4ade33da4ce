"""What a check says in JupyterLab: one thing at a time, about the version on the screen, and what to do next."""

import pytest

from tests.browser.conftest import Notebook
from tests.browser.test_journey import serious, shoot
from tests.learn.conftest import PROBLEM_SET, RIGHT, WRONG

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PS = PROBLEM_SET.as_posix()
CHECK = 'check("masked_mean", masked_mean)'
BROKEN = "def masked_mean(values, mask):\n    return values[mask.sum("


def theme(page, name):
    """Switch JupyterLab's theme in its menu."""
    page.get_by_role("menuitem", name="Settings", exact=True).click()
    for item in ("Theme", name):
        page.locator(".lm-Menu-item").filter(has=page.get_by_text(item, exact=True)).click()
    page.locator(f'body[data-jp-theme-name="{name}"]').wait_for(state="attached")


def test_a_check_says_one_thing_at_a_time_about_what_is_on_the_screen_and_then_leads_on(lab, page, shots):
    work = Notebook(lab, page, PS)
    work.run("import torch")
    work.type("masked_mean is not written yet", WRONG)
    work.run("def masked_mean")
    result = work.run(CHECK).locator(".mtl-result")
    result.get_by_text("This behaves like a known mistake: divides by batch size.").wait_for()
    assert result.get_by_role("row").filter(visible=True).count() == 5
    assert result.bounding_box()["height"] < 600
    assert "Fix this first" not in result.inner_text()
    shoot(page, shots, "second-day-wrong")
    folded = result.locator("summary").first
    folded.focus()
    page.keyboard.press("Enter")
    result.get_by_role("row").filter(visible=True).nth(5).wait_for()
    shoot(page, shots, "second-day-opened")
    assert serious(page) == []
    theme(page, "JupyterLab Dark")
    shoot(page, shots, "second-day-dark")
    assert serious(page) == []
    theme(page, "JupyterLab Light")

    work.type("def masked_mean", BROKEN)
    work.run("def masked_mean")
    said = work.run(CHECK).locator(".mtl-result .mtl-notice").inner_text()
    assert "stopped with SyntaxError in line 2" in said
    assert said.endswith("What was checked is the version before it.")
    shoot(page, shots, "second-day-not-run")

    work.type("def masked_mean", RIGHT)
    work.run("def masked_mean")
    work.run(CHECK).get_by_text("All checks passed.").wait_for()
    work.type("def masked_mean", WRONG)
    work.save()
    said = work.run(CHECK).locator(".mtl-notice")
    assert "was changed after it last ran" in said.inner_text()
    shoot(page, shots, "second-day-changed")
    assert serious(page) == []

    work.type("def masked_mean", RIGHT)
    work.run("def masked_mean")
    result = work.run(CHECK)
    result.locator(".mtl-onward a").click()
    heading = work.panel.get_by_role("heading", name="A test for masked means")
    page.wait_for_function(
        "node => { const box = node.getBoundingClientRect(); return box.top >= 0 && box.top < 900 }",
        arg=heading.element_handle(),
    )
    shoot(page, shots, "second-day-onward")
