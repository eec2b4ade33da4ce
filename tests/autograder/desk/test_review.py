"""What waits for a person, as text for a terminal."""

from autograder.desk.review import MAX_SHOWN, as_text
from autograder.grading.review import Waiting


def test_each_thing_has_its_reason_what_to_do_and_what_was_written():
    one = Waiting("ada", "ps05", "why", "it is gone", "look", ("First,\n\nsecond.", "x" * 1_000))
    assert as_text([one, Waiting("*", "", "", "no id", "rename it")]).splitlines() == [
        "ada ps05 why: it is gone",
        "    what to do: look",
        "    they wrote: First, second.",
        f"    they wrote: {'x' * MAX_SHOWN}…",
        "*: no id",
        "    what to do: rename it",
    ]


def test_where_nothing_waits_that_is_said():
    assert as_text([]) == "Nothing waits for a person."


def test_what_could_change_a_terminal_is_shown_as_what_it_is():
    assert as_text([Waiting("a\x1b[31m", "", "", "b\u202e", "c", ("d\x07",))]).splitlines() == [
        r"a\x1b[31m: b\u202e",
        "    what to do: c",
        r"    they wrote: d\x07",
    ]
