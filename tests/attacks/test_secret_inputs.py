"""Secret inputs stay secret: an answer that remembers all it was asked, and tells it in every way, tells nothing.

For every exercise the same answer is graded, since what keeps the inputs in is no matter of the exercise.
"""

import json

import pytest

from autograder import catalogue, exercises, render
from autograder.engine.session import Session
from autograder.gradebook.cells import comment_on
from autograder.judging.answers import RemoteAnswer
from autograder.judging.runner import PUBLISHED_SEED, blame_cell, run_checks
from tests.attacks.conftest import RIGHT, SECRET, WRONG
from tests.attacks.overheard import Overheard, given_away

pytestmark = pytest.mark.attack

# `told` is everything so far, in Python's and in our way of writing numbers; the cell tells what was left before it.
TELLTALE = """
import os, sys, warnings
for folder, _, names in os.walk("/scratch"):
    for name in names:
        print(open(os.path.join(folder, name)).read())
seen, told = [], ''
def plain(value):
    value = value.detach() if hasattr(value, "detach") else value
    value = value.tolist() if hasattr(value, "tolist") else value
    if isinstance(value, dict):
        return [plain(one) for one in value.items()]
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    return value
def written(value):
    if isinstance(value, list):
        return " ".join(map(written, value))
    return f"{value!r} {value:.6g}" if isinstance(value, float) else repr(value)
def remember(args):
    global told
    if len(told) < 1900:
        seen.append(plain(args))
        told = (told + " " + written(seen[-1]))[:1900]
    print(told, file=sys.stderr)
    print(told)
    warnings.warn(told)
    with open("left", "w") as file:
        file.write(told)
    return told
class Told(Exception):
    pass
"""
WAYS = {
    "exception": "    raise ValueError(told)",
    "another exception": "    raise Told(told)",
    "missing": "    raise NameError(told, name=told)",
    "value": "    return seen[0]",
    "text": "    return told",
    "number": "    return next((one for call in seen for one in flat(call)), 0.0)",
    "type": "    return type(told, (), {})()",
    "changed arguments": "    [one.fill_(next(flat(seen[0]), 0.0)) for one in args if hasattr(one, 'fill_')]\n"
    "    return seen[0]",
    "ended": "    if len(seen) > 1:\n        os._exit(1)\n    return seen[0]",
}
FLAT = """
def flat(value):
    for one in value:
        if isinstance(one, list):
            yield from flat(one)
        elif isinstance(one, float) and len(repr(one)) > 8:
            yield one
"""


def source_of(exercise, way):
    answers = "".join(
        f"def {entry}(*args, **more):\n    told = remember([*args, more])\n{WAYS[way]}\n" for entry in exercise.entries
    )
    return TELLTALE + FLAT + answers


def what_is_left_of(grader, exercise, source):
    """Everything that grading keeps or shows of an answer."""
    cells = [("answer", source)]
    with Session(grader.zygote, cells, []) as session:
        result = run_checks(exercise, RemoteAnswer(exercise, session), SECRET)
        result = blame_cell(result, session.cell_errors.get("answer", ""))
        said = [*session.printed.values(), *session.cell_errors.values()]
    shown = [json.dumps(result.to_dict(), ensure_ascii=False), render.as_text(result), render.as_html(result)]
    return "\n".join([*said, *shown, comment_on(result)])


ASKED = [name for name in exercises.all_ids() if not catalogue.load(name).values]


@pytest.mark.parametrize("name", ASKED)
def test_no_secret_number_leaves_an_exercise(grader, capfd, monkeypatch, name):
    exercise = catalogue.load(name)
    for way in ("exception", "value"):
        heard = Overheard(monkeypatch)
        text = what_is_left_of(grader, exercise, source_of(exercise, way))
        printed = "".join(capfd.readouterr())
        assert given_away(text + printed, heard.secret) == []
        monkeypatch.undo()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", ["masked_mean", "delta_m"])
def test_no_secret_number_leaves_in_any_way(grader, capfd, monkeypatch, name, way):
    exercise = catalogue.load(name)
    heard = Overheard(monkeypatch)
    text = what_is_left_of(grader, exercise, source_of(exercise, way))
    assert len(heard.secret) >= 3
    assert given_away(text + "".join(capfd.readouterr()), heard.secret) == []


@pytest.mark.parametrize("way", ["exception", "number"])
def test_the_same_worker_would_tell(grader, monkeypatch, way):
    """What keeps the inputs in is the fresh worker, and this test can see where there is none."""
    exercise = catalogue.load("masked_mean")
    heard = Overheard(monkeypatch, renews=False)
    text = what_is_left_of(grader, exercise, source_of(exercise, way))
    assert given_away(text, heard.secret)


def test_what_is_shown_comes_from_the_published_inputs(grader, monkeypatch):
    exercise = catalogue.load("masked_mean")
    heard = Overheard(monkeypatch)
    text = what_is_left_of(grader, exercise, source_of(exercise, "exception"))
    assert given_away(text, heard.shown)
    assert PUBLISHED_SEED != SECRET


def test_an_answer_with_full_marks_is_asked_once_and_by_one_worker(grader, monkeypatch):
    forks, fork = [], grader.zygote.fork
    monkeypatch.setattr(grader.zygote, "fork", lambda forbidden: forks.append(1) or fork(forbidden))
    assert grader.grade(RIGHT).score == 9.0
    assert len(forks) == 1
    grader.grade(WRONG)
    assert len(forks) == 3
