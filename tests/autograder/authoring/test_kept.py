"""What is kept comes back while it is made of the same, goes when it is not, and what it is made of is counted."""

import subprocess
import sys
from importlib import metadata

import pytest

from autograder.authoring import kept
from autograder.authoring.kept import Ingredients, Kept
from autograder.course_files import course_root

PAGE = b"# Problem set: masked_mean"
REACHED = {"autograder.authoring", "autograder.authoring.solutions"}  # to reveal one, which no lesson does


def test_the_newest_of_a_name_comes_back_while_it_is_made_of_the_same(tmp_path):
    store = Kept(tmp_path)
    assert store.find("01", "a" * 64) is None
    assert store.keep("01", "a" * 64, b"first") == b"first"
    assert Kept(tmp_path).find("01", "a" * 64) == b"first"
    store.keep("01", "b" * 64, b"second")
    assert (store.find("01", "a" * 64), store.find("01", "b" * 64)) == (None, b"second")
    assert len(list(tmp_path.iterdir())) == 1


def test_a_text_is_made_once(tmp_path):
    made = []
    for _ in range(2):
        text = Kept(tmp_path).text("gallery", "a" * 64, lambda: made.append("made") or "é\n")
        assert text == "é\n"
    assert made == ["made"]


def test_nothing_is_kept_without_a_folder():
    store = Kept(None)
    assert store.keep("01", "a" * 64, b"x") == b"x"
    assert store.find("01", "a" * 64) is None
    store.sweep()


def test_what_nobody_asks_for_any_more_goes(tmp_path):
    store = Kept(tmp_path)
    store.keep("01", "a" * 64, b"x")
    store.keep("02", "a" * 64, b"y")
    later = Kept(tmp_path)
    later.find("02", "a" * 64)
    later.sweep()
    assert [path.name for path in tmp_path.iterdir()] == ["02." + "a" * 20]


FILES = {
    "mtl_teach/losses.py": "a",
    "mtl_teach/learn/lesson/predict.py": "a",
    "mtl_teach/learn/terminal/cli.py": "a",
    "autograder/judging/runner.py": "a",
    "autograder/desk/cli.py": "a",
    "autograder/authoring/book.py": "a",
    "autograder/quizzes/05.toml": "a",
    "autograder/quizzes/06.toml": "a",
    "autograder/exercises/reference.py": "a",
    "autograder/exercises/masked_mean/exercise.toml": "a",
    "autograder/exercises/masked_mean/test_masked_mean.py": "from autograder.exercises.weighted import scenarios",
    "autograder/exercises/weighted/exercise.toml": "a",
    "autograder/exercises/pareto_mask/exercise.toml": "a",
}


@pytest.fixture
def checkout(tmp_path):
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def hashes(root):
    made_of = Ingredients(root)
    return made_of.of_lesson("05", b"# Lesson\nmisconception_answers('masked_mean')"), made_of.of_page(PAGE)


@pytest.mark.parametrize(
    ("name", "lesson", "page"),
    [
        ("mtl_teach/losses.py", True, True),
        ("mtl_teach/learn/lesson/predict.py", True, True),
        ("mtl_teach/learn/terminal/cli.py", False, False),
        ("autograder/judging/runner.py", True, True),
        ("autograder/desk/cli.py", False, False),
        ("autograder/authoring/book.py", False, True),
        ("autograder/quizzes/05.toml", True, False),
        ("autograder/quizzes/06.toml", False, False),
        ("autograder/exercises/reference.py", True, True),
        ("autograder/exercises/masked_mean/exercise.toml", True, True),
        ("autograder/exercises/weighted/exercise.toml", True, True),
        ("autograder/exercises/pareto_mask/exercise.toml", False, False),
    ],
)
def test_a_file_counts_for_what_is_made_of_it_and_for_nothing_else(checkout, name, lesson, page):
    before = hashes(checkout)
    (checkout / name).write_text(FILES[name] + " and more")
    after = hashes(checkout)
    assert (before[0] != after[0], before[1] != after[1]) == (lesson, page)


def test_the_text_the_versions_of_libraries_and_the_real_data_count(checkout, monkeypatch, tmp_path_factory):
    before = hashes(checkout)
    assert Ingredients(checkout).of_lesson("05", b"# Another") != before[0]
    data = tmp_path_factory.mktemp("data")
    (data / "enb.arff").write_text("x")
    monkeypatch.setenv("MTL_DATA", str(data))
    with_data = hashes(checkout)
    assert (with_data[0] != before[0], with_data[1] == before[1]) == (True, True)
    monkeypatch.setattr(metadata, "version", lambda name: "99")
    assert all(one != other for one, other in zip(hashes(checkout), with_data))


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("docs/book/reading.py", True),
        ("mtl_teach/learn/lesson/predict.py", True),
        ("autograder/judging/runner.py", True),
        ("docs/book/index.md", False),
        ("autograder/exercises/masked_mean/exercise.toml", False),
    ],
)
def test_what_sphinx_has_read_is_read_again_when_its_extensions_change(checkout, name, counts):
    before = Ingredients(checkout).of_texts()
    path = checkout / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("something new")
    assert (Ingredients(checkout).of_texts() != before) == counts


def test_compiled_files_do_not_count(checkout):
    before = hashes(checkout)
    (checkout / "mtl_teach" / "__pycache__").mkdir()
    (checkout / "mtl_teach" / "__pycache__" / "losses.pyc").write_bytes(b"x")
    assert hashes(checkout) == before


def test_no_lesson_reaches_a_room_that_is_not_counted():
    code = "import sys, mtl_teach.learn, autograder.api, mtl_teach.learn.projects.milestones; print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=course_root()).stdout
    uncounted = tuple(room.replace("/", ".") for room in kept.NOT_REACHED)
    reached = {name for name in modules.split() if f"{name}.".startswith(uncounted)}
    assert "mtl_teach.learn" in modules.split()
    assert reached == REACHED
