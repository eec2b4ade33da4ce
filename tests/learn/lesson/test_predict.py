"""A guess is asked for with how sure it is, kept, judged after the run, and there again another day."""

import base64
import hashlib
import json
import re

import ipywidgets
import pytest

from mtl_teach.learn import outcome, predict
from mtl_teach.learn.lesson import predict as predict_module
from mtl_teach.learn.lesson.predict import CONFIDENCE, Prediction, with_guess
from mtl_teach.learn.progress import Progress
from mtl_teach.learn.reviewing.summary import calibration
from mtl_teach.learn.workspace.places import PROGRESS

OPTIONS = ["*all*", "about `22 %`"]


@pytest.fixture(autouse=True)
def another_kernel(monkeypatch):
    """What this kernel remembers, begun anew."""

    def restart():
        for kept in ("_asked", "_guesses"):
            monkeypatch.setattr(predict_module, kept, {})

    restart()
    return restart


@pytest.fixture
def shown(monkeypatch):
    """Pretend to be in a kernel; collect what is displayed."""
    bundles = []
    monkeypatch.setattr(predict_module, "in_kernel", lambda: True)
    monkeypatch.setattr("IPython.display.display", lambda bundle, raw: bundles.append(bundle))
    return bundles


@pytest.fixture
def saved(workspace):
    return Progress(workspace / PROGRESS)


def choose(cell, guess, confidence="sure"):
    """Make a guess as a learner does; a group takes the number of the option."""
    if isinstance(cell.entry, ipywidgets.Text):
        cell.entry.value = guess
    else:
        cell.entry.index = guess
    cell.confidence.index = None if confidence is None else CONFIDENCE.index(confidence)
    cell.commit()


def message(cell):
    return cell.box.children[-1].value


def judged(capsys, name):
    capsys.readouterr()
    outcome(name)
    return capsys.readouterr().out.strip()


# ---- asking ----------------------------------------------------------------------------------------------------


def test_a_guess_and_how_sure_it_is_are_saved_and_there_again_next_time(saved):
    first = Prediction("Is it safe?", ["yes", "no"], "safe")
    assert (first.entry.index, first.confidence.index, message(first)) == (None, None, "")
    choose(first, 1, "fairly sure")
    assert "Your guess: <em>no</em> (fairly sure). Now run the cells below and compare." in message(first)
    row = saved.predictions()["safe"]
    assert (row["question"], row["guess"], row["confidence"], row["answer"]) == ("Is it safe?", "no", "fairly sure", "")
    again = Prediction("Is it safe?", ["yes", "no"], "safe")
    assert (again.entry.index, again.confidence.index) == (1, 1)
    assert "Your earlier guess: <em>no</em> (fairly sure). You may change it." in message(again)
    other = Prediction("Is it safe?", ["perhaps", "never"], "safe")
    assert (other.entry.index, other.confidence.index) == (None, 1)
    assert message(Prediction("Is it large?", ["yes", "no"], "large")) == ""


def test_two_named_groups_and_one_button_are_what_there_is(saved):
    cell = Prediction("Is it `safe`?", ["`yes`", "*no*"], "safe")
    entry, confidence, button, _ = cell.box.children
    assert (entry.name, entry.labels) == (
        "<strong>Predict:</strong> Is it <code>safe</code>?",
        ["<code>yes</code>", "<em>no</em>"],
    )
    assert (confidence.name, confidence.labels) == ("<strong>How sure are you?</strong>", list(CONFIDENCE))
    entry.index, confidence.index = 0, 0
    button.click()
    assert button.description == "Commit my guess"
    assert saved.prediction("safe") == "yes"


def test_a_free_guess_is_saved(saved):
    cell = Prediction("How large?", None, "large")
    assert cell.box.children[0].value == "<strong>Predict:</strong> How large?"
    choose(cell, " about <2> ")
    assert saved.prediction("large") == "about <2>"
    assert "Your guess: <em>about &lt;2&gt;</em> (sure)." in message(cell)
    assert Prediction("How large?", None, "large").entry.value == "about <2>"


@pytest.mark.parametrize("options", [None, ["yes", "no"]])
def test_what_is_missing_is_asked_for_and_nothing_is_saved(saved, options, monkeypatch):
    moved = []
    monkeypatch.setattr(predict_module, "focus", moved.append)
    cell = Prediction("How large?", options, "large")
    cell.commit()
    assert "Make a guess first; a wrong one teaches more than none." in message(cell)
    choose(cell, 0 if options else "2", None)
    assert "One thing more: how sure are you?" in message(cell)
    assert moved == [cell.entry, cell.confidence]
    assert not saved.path.exists()


def test_a_guess_works_outside_any_workspace_and_with_damaged_progress(tmp_path, monkeypatch, workspace):
    (workspace / PROGRESS).mkdir()
    assert Prediction("Is it safe?", ["yes", "no"], "safe").entry.index is None
    monkeypatch.chdir(tmp_path)
    cell = Prediction("Is it safe?", ["yes", "no"], "safe")
    choose(cell, 0)
    assert "Your guess: <em>yes</em>" in message(cell)


def test_a_prediction_has_a_twin_without_widgets(shown):
    predict("Is `where` safe?", ["yes", "no"])
    assert shown[0]["text/plain"] == (
        "Predict: Is where safe?\n  - yes\n  - no\nHow sure are you? just a guess, fairly sure, or sure.\n"
        "Commit to a guess before you run the next cell."
    )
    page = shown[0]["text/html"]
    assert "Run this cell to make your guess." in page
    assert "<strong>Predict:</strong> Is <code>where</code> safe?</p><ul><li>yes</li><li>no</li></ul>" in page
    predict("How `large`?")
    assert shown[1]["text/plain"].startswith("Predict: How large?\nHow sure are you?")
    for bundle in shown:
        assert "How sure are you? just a guess, fairly sure, or sure.</p>" in bundle["text/html"]


def test_the_twin_of_a_guess_that_was_made_says_what_was_guessed(shown, saved, monkeypatch):
    made = []
    monkeypatch.setattr(predict_module, "Prediction", lambda *args: made.append(Prediction(*args)) or made[-1])
    predict("Is it safe?", ["yes", "<no>"], name='is "it"')
    twin = shown[0]["text/html"]
    assert with_guess(twin) == twin
    choose(made[0], 1, "fairly sure")
    page = with_guess(twin)
    assert "Run this cell to see your guess again." in page
    assert ">Your guess: <em>&lt;no&gt;</em> (fairly sure).</p>" in page
    assert "How sure are you?" not in page
    assert "make your guess" not in page
    choose(made[0], 0)
    assert ">Your guess: <em>yes</em> (sure).</p>" in with_guess(page)  # as it is saved again
    assert with_guess("<p>Something else.</p>") == "<p>Something else.</p>"


def test_the_twin_carries_what_the_web_book_makes_a_form_of(shown):
    predict("Is `where` safe?", ["yes", "no"], name="safe", answer="no")
    data = json.loads(base64.b64decode(re.search('data-prediction="([^"]+)"', shown[0]["text/html"])[1]))
    assert data == {"name": "safe", "question": "Is `where` safe?", "options": ["yes", "no"], "answer": "no"}


def test_the_answer_is_in_nothing_that_is_shown_before_the_guess(shown, workspace):
    predict("Is `where` safe?", ["yes", "no", "at times"], name="safe", answer="at times")
    for text in shown[0].values():
        assert str(text).count("at times") == (1 if isinstance(text, str) else 0)  # as an option like the others


def test_a_guess_is_kept_under_the_name_given_else_under_one_made_of_the_question(shown, saved, monkeypatch):
    made = []
    monkeypatch.setattr(predict_module, "Prediction", lambda *args: made.append(Prediction(*args)) or made[-1])
    predict("Is it safe?", ["yes", "no"])
    predict("Is it safe?", ["yes", "no"], name="safe")
    for cell in made:
        choose(cell, 0)
    assert {row["id"]: row["question"] for row in saved.predictions().values()} == {
        hashlib.sha256(b"Is it safe?").hexdigest()[:12]: "Is it safe?",
        "safe": "Is it safe?",
    }


@pytest.mark.parametrize(
    ("question", "options", "match"),
    [
        (" ", None, "`question` must not be empty"),
        ("What?", ["one"], r"`options` must offer at least two guesses; got \['one'\]"),
        ("What?", [], r"`options` must offer at least two guesses; got \[\]"),
    ],
)
def test_a_prediction_that_asks_nothing_is_refused(question, options, match):
    with pytest.raises(ValueError, match=match):
        predict(question, options)


def test_an_answer_that_nobody_can_choose_is_refused():
    with pytest.raises(ValueError, match="`answer` must be one of the options; got 'maybe'"):
        predict("Is it safe?", ["yes", "no"], answer="maybe")


# ---- judging ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("guess", "confidence", "says"),
    [
        (None, None, "The answer was: *about `22 %`*."),
        (1, "sure", "You said *about 22 %*, and **so it is**. You were sure, and rightly."),
        (1, "fairly sure", "You said *about 22 %*, and **so it is**. You were fairly sure."),
        (
            1,
            "just a guess",
            "You said *about 22 %*, and **so it is**. You called it just a guess: can you say why it is so?",
        ),
        (
            0,
            "sure",
            r"You said *all*; it was **about `22 %`**. You were sure: such surprises are worth a second look. "
            "What made the difference?",
        ),
        (0, "fairly sure", "You said *all*; it was **about `22 %`**. You were fairly sure. What made the difference?"),
        (
            0,
            "just a guess",
            "You said *all*; it was **about `22 %`**. You called it just a guess: now you know more. "
            "What made the difference?",
        ),
    ],
)
@pytest.mark.parametrize("in_a_workspace", [True, False])
def test_after_the_run_a_guess_is_judged_with_how_sure_it_was(
    guess, confidence, says, in_a_workspace, workspace, tmp_path, monkeypatch, capsys
):
    if not in_a_workspace:
        monkeypatch.chdir(tmp_path)
    predict("What part is rain?", OPTIONS, name="rain", answer="about `22 %`")
    if guess is not None:
        choose(Prediction("What part is rain?", OPTIONS, "rain"), guess, confidence)
    assert judged(capsys, "rain") == says


def test_guess_confidence_and_right_answer_are_all_kept_and_a_wrong_one_becomes_a_card(saved, capsys):
    for name, guess in (("right", 1), ("wrong", 0)):
        predict("What part is rain?", OPTIONS, name=name, answer="about `22 %`")
        choose(Prediction("What part is rain?", OPTIONS, name), guess)
        judged(capsys, name)
    rows = saved.predictions()
    assert [(row["guess"], row["confidence"], row["answer"]) for row in (rows["right"], rows["wrong"])] == [
        ("about 22 %", "sure", "about 22 %"),
        ("all", "sure", "about 22 %"),
    ]
    (card,) = saved.cards().values()
    assert (card["id"], card["data"]) == (
        "prediction/wrong",
        {
            "question": "What part is rain?",
            "options": ["all", "about 22 %"],
            "answer": "about 22 %",
            "guess": "all",
            "confidence": "sure",
        },
    )
    assert calibration(saved) == ["Of 2 predictions that you were sure of, 1 was right."]


def test_the_first_guess_is_the_one_that_is_kept_once_it_was_judged(saved, capsys):
    predict("What part is rain?", OPTIONS, name="rain", answer="about `22 %`")
    choose(Prediction("What part is rain?", OPTIONS, "rain"), 0)
    judged(capsys, "rain")
    again = Prediction("What part is rain?", OPTIONS, "rain")
    choose(again, 1, "just a guess")
    assert "Your first guess, <em>all</em>, is the one that is kept." in message(again)
    assert judged(capsys, "rain").startswith("You said *about 22 %*, and **so it is**.")
    assert (saved.predictions()["rain"]["guess"], saved.predictions()["rain"]["confidence"]) == ("all", "sure")


def test_a_guess_of_yesterday_is_judged_too(saved, another_kernel, capsys):
    choose(Prediction("Is it safe?", ["yes", "no"], "safe"), 1)
    another_kernel()
    predict("Is it safe?", ["yes", "no"], name="safe", answer="yes")
    assert judged(capsys, "safe").startswith("You said *no*; it was **yes**. You were sure:")
    assert saved.predictions()["safe"]["answer"] == "yes"


def test_a_guess_from_before_confidence_was_asked_is_judged_without_it(saved, capsys):
    saved.record_prediction("safe", "Is it safe?", "no")
    predict("Is it safe?", ["yes", "no"], name="safe", answer="yes")
    assert judged(capsys, "safe") == "You said *no*; it was **yes**. What made the difference?"
    assert saved.cards()["prediction/safe"]["data"]["confidence"] == ""


def test_an_answer_that_an_upgrade_changed_is_judged_anew(saved, another_kernel, capsys):
    predict("Is it safe?", ["yes", "no"], name="safe", answer="yes")
    choose(Prediction("Is it safe?", ["yes", "no"], "safe"), 1)
    judged(capsys, "safe")
    another_kernel()
    predict("Is it safe?", ["yes", "no"], name="safe", answer="no")
    assert judged(capsys, "safe").startswith("You said *no*, and **so it is**.")
    assert saved.predictions()["safe"]["answer"] == "no"


def test_marks_in_a_learners_own_words_mean_nothing(saved, capsys):
    predict("Is it safe?", ["yes", "no"], name="safe", answer="yes")
    saved.record_prediction("safe", "Is it safe?", "*<b>*", "sure")
    assert re.search(r"You said \*\\\*\\<b\\>\\\*\*;", judged(capsys, "safe"))


def test_an_outcome_before_its_prediction_says_which_cell_to_run():
    with pytest.raises(ValueError, match="The prediction 'later' was not asked for yet: run its cell first"):
        outcome("later")
