"""Right answers by how they are written."""

from autograder.desk.reporting.gather import gather
from autograder.desk.reporting.styles import LOOKED_AT, SHOWN, Styles, styles_of
from tests.autograder.desk.reporting.small_class import MEAN, RIGHT, SET, hand_in, right

LOOP = """def masked_mean(values, mask):
    total = count = 0
    for value, seen in zip(values, mask):
        if seen:
            total += value
            count += 1
    return total / max(count, 1)
"""


def styles(course, students, names=True, key=(SET, MEAN)):
    return styles_of(gather(course, names=names), key, students)


def test_names_and_comments_make_no_style(small):
    renamed = RIGHT.replace("values", "entries").replace("def", "# quick\ndef")
    for student, code in (("ada", RIGHT), ("bob", renamed), ("cleo", LOOP)):
        hand_in(small, student, right(), answers={MEAN: code})
    found = styles(small, ["ada", "bob", "cleo"])
    assert (found.looked_at, found.different) == (3, 2)
    assert [style.count for style in found.shown] == [2, 1]
    assert [style.code for style in found.shown] == [RIGHT.strip(), LOOP.strip()]


def test_without_names_a_style_of_ones_own_is_counted_and_not_shown(small):
    for student, code in (("ada", RIGHT), ("bob", RIGHT), ("cleo", LOOP)):
        hand_in(small, student, right(), answers={MEAN: code})
    found = styles(small, ["ada", "bob", "cleo"], names=False)
    assert [(style.count, bool(style.code)) for style in found.shown] == [(2, True), (1, False)]


def test_what_cannot_be_read_is_no_style(small):
    hand_in(small, "ada", right(), answers={MEAN: "def ("})
    assert styles(small, ["ada", "nobody"]) == Styles()


def test_numbers_and_unknown_exercises_have_no_styles(small):
    hand_in(small, "ada", right("gone_for_good"), right("source_exercise_1"))
    assert styles(small, ["ada"], key=(SET, "gone_for_good")) == Styles()
    assert styles(small, ["ada"], key=(SET, "source_exercise_1")) == Styles()


def test_only_so_many_are_compared_and_shown(small, monkeypatch):
    gathered = gather(small)
    asked = []

    def source(student, key):
        asked.append(student)
        return f"def masked_mean(values, mask):\n    return {student}"

    object.__setattr__(gathered, "source", source)
    found = styles_of(gathered, (SET, MEAN), [str(number) for number in range(LOOKED_AT + 5)])
    assert (found.looked_at, found.different, len(found.shown)) == (LOOKED_AT, LOOKED_AT, SHOWN)
    assert str(LOOKED_AT) not in asked
