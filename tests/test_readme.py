"""The README tells the truth: picture and numbers are the course's own, links arrive, commands are there."""

import importlib.util
import re
import shlex

import pytest
import typer

from autograder.desk.cli import app as grade
from mtl_teach.learn.terminal.cli import app as teach
from tests import readme

TEXT = readme.PAGE.read_text(encoding="utf-8")
BLOCKS = re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL)
LINES = [line.split("  ", 1)[0].split(" #")[0].strip() for block in BLOCKS for line in block.splitlines()]
PROGRAMS = {"mtl-teach": typer.main.get_command(teach), "mtl-grade": typer.main.get_command(grade)}


@pytest.fixture(scope="module")
def said():
    return readme.told()


def test_the_picture_and_the_numbers_are_as_the_course_gives_them_now(said):
    again = "run `python -m tests.readme`"
    for path, columns in readme.WIDTHS.items():
        assert path.read_text(encoding="utf-8") == readme.picture(said, columns), again
    assert readme.page(said) == TEXT, again


def test_the_picture_names_a_known_mistake_and_shows_the_input_in_words_too(said):
    words = readme.words(said)
    assert "(divides by batch size)" in words
    assert words.endswith("values: [2, 5]; mask: [True, False]; expected: 2; got: 1.")
    assert all(len(readme.picture(said, columns)) < 10_000 for columns in readme.WIDTHS.values())


@pytest.mark.parametrize("columns", readme.WIDTHS.values())
def test_long_lines_of_the_picture_are_broken_and_what_they_hold_is_escaped(columns):
    long = "  This behaves like a known mistake (a): " + "word " * 40
    drawn = readme.picture(["A & b < c", long, "      values:    [1]", "      got:  2"], columns)
    assert "A &amp; b &lt; c" in drawn
    shown = re.findall(r"<text[^>]*>(.*?)</text>", drawn)
    assert max(map(len, shown)) <= columns + len("&amp;&lt;")
    assert sum(text.count("word") for text in shown) == 40


@pytest.mark.parametrize("target", re.findall(r"\]\((?!https?:)([^)]+)\)", TEXT))
def test_every_link_arrives(target):
    path, _, section = target.partition("#")
    assert (readme.ROOT / path).exists()
    page = (readme.ROOT / path if path else readme.PAGE).read_text(encoding="utf-8")
    headings = [
        re.sub(r"[^\w -]", "", line.lower()).strip().replace(" ", "-") for line in re.findall(r"^#+ (.*)", page, re.M)
    ]
    assert not section or section in headings


@pytest.mark.parametrize("line", [line for line in LINES if line.startswith(tuple(PROGRAMS))])
def test_every_command_of_ours_is_there_with_its_options(line):
    program, name, *words = shlex.split(line)
    command = PROGRAMS[program].commands[name]
    known = {option for one in command.params for option in one.opts}
    assert {word for word in words if word.startswith("--")} <= known


@pytest.mark.parametrize("line", [line for line in LINES if line.startswith("make ")])
def test_every_target_of_make_is_there(line):
    makefile = (readme.ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{line.removeprefix('make ').split()[0]}:", makefile, re.MULTILINE)


@pytest.mark.parametrize("module", sorted(set(re.findall(r"python -m (tests[\w.]*)", TEXT))))
def test_every_module_that_is_to_be_run_is_there(module):
    assert importlib.util.find_spec(module)
