"""The book's text: what is gathered and made, that nothing of a solution is in it, and that its links arrive."""

import contextlib
import io
import json
import posixpath
import re

import nbformat
import pytest
from myst_parser.slugs import github_slugify
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder import exercises
from autograder.authoring import book, notebooks
from autograder.course_files import course_root
from autograder.exercises import written
from autograder.files import cells_of, read_notebook
from autograder.quizzes import bank
from autograder.results import UsageError
from autograder.sections import sections_of
from mtl_teach.learn.projects.findings import Board, not_done, usable

ROOT = course_root()
LINK = re.compile(r"\]\((?!\w+:)(/?[\w./-]+\.(?:md|ipynb|svg))(?:#[^)]*)?\)")
SHORTEST = 12  # characters of a line that says something of its own
IN_A_STATEMENT = {"return g1 + g2"}  # what is asked says so in these words


def solution_lines(path):
    """What stands between a solution's marks, without comments and lines that any code may have."""
    inside = re.findall(rf"{notebooks.BEGIN}\n(.*?){notebooks.END}", path.read_text(encoding="utf-8"), re.DOTALL)
    lines = (line.strip().removeprefix("# ").strip() for text in inside for line in text.splitlines())
    return {line for line in lines if len(line) >= SHORTEST}


@pytest.fixture(scope="module")
def sets():
    return {path.stem: book.problem_set(path) for path in sorted(ROOT.glob("exercises/ps[0-9]*/ps[0-9]*.ipynb"))}


@pytest.fixture(scope="module")
def gallery(tmp_path_factory):
    """The page of a set with an exercise that is called and one that is worked out by hand."""
    cells = [new_markdown_cell("# Problem set 0: fronts", id="intro")]
    cells += [new_markdown_cell("## Asked", id=f"about-{name}") for name in ("pareto_mask", "source_exercise_1")]
    path = tmp_path_factory.mktemp("gallery") / "ps00_fronts.ipynb"
    nbformat.write(new_notebook(cells=cells), path)
    return book.gallery(path)


def test_every_problem_set_is_a_page_with_each_statement_and_two_hints_that_open(sets):
    assert list(sets) == [path.stem for path in notebooks.problem_sets(ROOT)]
    for exercise in exercises.all_exercises():
        (page,) = [text for name, text in sets.items() if exercise.hints[0] in text]
        assert exercise.hints[1] in page
        assert all(f"<summary>{summary}</summary>" in page for summary in book.HINTS)


@pytest.mark.parametrize("name", ["ps05_missing_labels", "ps08_constraints_and_penalties"])
def test_an_exercise_leads_to_the_browser_edition_where_it_works_there_and_where_there_is_one(sets, name):
    path = ROOT / f"exercises/{name}/{name}.ipynb"
    some = [one for one in exercises.all_exercises() if f'"about-{one.id}"' in path.read_text(encoding="utf-8")]
    page = book.problem_set(path, with_edition=True)
    links = re.findall(r'<a href="\.\./lite/notebooks/index\.html\?path=([\w/.]+)#cell-id=about-(\w+)">', page)
    assert sorted(links) == [(f"exercises/{name}/{name}.ipynb", one.id) for one in some if not one.needs_torch]
    assert "/lite/" not in sets[name]
    by_torch = sum(one.needs_torch for one in some)
    assert page.count("pip install mtl-teach") == sets[name].count("pip install mtl-teach") == by_torch


def test_no_page_of_a_problem_set_speaks_of_a_notebook_that_the_reader_has_not_got(sets):
    words = re.compile(
        r"run the cell|text cell|double-click|between the quotes|button under|`examples|`check\(|Shift\+Enter"
    )
    assert [(name, words.findall(text)) for name, text in sets.items() if words.search(text)] == []


def test_what_to_do_in_the_notebook_is_once_on_a_page_how_to_get_one(sets):
    assert {text.count(book.TO_READ) for text in sets.values()} == {1}
    assert "Throughout, `mask` is True where a label was observed." in sets["ps05_missing_labels"]


@pytest.mark.parametrize("question", written.questions().values(), ids=list(written.questions()))
def test_where_everybody_has_numbers_of_their_own_the_page_shows_published_ones(sets, question):
    page = sets[question.assignment]
    assert f"{book.AS_EXAMPLE}\n\n{question.statement()}\n" in page
    assert page.count(book.AS_EXAMPLE) == 1


def test_who_begins_is_led_to_the_browser_edition_where_there_is_one(tmp_path, quick_gallery):
    for with_edition in (False, True):
        book.write(ROOT, tmp_path / str(with_edition), with_edition=with_edition)
        part = (tmp_path / str(with_edition) / book.EDITION).read_text(encoding="utf-8")
        assert ('href="lite/notebooks/index.html?path=index.ipynb"' in part) == with_edition


def test_no_page_of_a_problem_set_has_a_cell_to_answer_in(sets):
    assert [name for name, text in sets.items() if book.TO_ANSWER in text or "NotImplementedError" in text] == []


def test_no_line_of_a_solution_stands_in_the_page_of_its_problem_set(sets):
    for path in notebooks.problem_sets(ROOT):
        lines = solution_lines(path) - IN_A_STATEMENT
        assert len(lines) > 5, path
        assert [line for line in lines if line in sets[path.stem]] == [], path.stem


def test_no_line_that_the_last_hint_gives_stands_in_a_page(sets):
    given = {line.strip() for one in exercises.all_exercises() if one.order for line in one.order.lines}
    given = {line for line in given if len(line) >= SHORTEST} - IN_A_STATEMENT
    assert [(name, line) for line in given for name, text in sets.items() if line in text] == []


@pytest.mark.parametrize("exercise_id", exercises.all_ids())
def test_what_is_said_of_a_misconception_holds_no_line_of_a_solution(exercise_id):
    lines = set().union(*map(solution_lines, notebooks.problem_sets(ROOT)))
    said = [wrong.members[0].message for wrong in exercises.load(exercise_id).misconceptions.values()]
    assert [(line, text) for line in lines for text in said if line in text] == []


def test_a_misconception_is_shown_with_its_message_and_the_input_that_gives_it_away(gallery):
    assert gallery.startswith("# Misconceptions 0: fronts\n")
    assert "**Equal points dominate.** Equal points throw each other out" in gallery
    assert re.search(r"expected: +\[True, True\]\ngot: +\[False, False\]\n```", gallery)


def test_what_is_asked_stands_once_above_the_misconceptions_that_miss_it(gallery):
    sentences = re.findall(r"^\*What is asked:\* (.+)$", gallery, re.MULTILINE)
    assert len(sentences) == len(set(sentences)) > 1
    asked = gallery.index("*What is asked:* Equal points do not dominate each other")
    below = gallery[asked:].split("*What is asked:*")[1]
    assert "**Equal points dominate.**" in below


def test_a_slip_is_not_in_the_gallery(gallery):
    slips = [name for name, one in exercises.load("pareto_mask").misconceptions.items() if not one.conceptual]
    assert slips
    assert [name for name in slips if f"**{name.replace('_', ' ').capitalize()}.**" in gallery] == []


def test_of_an_exercise_worked_out_by_hand_no_number_is_shown(gallery):
    by_hand = gallery.partition("## " + exercises.load("source_exercise_1").title)[2]
    assert "**Times coverage.**" in by_hand
    assert "```" not in by_hand


def test_the_map_has_every_lesson_and_leads_to_its_exercises():
    steps = book.learning_map(ROOT)
    lessons = [path.stem for path in notebooks.sources(ROOT) if path.parent.name == "lessons"]
    assert re.findall(r"\*\*\[[^]]+\]\(/(\w+)\.ipynb\)", steps) == lessons
    assert re.findall(r"\(/problem_sets/(\w+)\.md\)", steps) == [path.stem for path in notebooks.problem_sets(ROOT)]
    assert tuple(re.findall(r"\(/quick_tests/(\d+)\.md\)", steps)) == bank.all_quizzes()


@pytest.mark.parametrize("exercise_id", exercises.all_ids())
def test_what_is_to_be_read_first_is_a_heading_that_the_lesson_has_once(exercise_id, sets):
    exercise = exercises.load(exercise_id)
    lesson = cells_of(read_notebook((ROOT / f"lessons/{exercise.lesson}.ipynb").read_bytes()))
    headings = [github_slugify(section.title) for section in sections_of(lesson) if section.level <= 3]
    assert headings.count(book.slug(exercise.section)) == 1
    link = f"[“{exercise.section}”](../{exercise.lesson}.ipynb#{book.slug(exercise.section)})"
    assert link in sets[f"ps{exercise.lesson}"]


def test_no_two_misconceptions_have_one_place():
    places = [book.anchor(one.id, name) for one in exercises.all_exercises() for name in one.misconceptions]
    assert len(places) == len(set(places))


def test_a_misconception_has_a_place_above_its_name(gallery):
    assert "(pareto-mask-equal-points-dominate)=\n\n**Equal points dominate.**" in gallery


@pytest.mark.parametrize("path", notebooks.problem_sets(ROOT), ids=lambda path: path.stem)
def test_a_lesson_leads_to_its_problem_set_wherever_it_names_it(path):
    name, number = path.stem.removeprefix("ps"), int(path.stem[2:4])
    made = json.loads(book.with_ways_on(name, (ROOT / f"lessons/{name}.ipynb").read_bytes()))
    text = "\n".join("".join(cell["source"]) for cell in made["cells"] if cell["cell_type"] == "markdown")
    link = f"[problem set {number}](problem_sets/{path.stem}.md)"
    assert f"open {link} beside this lesson" in text
    assert text.count(f"problem set {number}") == text.count(link) > 2


def test_a_lesson_ends_with_links_to_what_practises_it_and_its_code_is_as_it_was():
    file = ROOT / "lessons/05_missing_labels.ipynb"
    made, lesson = json.loads(book.with_ways_on("05_missing_labels", file.read_bytes())), json.loads(file.read_bytes())
    last = made["cells"].pop()
    assert [cell["id"] for cell in made["cells"]] == [cell["id"] for cell in lesson["cells"]]
    assert [cell for cell in made["cells"] if cell["cell_type"] == "code"] == [
        cell for cell in lesson["cells"] if cell["cell_type"] == "code"
    ]
    assert re.findall(r"\(([\w/.]+)\)", last["source"]) == [
        "problem_sets/ps05_missing_labels.md",
        "quick_tests/05.md",
        "misconceptions/05_missing_labels.md",
    ]


def printed(*lines):
    return {"output_type": "stream", "name": "stdout", "text": "".join(f"{line}\n" for line in lines)}


def on_a_board(some):
    """What a project's own board prints of findings, and of all of them at the end."""
    board = Board()
    with contextlib.redirect_stdout(io.StringIO()) as out:
        for title, finding in some.items():
            board.show(title, finding)
        board.summary()
    return printed(*out.getvalue().splitlines())


def test_a_board_on_which_nothing_is_done_is_known_also_where_its_summary_takes_several_lines():
    waiting = on_a_board({f"{number}. A stage of the project": not_done() for number in range(9)})["text"]
    assert waiting.count("\n     ") > 1
    assert book.NOT_BEGUN.fullmatch(waiting)
    begun = on_a_board({f"{number}. A stage of the project": usable("8 rows.") for number in range(9)})["text"]
    assert not book.NOT_BEGUN.fullmatch(begun)


def test_a_project_leaves_out_what_its_board_says_of_stages_that_nobody_began():
    long = not_done("This waits for predictions, which are asked for in the first stage of this project.")
    waiting = on_a_board({"1. Predictions": not_done(), "2. Sweep": long})
    begun = on_a_board({"1. Predictions": usable("8 rows."), "2. Sweep": long})
    figure = {"output_type": "display_data", "data": {"text/plain": ""}, "metadata": {}}
    outputs = [waiting, begun, printed("1200 sales"), figure]
    cells = [new_markdown_cell("# Project 1\n\nAn agency.\n"), new_code_cell("board.summary()")]
    notebook = json.loads(nbformat.writes(new_notebook(cells=cells)))
    notebook["cells"][1]["outputs"] = outputs
    made = json.loads(book.as_scaffold("projects/P1_house_prices.ipynb", json.dumps(notebook).encode()))
    assert made["cells"][1]["outputs"] == outputs[1:]
    title, said, rest = made["cells"][0]["source"].split("\n\n", 2)
    assert (title, rest) == ("# Project 1", "An agency.\n")
    assert "`lessons/projects/P1_house_prices.ipynb`" in said
    assert "](../start.md)" in said


@pytest.fixture
def quick_gallery(monkeypatch):
    """Galleries without running a wrong answer."""
    monkeypatch.setattr(book, "gallery", lambda path: f"# {path.stem}\n")


def test_every_link_of_the_book_leads_to_a_page(quick_gallery, tmp_path):
    target = tmp_path / "book"
    book.write(ROOT, target)
    for page in sorted(target.rglob("*.md")):
        for link in LINK.findall(page.read_text(encoding="utf-8")):
            start = "" if link.startswith("/") else page.relative_to(target).parent.as_posix()
            there = posixpath.normpath(posixpath.join(start, link.lstrip("/")))
            if page.parent.name != "parts" or link.startswith("/"):
                assert (target / there).is_file(), (page.relative_to(target), link)


def test_written_again_nothing_changes_and_what_is_no_longer_made_goes(quick_gallery, tmp_path):
    target = tmp_path / "book"
    assert book.write(ROOT, target)
    assert book.write(ROOT, target) == []
    (target / "problem_sets" / "ps99_gone.md").write_text("# Gone\n")
    assert [path.as_posix() for path in book.write(ROOT, target)] == ["problem_sets/ps99_gone.md"]
    assert sorted(path.name for path in target.rglob("*.py")) == ["conf.py", "reading.py"], "only Sphinx's own"


def test_a_folder_with_something_else_in_it_is_left_alone(quick_gallery, tmp_path):
    (tmp_path / "thesis.md").write_text("# Mine\n")
    with pytest.raises(UsageError, match="name a new folder"):
        book.write(ROOT, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.md"]


def test_the_first_page_has_the_picture_of_the_readme_where_there_is_one(tmp_path):
    assert "known mistake" in book.picture(ROOT)
    pictures = (
        '<source media="(max-width: 40rem)" srcset="docs/slim.svg">\n<img src="docs/cross.svg" alt="At [2, 5] &lt;.">'
    )
    (tmp_path / "README.md").write_text(f"# Course\n\n<picture>\n{pictures}\n</picture>\n")
    wide, narrow = book.picture(tmp_path).splitlines()
    assert wide == "![At [2, 5] <.](/cross.svg){.wide}"
    assert narrow == "![At [2, 5] <.](/slim.svg){.narrow}"
    (tmp_path / "README.md").write_text("# Course\n")
    assert book.picture(tmp_path) == ""
