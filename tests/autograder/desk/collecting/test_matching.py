"""A file is given to a person only if exactly one fits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.desk.collecting.layouts import Key, Where
from autograder.desk.collecting.matching import Match, Matcher, words_of
from autograder.grading.roster import Person, Roster

GITHUB = "count-ess"
PEOPLE = [
    Person(
        "ada", "Ada", "Lovelace", "Ada@U.edu", "ada01", {"canvas": "3143", "moodle:ps05": "1201", "github": "count-ess"}
    ),
    Person("bob", "Bob", "Smith", "bob@u.edu", "smi_02", {"canvas": "3144", "moodle:ps05": "1202", "github": "ess"}),
    Person("007", "Jürgen", "Müller", "", "", {"canvas": "3145", "brightspace": "#55"}),
    Person("j1", "John", "Smith"),
    Person("j2", "John", "Smith"),
    Person("x9", login="x9login"),
]


def find(*keys, platform="folders", people=PEOPLE, remembered=None, assignment="ps05", **more):
    where = Where(platform, tuple(Key(*key) for key in keys), "x.ipynb", **more)
    return Matcher(Roster.of(people), remembered or {}).find(where, assignment, "sum")


@pytest.mark.parametrize(
    ("clue", "student"),
    [
        ("ada", "ada"),
        ("ADA", "ada"),
        ("ada01", "ada"),
        ("ada@u.EDU", "ada"),
        ("count-ess", "ada"),
        ("Ada Lovelace", "ada"),
        ("LOVELACE, Ada", "ada"),
        ("lovelace_ada", "ada"),
        ("Jurgen Muller", "007"),
        ("Juergen Mueller", "007"),
        ("Ju\u0308rgen Mu\u0308ller", "007"),
        ("3143", "ada"),
        ("Adam", ""),
        ("7", ""),
        ("Ada King Lovelace", ""),
        ("John Smith", ""),
        ("Smith", ""),
        ("", ""),
        ("...", ""),
    ],
)
def test_a_clue_is_an_account_an_address_or_a_whole_name(clue, student):
    assert find(("folder", clue)).students == ((student,) if student else ())


def test_canvas_names_check_the_number_and_are_no_more_than_a_hint_without_it():
    def canvas(number, name):
        return find(("canvas", number), ("canvas name", name), platform="Canvas")

    assert canvas("3143", "lovelaceada").students == ("ada",)
    assert canvas("3143", "kinglovelaceada").students == ("ada",)
    assert canvas("3145", "müllerjürgen").students == canvas("3145", "muellerjuergen").students == ("007",)
    assert canvas("3143", "smithbob").students == ()
    unknown = canvas("9", "lovelaceada")
    assert (unknown.students, unknown.suggestions[0]) == ((), "ada")
    assert find(("canvas", "1"), platform="Canvas", people=[Person("q", more={"canvas": "1"})]).students == ("q",)


def test_a_platforms_number_that_two_people_have_is_a_question():
    twice = [
        Person("a", more={"canvas": "1", "moodle:ps05": "1"}),
        Person("b", more={"canvas": "1", "moodle:ps05": "1"}),
    ]
    for key in ("canvas", "moodle"):
        match = find((key, "1"), platform=key.title(), people=twice)
        assert (match.students, match.suggestions) == ((), ("a", "b"))
        assert "stands at 2 people" in match.why


def test_moodles_number_is_that_of_one_assignment():
    def moodle(*keys, **more):
        return find(*keys, platform="Moodle", **more).students

    assert moodle(("moodle", "1201")) == ("ada",)
    assert moodle(("moodle", "1201"), assignment="ps06") == ()
    assert moodle(("moodle", "1201"), ("name", "Ada Lovelace"), assignment="ps06") == ("ada",)
    assert moodle(("moodle", "1201"), ("name", "Bob Smith")) == ()
    assert moodle(("moodle", "1201"), ("name", "Ada L. King")) == ("ada",)
    assert moodle(("moodle", "1201"), ("name", "Eve Nobody")) == ()
    assert moodle(("moodle", "9"), ("name", "Ada Lovelace"), namesakes=True) == ()
    assert moodle(("moodle", "9"), ("group", "Group A")) == ()


def test_an_account_that_is_called_like_somebodys_id_is_not_theirs_where_another_one_is_known():
    assert find(("github", "ada")).students == ()
    assert find(("github", "count-ess")).students == ("ada",)
    assert find(("github", "x9")).students == ("x9",)  # whose account nobody knows


def test_brightspaces_number_stands_in_the_roster_with_or_without_its_sign():
    assert find(("brightspace", "55"), ("name", "Jürgen Müller"), platform="Brightspace").students == ("007",)


@pytest.mark.parametrize(
    ("before", "student"),
    [("PS5_ada01", "ada"), ("P_S_5_smi_02", "bob"), ("PS5_02", ""), ("PS5_xyz", ""), ("PS5_ada", "ada"), ("ada01", "")],
)
def test_blackboards_login_is_the_longest_end_that_is_somebodys(before, student):
    match = find(("blackboard", before), platform="Blackboard")
    assert match.students == ((student,) if student else ())


def test_a_receipt_says_the_login_and_the_name_helps():
    def receipt(login, name):
        return find(("login", login), ("name", name), platform="Blackboard").students

    assert receipt("ada01", "Whoever") == ("ada",)
    assert receipt("new", "Ada Lovelace") == ("ada",)
    assert receipt("new", "John Smith") == ()


@pytest.mark.parametrize(
    ("name", "student"), [("hw-count-ess", "ada"), ("hw-ess", "bob"), ("hw-nobody", ""), ("ess", "")]
)
def test_a_repository_ends_with_an_account_the_longest_one(name, student):
    assert find(("repository", name)).students == ((student,) if student else ())


def test_several_clues_must_agree_but_the_surest_goes_first():
    assert find(("folder", "group 1"), ("folder", "ada")).students == ("ada",)
    assert find(("folder", "bob"), ("folder", "ada")).students == ()
    assert find(("folder", "John Smith"), ("folder", "ada")).students == ()
    assert find(("student", "bob"), ("folder", "ada")).students == ("bob",)
    assert find(("folder", "ada"), ("around", "bob")).students == ("ada",)
    assert find(("folder", "nobody"), ("around", "bob")).students == ("bob",)


def test_what_was_answered_holds_if_those_people_are_still_there():
    key = ("canvas", "9"), ("canvas name", "smithbob")
    for students, expected in ((["bob"], ("bob",)), (["bob", "ada"], ("bob", "ada")), (["gone"], ()), (["-"], ("-",))):
        assert find(*key, platform="Canvas", remembered={"canvas:9:smithbob": students}).students == expected
    assert find(*key, platform="Canvas", remembered={"canvas:9:groupa": ["bob"]}).students == ()
    assert find(("folder", "x"), remembered={"file:sum": ["bob"]}).students == ("bob",)


def test_a_name_that_was_answered_gives_way_to_the_roster():
    remembered = {"name:bobby": ["bob"]}
    name = ("name", "Bobby")
    assert find(("moodle", "9"), name, platform="Moodle", remembered=remembered).students == ("bob",)
    assert find(("moodle", "9"), name, platform="Moodle", remembered=remembered, namesakes=True).students == ()
    new = [*PEOPLE, Person("y", "Bobby")]
    assert find(("moodle", "9"), name, platform="Moodle", remembered=remembered, people=new).students == ("y",)


def test_answers_are_understood():
    matcher = Matcher(Roster.of(PEOPLE), {})
    assert matcher.answer("ada; Bob Smith ,7")[0] == ("ada", "bob", "007")
    assert matcher.answer(" - ") == (("-",), "")
    assert matcher.answer("ada;ada") == (("ada",), "")
    assert matcher.answer("John Smith") == ((), "`John Smith` fits 2 on the roster")
    assert matcher.answer("eve") == ((), "`eve` fits nobody on the roster")
    empty = Matcher(Roster(), {}, ["Ada"])
    assert empty.answer("ada;b")[0] == ("Ada", "b")
    assert empty.answer("../x") == ((), "`../x` cannot be an id")


def test_suggestions_are_the_likeliest_first_and_few():
    crowd = [Person(f"s{n}", "Ann", f"Smith{n}") for n in range(20)] + [Person("t", "Anne", "Smithe")]
    match = find(("folder", "Anne Smithee"), people=crowd)
    assert match.suggestions[0] == "t"
    assert len(match.suggestions) <= 5


@given(st.text(max_size=80))
def test_any_clue_is_one_person_or_a_question(clue):
    for kind, platform in (
        ("folder", "folders"),
        ("name", "Moodle"),
        ("canvas name", "Canvas"),
        ("blackboard", "Blackboard"),
    ):
        keys = [(kind, clue)] if kind != "canvas name" else [("canvas", clue), (kind, clue)]
        match = find(*keys, platform=platform)
        assert isinstance(match, Match)
        assert bool(match.students) != bool(match.why)


def test_names_are_compared_without_accents_case_and_order():
    assert words_of("Łukasz O'Neil") == words_of("ONEIL lukasz")
    assert words_of("李 小龙") == words_of("小龙 李")
    assert words_of("हिन्दी") != words_of("हनद")  # vowel signs are no accents
