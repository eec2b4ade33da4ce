"""What answers a prediction is not on the screen before the guess: not in a figure's title, not in the prose below."""

import ast
import itertools
import re

import pytest
from nbformat.v4 import new_code_cell as code
from nbformat.v4 import new_markdown_cell as prose

from autograder.authoring import notebooks, reveals
from autograder.course_files import course_root

LESSONS = [path for path in notebooks.sources(course_root()) if "projects" not in path.parts]
ASKS = code('predict("Does it help?", ["yes", "no"], name="x", answer="no")')
FIGURE = code('show(\n    bars(gains, title="It does not help")\n)')
OUTCOME = code('run()\noutcome("x")')


def test_a_figure_whose_title_states_the_answer_opens_without_its_code():
    after = code('show(title="Later")')
    assert reveals.tells_too_early([FIGURE, ASKS, code("x = 1"), FIGURE, OUTCOME, after]) == [FIGURE]
    both = code('show(title="No")\noutcome("x")')
    assert reveals.tells_too_early([ASKS, both, after]) == [both]
    assert reveals.tells_too_early([code('forest.predict("x")'), FIGURE]) == []


@pytest.mark.parametrize(
    "source", ['claim("It holds.", holds, x)', 'show(bars(x, title="No"))', "predict(q, o, answer=a)"]
)
def test_a_folded_cell_begins_with_a_line_that_tells_nothing(source):
    quiet = reveals.with_a_quiet_first_line(source)
    assert quiet.splitlines()[0] == f"{source.partition('(')[0]}("
    assert ast.dump(ast.parse(quiet)) == ast.dump(ast.parse(source))
    assert reveals.with_a_quiet_first_line(quiet) == quiet
    assert reveals.with_a_quiet_first_line("x = f(1)") == "x = f(1)"


def test_the_prose_after_an_outcome_is_folded_and_nothing_else_is():
    cells = [prose("Before."), ASKS, prose("Between."), OUTCOME, code("claim()"), prose("So it was."), prose("Go on.")]
    reveals.fold_prose(cells)
    assert [cell.source for cell in cells if cell.cell_type == "markdown"] == [
        "Before.",
        "Between.",
        "<details><summary>What the run shows</summary>\n\nSo it was.\n\n</details>",
        "Go on.",
    ]


def test_a_sentence_that_leads_to_the_next_cell_stays_in_the_open():
    folded = reveals.folded("So it was.\n\nThe library does so:")
    assert (
        folded == "<details><summary>What the run shows</summary>\n\nSo it was.\n\n</details>\n\nThe library does so:"
    )
    assert reveals.folded("Now try the other:") == "Now try the other:"


@pytest.mark.parametrize(
    "rest", ["## Next", "### Why\n\nBecause.", "<details><summary>S</summary></details>", "**Exercise:** `x`"]
)
def test_a_new_section_an_exercise_and_a_fold_stay_as_they_are(rest):
    assert reveals.folded(rest) == rest
    assert reveals.folded(f"So it was.\n\n{rest}") == (
        f"<details><summary>What the run shows</summary>\n\nSo it was.\n\n</details>\n\n{rest}"
    )


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_every_prediction_of_a_lesson_names_an_option_as_its_answer_and_is_judged_after_the_run(path):
    asked = []
    for cell in (cell for cell in notebooks.lesson(path).cells if cell.cell_type == "code"):
        for name in re.findall(r'^ *outcome\("([\w-]+)"\)', cell.source, re.MULTILINE):
            assert name in asked, f"{name} is told before it is asked"
            asked.remove(name)
        if cell.source.startswith("predict("):
            call = ast.parse(cell.source).body[0].value
            given = {one.arg: ast.unparse(one.value) for one in call.keywords}
            assert given["answer"] in map(ast.unparse, call.args[1].elts), given
            assert cell.metadata["jupyter"] == {"source_hidden": True}, given
            asked.append(ast.literal_eval(given["name"]))
            assert asked[-1].startswith(path.stem[:2])
    assert asked == []


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_no_open_cell_up_to_the_outcome_states_what_comes_out(path):
    cells = notebooks.lesson(path).cells
    assert all(cell.metadata["jupyter"]["source_hidden"] for cell in reveals.tells_too_early(cells))
    first = [cell.source.splitlines()[0] for cell in cells if cell.metadata.get("jupyter")]
    assert [line for line in first if re.search(r"answer=|title=|^claim\(.|^predict\(.", line)] == []
    for before, after in itertools.pairwise(cells):
        if before.cell_type == "code" and "outcome(" in before.source and after.cell_type == "markdown":
            assert re.match(r"#|<details|\*\*Exercise", after.source), after.source[:80]
