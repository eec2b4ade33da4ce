"""From each platform's download to the right person's folder, and nothing lost, taken twice or given to another."""

import json
import os
import random
import re

import pytest

from autograder.desk.collecting import questions
from autograder.results import UsageError
from tests.autograder.desk.collecting.conftest import (
    NOW,
    OTHER,
    PEOPLE,
    QUICK,
    SET,
    answered,
    handed_in,
    placed,
    run,
    where,
    zipped,
)

NB = f"{SET}.ipynb"

# One path of each form, as the platforms write it, and whose it is.
FORMS = {
    "Canvas": (f"lovelaceada_3143_207797_{NB}", "ada"),
    "Canvas, late": (f"lovelaceada_LATE_3143_207797_{NB}", "ada"),
    "Canvas, late, older": (f"lovelaceada_late_3143_207797_{NB}", "ada"),
    "Canvas, resubmitted": (f"lovelaceada_3143_207797_{SET}-1.ipynb", "ada"),
    "Canvas, a uuid": (f"lovelaceada_3143_207797_{SET}-0f8fad5b-d9cb-469f-a165-70867728950e.ipynb", "ada"),
    "Canvas, letters of all kinds": (f"müllerlüdenscheidtjürgen_3145_207798_{NB}", "juergen"),
    "Canvas, another name for the file": ("lovelaceada_3143_207797_final_version.ipynb", "ada"),
    "Moodle 4.1": (f"Ada Lovelace_1201_assignsubmission_file/{NB}", "ada"),
    "Moodle 4.1, a folder of the student's": (f"Ada Lovelace_1201_assignsubmission_file/my work/{NB}", "ada"),
    "Moodle 3.1": (f"Ada Lovelace_1201_assignsubmission_file_/{NB}", "ada"),
    "Moodle, flat": (f"Ada Lovelace_1201_assignsubmission_file_{NB}", "ada"),
    "Moodle, blind": (f"Participant_1201_assignsubmission_file/{NB}", "ada"),
    "Moodle, blind, German": (f"Teilnehmer/in_1201_assignsubmission_file/{NB}".replace("/in", " in"), "ada"),
    "Moodle, an unknown number": (f"Zoe OBrien_9999_assignsubmission_file/{NB}", "zoe"),
    "Moodle, last name first": (f"Müller-Lüdenscheidt Jürgen_9999_assignsubmission_file/{NB}", "juergen"),
    "Blackboard": (f"PS5_ada01_attempt_2026-03-05-23-05-01_{NB}", "ada"),
    "Blackboard, underscores everywhere": (f"Problem_set_5_smi_02_attempt_2026-03-05-23-05-01_my_{NB}", "bob"),
    "Brightspace": (f"501-77 - Ada Lovelace - Mar 5, 2026 1105 PM/{NB}", "ada"),
    "Brightspace, files": (f"501-77 - Ada Lovelace - Mar 5, 2026 208 PM - {NB}", "ada"),
    "Brightspace, the other order": (f"999-77 - Lovelace, Ada - Mar 5, 2026 208 PM/{NB}", "ada"),
    "Brightspace, a hyphen": (f"999-77 - Jürgen Müller-Lüdenscheidt - Mar 5, 2026 208 PM/{NB}", "juergen"),
    "Google Drive": (f"Ada Lovelace - {NB}", "ada"),
    "Google Drive, a copy": (f"Copy of Ada Lovelace - {NB}", "ada"),
    "Google Drive, a folder": (f"Ada Lovelace/Copy of {NB}", "ada"),
    "GitHub": (f"ps05-missing-labels-countess/{NB}", "ada"),
    "GitHub, hyphens": (f"ps05-bob-the-builder/notebooks/{NB}", "bob"),
    "GitHub, any name": (f"hw-five-bob-the-builder/{NB}", "bob"),
    "GitHub, a download": (f"ps05-missing-labels-countess-main/{NB}", "ada"),
    "GitHub Classroom": (f"mtl-five-submissions/mtl-five-countess/{NB}", "ada"),
    "nbgrader": (f"submitted/ada/{SET}/{NB}", "ada"),
    "nbgrader's exchange": (f"inbound/ada+{SET}+2026-03-05 22:05:00.123456 UTC/{NB}", "ada"),
    "nbgrader's exchange, newer": (f"inbound/ada+{SET}+2026-03-05 22:05:00.123456 UTC+aB3_x-Yz01qw/{NB}", "ada"),
    "nbgrader's zip_collect": (f"downloaded/{SET}/extracted/ada_{NB}", "ada"),
    "a folder per person": (f"ada/{NB}", "ada"),
    "a folder per person, deep": (f"course/group 1/ada/{SET}/{NB}", "ada"),
    "a folder per sender": (f"ada@u.edu/{SET} (1).ipynb", "ada"),
    "an attachment": (f"ada@u.edu - {NB}", "ada"),
    "an attachment, the other way round": (f"{SET} - Lovelace, Ada.ipynb", "ada"),
    "flat": (f"ada_{NB}", "ada"),
    "flat, by login": ("ps5-ada01.ipynb", "ada"),
    "a person's own name": ("Ada Lovelace.ipynb", "ada"),
    "a copy of Jupyter's": (f"ada/{SET}-Copy1.ipynb", "ada"),
    "capital letters": (f"ADA/{SET.upper()}.IPYNB", "ada"),
    "a browser's ending": (f"ada/{NB}.txt", "ada"),
    "an id with zeros": (f"007/{NB}", "007"),
    "Windows": (f"everything\\ada\\{NB}", "ada"),
}


@pytest.mark.parametrize(("path", "student"), FORMS.values(), ids=FORMS.keys())
@pytest.mark.parametrize("around", ["", "Submissions of March/"], ids=["as it is", "in one folder"])
def test_each_form_of_a_path_leads_to_its_person(course, download, path, student, around):
    data = answered()
    report = run(course, download((around + path, data)))
    assert placed(course) == {(student, SET, ".ipynb"): data}
    assert (report.exit_code, [one.status for one in report.outcomes]) == (0, ["placed"])


@pytest.mark.parametrize(("path", "student"), FORMS.values(), ids=FORMS.keys())
def test_a_zip_in_the_download_is_a_folder_of_its_name(course, download, tmp_path, path, student):
    path = re.sub(r"\.ipynb(\.txt)?$", ".ZIP", path, flags=re.IGNORECASE)
    inner = zipped(tmp_path / "inner.zip", ("notebook.ipynb", answered()))
    run(course, download((path, inner.read_bytes())))
    assert where(course) == {(student, SET)}


def test_what_is_placed_is_private(course, download):
    run(course, download((f"ada/{NB}", answered())))
    path = course.root / "submitted" / "ada" / SET / NB
    assert path.stat().st_mode & 0o777 == 0o600
    (kept,) = course.private.glob(f"attempts/{SET}/ada/*/{NB}")
    assert kept.stat().st_mode & 0o077 == 0
