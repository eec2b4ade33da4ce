from autograder.desk.banks.item import bank_of
from autograder.desk.banks.moodle_xml import MoodleXml, category
from tests.autograder.desk.banks.made import quiz
from tests.autograder.desk.banks.readers import from_moodle_xml


def test_each_quick_test_is_a_category_whatever_its_title():
    banks = [bank_of(quiz(("?", "a", "b"), title=title)) for title in ("Clicks/views", "A & <B>", "/")]
    assert [title for title, _ in from_moodle_xml(MoodleXml().data(banks))] == [bank.title for bank in banks]
    assert category(banks[0]) == "$course$/top/mtl-teach/Quick test 5: Clicks//views"


def test_one_option_is_right_and_options_are_shuffled():
    text = MoodleXml().data([bank_of(quiz(("?", "a", "b", "c")))]).decode()
    assert text.count('fraction="100"') == 1
    assert text.count('fraction="0"') == 2
    assert "<single>true</single>" in text
    assert "<shuffleanswers>true</shuffleanswers>" in text


def test_a_file_says_its_encoding_and_has_every_letter_in_it():
    data = MoodleXml().data([bank_of(quiz(("λ ≥ 語?", "ä", "b")))])
    assert data.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n')
    assert "λ ≥ 語?" in data.decode()
