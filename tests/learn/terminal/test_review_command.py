"""`mtl-teach review`: what is due is asked by keyboard, and every answer is saved at once."""

import json
import random
from datetime import timedelta

from autograder.quizzes import bank
from mtl_teach.learn.progress import Progress
from mtl_teach.learn.reviewing import asking, cards, schedule
from mtl_teach.learn.workspace.places import PROGRESS
from tests.learn.reviewing.conftest import day, learner, progress

__all__ = ["day", "progress"]


def letters(progress, seed, right=True):
    """What to type at the cards that are due."""
    rng = random.Random(seed)
    asked = [asking.ask(card, rng) for card in cards.of_today(progress, schedule.today()).cards]
    return [
        bank.LETTERS[next(place for place, option in enumerate(one.options) if option.correct is right)]
        for one in asked
    ]


def test_what_is_due_is_asked_and_every_answer_counts(say, progress, day):
    learner(progress)
    day(1)
    code, out, err = say("review", "--seed", 3, stdin="\n".join(letters(progress, 3)))
    assert (code, err) == (0, "")
    assert out.startswith("3 things to look at again, about 3 minutes.\n\n1 of 3. Find the mistake\n")
    assert "   | def masked_mean(values, mask):\n" in out
    assert "2 of 3. A prediction of lesson 1\nWhat is the total?\n" in out
    assert "3 of 3. Quick test 5\n" in out
    assert out.count("   Right. ") == 3
    assert "Done for today: 3 of 3 right." in out
    assert [row["step"] for row in progress.cards().values()] == [1, 1, 1]
    code, out, _ = say("review")
    later = cards.of_today(progress, schedule.today()).next_day
    assert (code, out) == (0, f"Nothing to look at again today.\nCome back on {later:%A} {later.day} {later:%B}.\n")


def test_a_wrong_answer_is_explained_and_comes_back_tomorrow(say, progress, day):
    cards.missed(progress, "05", ["total"])
    today = day(1)
    _, out, _ = say("review", "--seed", 3, stdin="x\n" + letters(progress, 3, right=False)[0].lower())
    question = next(one for one in bank.load("05", 1).questions if one.id == "total")
    assert "   Type one letter from A to D.\n" in out
    assert "   Not right. " in out
    assert f"   The right answer: {question.right.text}\n" in out.replace("`", "")
    assert "Done for today: 0 of 1 right. What was not right comes back tomorrow." in out
    assert progress.cards()["question/05/total"]["due"] == schedule.written(today + timedelta(days=1))


def test_the_end_of_the_input_ends_the_review_and_what_was_answered_is_saved(say, progress, day):
    learner(progress)
    day(1)
    code, out, _ = say("review", "--seed", 3, stdin=letters(progress, 3)[0])
    assert code == 0
    assert "Ended here; what you answered is saved." in out
    assert len(cards.of_today(progress, schedule.today()).cards) == 2


def test_what_is_due_as_json(say, progress, day):
    learner(progress)
    assert json.loads(say("review", "--json")[1]) == {
        "due": [],
        "minutes": 0,
        "later": 0,
        "next_day": (schedule.today() + timedelta(days=1)).isoformat(),
    }
    day(1)
    data = json.loads(say("review", "--json")[1])
    assert [(one["kind"], sorted(one)) for one in data["due"]] == [
        (kind, ["due", "id", "kind"]) for kind in ("mistake", "prediction", "question")
    ]
    assert (data["minutes"], data["next_day"]) == (3, None)


def test_how_sure_one_was_is_told_at_the_end(say, progress, day):
    progress.record_prediction("01-total", "What is it?", "4.25", "sure", "2.5")
    assert "Of 1 prediction that you were sure of, none was right." in say("review")[1]


def test_an_answer_given_in_another_window_meanwhile_is_said(say, progress, day, monkeypatch):
    cards.missed(progress, "05", ["total"])
    day(1)
    (card,) = cards.of_today(progress, schedule.today()).cards
    real = asking.ask

    def elsewhere(shown, rng):
        cards.answered(Progress(progress.path), card, right=True)
        return real(shown, rng)

    monkeypatch.setattr(asking, "ask", elsewhere)
    _, out, _ = say("review", "--seed", 3, stdin="A")
    assert "This one was answered in another window meanwhile; that answer counts." in out
    assert progress.cards()[card.id]["seen"] == 1


def test_what_an_upgrade_removed_is_said_without_a_traceback(say, progress, day):
    cards.missed(progress, "05", ["gone"])
    day(1)
    code, out, err = say("review")
    assert (code, err) == (0, "")
    assert "1 card cannot be asked: this version of the course no longer has the question" in " ".join(out.split())


def test_a_damaged_progress_file_is_said_and_the_review_goes_on(say, workspace, progress, day):
    (workspace / PROGRESS).write_bytes(b"no database" * 100)
    code, out, err = say("review")
    assert (code, out) == (0, "Nothing to look at again today.\n")
    assert "The progress file was damaged" in err


def test_outside_a_workspace_it_says_where_to_go(say, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, _, err = say("review")
    assert code == 2
    assert "This folder is in no workspace" in err


def test_a_quick_test_in_the_terminal_makes_cards_of_what_was_missed(say, progress, day):
    test = bank.load("05").shuffled(random.Random(1))
    chosen = [one.options.index(one.right) for one in test.questions]
    chosen[2] = (chosen[2] + 1) % len(test.questions[2].options)
    say("quiz", "05", "--seed", 1, stdin="\n".join(bank.LETTERS[index] for index in chosen))
    assert list(progress.cards()) == [f"question/05/{test.questions[2].id}"]
    tomorrow = schedule.written(schedule.today() + timedelta(days=1))
    assert [row["due"] for row in progress.cards().values()] == [tomorrow]
