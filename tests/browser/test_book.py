"""The web book in a real browser: a quick test taken, a prediction made, a word looked up, no other host asked."""

import base64
import json
from importlib import resources

import pytest

from autograder.quizzes import bank
from mtl_teach.learn.lesson.predict import said_of
from tests import small_book
from tests.browser.conftest import a_page_that_notes
from tests.served import served

pytestmark = [pytest.mark.browser]
SCREENS = [(390, "light"), (390, "dark"), (1280, "light"), (1280, "dark")]
QUICK_TEST, LESSON, GLOSSARY = "quick_tests/05.html", f"{small_book.LESSON}.html", "pages/glossary.html"
NAMES = [QUICK_TEST, LESSON, f"problem_sets/ps{LESSON}", f"misconceptions/{LESSON}"]


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Where the book is served."""
    with served(small_book.build(tmp_path_factory.mktemp("book"))) as address:
        yield address


@pytest.fixture
def book(page, address):
    """A page of a browser that reaches no other host; whatever it asks one for is noted."""
    page.elsewhere = []

    def only_here(route):
        if route.request.url.startswith(address):
            route.continue_()
        else:
            page.elsewhere.append(route.request.url)
            route.abort()

    page.route("**/*", only_here)
    page.errors = []
    page.on("pageerror", lambda one: page.errors.append(str(one)))
    yield page
    assert (page.elsewhere, page.errors) == ([], [])


def right_places(book):
    """Of each question, as it stands on the page, the place of the right option."""
    key = json.loads(base64.b64decode(book.locator("form.quick-test").get_attribute("data-key")))["answers"]
    return [
        [one.get_attribute("value") for one in group.locator("input").all()].index(
            str(key[group.get_attribute("name")]["right"])
        )
        for group in book.locator("form.quick-test fieldset").all()
    ]


def answer(book, right):
    """Answer every question, the first few of them rightly."""
    places = right_places(book)
    for number, (group, place) in enumerate(zip(book.locator("form.quick-test fieldset").all(), places)):
        group.locator("input").nth(place if number < right else place - 1).check()
    book.get_by_role("button", name="Check my answers").click()


def told(book):
    return book.locator("form.quick-test .told").inner_text()


def test_missing_answers_are_named_and_the_first_of_them_has_the_focus(book, address):
    book.goto(address + QUICK_TEST)
    groups = book.locator("form.quick-test fieldset")
    for place in (0, 2, 3, 5, 6):
        groups.nth(place).locator("input").first.check()
    book.get_by_role("button", name="Check my answers").click()
    assert told(book) == "Still without an answer: question 2, 5."
    assert groups.nth(1).evaluate("group => group.contains(document.activeElement)")
    assert [bool(group.locator(".why:visible").count()) for group in groups.all()] == [n in (1, 4) for n in range(7)]
    groups.nth(1).locator("input").first.check()
    assert book.locator(".why:visible").all_inner_texts() == ["Not answered yet."]


@pytest.mark.parametrize("right", [4, 5, 7])
def test_a_score_is_told_with_the_chosen_and_the_right_option_explained(book, address, right):
    book.goto(address + QUICK_TEST)
    answer(book, right)
    assert told(book) == bank.verdict(bank.load("05"), right)
    whys = book.locator(".why:visible")
    assert whys.count() == 7
    heads = [why.locator("> strong").inner_text() for why in whys.all()]
    assert heads == ["✓ Right."] * right + ["✗ Not right."] * (7 - right)
    for why, number in zip(whys.all(), range(7)):
        items = [item.inner_text() for item in why.locator("li").all()]
        assert len(items) == (1 if number < right else 2)
        assert sum("✓ right" in item for item in items) == 1
        assert sum("(your answer)" in item for item in items) == 1


def test_after_a_reload_the_last_attempt_is_there_and_another_one_comes_in_another_order(book, address):
    book.goto(address + QUICK_TEST)
    answer(book, 6)
    before = book.locator("form.quick-test").inner_text()
    book.reload()
    assert book.locator("form.quick-test").inner_text() == before
    book.evaluate("Math.random = () => 0.3")  # which leaves nothing where it was
    book.get_by_role("button", name="Try again, reshuffled").click()
    assert told(book) == ""
    assert book.locator("input:checked, .why:visible").count() == 0
    texts = [group.inner_text() for group in book.locator("form.quick-test fieldset legend").all()]
    assert [text.split(".")[0] for text in texts] == [f"Question {number}" for number in range(1, 8)]
    assert "\n".join(texts) not in before
    letters = book.locator("fieldset").first.locator(".letter").all_inner_texts()
    assert letters == list("ABCDE")[: len(letters)]
    book.locator("fieldset input").first.check()
    after = book.locator("form.quick-test").inner_text()
    book.reload()  # in the middle of an attempt
    assert book.locator("form.quick-test").inner_text() == after
    assert book.locator("input:checked").count() == 1
    answer(book, 7)
    assert told(book) == "Passed: 7 of 7 right."


@pytest.mark.parametrize(
    "change",
    ['version: "of another day"', "order: [[1, 2]]", 'chosen: [["?", 9]]', "chosen: []"],
    ids=lambda one: one[:9],
)
def test_an_attempt_on_questions_that_have_changed_or_that_somebody_edited_is_begun_anew(book, address, change):
    book.goto(address + QUICK_TEST)
    answer(book, 7)
    book.evaluate(
        """() => {
        const kept = JSON.parse(localStorage.getItem("mtl-teach/quick-test/05"));
        localStorage.setItem("mtl-teach/quick-test/05", JSON.stringify({ ...kept, CHANGE }));
    }""".replace("CHANGE", change)
    )
    book.reload()
    assert (told(book), book.locator("input:checked").count()) == ("", 0)
    answer(book, 5)
    assert told(book) == bank.verdict(bank.load("05"), 5)


def test_a_quick_test_is_taken_by_keyboard_alone(book, address):
    book.goto(address + QUICK_TEST)
    places = right_places(book)
    book.locator("fieldset input").first.focus()
    for place in places:
        book.keyboard.press("Space")
        for _ in range(place):
            book.keyboard.press("ArrowDown")
        book.keyboard.press("Tab")
        while book.evaluate("document.activeElement.matches('a.term')"):
            book.keyboard.press("Tab")
    assert book.evaluate("document.activeElement.textContent") == "Check my answers"
    book.keyboard.press("Enter")
    assert told(book) == "Passed: 7 of 7 right."
    assert book.evaluate("document.activeElement.textContent") == "Try again, reshuffled"
    book.keyboard.press("Enter")
    assert book.locator("fieldset").first.evaluate("group => group.contains(document.activeElement)")


def test_a_prediction_is_told_once_it_is_committed_and_is_there_another_day(book, address):
    book.goto(address + LESSON)
    form, fold = book.locator("form.prediction").first, book.locator("details.outcome").first
    guess, sure = form.locator("fieldset").all()
    commit = form.get_by_role("button", name="Commit my guess")
    assert fold.get_attribute("open") is None
    commit.click()
    assert form.locator(".told").inner_text() == "Make a guess first; a wrong one teaches more than none."
    guess.get_by_label("4").check()
    commit.click()
    assert form.locator(".told").inner_text() == "One thing more: how sure are you?"
    assert sure.evaluate("group => group.contains(document.activeElement)")
    sure.get_by_label("fairly sure").check()
    commit.click()
    expected = said_of("4", small_book.ANSWER, "fairly sure").replace("*", "")
    for _ in range(2):
        assert form.locator(".told").inner_text() == f"{expected} What the cells below show is open now."
        assert fold.get_attribute("open") is not None
        book.reload()
    form.get_by_role("button", name="Forget my guess").click()
    assert fold.get_attribute("open") is None
    book.reload()
    assert (form.locator(".told").inner_text(), book.locator("input:checked").count()) == ("", 0)


def test_what_two_predictions_wait_for_opens_after_both(book, address):
    book.goto(address + LESSON)
    folds = book.locator("details.outcome[data-after='double triple']").all()
    for name, open_now in zip(small_book.PAIR, (False, True)):
        form = book.locator(f"form.prediction[data-prediction={name}]")
        for group in form.locator("fieldset").all():
            group.locator("input").first.check()
        form.get_by_role("button", name="Commit my guess").click()
        assert ("What the cells below show is open now." in form.locator(".told").inner_text()) == open_now
        assert [fold.get_attribute("open") is not None for fold in folds] == [open_now] * 2
    book.reload()
    assert [fold.get_attribute("open") is not None for fold in folds] == [True] * 2


def test_on_paper_every_outcome_is_open(book, address):
    book.goto(address + LESSON)
    assert book.locator("details.outcome[open]").count() == 0
    book.pdf()
    assert book.locator("details.outcome:not([open])").count() == 0


def test_without_javascript_an_outcome_opens_and_a_quick_test_says_what_it_needs(chromium, address):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + LESSON)
    outcome = page.locator("details.outcome").first
    assert not outcome.get_by_text("The answer was").is_visible()
    outcome.locator("summary").click()
    assert outcome.get_by_text("The answer was").is_visible()
    assert page.locator("form button:visible").filter(has_text="guess").count() == 0
    page.goto(address + QUICK_TEST)
    assert page.locator("noscript p").inner_text().startswith("Without JavaScript this page cannot check answers")
    assert page.locator("fieldset:visible").count() == 7
    context.close()


def test_a_word_s_card_comes_by_focus_and_by_pointer_stays_under_it_and_goes_with_escape(book, address):
    book.goto(address + LESSON)
    word, card = book.locator("article a.term").first, book.locator("#term-card")
    meaning = word.get_attribute("data-meaning")
    word.focus()
    assert card.inner_text().endswith(f": {meaning}")
    assert word.get_attribute("aria-describedby") == "term-card"
    book.keyboard.press("Escape")
    assert not card.is_visible()
    assert word.get_attribute("aria-describedby") is None
    assert word.evaluate("one => one === document.activeElement")
    word.evaluate("one => one.blur()")
    word.hover()
    assert card.is_visible()
    card.hover()
    book.wait_for_timeout(500)  # longer than a card waits for the pointer to come back
    assert card.is_visible()
    book.mouse.move(1, 1)
    card.wait_for(state="hidden")
    word.click()
    book.wait_for_url("**/pages/glossary.html#glossary-*")


def test_a_finger_s_first_tap_shows_the_card_and_the_second_follows_the_link(chromium, address):
    context = chromium.new_context(viewport={"width": 390, "height": 800}, has_touch=True)
    page = context.new_page()
    page.goto(address + LESSON)
    word = page.locator("article a.term").first
    word.tap()
    page.locator("#term-card").wait_for(state="visible")
    assert page.url == address + LESSON
    word.tap()
    page.wait_for_url("**/pages/glossary.html#glossary-*")
    context.close()


@pytest.fixture(params=SCREENS, ids=lambda one: f"{one[1]} {one[0]}")
def screen(request, chromium):
    yield from a_page_that_notes(chromium, *request.param)


def use(screen, name):
    """Leave a page as it is at its fullest."""
    if name == QUICK_TEST:
        answer(screen, 3)
    if name == LESSON:
        for group in screen.locator("form.prediction fieldset").all():
            group.locator("input").first.check()
        for commit in screen.get_by_role("button", name="Commit my guess").all()[::-1]:  # each of them goes
            commit.click()
    screen.locator("article a.term").first.focus()
    screen.locator("#term-card").wait_for(state="visible")


@pytest.mark.parametrize("name", NAMES)
def test_everybody_can_read_a_page_and_it_asks_no_other_host(screen, address, name, shots):
    screen.goto(address + name)
    use(screen, name)
    if shots:
        screen.screenshot(path=shots / f"book-{name.replace('/', '-')}-{screen.name}.png", full_page=True)
    assert [one for one in screen.noted if one.startswith("http") and not one.startswith(address)] == []
    assert screen.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    screen.evaluate((resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8"))
    found = screen.evaluate("axe.run()")
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found["violations"]] == []
    assert "color-contrast" in [one["id"] for one in found["passes"]]
