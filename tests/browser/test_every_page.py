"""Every page of the built book in a real browser: phone and desk, light and dark, on paper and by keyboard.

``MTL_SITE`` names the folder that `make site` has built.
"""

import os
from importlib import resources
from pathlib import Path

import pytest

from tests.browser.conftest import a_page_that_notes
from tests.served import served

pytestmark = [pytest.mark.browser, pytest.mark.book]
SITE = Path(os.environ.get("MTL_SITE", "build/site")).resolve()
OF_TOOLS = {"_static", "lite"}  # templates of the theme, and the browser edition, which has tests of its own
PAGES = sorted(
    path.relative_to(SITE).as_posix()
    for path in SITE.rglob("*.html")
    if not OF_TOOLS & set(path.relative_to(SITE).parts)
)
KINDS = [
    "index.html",
    "05_missing_labels.html",
    "problem_sets/ps05_missing_labels.html",
    "quick_tests/05.html",
    "pages/instructors_guide.html",
]
AXE = (resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")

KINDS_OF_TEXT = """() => {
  const seen = new Map();
  for (const one of document.querySelectorAll("body *")) {
    if (![...one.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim())) continue;
    if (!one.checkVisibility() || one.getBoundingClientRect().height < 2) continue;
    const { color, fontSize, fontWeight, opacity } = getComputedStyle(one);
    let ground = one;
    while (ground && getComputedStyle(ground).backgroundColor === "rgba(0, 0, 0, 0)") ground = ground.parentElement;
    const behind = ground && getComputedStyle(ground).backgroundColor;
    const kind = [color, behind, fontSize, fontWeight, opacity].join();
    const before = seen.get(kind) ?? 0;
    if (before < 3) one.dataset.lookedAt = "";
    seen.set(kind, before + 1);
  }
}"""


@pytest.fixture(scope="module")
def address():
    """Where the book is served, on this machine alone."""
    with served(SITE) as address:
        yield address


@pytest.fixture(params=["light", "dark"])
def phone(request, chromium):
    yield from a_page_that_notes(chromium, 390, request.param)


@pytest.fixture
def desk(chromium):
    yield from a_page_that_notes(chromium, 1280, "light")


def findings(page, rules=None, where="document"):
    """What axe finds on a page, or with some rules in a part of it, with the element it is about."""
    page.evaluate(AXE)
    found = page.evaluate(f"rules => axe.run({where}, rules)", rules or {})
    assert found["passes"]
    return [(one["id"], one["nodes"][0]["html"][:200]) for one in found["violations"]]


def faint(page):
    """Text that is hard to read on its ground; three places of each kind are looked at.

    Contrast depends on colour, ground, size and weight. A long lesson has thousands of places, for which axe needs half
    a minute.
    """
    page.evaluate(KINDS_OF_TEXT)
    return findings(page, {"runOnly": ["color-contrast"]}, "'[data-looked-at]'")


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("name", PAGES)
def test_everybody_can_read_it_on_a_phone_and_it_asks_no_other_host(phone, address, name, shots):
    phone.goto(address + name)
    if shots:
        phone.screenshot(path=shots / f"{name.replace('/', '_')}-{phone.name}.png", full_page=True)
    assert faint(phone) == []
    if phone.name.endswith("light"):  # the dark changes nothing but colours
        assert findings(phone, {"rules": {"color-contrast": {"enabled": False}}}) == []
    assert fits(phone)
    assert [asked for asked in phone.noted if "://" in asked and not asked.startswith(address)] == []


def test_a_word_that_is_hard_to_read_is_found_among_thousands_that_are_not(desk, address):
    desk.goto(address + "05_missing_labels.html")
    assert faint(desk) == []
    desk.evaluate("[...document.querySelectorAll('article p')].at(-1).style.color = '#aaa'")
    assert [rule for rule, _ in faint(desk)] == ["color-contrast"]


@pytest.mark.parametrize("name", PAGES)
def test_it_fits_a_desk_also_at_twice_the_size_and_every_figure_is_told_in_words(desk, address, name, shots):
    desk.goto(address + name)
    if shots:
        desk.screenshot(path=shots / f"{name.replace('/', '_')}-{desk.name}.png", full_page=True)
    assert fits(desk)
    desk.set_viewport_size({"width": 640, "height": 400})  # 1280 x 800 at 200 %
    assert fits(desk)
    assert desk.evaluate("[...document.querySelectorAll('main img')].filter((one) => !one.alt.trim()).length") == 0


@pytest.mark.parametrize("name", KINDS)
def test_a_desk_in_the_dark_is_as_readable(chromium, address, name):
    for page in a_page_that_notes(chromium, 1280, "dark"):
        page.goto(address + name)
        assert findings(page) == []


@pytest.mark.parametrize("name", KINDS)
def test_the_keyboard_sees_where_it_is(desk, address, name):
    desk.goto(address + name)
    for _ in range(25):
        desk.keyboard.press("Tab")
        seen = desk.evaluate(
            """() => {
                const one = document.activeElement, look = getComputedStyle(one);
                const marked = look.outlineStyle !== "none" || look.boxShadow !== "none";
                return [one.outerHTML.slice(0, 120), marked || one === document.body];
            }"""
        )
        assert seen[1], seen[0]


@pytest.mark.parametrize("name", KINDS)
def test_on_paper_there_is_the_text_alone(desk, address, name):
    desk.goto(address + name)
    desk.emulate_media(media="print")
    shown = desk.evaluate(
        """[".bd-header", ".bd-sidebar-primary", ".bd-sidebar-secondary", ".prev-next-area"].filter(
            (one) => [...document.querySelectorAll(one)].some((node) => node.offsetParent !== null))"""
    )
    assert shown == []
    assert desk.locator("main h1").first.is_visible()
    desk.set_viewport_size({"width": 700, "height": 1000})  # A4 between its margins
    assert desk.evaluate(
        "[...document.querySelectorAll('main pre')].every((one) => one.scrollWidth <= one.clientWidth)"
    )
    assert fits(desk)


def test_who_asks_for_no_motion_sees_none(chromium, address):
    for page in a_page_that_notes(chromium, 1280, "light"):
        page.emulate_media(reduced_motion="reduce")
        page.goto(address + KINDS[1])
        moving = page.evaluate(
            """() => [...document.querySelectorAll("body *")].map((one) => getComputedStyle(one))
                .flatMap((look) => [look.transitionDuration, look.animationDuration])
                .filter((seconds) => parseFloat(seconds) > 0.01).length"""
        )
        assert moving == 0
        assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"


def test_a_search_finds_without_a_network(desk, address):
    desk.goto(address + "search.html?q=masked+mean")
    desk.locator("ul.search li a").first.wait_for()
    assert any("05_missing_labels" in one.get_attribute("href") for one in desk.locator("ul.search li a").all())
    assert [asked for asked in desk.noted if "://" in asked and not asked.startswith(address)] == []
