"""What was handed in is made sense of, whatever it is: what is run, what is said, and what a person must look at."""

import copy
import json
import time

import jupytext
import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbconvert.exporters import PythonExporter

from autograder import catalogue
from autograder.authoring.solutions import as_submission
from autograder.course_files import course_root
from autograder.desk import demo
from autograder.files import as_cell, read_notebook
from autograder.grading.assignment import MAX_BYTES, MAX_CELLS, MAX_CHARACTERS, Assignment
from autograder.grading.intake import (
    FOUND,
    GONE,
    IN_TEXT,
    Chosen,
    ForReview,
    Ungradable,
    choose,
    code_of,
    make_sense,
    read_cells,
)
from tests.autograder.grading.small_set import ASSIGNMENT, SETUP, SOURCE, cell, notebook


def read(*cells, **more):
    return read_cells(json.dumps(notebook(*cells, **more)).encode(), ASSIGNMENT)


def assert_ungradable(data, why):
    with pytest.raises(Ungradable, match=why):
        read_cells(data if isinstance(data, (bytes, type(None))) else json.dumps(data).encode(), ASSIGNMENT)


# ---- what is run ---------------------------------------------------------------------------------------------------


def test_answers_and_set_up_are_run_in_the_order_of_the_notebook_and_neither_text_nor_checks():
    assert read(*SOURCE) == [
        ("setup", SETUP),
        ("latency_objective", "def latency_objective(): ..."),
        ("table", "TABLE = [1, 2]"),
        ("weighted_total", "def weighted_total(): ..."),
    ]


def test_of_a_locked_cell_ours_is_run_whatever_stands_there():
    tampered = cell("LIMIT = 10**9", "setup"), cell("TABLE = None", "table")
    assert read(*tampered) == [("setup", SETUP), ("table", "TABLE = [1, 2]")]


def test_a_locked_cell_that_was_deleted_is_run_first():
    assert read(cell("x = 1", "weighted_total"), cell("", "table")) == [
        ("setup", SETUP),
        ("weighted_total", "x = 1"),
        ("table", "TABLE = [1, 2]"),
    ]


def test_a_check_cell_is_never_run_whatever_stands_there():
    cells = read(*SOURCE[:3], cell("print('marks')", "check-latency_objective"))
    assert not [name for name, source in cells if "marks" in source or name.startswith("check-")]


def test_a_cell_of_the_learners_own_is_run_also_where_its_name_looks_like_a_check():
    cells = read(cell("x = 1", "check-mine"), SOURCE[2])
    assert cells[2:] == [("cell 1", "x = 1"), ("latency_objective", "def latency_objective(): ...")]


def test_a_locked_cell_made_text_is_still_run():
    assert read(SOURCE[2], cell("no code", "setup", "markdown"))[0] == ("setup", SETUP)


def test_cells_of_the_learners_own_are_named_by_their_place_and_no_name_stands_twice():
    cells = read(cell("x = 1"), SOURCE[0], cell("x = 2", "table"), cell("x = 3", "weighted_total"), *SOURCE[5:6] * 2)
    assert [name for name, _ in cells] == ["setup", "cell 1", "table", "weighted_total", "cell 5", "cell 6"]
    assert cells[1] == ("cell 1", "x = 1")


def test_a_second_copy_of_a_locked_cell_does_not_run_ours_twice():
    cells = read(cell("x = 1", "setup"), cell("x = 2", "setup"))
    assert cells == [("table", "TABLE = [1, 2]"), ("setup", SETUP), ("cell 2", "x = 2")]


@pytest.mark.parametrize(
    ("source", "text"),
    [("x = 1", "x = 1"), (["x = 1\n", "y = 2"], "x = 1\ny = 2"), (["x", 1], "x1"), (3, "3"), (None, "")],
    ids=repr,
)
def test_a_source_is_text_or_a_list_of_lines(source, text):
    assert read(cell(source, "weighted_total"))[-1] == ("weighted_total", text)


def test_a_cell_without_a_source_is_empty():
    assert read({"cell_type": "code", "id": "weighted_total"})[-1] == ("weighted_total", "")


@pytest.mark.parametrize(
    "marks", [None, "text", [], {"nbgrader": None}, {"nbgrader": "text"}, {"nbgrader": {"grade_id": None}}], ids=repr
)
def test_broken_metadata_leaves_the_cells_own_name(marks):
    one = {"cell_type": "code", "id": "weighted_total", "source": "x = 1", "metadata": marks}
    assert read(one)[-1] == ("weighted_total", "x = 1")


def test_a_name_that_is_no_text_is_nobodys():
    one = {"cell_type": "code", "id": 3, "source": "def weighted_total(): ..."}
    assert read(one)[-1] == ("cell 1", "def weighted_total(): ...")


# ---- what is no submission of this problem set ---------------------------------------------------------------------


def test_no_notebook_is_said_with_the_name_it_should_have():
    assert_ungradable(None, r"no notebook named ps01_vector\.ipynb was handed in")


def test_an_empty_file_is_said_to_be_empty():
    assert_ungradable(b"", "the file is empty")


@pytest.mark.parametrize(
    "data",
    [b"{", b"\xff\xfe", b"import os", b"[" * 100_000],
    ids=["cut", "bytes", "a script", "a deep nest"],
)
def test_what_is_not_json_is_said_to_be_none(data):
    assert_ungradable(data, "the file is not a notebook: it is not valid JSON")


def test_a_notebook_of_ten_mebibytes_is_read_and_one_byte_more_is_not():
    assert MAX_BYTES == 10 * 2**20
    data = json.dumps(notebook(*SOURCE)).encode()
    whole = data + b" " * (MAX_BYTES - len(data))
    assert len(read_cells(whole, ASSIGNMENT)) == 4
    assert_ungradable(whole + b" ", "the file has 10,485,761 bytes; at most 10,485,760 are read")


def test_cells_of_five_million_characters_are_read_and_one_more_is_not():
    assert MAX_CHARACTERS == 5_000_000
    assert read(*SOURCE, cell(" " * (MAX_CHARACTERS - 400)))
    data = notebook(*SOURCE, cell(" " * MAX_CHARACTERS))
    assert_ungradable(data, r"cells hold 5,000,\d+ characters; at most 5,000,000 are read")


def test_a_notebook_of_two_thousand_cells_is_read_and_one_more_is_not():
    assert MAX_CELLS == 2000
    many = [SOURCE[1]] + [cell("")] * (MAX_CELLS - 1)
    assert len(read(*many)) == MAX_CELLS + 1  # and one locked cell that is missing
    assert_ungradable(notebook(*many, cell("")), "the notebook has 2001 cells; at most 2000 are read")


@pytest.mark.parametrize("form", [None, 2, 5, "4", 4.0, [4]], ids=repr)
def test_the_number_of_the_format_costs_nobody_a_notebook_with_cells(form):
    assert len(read_cells(json.dumps(notebook(*SOURCE, nbformat=form)).encode(), ASSIGNMENT)) == 4


@pytest.mark.parametrize("data", [{"nbformat": 4}, {"nbformat": 3, "worksheets": [{"cells": None}]}, [], "text", {}])
def test_a_notebook_without_a_list_of_cells_is_for_review(data):
    with pytest.raises(Ungradable, match=r"it holds no list of cells|none of its cells or functions"):
        read_cells(json.dumps(data).encode(), ASSIGNMENT)


def test_an_old_notebook_is_read():
    cells = [
        {"cell_type": "code", "input": ["def weighted_total(", "): ..."]},
        {"cell_type": "code", "source": "x = 1"},
        {"cell_type": "code"},
    ]
    old = {"nbformat": 3, "worksheets": [{"cells": cells}]}
    assert read_cells(json.dumps(old).encode(), ASSIGNMENT)[2:] == [
        ("cell 1", "def weighted_total(): ..."),
        ("cell 2", "x = 1"),
        ("cell 3", ""),
    ]


WRONG_SET = "this is not problem set ps01_vector: none of its cells or functions is in it"


@pytest.mark.parametrize(
    "source",
    [
        "print('weighted_total')",
        "# def weighted_total(): ...",
        "def weighted_total_2(): ...",
        "def my_weighted_total(): ...",
        "x = weighted_total",
        "",
    ],
)
def test_a_notebook_with_none_of_its_cells_or_functions_is_another_problem_set(source):
    assert_ungradable(notebook(cell(source), cell("def weighted_total(): ...", kind="markdown")), WRONG_SET)


@pytest.mark.parametrize(
    "source",
    [
        "def weighted_total(losses, weights): ...",
        "import math\n\ndef latency_objective(): ...",
        "if True:\n    def weighted_total(): ...",
        "class weighted_total: ...",
        "weighted_total = lambda losses, weights: 0",
        "weighted_total=sum",
    ],
)
def test_a_notebook_without_names_is_known_by_a_function_of_the_problem_set(source):
    assert read(cell(source))[-1] == ("cell 1", source)


def test_one_cell_of_the_problem_set_is_enough_text_and_checks_too():
    for known in (SOURCE[0], SOURCE[3], cell("", "check-list", "markdown")):
        assert read(known, cell("x = 1"))[-1] == ("cell 2", "x = 1")


def test_an_empty_notebook_is_another_problem_set():
    assert_ungradable(notebook(), WRONG_SET)


@pytest.mark.parametrize(
    "source",
    ["\n" * 10**6, " " * 10**6, "\t\n" * 10**6, "def\n" * 10**6, "x" * 10**6, "x = " * 10**6, "def " * 10**6],
    ids=lambda source: repr(source[:5]),
)
def test_looking_for_definitions_takes_no_longer_than_the_text_is_long(source):
    started = time.process_time()
    assert_ungradable(notebook(cell(source)), "none of its cells or functions is in it")
    assert time.process_time() - started < 10  # it was hours


@pytest.mark.parametrize(
    "source",
    ["def latency_objective():", "  class latency_objective:", "\n\n latency_objective  = 1", "latency_objective=f"],
)
def test_an_answer_under_any_definition_makes_it_this_problem_set(source):
    assert read(cell(source)) == [*ASSIGNMENT.locked, ("cell 1", source)]


@pytest.mark.parametrize(
    "source",
    ["my_latency_objective = 1", "latency_objective2 = 1", "print(latency_objective)", "# def latency_objective"],
)
def test_what_only_looks_like_a_definition_does_not(source):
    assert_ungradable(notebook(cell(source)), "none of its cells or functions is in it")


# ---- which problem set ---------------------------------------------------------------------------------------------

COURSE = course_root()
ALONE = {path.stem: Assignment.read(path) for path in sorted((COURSE / "solutions").glob("*/*.ipynb"))}
SETS = {name: one.beside(other for other in ALONE.values() if other is not one) for name, one in ALONE.items()}
PS05 = SETS["ps05_missing_labels"]
ANSWER = "def masked_mean(values, mask):\n    return values[mask].sum() / mask.sum().clamp(min=1)"
WORDS = "The mask removes rows without a label from the loss and from its gradient."


def released(name=PS05.name):
    """The notebook as it was handed out."""
    return json.loads((COURSE / "exercises" / name / f"{name}.ipynb").read_bytes())


def at(notebook, name):
    return next(index for index, one in enumerate(notebook["cells"]) if one["id"] == name)


def answered(code=ANSWER, words=WORDS):
    """Set 5 with one answer in code and the written one."""
    made = released()
    made["cells"][at(made, "masked_mean")]["source"] = code
    made["cells"][at(made, "why-masking")]["source"] = words
    return made


def own(source, kind="markdown"):
    more = {"outputs": [], "execution_count": None} if kind == "code" else {}
    return {"cell_type": kind, "id": f"x{abs(hash(source))}", "metadata": {}, "source": source, **more}


def sense(made, assignment=PS05, **more):
    return make_sense(json.dumps(made).encode(), assignment, **more)


def code(handed_in):
    return dict(code_of(handed_in.notebook, PS05))


def words(handed_in, name="why-masking"):
    return [one.source for one in map(as_cell, handed_in.notebook["cells"]) if one.name == name]


@pytest.mark.parametrize("name", SETS)
def test_an_honest_notebook_begun_or_done_has_nothing_to_review_and_nothing_to_say(name):
    for folder in ("exercises", "solutions"):
        handed_in = make_sense((COURSE / folder / name / f"{name}.ipynb").read_bytes(), SETS[name])
        assert (handed_in.reason, handed_in.review, handed_in.said, handed_in.outside) == ("", (), (), ())


@pytest.mark.parametrize("name", SETS)
def test_another_problem_set_is_known_by_its_own_cells(name):
    made = released(name)
    for other in SETS.values():
        if other.name != name:
            asked = f"this is not problem set {other.name}: by its cells it is {name}"
            assert sense(made, other).reason == asked


def test_another_problem_set_is_graded_as_this_one_once_a_person_says_so():
    handed_in = sense(released("ps09_trade_offs"), accepted=True)
    assert handed_in.reason == ""
    assert code_of(handed_in.notebook, PS05)


def solved(name=PS05.name):
    return read_notebook((COURSE / "solutions" / name / f"{name}.ipynb").read_bytes())


@pytest.mark.parametrize("kind", demo.KINDS, ids=lambda kind: kind.name)
def test_of_the_demonstrations_class_only_what_is_no_notebook_waits(kind):
    data = kind.hand_in(read_notebook(json.dumps(released())), solved(), PS05)
    handed_in = make_sense(data, PS05)
    assert (handed_in.reason != "") == (kind.name == "not a notebook")
    assert (handed_in.review, handed_in.said, handed_in.outside) == ((), (), ())


@pytest.mark.parametrize("name", [name for name in SETS if name.startswith("ps")])
def test_no_known_answer_right_or_wrong_is_sent_to_review(name):
    for one in SETS[name].exercises:
        exercise = catalogue.load(one)
        for known in (*exercise.alternatives.values(), *exercise.misconceptions.values()):
            made = released(name)
            made["cells"][at(made, one)]["source"] = as_submission(exercise, known)
            handed_in = sense(made, SETS[name])
            assert (handed_in.reason, handed_in.review, handed_in.said) == ("", (), ()), (one, known)


# ---- answers in code, wherever they stand --------------------------------------------------------------------------


def test_an_answer_turned_into_text_is_run_and_waits_for_a_person():
    for kind in ("markdown", "raw"):
        for source in (ANSWER, f"```python\n{ANSWER}\n```"):
            made = answered()
            made["cells"][at(made, "masked_mean")] = {
                **own(source, kind), "id": "masked_mean", "metadata": {"nbgrader": {"grade_id": "masked_mean"}},
            }  # fmt: skip
            handed_in = sense(made)
            assert handed_in.review == (ForReview("check-masked_mean", IN_TEXT),)
            assert code(handed_in)["masked_mean"] == ANSWER
            accepted = sense(made, accepted=True)
            assert (accepted.review, code(accepted)["masked_mean"]) == ((), ANSWER)
            assert accepted.said == ("The answer to `masked_mean` stands in a text cell; it was graded as code.",)


def test_an_answer_in_a_text_cell_of_their_own_is_found_by_what_it_defines():
    made = answered(code=dict(PS05.stubs)["masked_mean"])
    made["cells"].append(own(f"My answer:\n```\n{ANSWER}\n```"))
    handed_in = sense(made)
    assert handed_in.review == (ForReview("check-masked_mean", IN_TEXT),)
    assert code(handed_in)["masked_mean"] == ANSWER


def test_a_variable_in_a_text_cell_is_an_answer_too():
    made = answered()
    place = at(made, "source_exercise_1")
    made["cells"][place] = {**made["cells"][place], "cell_type": "markdown", "source": "total_loss = 2.05"}
    made["cells"][place].pop("outputs", None)
    made["cells"][place].pop("execution_count", None)
    handed_in = sense(made)
    assert handed_in.review == (ForReview("check-source_exercise_1", IN_TEXT),)
    assert code(handed_in)["source_exercise_1"] == "total_loss = 2.05"


@pytest.mark.parametrize("text", ["", "STUB", "I did not manage masked_mean.", "def masked_mean(values, mask):"])
def test_a_stub_or_a_note_is_no_answer(text):
    stub = dict(PS05.stubs)["masked_mean"]
    made = answered(code=stub)
    made["cells"].append(own(text.replace("STUB", stub)))
    assert sense(made).review == ()
    assert sense(made).outside == ()


def test_a_quotation_beside_an_answer_in_code_is_no_answer():
    made = answered()
    made["cells"].append(own("def masked_mean(values, mask):\n    return 0"))
    assert sense(made).review == ()


def test_an_answer_in_a_code_cell_of_their_own_is_not_undone_by_the_stub_below_it():
    made = answered(code=dict(PS05.stubs)["masked_mean"])
    made["cells"].insert(1, own(ANSWER, "code"))
    handed_in = sense(made)
    assert handed_in.review == ()
    assert handed_in.said == ("The answer to `masked_mean` stands in a cell of its own; it was taken from there.",)
    assert ANSWER in code(handed_in).values()
    assert "masked_mean" not in code(handed_in)


@pytest.mark.parametrize("name", ["check-masked_mean", "setup"])
def test_an_answer_merged_into_a_cell_of_the_course_is_run(name):
    made = answered()
    source = "".join(made["cells"][at(made, name)]["source"])
    made["cells"][at(made, name)]["source"] = f"{ANSWER}\n{source}"
    del made["cells"][at(made, "masked_mean")]
    handed_in = sense(made)
    assert [ran for ran in code(handed_in).values() if ran.startswith(ANSWER)]
    assert code(handed_in)["setup"] == dict(PS05.locked)["setup"]
    assert handed_in.said == ("The answer to `masked_mean` stands in the same cell as something of the course.",)


def test_an_answer_split_into_two_cells_is_run_whole():
    made = answered(code="def helper(values):\n    return values.sum()")
    rest = copy.deepcopy(made["cells"][at(made, "masked_mean")])
    rest["source"] = "def masked_mean(values, mask):\n    return helper(values[mask]) / mask.sum()"
    made["cells"].insert(at(made, "masked_mean") + 1, rest)
    assert [ran for ran in code(sense(made)).values() if "helper" in ran] == [
        "def helper(values):\n    return values.sum()", rest["source"],
    ]  # fmt: skip


# ---- answers in words, wherever they stand -------------------------------------------------------------------------


def test_a_written_answer_whose_cell_lost_its_name_is_found_by_its_place():
    made = answered()
    cell = made["cells"][at(made, "why-masking")]
    cell.update(id="abc", metadata={})
    handed_in = sense(made)
    assert handed_in.review == (ForReview("why-masking", FOUND),)
    assert words(handed_in) == [WORDS]
    accepted = sense(made, accepted=True)
    assert (accepted.review, words(accepted)) == ((), [WORDS])
    assert accepted.said == ("The written answer `why-masking` was found outside its own cell.",)


def test_it_is_found_where_every_cell_lost_its_name():
    made = answered()
    for number, one in enumerate(made["cells"]):
        one.update(id=f"n{number}", metadata={})
    handed_in = sense(made)
    assert handed_in.review == (ForReview("why-masking", FOUND),)
    assert words(handed_in) == [WORDS]
    assert ANSWER in code(handed_in).values()


@pytest.mark.parametrize("stub", ["YOUR ANSWER HERE", "", " \n"])
def test_a_written_answer_in_a_cell_of_their_own_below_the_question_is_found(stub):
    made = answered(words=stub)
    made["cells"].insert(at(made, "why-masking") + 1, own(WORDS))
    handed_in = sense(made)
    assert handed_in.review == (ForReview("why-masking", FOUND),)
    assert words(handed_in) == [WORDS]


def test_a_written_answer_merged_with_its_question_is_found():
    for also_the_next in (False, True):
        made = answered()
        question = made["cells"][at(made, "about-why-masking")]
        parts = ["".join(question["source"]), WORDS]
        if also_the_next:
            parts.append("".join(made["cells"].pop(at(made, "about-ctr_cvr_total"))["source"]))
        question["source"] = "\n\n".join(parts)
        del made["cells"][at(made, "why-masking")]
        handed_in = sense(made)
        assert handed_in.review == (ForReview("why-masking", FOUND),)
        assert words(handed_in) == [WORDS]


def test_a_written_answer_elsewhere_is_listed_and_waits():
    made = answered(words="YOUR ANSWER HERE")
    made["cells"].append(own(WORDS))
    handed_in = sense(made)
    assert handed_in.review == (ForReview("why-masking", FOUND),)
    assert handed_in.outside == (WORDS,)
    assert words(handed_in) == ["YOUR ANSWER HERE"]
    assert words(sense(made, accepted=True)) == [WORDS]


def test_a_written_cell_that_is_gone_waits_for_a_person():
    made = answered()
    del made["cells"][at(made, "why-masking")]
    assert sense(made).review == (ForReview("why-masking", GONE),)
    assert sense(made).outside == ()


def test_a_written_answer_split_into_two_cells_is_put_together():
    made = answered(words="First this.")
    rest = copy.deepcopy(made["cells"][at(made, "why-masking")])
    rest["source"] = "Then that."
    made["cells"].insert(at(made, "why-masking") + 1, rest)
    handed_in = sense(made)
    assert words(handed_in) == ["First this.\n\nThen that."]
    assert handed_in.review == ()
    assert handed_in.said == ("The written answer `why-masking` stands in 2 cells; they were put together.",)


@pytest.mark.parametrize("kind", ["code", "raw"])
def test_a_written_answer_in_another_kind_of_cell_is_text_and_never_run(kind):
    made = answered()
    made["cells"][at(made, "why-masking")] = {**own(WORDS, kind), "id": "why-masking"}
    handed_in = sense(made)
    assert (handed_in.review, words(handed_in)) == ((), [WORDS])
    assert WORDS not in code(handed_in).values()
    assert {cell["cell_type"] for cell in handed_in.notebook["cells"] if cell["id"] == "why-masking"} == {"markdown"}


def test_notes_of_their_own_beside_a_written_answer_are_nobodys_business():
    made = answered()
    made["cells"].insert(3, own("Notes to myself: ask about the mask tomorrow."))
    made["cells"].insert(at(made, "why-masking") + 1, own("And one more thing that came to me."))
    handed_in = sense(made)
    assert (handed_in.review, handed_in.said, handed_in.outside) == ((), (), ())
    assert words(handed_in) == [WORDS]


# ---- Python files --------------------------------------------------------------------------------------------------


def test_a_python_file_is_graded_where_it_defines_the_functions_and_its_words_are_shown():
    text = f"import torch\n\n# The mask removes rows without a label.\n{ANSWER}\n"
    handed_in = make_sense(text.encode(), PS05, file="ps05.py")
    assert handed_in.reason == ""
    assert text.strip() in [ran.strip() for ran in code(handed_in).values()]
    assert handed_in.review == (ForReview("why-masking", FOUND),)
    assert handed_in.outside == ("The mask removes rows without a label.",)


@pytest.mark.parametrize("form", ["jupytext", "nbconvert"])
@pytest.mark.parametrize("name", [name for name in SETS if name.startswith("ps")])
def test_a_notebook_exported_as_python_has_all_its_answers_in_code(name, form):
    made = nbformat.from_dict(solved(name))
    if form == "jupytext":
        text = jupytext.writes(made, "py:percent")
    else:
        text, _ = PythonExporter().from_notebook_node(made)
    handed_in = make_sense(text.encode(), SETS[name], file=f"{name}.py")
    assert handed_in.reason == ""
    ran = "\n".join(source for _, source in code_of(handed_in.notebook, SETS[name]))
    for one in map(as_cell, made["cells"]):
        if one.name in SETS[name].exercises:
            assert one.source.strip() in ran
    assert not [one for one in handed_in.review if one.cell.startswith("check-")]
    for part in SETS[name].written:
        (text,) = words(handed_in, part.name)
        assert (
            text.split() == next(cell.source for cell in map(as_cell, made["cells"]) if cell.name == part.name).split()
        )


def test_a_python_file_without_a_function_of_the_set_is_for_review():
    assert "none of its cells or functions" in make_sense(b"print('hello')", PS05, file="x.py").reason


# ---- which file ----------------------------------------------------------------------------------------------------


def file(name, made):
    return Chosen(name, made if isinstance(made, bytes) else json.dumps(made).encode())


ASKED = f"{PS05.name}.ipynb"


def test_the_file_of_the_right_name_is_taken_also_beside_others():
    expected = file(ASKED, answered())
    assert choose([expected], PS05) is expected
    assert choose([file("old.ipynb", answered()), expected, file("helper.py", ANSWER.encode())], PS05) is expected


def test_a_renamed_notebook_is_taken_and_said():
    chosen = choose([file("final version.ipynb", answered())], PS05)
    assert chosen.file == "final version.ipynb"
    assert chosen.said == (f"`final version.ipynb` was taken as {ASKED}: it is this problem set by its content.",)


def test_of_several_the_one_with_answers_is_taken_and_said():
    files = [file(ASKED, released()), file("mine.ipynb", answered()), file("old.ipynb", released())]
    chosen = choose(files, PS05)
    assert chosen.file == "mine.ipynb"
    assert "of 3 files it has the most answers" in chosen.said[0]


def test_a_python_file_stands_behind_a_notebook_with_as_many_answers():
    both = [file("a.py", ANSWER.encode()), file("b.ipynb", answered(words=""))]
    assert choose(both, PS05).file == choose(both[::-1], PS05).file == "b.ipynb"
    assert choose(both[:1], PS05).file == "a.py"


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ([], f"no notebook named {ASKED} was handed in"),
        ([("a.ipynb", b"{"), ("b.ipynb", b"")], f"{ASKED} was handed in, and none of the 2 files there is it"),
    ],
)
def test_where_no_file_is_the_problem_set_that_is_said(files, reason):
    assert choose([file(*one) for one in files], PS05).reason.endswith(reason)


def test_a_file_that_cannot_be_read_keeps_its_reason():
    link = Chosen(ASKED, reason="it is a link")
    assert choose([link], PS05) is link
    assert choose([link, file("mine.ipynb", answered())], PS05).file == "mine.ipynb"


# ---- whatever it is ------------------------------------------------------------------------------------------------


@st.composite
def shuffled(draw):
    """Set 5 with cells moved, copied, merged, renamed and of other kinds."""
    made = answered()
    cells = made["cells"]
    for _ in range(draw(st.integers(1, 8))):
        place, other = (draw(st.integers(0, len(cells) - 1)) for _ in range(2))
        change = draw(st.sampled_from(["move", "copy", "merge", "kind", "name", "remove", "text"]))
        if change == "move":
            cells.insert(other, cells.pop(place))
        elif change == "copy":
            cells.insert(other, copy.deepcopy(cells[place]))
        elif change == "merge":
            cells[place]["source"] = "".join(cells[place]["source"]) + "\n" + "".join(cells[other]["source"])
        elif change == "kind":
            cells[place]["cell_type"] = draw(st.sampled_from(["code", "markdown", "raw", "heading"]))
        elif change == "name":
            cells[place].update(id=draw(st.sampled_from(PS05.cells)), metadata={})
        elif change == "text":
            cells[place]["source"] = draw(st.text())
        elif len(cells) > 1:
            del cells[place]
    return made


@given(shuffled(), st.booleans())
@settings(max_examples=150)
def test_however_cells_are_mixed_up_the_notebook_is_valid_and_names_stand_once(made, accepted):
    handed_in = sense(made, accepted=accepted)
    if handed_in.notebook is not None:
        nbformat.validate(handed_in.notebook)
    if not handed_in.reason:
        assert all(len(words(handed_in, part.name)) <= 1 for part in PS05.written)
        names = [name for name, _ in code_of(handed_in.notebook, PS05)]
        assert len(names) == len(set(names))
    asked = {f"check-{one}" for one in PS05.exercises} | {part.name for part in PS05.written}
    assert {one.cell for one in handed_in.review} <= asked
    assert not (accepted and handed_in.review)
