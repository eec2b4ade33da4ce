"""The browser edition in a real browser that can reach no other host: what a newcomer does there, and what is kept."""

from __future__ import annotations

import json
import os
import posixpath
import re
import time
from importlib import resources
from pathlib import Path

import pytest

from autograder.authoring.lite import links, site
from autograder.course_files import course_root
from autograder.files import as_cell
from autograder.marked import plain
from autograder.quizzes.bank import load
from mtl_teach.learn.browser.newer import stamp
from mtl_teach.learn.progress import Progress
from tests.browser.conftest import FLAGS, SECONDS, program
from tests.served import served

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.lite]
NO_OTHER_HOST = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
NAME = "ps08_constraints_and_penalties"
SET = f"exercises/{NAME}/{NAME}.ipynb"
STUB, CHECK = "latency_objective is not written yet", 'check("latency_objective", latency_objective)'
HEAD = "def latency_objective(ce, latency_ms, budget_ms, lam):\n"
WRONG = f"{HEAD}    return ce + lam * (latency_ms - budget_ms)"
RIGHT = f"{HEAD}    return ce + lam * max(0.0, latency_ms - budget_ms)"
OURS = ".jp-OutputArea-output, .jp-RenderedMarkdown"
# What axe finds in JupyterLite's own frame, by what it is found in: it is not ours to mend.
JUPYTERS_OWN = {
    "aria-allowed-attr": 'title="More commands"',  # the end of a toolbar that is cut off, said to be pressed or not
    "aria-input-field-name": 'data-language="python"',  # an editor of code, without a name
    "aria-required-children": "jp-WindowedPanel-viewport",  # the cells, said to be a feed, whose parts are none
    "image-alt": "<img>",  # the kernel's picture, before it is known which
    "button-name": "jp-collapseHeadingButton",  # folds a section
    "link-name": "jp-NotebookLogo",  # leads to the list of files
    "tabindex": "skip-link",  # comes before everything else, which is meant
}
SERIOUS = ("serious", "critical")
KERNEL = 180_000  # milliseconds for Python to start in a page, on a busy machine


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The edition as `mtl-grade lite` builds it, where the web book would have it."""
    folder = tmp_path_factory.mktemp("lite") / "site" / links.FOLDER
    return site.build(course_root(), Path(os.environ["MTL_PYODIDE"]), folder)


@pytest.fixture(scope="module")
def address(built):
    """Where the edition is served; the folder above it stands for the web book."""
    (built.folder.parent / "index.html").write_text("<title>The book</title>", encoding="utf-8")
    with served(built.folder.parent) as address:
        yield f"{address}{links.FOLDER}/"


@pytest.fixture(scope="module")
def lonely(chromium):
    """A Chromium that finds no host but this machine."""
    browser = chromium.browser_type.launch(executable_path=program(), args=[*FLAGS, NO_OTHER_HOST])
    yield browser
    browser.close()


@pytest.fixture
def visitor(lonely, address):
    """Opens somebody's browser, with a storage of its own; in the end nobody asked another host for anything."""
    contexts, asked = [], []

    def visit(width=1280, scheme="light"):
        context = lonely.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        context.set_default_timeout(SECONDS)
        context.on("request", lambda one: asked.append(one.url))
        contexts.append(context)
        return Visitor(context, address)

    yield visit
    for context in contexts:
        context.close()
    assert [url for url in asked if not url.startswith((address.removesuffix("lite/"), "data:", "blob:"))] == []


class Visitor:
    """Somebody's browser on the edition."""

    def __init__(self, context, address):
        self.context = context
        self.address = address

    def open(self, path, cell=""):
        page = self.context.new_page()
        page.goto(self.address + links.address(path, cell))
        return Open(page)


class Open:
    """A notebook that is open in a tab."""

    def __init__(self, page):
        self.page = page
        self.page.locator(".jp-Notebook-cell").first.wait_for()

    def cell(self, text):
        return self.page.locator(".jp-CodeCell").filter(has=self.page.locator(".cm-content", has_text=text)).first

    def type(self, text, source):
        self.cell(text).locator(".cm-content").click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(source)

    def run(self, text):
        """Run a cell; give it back when it has come to its end."""
        # what is pressed before there is a kernel is lost now and then, and a learner presses again
        self.page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for(timeout=KERNEL)
        cell = self.cell(text)
        prompt = cell.locator(".jp-InputPrompt")
        prompt.evaluate("node => { node.textContent = '' }")  # a number from an earlier kernel says nothing
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+Enter")
        prompt.filter(has_text=re.compile(r"\[\d+\]")).wait_for(timeout=KERNEL)
        return cell

    def run_all(self):
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.get_by_role("menuitem", name="Run All Cells", exact=True).click()

    def save(self):
        self.page.keyboard.press("Control+s")
        self.page.wait_for_function("() => !document.title.startsWith('*')")

    def home(self):
        """Run the cell of the home page; what it shows once everything is there."""
        cell = self.run("home()")
        cell.get_by_role("button", name="Save my progress as a file").wait_for()
        return cell


def shoot(page, shots, name):
    if shots is not None:
        page.screenshot(path=shots / f"lite-{name}.png")


def serious(page, where=OURS):
    page.evaluate((resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("async where => (await axe.run(where)).violations", where)
    nodes = [(one["id"], node["html"]) for one in found if one["impact"] in SERIOUS for node in one["nodes"]]
    return [(name, text) for name, text in nodes if JUPYTERS_OWN.get(name, text + "!") not in text]


def test_a_newcomers_first_hour_from_a_wrong_answer_to_progress_taken_home(visitor, shots, tmp_path):
    some = visitor()
    started = time.monotonic()
    work = some.open(SET, "about-latency_objective")
    heading = work.page.get_by_role("heading", name="A loss with a latency penalty")
    heading.wait_for()
    work.page.wait_for_function("node => node.getBoundingClientRect().top < 400", arg=heading.element_handle())
    shoot(work.page, shots, "1-arrived")

    work.run("import numpy")
    work.type(STUB, WRONG)
    work.run("def latency_objective")
    result = work.run(CHECK)
    result.get_by_text("This behaves like a known mistake: no max.").wait_for()
    print(f"first check after {time.monotonic() - started:.1f} s")
    shoot(work.page, shots, "2-wrong")
    result.get_by_role("button", name="Hint 1 of 3").click()
    result.get_by_role("alert").filter(has_text="Hint 1 of 3: where to look").wait_for()
    work.type("def latency_objective", RIGHT)
    work.run("def latency_objective")
    again = time.monotonic()
    result = work.run(CHECK)
    result.get_by_text("3 of 3 points, 4 of 4 checks passed").wait_for()
    print(f"a check of a kernel that runs: {time.monotonic() - again:.1f} s")
    result.get_by_role("button", name="Skip the question").click()
    assert serious(work.page) == []
    shoot(work.page, shots, "3-right")
    work.save()

    work.page.reload()
    back = Open(work.page)
    assert "max(0.0" in back.cell("def latency_objective").inner_text()
    home = some.open("index.ipynb")
    second = time.monotonic()
    shown = home.home()
    print(f"home in a tab of its own after {time.monotonic() - second:.1f} s")
    shown.get_by_text("A loss with a latency penalty (passed)").first.wait_for(state="attached")
    assert serious(home.page) == []
    shoot(home.page, shots, "4-home")

    take_quick_test(some, shots)
    commit_to_a_prediction(some, shots)

    shown = home.home()
    shown.get_by_text("✓ passed, best 7 of 7").first.wait_for()
    with home.page.expect_download() as saved:
        shown.get_by_role("button", name="Save my progress as a file").click()
    installed = Progress(tmp_path / "progress.sqlite")
    assert installed.merge_json(json.loads(Path(saved.value.path()).read_text(encoding="utf-8"))) > 0
    row = installed.exercise("latency_objective")
    assert (row["attempts"], row["hints"], bool(row["first_pass"])) == (2, 1, True)
    assert installed.quick_tests()["08"]["best"] == 7
    assert [one["id"] for one in installed.to_json()["prediction"]] == ["08-stricter"]

    installed.record_quick_test("03", 6, 7)
    (tmp_path / "export.json").write_text(json.dumps(installed.to_json()), encoding="utf-8")
    shown.locator("input[type=file]").set_input_files(tmp_path / "export.json")
    shown.get_by_text(re.compile("Merged .* records")).wait_for()
    home.home().get_by_text("✓ passed, best 6 of 7").first.wait_for()


def take_quick_test(some, shots):
    test = some.open("quick_tests/quick_test_08.ipynb")
    test.run('quiz("08")')
    test.page.get_by_role("button", name="Check my answers").wait_for()
    shoot(test.page, shots, "5-quick-test")
    right = {plain(question.right.text) for question in load("08").questions}
    for label in test.page.locator(".mtl-choice label").all():
        if re.sub(r"^[A-E]\. ", "", label.inner_text().strip()) in right:
            label.click()
    test.page.get_by_role("button", name="Check my answers").click()
    test.page.get_by_role("alert").filter(has_text="Passed: 7 of 7").wait_for()
    assert serious(test.page) == []


def commit_to_a_prediction(some, shots):
    lesson = some.open("lessons/08_constraints_and_penalties.ipynb")
    lesson.run_all()
    asks = lesson.page.get_by_role("button", name="Commit my guess")
    asks.first.wait_for(timeout=KERNEL)
    guess = lesson.page.locator(".jp-CodeCell").filter(has=asks).first.locator(".jp-OutputArea")
    guess.get_by_role("radiogroup", name="Predict:").get_by_role("radio").last.check()
    guess.get_by_role("radiogroup", name="How sure are you?").get_by_role("radio", name="fairly sure").check()
    guess.get_by_role("button", name="Commit my guess").click()
    guess.get_by_role("alert").filter(has_text="Now run the cells below").wait_for()
    assert serious(lesson.page) == []
    shoot(lesson.page, shots, "6-prediction")


def test_a_newer_text_is_offered_and_taking_it_keeps_the_answer(visitor, built, monkeypatch, shots):
    some = visitor()
    work = some.open(SET)
    work.type(STUB, RIGHT)
    work.save()
    work.page.close()

    newer = site.edition(course_root())
    cell = next(one for one in newer[SET]["cells"] if one["id"] == "about-latency_objective")
    cell["source"] = as_cell(cell).source.replace("A loss with a latency penalty", "A loss that minds the clock")
    newer[SET] = stamp(newer[SET])
    monkeypatch.setattr(site, "edition", lambda root: newer)
    monkeypatch.setattr(site.computed, "dump", lambda: {})  # nobody takes a quick test here
    site.build(course_root(), Path(os.environ["MTL_PYODIDE"]), built.folder)

    work = some.open(SET)
    work.page.get_by_role("heading", name="A loss with a latency penalty").wait_for()  # the browser's own copy
    work.page.close()
    home = some.open("index.ipynb")
    shown = home.home()
    shown.get_by_text(f"A newer text of {NAME} is available; your answers stay.").first.wait_for()
    shoot(home.page, shots, "7-newer")
    shown.get_by_role("button", name="Take the newer text").click()
    shown.get_by_text("Now reload this page").first.wait_for()
    work = some.open(SET)
    work.page.get_by_role("heading", name="A loss that minds the clock").wait_for()
    assert "max(0.0" in work.cell("def latency_objective").inner_text()


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (390, "dark"), (1280, "dark")])
def test_the_first_page_leads_home_and_both_fit_and_can_be_read(visitor, width, scheme, shots, address, built):
    some = visitor(width, scheme)
    page = some.context.new_page()
    page.goto(f"{address}{site.MARK}")  # a page of the same place, to hold the first one, which moves on at once
    page.set_content(re.sub(r"<script>.*?</script>", "", (built.folder / "index.html").read_text(encoding="utf-8")))
    assert page.get_by_role("link", name="Open the course in this browser").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert serious(page, "body") == []
    page.goto(address)
    page.wait_for_url("**/notebooks/index.html?path=index.ipynb")
    home = Open(page)
    link = home.page.get_by_role("link", name="Problem set 08")
    link.wait_for()
    shoot(page, shots, f"8-home-{width}-{scheme}")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert serious(page, "html") == []
    with page.expect_popup() as opened:
        link.click()
    work = Open(opened.value)
    assert work.page.url.endswith(links.address(SET))
    box = work.cell(STUB).bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    shoot(work.page, shots, f"9-set-{width}-{scheme}")
    with page.expect_popup() as opened:
        page.get_by_role("link", name="in the book").click()
    opened.value.wait_for_url("**/index.html")
    assert opened.value.title() == "The book"


@pytest.mark.book
def test_every_link_from_the_edition_into_the_book_arrives_at_its_place():
    wanted = {}
    for path, notebook in site.edition(course_root()).items():
        for link, place in re.findall(r"\]\(([\w./]*book/[^\s()#]+)#?([^\s()]*)\)", str(notebook["cells"])):
            page = posixpath.normpath(posixpath.join(posixpath.dirname(path), link)).removeprefix("book/")
            wanted.setdefault(page, set()).add(place)
    assert len(wanted) > 20
    for page, places in wanted.items():
        text = (Path(os.environ["MTL_SITE"]) / page).read_text(encoding="utf-8")
        assert places - {""} <= set(re.findall(r'\bid="([^"]+)"', text)), page
