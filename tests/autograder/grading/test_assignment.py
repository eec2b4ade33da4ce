"""What a problem set asks for, read from its source."""

import json
from dataclasses import replace

from autograder.course_files import course_root
from autograder.grading.assignment import WORDS_STUB, Assignment, Written, digest
from tests.autograder.grading.small_set import ASSIGNMENT, NAME, SOURCE, cell, notebook

# ---- the source ----------------------------------------------------------------------------------------------------


def test_an_assignment_is_read_from_its_source(tmp_path):
    path = tmp_path / f"{NAME}.ipynb"
    path.write_text(json.dumps(notebook(*SOURCE)), encoding="utf-8")
    read = Assignment.read(path)
    assert replace(read, stubs=(), texts=()) == ASSIGNMENT
    assert read.stubs == tuple((one, f"def {one}(): ...") for one in ASSIGNMENT.exercises)
    assert read.texts == (digest("# Problem set"),)


def test_an_answer_in_words_is_read_with_what_stands_around_it(tmp_path):
    path = tmp_path / f"{NAME}.ipynb"
    cells = [
        cell("## In words\n\nWhy?", "about-why", "markdown", locked=True),
        cell("Because.", "why", "markdown", solution=True, grade=True),
        cell("## Next\nText.", "about-next", "markdown", locked=True),
        cell("At the end.", "end", "markdown", solution=True, grade=True),
    ]
    path.write_text(json.dumps(notebook(*cells)), encoding="utf-8")
    assert Assignment.read(path).written == (
        Written("why", "about-why", "## In words\n\nWhy?", "## Next"),
        Written("end", "about-next", "## Next\nText.", ""),
    )


def test_what_was_handed_out_is_known_from_the_source_alone():
    """A stub that is recognised decides whether an answer was begun: it must be nbgrader's, to the letter."""
    files = sorted((course_root() / "solutions").glob("*/*.ipynb"))
    assert files
    for file in files:
        assignment = Assignment.read(file)
        released = json.loads((course_root() / "exercises" / file.parent.name / file.name).read_bytes())
        sources = {one["id"]: "".join(one["source"]) for one in released["cells"]}
        assert assignment.stubs
        assert {name: stub.rstrip("\n") for name, stub in assignment.stubs} == {
            name: sources[name].rstrip("\n") for name, _ in assignment.stubs
        }
        assert {sources[part.name] for part in assignment.written} <= {WORDS_STUB}
        assert {part.prompt_text for part in assignment.written} <= set(sources.values())


def test_problem_sets_of_one_course_are_told_apart_by_what_is_answered_in_them():
    one = Assignment(
        "one", ("f", "g"), (), ("intro", "f", "check-f", "g", "check-g", "why"), (Written("why", "", "", ""),)
    )
    other = Assignment("other", ("g", "h"), (), ("intro", "g", "check-g", "h", "check-h", "more"))
    assert one.beside([other]).shared == ("intro", "g", "check-g")
    assert one.beside([other]).others == (("h", "other"), ("check-h", "other"))
    assert other.beside([one]).others == (("f", "one"), ("check-f", "one"), ("why", "one"))
    assert one.beside([]) == one


def test_a_reworded_question_decides_no_mark():
    part = Written("why", "about-why", "Why?", "")
    one = replace(ASSIGNMENT, written=(part,), texts=("a",))
    assert one.decides == replace(one, written=(replace(part, prompt_text="How come?"),), texts=("b",)).decides
    assert one.decides != replace(one, locked=()).decides


def test_cells_without_the_graders_name_go_by_their_own(tmp_path):
    path = tmp_path / "one.ipynb"
    own = [{"cell_type": "code", "id": "first", "source": "x = 1", "metadata": {}}, cell("é = 2", "second")]
    path.write_text(json.dumps(notebook(*own), ensure_ascii=False), encoding="utf-8")
    assert Assignment.read(path) == Assignment("one", (), (), ("first", "second"))


def test_the_functions_that_its_exercises_teach_are_forbidden():
    assert ASSIGNMENT.forbidden == [
        "mtl_teach.losses.hinge_penalty",
        "mtl_teach.losses.penalised_objective",
        "mtl_teach.losses.weighted_sum",
    ]
