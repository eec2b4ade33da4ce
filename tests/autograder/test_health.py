"""What a doctor found is told in the same form by every command."""

import json

from autograder import health
from autograder.health import Row, row

THERE = Row("seccomp", True, True, "in the kernel")
ABSENT = Row("Landlock", False, False, "not found", "a newer kernel")
MISSING = Row("bubblewrap", False, True, "not found", "install it")


def test_only_what_is_needed_decides():
    assert health.ready([])
    assert health.ready([THERE, ABSENT])
    assert not health.ready([THERE, MISSING])


def test_a_row_has_a_word_for_what_is_there_what_is_needed_and_what_is_only_absent():
    assert health.as_text([THERE, ABSENT, MISSING], "Ready.", "Not ready.").splitlines() == [
        "ok       seccomp: in the kernel",
        "absent   Landlock: not found",
        "         -> a newer kernel",
        "missing  bubblewrap: not found",
        "         -> install it",
        "Not ready.",
    ]
    assert health.as_text([THERE, ABSENT], "Ready.", "Not ready.").endswith("\nReady.")


def test_advice_is_given_only_where_it_is_needed():
    assert row("disk", True, "writable", "free some room").advice == ""
    assert row("disk", False, "full", "free some room", needed=False) == Row(
        "disk", False, False, "full", "free some room"
    )


def test_the_text_and_the_json_say_the_same_and_the_exit_code_follows(capsys):
    for rows, code in (([THERE, ABSENT], 0), ([THERE, MISSING], 1)):
        assert health.tell(rows, "Ready.", "Not ready.", as_json=False) == code
        text = capsys.readouterr().out
        assert health.tell(rows, "Ready.", "Not ready.", as_json=True) == code
        data = json.loads(capsys.readouterr().out)
        assert data["ready"] == (code == 0)
        assert len(data["rows"]) == len(rows)
        for one in data["rows"]:
            assert f"{one['name']}: {one['found']}" in text
