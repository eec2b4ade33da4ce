import io
import zipfile
from xml.etree import ElementTree

from autograder.desk.banks.item import bank_of
from autograder.desk.banks.qti import Qti
from tests.autograder.desk.banks.made import quiz
from tests.autograder.desk.banks.readers import PACKAGE, QTI, from_qti, qti_files

IN_THEIR_WORDS = """\
Quiz title: Quick test 5: Missing labels
shuffle answers: true

Title: qt05.1 id 0
Points: 1
1. What is it?
... {explanation}
{choices}
"""


def parts(root, known):
    """An element as plain data; names that only lead from one place to another are numbered as they come up."""
    values = {
        key: tuple(known.setdefault(part, len(known)) for part in value.split(","))
        if key in ("ident", "linkrefid") and value not in ("response1", "root_section", "general_fb")
        else value
        for key, value in root.attrib.items()
    }
    text = (root.text or "").strip().removeprefix("<p>").removesuffix("</p>")
    if root.tag.endswith("}varequal"):
        text = known.setdefault(text, len(known))
    return root.tag, values, text, [parts(child, known) for child in root]


def without(root, *labels):
    """The same without some fields, whose entries are names of others."""
    for fields in root.iter(f"{QTI}qtimetadata"):
        for field in list(fields):
            if field[0].text in labels:
                assert field[1].text
                fields.remove(field)
    return root


def by_text2qti(bank):
    """The archive that text2qti makes of a quick test with one question in plain words."""
    from text2qti.config import Config
    from text2qti.qti import QTI as Theirs
    from text2qti.quiz import Quiz

    (item,) = bank.items
    choices = "\n".join(
        f"{'*' * choice.right}{letter}) {choice.text}\n... {choice.feedback}"
        for letter, choice in zip("abc", item.choices)
    )
    words = IN_THEIR_WORDS.format(explanation=item.explanation, choices=choices)
    return Theirs(Quiz(words, config=Config(), source_name="quiz")).zip_bytes()


def resources(data):
    """What kinds of files an archive's manifest names, and what each of them holds."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        manifest = ElementTree.fromstring(archive.read("imsmanifest.xml"))
    found = manifest.find(f"{PACKAGE}resources")
    return [(one.get("type"), [child.tag for child in one]) for one in found], [child.tag for child in manifest]


def test_an_assessment_has_the_elements_that_text2qti_writes():
    bank = bank_of(quiz(("What is it?", "this", "that", "none of it")))
    found = []
    for data in (by_text2qti(bank), Qti().data([bank])):
        ((assessment, _),) = qti_files(data)
        found.append(parts(without(assessment, "original_answer_ids", "assessment_question_identifierref"), {}))
    assert found[0] == found[1]


def test_settings_and_manifest_say_what_those_of_text2qti_say():
    bank = bank_of(quiz(("What is it?", "this", "that")))
    theirs, ours = by_text2qti(bank), Qti().data([bank])
    ((_, known), (_, settings)) = (pair for data in (theirs, ours) for pair in qti_files(data))
    assert {(child.tag, child.text) for child in settings} <= {(child.tag, child.text) for child in known}
    assert resources(ours) == resources(theirs)


def test_each_quick_test_is_an_assessment_of_its_own():
    banks = [bank_of(quiz(("?", "a", "b"), number=number)) for number in ("05", "06")]
    assert [title for title, _ in from_qti(Qti().data(banks))] == [bank.title for bank in banks]


def test_other_words_make_another_assessment_so_that_none_in_use_is_written_over():
    def idents(*questions):
        ((assessment, _),) = qti_files(Qti().data([bank_of(quiz(*questions))]))
        return {element.get("ident") for element in assessment.iter() if "mtl_" in (element.get("ident") or "")}

    assert idents(("What?", "a", "b")) == idents(("What?", "a", "b"))
    assert not idents(("What?", "a", "b")) & idents(("What else?", "a", "b"))


def test_the_zip_does_not_tell_when_it_was_made():
    with zipfile.ZipFile(io.BytesIO(Qti().data([bank_of(quiz(("?", "a", "b")))]))) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        for info in archive.infolist():
            assert ElementTree.fromstring(archive.read(info)).tag
