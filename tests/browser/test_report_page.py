"""The report on a class in a real browser: nothing is loaded, nothing runs, and everybody can read it."""

from dataclasses import replace
from importlib import resources

import pytest

from autograder.desk.reporting.page import write_page
from autograder.desk.reporting.report import report
from autograder.desk.reporting.written import LineMet, Written
from tests.autograder.desk.reporting.small_class import everything, small_course
from tests.browser.conftest import a_page_that_notes

pytestmark = [pytest.mark.browser]
SCREENS = [(390, "light"), (390, "dark"), (640, "light"), (1280, "light"), (1280, "dark")]  # 640: 1280 at 200 %


@pytest.fixture(scope="module")
def page_file(tmp_path_factory):
    """The page of a class in which everything happens that a page can say."""
    folder = tmp_path_factory.mktemp("report")
    course = small_course(folder)
    everything(course)
    found = report(course)
    lines = (
        LineMet(
            f"a limit that names where the claim no longer holds, such as {'`w_click`, ' * 9} or none",
            1.0,
            2,
            0.2,
            True,
        ),
        LineMet("the reason: $L_\\text{cvr}$ is a mean over what was observed", 2.0, 7, 0.7, False),
        LineMet("a claim", 1.0, 10, 1.0, False),
    )
    counts = ((0.0, 1), (1.0, 0), (2.5, 9), (4.0, 2))
    written = Written("why", "In words", "One point.", 4.0, counts, 1, 2, 2.5, lines, 10, 2)
    found = replace(found, sets=(replace(found.sets[0], written=(written,)), *found.sets[1:]))
    return write_page(course, found, folder / "report.html")


@pytest.fixture(params=SCREENS, ids=lambda one: f"{one[1]} {one[0]}")
def screen(request, chromium):
    """A page of a browser as a phone or a desk has it, in either scheme."""
    yield from a_page_that_notes(chromium, *request.param)


def unfold(screen):
    for summary in screen.locator("summary").all():
        summary.click()


def test_the_report_asks_for_nothing_fits_and_everybody_can_read_it(screen, page_file, shots):
    screen.goto(page_file.as_uri())
    if shots:
        screen.screenshot(path=shots / f"report-{screen.name}.png", full_page=True)
    unfold(screen)
    assert screen.noted == [page_file.as_uri()]
    assert screen.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    session = screen.context.new_cdp_session(screen)
    session.send("Page.setBypassCSP", {"enabled": True})  # axe is a script, and the page lets none in
    screen.reload()
    unfold(screen)
    screen.evaluate((resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8"))
    found = screen.evaluate("axe.run()")
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found["violations"]] == []
    assert "color-contrast" in [one["id"] for one in found["passes"]]


def test_what_to_teach_again_is_on_the_first_screen_and_leads_to_its_slide(screen, page_file):
    screen.goto(page_file.as_uri())
    first = screen.get_by_role("heading", name="Three things to re-teach on Monday")
    assert first.bounding_box()["y"] < 800
    screen.locator(".monday ol a").first.click()
    assert screen.evaluate("location.hash") == "#again-1"
    answer = screen.locator("#again-1 .problem")
    assert not answer.is_visible()
    screen.locator("#again-1 summary").click()
    assert answer.is_visible()


def test_a_printed_report_shows_what_is_folded(screen, page_file):
    screen.goto(page_file.as_uri())
    answer = screen.locator("#again-1 .problem")
    assert not answer.is_visible()
    screen.emulate_media(media="print")
    assert answer.is_visible()
    assert screen.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
