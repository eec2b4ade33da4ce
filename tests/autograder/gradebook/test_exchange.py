"""What a student can put into the exchange's inbox by hand, and what of it is collected."""

import os
import shutil
import stat
from types import SimpleNamespace

import pytest
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange import ExchangeFactory

from autograder.gradebook import exchange
from autograder.gradebook.exchange import CollectOwn
from autograder.gradebook.release import config_of
from tests.autograder.conftest import NAME

pwd = pytest.importorskip("pwd", reason="nbgrader's exchange is not for Windows")
EARLY, LATE = "2026-01-10 10:00:00.000000 UTC", "2026-01-10 11:00:00.000000 UTC"
ADA, BOB, NOBODY = 4001, 4002, 4003


@pytest.fixture
def inbox(tmp_path, monkeypatch):
    """An exchange's inbox in which a test decides whose a folder is."""
    owners = {}
    real = os.lstat

    def lstat(self):
        about = real(self)
        fields = {name: getattr(about, name) for name in dir(about) if name.startswith("st_")}
        return SimpleNamespace(**fields | {"st_uid": owners.get(self.name, about.st_uid)})

    accounts = {ADA: SimpleNamespace(pw_name="ada"), BOB: SimpleNamespace(pw_name="bob")}
    monkeypatch.setattr("pathlib.Path.lstat", lstat)
    monkeypatch.setattr(pwd, "getpwuid", accounts.__getitem__)
    folder = tmp_path / "exchange" / "test" / "inbound"
    folder.mkdir(parents=True)

    def put(who, text, owner, time=EARLY):
        place = folder / f"{who}+{NAME}+{time}+x1"
        place.mkdir()
        (place / f"{NAME}.ipynb").write_text(text)
        (place / "timestamp.txt").write_text(time)
        owners[place.name] = owner
        return place

    put.folder = folder
    return put


def collect(course, inbox, check_owner=True):
    """Collect into the course; give back the names and texts of what lies in `submitted/` then."""
    config = config_of(course)
    config.CourseDirectory.course_id = "test"
    config.CourseDirectory.assignment_id = NAME
    config.Exchange.root = str(inbox.folder.parents[1])
    config.ExchangeCollect.update = True
    config.ExchangeCollect.check_owner = check_owner
    collector = ExchangeFactory(config=config).Collect(coursedir=CourseDirectory(config=config), config=config)
    assert type(collector) is CollectOwn  # the course's own configuration says so
    collector.start()
    root = course.root / "submitted"
    return {path.relative_to(root).as_posix(): path.read_text() for path in sorted(root.rglob("*.ipynb"))}


def test_what_somebody_hands_in_under_another_name_is_left_out_and_their_own_counts(course, inbox, caplog):
    inbox("ada", "hers", ADA)
    inbox("ada", "a stranger's", BOB, LATE)
    assert collect(course, inbox) == {f"ada/{NAME}/{NAME}.ipynb": "hers"}
    assert "is owned by bob, not by ada" in caplog.text


@pytest.mark.parametrize("owner", [BOB, NOBODY])
def test_where_only_strangers_handed_in_for_somebody_nothing_is_collected(course, inbox, owner):
    inbox("ada", "a stranger's", owner)
    assert collect(course, inbox) == {}


def test_an_instructor_hands_in_for_somebody_by_owning_it(course, inbox):
    inbox("ada", "by hand", os.getuid())
    assert collect(course, inbox) == {f"ada/{NAME}/{NAME}.ipynb": "by hand"}


def test_on_a_hub_whose_students_share_an_account_names_are_believed(course, inbox):
    inbox("ada", "hers", NOBODY)
    assert collect(course, inbox, check_owner=False) == {f"ada/{NAME}/{NAME}.ipynb": "hers"}


def test_a_newer_attempt_takes_the_place_of_the_older_one(course, inbox):
    inbox("ada", "first", ADA)
    collect(course, inbox)
    inbox("ada", "second", ADA, LATE)
    assert collect(course, inbox) == {f"ada/{NAME}/{NAME}.ipynb": "second"}
    assert course.submission("ada", NAME).timestamp == LATE


def test_no_link_is_followed_with_the_instructors_rights(course, inbox, tmp_path, caplog):
    solution = tmp_path / "solution.ipynb"
    solution.write_text("secret")
    place = inbox("ada", "hers", ADA)
    (place / f"{NAME}.ipynb").unlink()
    (place / f"{NAME}.ipynb").symlink_to(solution)
    (place / "more").symlink_to(tmp_path)
    (inbox.folder / f"bob+{NAME}+{EARLY}+x1").symlink_to(shutil.copytree(place, tmp_path / "copy", symlinks=True))
    assert collect(course, inbox) == {}
    assert [path.name for path in (course.root / "submitted").rglob("*")].count("timestamp.txt") == 1
    assert "links are not followed" in caplog.text
    assert "is no folder" in caplog.text


@pytest.mark.parametrize("name", [f"ada+{NAME}+yesterday", f"..+{NAME}+{EARLY}", f"+{NAME}+{EARLY}", f"a+{NAME}+"])
def test_an_odd_name_is_no_reason_to_collect_nobodys(course, inbox, name):
    (inbox.folder / name).mkdir()
    inbox("bob", "his", BOB)
    assert collect(course, inbox, check_owner=False) == {f"bob/{NAME}/{NAME}.ipynb": "his"}


def test_a_folder_that_cannot_be_read_is_no_reason_to_collect_nobodys(course, inbox, monkeypatch, caplog):
    inbox("ada", "hers", ADA)
    inbox("bob", "his", BOB)
    real = exchange.folder.entries

    def entries(root, *names):
        if names[0].startswith("ada"):
            raise exchange.folder.NotTaken("`ada` cannot be opened: Permission denied")
        return real(root, *names)

    monkeypatch.setattr(exchange.folder, "entries", entries)
    assert collect(course, inbox) == {f"bob/{NAME}/{NAME}.ipynb": "his"}
    assert "Permission denied" in caplog.text


def test_what_is_collected_is_its_owners_alone_and_within_nbgraders_limit(course, inbox, caplog):
    place = inbox("ada", "hers", ADA)
    (place / "data").mkdir()
    (place / "data" / "small.csv").write_text("1")
    (place / "big.bin").write_bytes(b"0" * 2_000)
    (place / "__pycache__").mkdir()
    with (course.root / "nbgrader_config.py").open("a") as config:
        config.write("c.CourseDirectory.max_file_size = 1\n")
    collect(course, inbox)
    there = course.root / "submitted" / "ada" / NAME
    found = {path.relative_to(there).as_posix(): stat.S_IMODE(path.stat().st_mode) for path in there.rglob("*")}
    assert found == {f"{NAME}.ipynb": 0o600, "timestamp.txt": 0o600, "data": 0o700, "data/small.csv": 0o600}
    assert "big.bin" in caplog.text
