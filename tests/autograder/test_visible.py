"""Whatever a stranger's text hides is written out."""

import json
import sys
import unicodedata

import pytest

from autograder.visible import clean, clean_json

JOINERS = "\u00ad\u200c\u200d"  # which some languages write with
SIGNS = ("Arabic", "Syriac", "Kaithi", "Egyptian", "Shorthand", "Musical")  # of category Cf, and seen


@pytest.mark.parametrize(
    "mark",
    ["\x1b[31m", "\x1b[2J", "\x1b]52;c;cm0K\x07", "\x00", "\r", "\x9b", "\x7f", "\u202e", "\u2066", "\u2028"],
    ids=ascii,
)
def test_what_moves_a_cursor_or_turns_text_around_is_written_out(mark):
    assert clean(f"a{mark}b") == "a" + ascii(mark)[1:-1].replace(r"\r", r"\x0d") + "b"


def test_no_control_character_and_no_mark_of_direction_is_let_through():
    through = [
        hex(code)
        for code in range(sys.maxunicode + 1)
        if unicodedata.category(chr(code)) in ("Cc", "Cf", "Cs", "Zl", "Zp") and clean(chr(code)) == chr(code)
    ]
    seen = [code for code in through if not unicodedata.name(chr(int(code, 16)), "").startswith(SIGNS_IN_CAPITALS)]
    assert seen == ["0x9", "0xa", *map(hex, map(ord, JOINERS))]


SIGNS_IN_CAPITALS = tuple(sign.upper() for sign in SIGNS)


def test_lines_tabs_and_letters_stay():
    assert clean("a\n\tb ä ≠ 漢 \U0001f600") == "a\n\tb ä ≠ 漢 \U0001f600"


@pytest.mark.parametrize("text", ["\u202e", "\x1b", "\ud800", "\U000e0041", "\x9b31m", "plain ä"], ids=ascii)
def test_json_keeps_its_meaning(text):
    shown = clean_json(json.dumps({"text": text}, ensure_ascii=False))
    assert json.loads(shown) == {"text": text}
    assert clean(shown) == shown
