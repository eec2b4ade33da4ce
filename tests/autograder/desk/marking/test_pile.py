"""The pile: an order that tells nobody's name, what is shown of an answer, and which marks are refused."""

import json

import pytest

from autograder.desk.marking.pile import Gradebook, Marking, rank_of, schemes
from autograder.gradebook.by_hand import Mark, Moved, Piled, Standing
from autograder.gradebook.enter import write_gradebook
from autograder.gradebook.given import note_given
from autograder.results import UsageError
from tests.autograder.desk.marking.conftest import ANSWER, CELL, FREE, QUESTION, SET, hand_in


@pytest.fixture
def marking(class_):
    return Marking(class_, schemes(class_), Gradebook(class_))


def by_state(marking, question=QUESTION):
    """The keys of a pile by state."""
    found = {}
    for one in marking.pile(question)["answers"]:
        found.setdefault(one["state"], []).append(one["key"])
    return found


def by_name(marking, name, question=QUESTION):
    """One person's answer."""
    answers = (marking.answer(question, one["key"]) for one in marking.pile(question)["answers"])
    return next(one for one in answers if one["name"] == name)


def give(marking, name, score, comment="", **more):
    one = by_name(marking, name)
    return marking.save(QUESTION, one["key"], Mark(score, comment, **more), one["standing"]["version"])


def test_the_questions_say_how_far_they_are(marking):
    give(marking, "ada", 3.0)
    assert [(one["id"], one["title"], one["marked"], one["total"]) for one in marking.questions()] == [
        (QUESTION, "In words: why does masking matter here?", 2, 5),
        (FREE, "And in your own words?", 1, 5),
    ]


def test_unmarked_ones_come_first_and_numbers_stay(marking):
    before = marking.pile(QUESTION)["answers"]
    assert [one["state"] for one in before] == ["unmarked", "unmarked", "unmarked", "review", "empty"]
    give(marking, by_name(marking, "ada")["name"], 3.0)
    after = marking.pile(QUESTION)["answers"]
    assert [one["state"] for one in after] == ["unmarked", "unmarked", "review", "marked", "empty"]
    assert {one["key"]: one["number"] for one in before} == {one["key"]: one["number"] for one in after}
    assert sorted(one["number"] for one in after) == [1, 2, 3, 4, 5]


def test_the_order_is_the_same_each_time_another_for_each_question_and_nobodys_alphabet(class_):
    people = [f"s{number:03}" for number in range(200)]
    one, other = schemes(class_).values()
    orders = [sorted(people, key=lambda student: rank_of(class_, of, student)) for of in (one, one, other)]
    assert orders[0] == orders[1] != orders[2]
    assert people not in orders
    assert not any(student in rank_of(class_, one, student) for student in people)


class Many:
    """A book of two hundred answers that nobody marked."""

    def __init__(self):
        self.known = {f"s{n:03}": Standing(f"s{n:03}", "", 6.0, None, Mark(None, waits=True)) for n in range(200)}

    def standings(self, scheme):
        return self.known

    def piles(self, schemes):
        return {one.id: Piled(0, len(self.known)) for one in schemes}


def test_two_hundred_answers_are_one_pile(class_):
    pile = Marking(class_, schemes(class_), Many()).pile(QUESTION)
    assert [one["number"] for one in pile["answers"]] == list(range(1, 201))
    assert "s0" not in json.dumps(pile["answers"])


def test_an_answer_comes_with_its_students_numbers_and_what_they_work_out(marking):
    ada, bob = (by_name(marking, name) for name in ("ada", "bob"))
    (numbers,) = ada["numbers"]
    assert "<strong>" in numbers["statement"]
    assert [name for name, _ in numbers["answers"]][:2] == ["mean of the conversions", "total"]
    assert numbers != bob["numbers"][0]
    assert by_name(marking, "ada", FREE)["numbers"] == []


def test_answers_are_harmless_html_and_as_they_were_typed(course, handed_out):
    hand_in(course, handed_out, "ada", "<script>alert(1)</script> [x](javascript:1) *so* \x1b[31m")
    write_gradebook(course)
    one = by_name(Marking(course, schemes(course), Gradebook(course)), "ada")
    assert "<script" not in one["html"]
    assert "javascript:" not in one["html"].replace("[x](javascript:1)", "")
    assert "<em>so</em>" in one["html"]
    assert one["typed"] == "<script>alert(1)</script> [x](javascript:1) *so* \\x1b[31m"


def test_a_scheme_is_harmless_html_too(marking):
    question = marking.pile(QUESTION)["question"]
    assert [one["points"] for one in question["lines"]] == [1.0] * 6
    assert question["lines"][2]["html"].startswith("&quot;the sum runs")
    assert "<em>their</em>" in question["lines"][2]["html"]
    assert (question["whole"], question["most"]) == ("", 6.0)
    free = marking.pile(FREE)["question"]
    assert (free["lines"], free["whole"]) == (
        [],
        "<p>Up to four points for a good idea; <strong>half</strong> of them for a common one.</p>\n",
    )


def test_what_waits_for_review_is_shown_with_its_reason_and_cannot_be_marked(marking):
    (key,) = by_state(marking)["review"]
    one = marking.answer(QUESTION, key)
    assert one["review"].startswith("The cell of this answer is missing: look at the notebook. `mtl-grade review ")
    assert one["outside"] == ["<p>My <em>answer</em>.</p>\n"]
    with pytest.raises(UsageError, match="waits for review and has no mark"):
        marking.save(QUESTION, key, Mark(3.0), one["standing"]["version"])
    assert key not in by_state(marking, FREE).get("review", ())  # the other question of the same person has its cell


def test_a_file_that_could_not_be_read_waits_as_a_whole(course, handed_out):
    hand_in(course, handed_out, "ada", status="ungradable", reason="the file is not a notebook")
    write_gradebook(course)
    marking = Marking(course, schemes(course), Gradebook(course))
    assert list(by_state(marking)) == ["review"]
    assert "could not be graded: the file is not a notebook." in by_name(marking, "ada")["review"]


def test_what_was_left_empty_has_its_zero_and_may_be_marked_all_the_same(marking):
    (key,) = by_state(marking)["empty"]
    one = marking.answer(QUESTION, key)
    now = marking.save(QUESTION, key, Mark(1.0), one["standing"]["version"])["standing"]
    assert (now["state"], now["score"]) == ("marked", 1.0)


def test_a_mark_that_was_told_already_is_said(marking, class_):
    assert by_name(marking, "ada")["told"] is None
    note_given(class_, [{"student": "ada", "assignment": SET, "score": 9.0}])
    assert by_name(marking, "ada")["told"] == 9.0
    blind = Marking(class_, schemes(class_), Gradebook(class_), blind=True)
    answers = [blind.answer(QUESTION, one["key"]) for one in blind.pile(QUESTION)["answers"]]
    assert {(one["name"], one["told"]) for one in answers} == {("", None)}


def test_a_name_is_that_of_the_roster_with_the_id(marking, class_):
    (class_.root / "roster.csv").write_text("id,first_name,last_name,email\nada,Ada,Lovelace,\n")
    del class_.__dict__["roster"]
    write_gradebook(class_)
    assert by_name(marking, "Ada Lovelace (ada)")["html"].startswith("<p>Ada: ")


@pytest.mark.parametrize("score", [-0.5, 6.5, float("nan"), float("inf")])
def test_a_mark_beyond_the_points_is_refused(marking, score):
    with pytest.raises(UsageError, match="A mark is a number from 0 to 6"):
        give(marking, "ada", score)
    assert by_name(marking, "ada")["standing"]["score"] is None


def test_a_comment_that_is_too_long_is_refused(marking):
    with pytest.raises(UsageError, match="at most 10000 characters"):
        give(marking, "ada", 1.0, "x" * 10_001)


def test_sentences_of_other_comments_are_offered_the_commonest_first_and_no_line_of_the_scheme(marking):
    own = marking.pile(QUESTION)["question"]["lines"][0]["missing"]
    give(marking, "ada", 3.0, f"{own}\nToo short.\nSee lesson 5.")
    reply = give(marking, "bob", 3.0, "See lesson 5.")
    assert reply["sentences"] == ["See lesson 5.", "Too short."]
    assert marking.pile(QUESTION)["sentences"] == reply["sentences"]
    assert marking.pile(FREE)["sentences"] == []


def test_the_lines_that_were_met_are_there_again(marking):
    give(marking, "ada", 2.0, lines=(0, 3))
    assert by_name(marking, "ada")["standing"]["lines"] == [0, 3]
    assert marking.saved == 1


def test_a_mark_that_changed_meanwhile_is_not_overwritten(marking):
    seen = by_name(marking, "ada")
    give(marking, "ada", 2.0)
    with pytest.raises(Moved):
        marking.save(QUESTION, seen["key"], Mark(5.0), seen["standing"]["version"])


def test_an_answer_that_was_reopened_says_so(marking, class_, handed_out):
    give(marking, "ada", 2.0)
    hand_in(class_, handed_out, "ada", f"Now {ANSWER}")
    write_gradebook(class_)
    one = by_name(marking, "ada")
    assert (one["standing"]["state"], one["standing"]["score"]) == ("again", 2.0)
    assert one["html"].startswith("<p>Now L")


def test_a_question_or_an_answer_that_is_none_is_one_sentence(marking):
    with pytest.raises(UsageError, match="no such question"):
        marking.pile("ps01/why")
    with pytest.raises(UsageError, match="no longer in the gradebook"):
        marking.answer(QUESTION, "0" * 16)


# ---- which questions -------------------------------------------------------------------------------------------


def test_one_question_can_be_chosen_by_its_cell_or_with_its_set(course):
    assert list(schemes(course)) == [QUESTION, FREE]
    assert list(schemes(course, [SET], CELL)) == list(schemes(course, (), QUESTION)) == [QUESTION]


@pytest.mark.parametrize(
    ("assignments", "question", "said"),
    [
        (["ps99"], "", "There is no assignment `ps99`"),
        ([], "why", f"There is no written question `why`; there are {QUESTION}, {FREE}"),
    ],
)
def test_a_name_that_is_none_is_said(course, assignments, question, said):
    with pytest.raises(UsageError, match=said):
        schemes(course, assignments, question)


def test_a_course_with_nothing_to_mark_says_so(course):
    path = course.root / "source" / SET / f"{SET}.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    path.write_text(json.dumps(notebook), encoding="utf-8")
    with pytest.raises(UsageError, match=f"Nothing in {SET} is marked by a person"):
        schemes(course)


def test_nobody_has_handed_in_or_nothing_is_entered_yet(course, handed_out):
    marking = Marking(course, schemes(course), Gradebook(course))
    with pytest.raises(UsageError, match=f"Nobody has handed in {SET} yet: `mtl-grade collect"):
        marking.something_to_mark()
    hand_in(course, handed_out, "ada")
    with pytest.raises(UsageError, match="Nothing is in the gradebook yet to be marked: `mtl-grade run"):
        marking.something_to_mark()
    write_gradebook(course)
    marking.something_to_mark()
    assert marking.questions()[0]["total"] == 1
