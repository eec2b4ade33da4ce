"""A course with three real assignments, people whose names are hard, and downloads as the platforms make them."""

import contextlib
import json
import shutil
import sqlite3
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from autograder.desk.collecting.collect import collect
from autograder.grading.course import Course

ROOT = Path(__file__).parents[4]
SET, OTHER, QUICK = "ps05_missing_labels", "ps04_who_steers_the_trunk", "qt05_missing_labels"
NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
ENTRY = (2026, 3, 5, 22, 4, 0)  # the time of an archive's entry, on the course's clock
PEOPLE = f"""\
id,first_name,last_name,email,login,canvas,moodle:{SET},brightspace,github
ada,Ada,Lovelace,ada@u.edu,ada01,3143,1201,501,countess
bob,Bob,Smith,bob@u.edu,smi_02,3144,1202,502,bob-the-builder
juergen,Jürgen,Müller-Lüdenscheidt,jml@u.edu,mul03,3145,1203,503,jml
john1,John,Smith,js1@u.edu,joh04,3146,1204,504,john1
john2,John,Smith,js2@u.edu,joh05,3147,1205,505,john2
007,Bond,James,jb@u.edu,bon06,3148,1206,506,
zoe,Zoë,O'Brien,zoe@u.edu,obr07,3149,1207,507,zoe
"""


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """A course's folder with three assignments, as ``init`` would leave it; tests work on copies."""
    root = tmp_path_factory.mktemp("collecting")
    for name in (SET, OTHER, QUICK):
        (root / "sources" / name).mkdir(parents=True)
        shutil.copy(ROOT / "solutions" / name / f"{name}.ipynb", root / "sources" / name)
    Course.create(root / "course", "test", root / "sources")
    for name in (SET, OTHER, QUICK):
        (root / "course" / "release" / name).mkdir(parents=True)
        shutil.copy(ROOT / "exercises" / name / f"{name}.ipynb", root / "course" / "release" / name)
    return root / "course"


@pytest.fixture
def course(made, tmp_path):
    course = Course.open(shutil.copytree(made, tmp_path / "course"))
    course.roster_path.write_text(PEOPLE, encoding="utf-8")
    return course


@pytest.fixture
def nobody(made, tmp_path):
    """A course whose roster has no rows."""
    return Course.open(shutil.copytree(made, tmp_path / "nobody"))


def answered(who="somebody", name=SET, how_many=3):
    """A notebook as it was handed out with some answers begun; ``who`` makes it differ from others'."""
    notebook = json.loads((ROOT / "exercises" / name / f"{name}.ipynb").read_text())
    left = how_many
    for cell in notebook["cells"]:
        if left and cell["metadata"].get("nbgrader", {}).get("solution"):
            cell["source"] = f"# {who}\n" + "".join(cell["source"]).replace("raise", "pass  # raise")
            left -= 1
    return json.dumps(notebook).encode()


def zipped(path, *entries, when=ENTRY):
    """A zip of (name, bytes) or (name, bytes, time)."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data, *time in entries:
            file.writestr(zipfile.ZipInfo(name, time[0] if time else when), data)
    return path


@pytest.fixture
def download(tmp_path):
    """Make a zip of these entries, under a name that says nothing."""

    def make(*entries, name="download.zip", when=ENTRY):
        return zipped(tmp_path / name, *entries, when=when)

    return make


def run(course, *sources, **options):
    """Collect with a clock and a time zone that stand still, on the course as it is now."""
    options.setdefault("timezone", "UTC")
    return collect(Course.open(course.root), list(sources), now=NOW, **options)


def placed(course):
    """What lies in ``submitted/``: (student, problem set, the bytes)."""
    found = {}
    for path in sorted(course.root.glob("submitted/*/*/*")):
        if path.name != "timestamp.txt":
            found[path.parent.parent.name, path.parent.name, path.suffix] = path.read_bytes()
    return found


def where(course):
    """Whose folders hold something, without the bytes."""
    return {(student, name) for student, name, _ in placed(course)}


def handed_in(course, student, name=SET):
    return (course.root / "submitted" / student / name / "timestamp.txt").read_text()


def dated(course, name, due):
    """Give a problem set a due date, as nbgrader's gradebook holds it."""
    with contextlib.closing(sqlite3.connect(course.root / "gradebook.db")) as database, database:
        database.execute("CREATE TABLE assignment (id VARCHAR, name VARCHAR, duedate DATETIME)")
        database.execute("INSERT INTO assignment VALUES ('1', ?, ?)", (name, due))
