"""A problem set's way through a department's hub, from the instructor to two students and back.

Two students and an instructor are real accounts. Students log in at the hub and press the buttons of nbgrader's
Assignment List; the instructor types what ``lessons/pages/jupyterhub.md`` says.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from tests.hub.department import SET, Department, Visitor, block

pytestmark = [
    pytest.mark.hub,
    pytest.mark.slow,
    pytest.mark.nightly,
    pytest.mark.xdist_group("a hub"),  # with `--dist loadgroup` one worker starts it, not each
]

RIGHT = "def masked_mean(values, mask):\n    return values[mask].sum() / mask.sum().clamp(min=1)\n"
WRONG = "def masked_mean(values, mask):\n    return (values * mask).sum() / len(values)\n"
ROSTER = "id,first_name,last_name,email"


@dataclass
class Term:
    """What was seen on the way."""

    department: Department
    checked: str = ""
    collected: str = ""
    feedback: dict[str, str] = field(default_factory=dict)


@pytest.fixture(scope="module")
def term() -> Iterator[Term]:
    with Department.open() as department:
        seen = Term(department)
        visitors = {name: Visitor(department, name) for name in ("ada", "bob")}  # their servers start meanwhile
        department.run("teach", block("nbgrader release_assignment"))
        roster = department.as_here(block(ROSTER))
        department.run("teach", f"cat > mtl-2026/roster.csv <<'END'\n{roster}END")
        for name, answer in (("ada", RIGHT), ("bob", WRONG)):
            visitors[name].arrive()
            visitors[name].assignments("fetch")
            visitors[name].put_in(answer)
            visitors[name].assignments("submit")
        seen.checked = visitors["ada"].execute(
            f"from autograder import check\n{RIGHT}\ncheck('masked_mean', masked_mean)"
        )
        as_ada = f"--CourseDirectory.student_id={department.accounts['ada']}"
        department.run("bob", f"nbgrader submit {SET} {as_ada}")
        seen.collected = department.run("teach", block("nbgrader collect"))
        department.run("teach", block("nbgrader release_feedback"))
        for name, visitor in visitors.items():
            visitor.assignments("fetch_feedback")
            home = department.place / "home" / name
            (page,) = home.glob(f"{SET}/feedback/*/{SET}.html")
            seen.feedback[name] = re.sub("<[^>]+>", "", page.read_text(encoding="utf-8"))
        yield seen


def test_a_student_checks_an_answer_in_a_kernel_of_the_hub(term):
    assert "9 of 9 points" in term.checked


def test_what_two_students_handed_in_is_graded_in_the_sandbox(term):
    assert "2 graded, 0 already were, 2 entered into the gradebook." in term.collected
    assert "without isolation" not in term.collected


def test_each_student_fetches_the_page_of_their_own(term):
    assert "Ada Lovelace" in term.feedback["ada"]
    assert "values[mask].sum()" in term.feedback["ada"]
    assert "Bob Marsh" in term.feedback["bob"]
    assert "len(values)" in term.feedback["bob"]


def test_what_bob_hands_in_as_ada_is_left_out(term):
    bob, ada = term.department.accounts["bob"], term.department.accounts["ada"]
    assert f"is owned by {bob}, not by {ada}" in term.collected
    assert "len(values)" not in term.feedback["ada"]


@pytest.mark.parametrize("what", ["source", "submitted", "feedback", ".mtl-grade", "gradebook.db", "roster.csv"])
def test_a_student_reads_nothing_of_the_course(term, what):
    course = term.department.place / "home" / "teach" / "mtl-2026"
    term.department.run("teach", f"test -r ~/mtl-2026/{what} && chmod 755 ~")  # also where the home is open
    assert "Permission denied" in term.department.run("ada", f"cat {course / what}/* {course / what}", check=False)


def test_a_student_can_list_neither_the_inbox_nor_the_feedback_of_the_exchange(term):
    for folder in ("inbound", "feedback"):
        said = term.department.run("ada", f"ls {term.department.exchange}/mtl-2026/{folder}", check=False)
        assert "Permission denied" in said


def test_the_instructors_account_can_grade_strangers(term):
    assert "Submissions of strangers can be graded on this machine." in term.department.run("teach", "mtl-grade doctor")
