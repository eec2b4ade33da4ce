"""A class of 60 on the whole road: roster, collect, run, review, marking, changes, feedback, export, and back again.

The road is walked once, by the commands that an instructor types; every step leaves what it said and what there was
afterwards, and the tests below look at that. The seconds of each step are printed at the end.
"""

import contextlib
import csv
import hashlib
import html
import io
import json
import os
import re
import sys
import time
import zipfile
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook

from autograder.desk import cli
from tests import real_class
from tests.autograder.desk.platforms import importers
from tests.conftest import missing
from tests.real_class import BY_FIFO, BY_LINK, CLASS, LATE_ONES, MOST, NOTHING, QUICK, SET, TITLES, WRITTEN, Downloads

pytestmark = [
    pytest.mark.sandbox,
    pytest.mark.slow,
    pytest.mark.xdist_group("a real class"),  # with `--dist loadgroup` one worker walks the road, not each
]
DUE = datetime(2026, 3, 6)
POLICY = """
c.MtlGrade.timezone = "UTC"

from nbgrader.plugins import BasePlugin

class TwoPoints(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return {costs}

c.AssignLatePenalties.plugin_class = TwoPoints
"""
BY_ID = {pupil.id: pupil for pupil in CLASS}
ASSIGNMENTS = (SET, QUICK)
ZERO = "The file stayed unreadable after two reminders."
IN_THE_BROWSER = (0, 8, 23)  # whose written answer is marked with the mouse


@dataclass
class Said:
    """What a command said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass
class Road:
    """The course, what every step said, and what was there in between."""

    root: Path
    down: Downloads
    said: dict[str, Said] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    seen: dict[str, Any] = field(default_factory=dict)

    def do(self, step: str, *words: Any, code: int = 0) -> Said:
        """One command, as it is typed."""
        argv, sys.argv = sys.argv, ["mtl-grade", *map(str, words)]
        out, err = io.StringIO(), io.StringIO()
        started = time.monotonic()
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), pytest.raises(SystemExit) as ended:
                cli.main()
        finally:
            sys.argv = argv
        self.took(step, started)
        said = Said(int(ended.value.code or 0), out.getvalue(), err.getvalue())
        assert said.code == code, f"{words}: {said.code}\n{said.out[-3000:]}\n{said.err[-3000:]}"
        self.said[step] = said
        return said

    def took(self, step: str, started: float) -> None:
        name = step.partition(":")[0]
        self.seconds[name] = self.seconds.get(name, 0.0) + time.monotonic() - started

    def marks(self) -> dict[tuple[str, str], dict[str, Any]]:
        rows = self.do("look: export --json", "export", self.root, "--json").json
        return {(row["student"], row["assignment"]): row for row in rows}

    def files(self, *folders: str) -> dict[str, bytes]:
        """Every file of these folders of the course, by path, and its bytes."""
        found = {}
        for folder in folders:
            for path in sorted((self.root / folder).rglob("*")):
                if path.is_file() and not path.is_symlink():
                    found[os.fsencode(path.relative_to(self.root)).decode("utf-8", "replace")] = path.read_bytes()
        return found

    def pages(self) -> dict[str, bytes]:
        """The feedback pages, by path."""
        return {path: data for path, data in self.files("feedback").items() if path.endswith(".html")}


def gradebook(road: Road) -> Gradebook:
    return Gradebook(f"sqlite:///{road.root / 'gradebook.db'}")


@pytest.fixture(scope="module")
def road(tmp_path_factory, request):
    """The whole road, walked once."""
    base = tmp_path_factory.mktemp("a real class [2026]")
    road = Road(base / "mein Kurs", Downloads(base / "downloads"))
    road.down.root.mkdir()
    started = time.monotonic()
    for step in (
        begin, fill_roster, make_downloads, collect_all, put_by_hand, grade, settle, mark, give_back, move_marks, twice,
    ):  # fmt: skip
        step(road)
    total = time.monotonic() - started
    lines = [f"{seconds:7.1f} s  {step}" for step, seconds in road.seconds.items()]
    with request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
        print("\n".join(["", "a class of 60:", *lines, f"{total:7.1f} s  all of it"]), flush=True)
    return road


# ---- the steps ---------------------------------------------------------------------------------------------------


def begin(road):
    road.do("init", "init", road.root, "--course-id", "mtl-26")
    config = road.root / "nbgrader_config.py"
    config.write_text(config.read_text() + POLICY.format(costs=2.0))
    with gradebook(road) as book:  # as formgrader's form for an assignment does it
        book.update_or_create_assignment(SET, duedate=DUE)


def fill_roster(road):
    """Everything that the platforms say of the class, one file after the other."""
    files = {
        "canvas.csv": real_class.canvas_gradebook(),
        "moodle-ps.csv": real_class.moodle_worksheet(SET),
        "moodle-qt.csv": real_class.moodle_worksheet(QUICK),
        "moodle.csv": real_class.moodle_gradebook(),
        "blackboard.csv": real_class.blackboard_gradebook(),
        "brightspace.csv": real_class.brightspace_gradebook(),
        "github.csv": real_class.github_list(),
    }
    for name, data in files.items():
        (road.down.root / name).write_bytes(data)
    worksheets = {"moodle-ps.csv": ("--assignment", SET), "moodle-qt.csv": ("--assignment", QUICK)}
    canvas = road.down.root / "canvas.csv"
    doubtful = road.do("roster:doubts", "roster", canvas, "--course", road.root, "--json", code=1).json
    road.seen["doubts"] = [one["what"] for one in doubtful["doubtful"]]
    road.seen["roster while doubtful"] = (road.root / "roster.csv").read_text()
    road.do("roster:accepted", "roster", canvas, "--course", road.root, "--accept", "--json")
    for again in ("", " again"):
        for name in files:
            path = road.down.root / name
            road.do(f"roster:{name}{again}", "roster", path, "--course", road.root, *worksheets.get(name, ()), "--json")
        road.seen[f"roster{again}"] = (road.root / "roster.csv").read_bytes()
    road.do("roster:look", "roster", "--course", road.root, "--json")


def make_downloads(road):
    started = time.monotonic()
    for make in real_class.ALL:
        make(road.down)
    road.took("the class hands in", started)


def collect_all(road):
    """Every download at once; then the open questions are answered, and everything is collected again."""
    for step in ("first", "answered", "again"):
        codes = {"first": 1, "answered": 1, "again": 1}  # what cannot be taken stays refused
        road.do(f"collect:{step}", "collect", *road.down.sources, "--course", road.root, "--json", code=codes[step])
        road.seen[f"submitted {step}"] = road.files("submitted", ".mtl-grade/attempts")
        if step == "first":
            road.seen["questions"] = answer_questions(road)
    road.seen["questions left"] = (road.root / "open-questions.csv").exists()


def answer_questions(road):
    """Fill in the table as a person does who knows whose each file is."""
    path = road.root / "open-questions.csv"
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
    pieces = {one.shown: one for one in road.down.pieces}
    for row in rows:
        piece = next((one for shown, one in pieces.items() if row["file"].startswith(shown)), None)
        assert piece is not None, f"{row['file']} is nobody's"
        row["student"] = piece.pupil.id if piece.pupil else "-"
        row["assignment"] = row["assignment"] or piece.assignment
    with path.open("w", encoding="cp1252", errors="replace", newline="") as file:  # by a spreadsheet, in its own way
        table = csv.DictWriter(file, list(rows[0]), delimiter=";")
        table.writeheader()
        table.writerows(rows)
    return rows


def put_by_hand(road):
    """What stands in ``submitted/`` and came from no download: links, pipes, strangers, odd names, a bad time."""
    submitted = road.root / "submitted"
    secret = road.root / ".mtl-grade" / "secret"
    link = submitted / CLASS[BY_LINK].id / SET
    link.mkdir(parents=True)
    (link / f"{SET}.ipynb").symlink_to(secret)
    (link / "notes.txt").symlink_to(secret)
    pipe = submitted / CLASS[BY_FIFO].id / SET
    pipe.mkdir(parents=True)
    os.mkfifo(pipe / f"{SET}.ipynb")
    os.mkfifo(pipe / "timestamp.txt")
    for name in ("*", "[x]", "eve", b"caf\xe9"):
        folder = Path(os.fsdecode(os.path.join(os.fsencode(submitted), os.fsencode(name)))) / SET
        folder.mkdir(parents=True)
        (folder / f"{SET}.ipynb").write_bytes(real_class.of(real_class.STRANGER))
    (submitted / CLASS[56].id / SET / "timestamp.txt").write_text("yesterday, about tea time")
    (submitted / CLASS[2].id / "ps99_homework").mkdir()


def grade(road):
    road.do("run:first", "run", road.root, "--json")
    road.do("status", "status", road.root, "--json")
    road.do("review", "review", road.root, "--json")
    road.do("review:text", "review", road.root)
    road.seen["marks first"] = road.marks()


def settle(road):
    """A person looks at what waits: two as they were found, the Python file too, one unreadable gets no points."""
    for at in (8, 23, 24):
        road.do(f"review:{at}", "review", CLASS[at].id, SET, "--grade", "--course", road.root)
    road.do("review:25", "review", CLASS[25].id, SET, "--zero", ZERO, "--course", road.root)
    road.do("run:settled", "run", road.root, "--json")
    road.do("review:left", "review", road.root, "--json")
    road.seen["marks settled"] = road.marks()


def mark(road):
    """The written answers are marked by a person, some in formgrader with a browser."""
    started = time.monotonic()
    clicked = IN_THE_BROWSER if not missing("browser") else ()
    if clicked:
        in_formgrader(road, [CLASS[at] for at in clicked])
        road.took("marking in formgrader", started)
    started = time.monotonic()
    waiting = [who for (who, name), row in road.marks().items() if name == SET and row["status"] == "needs marking"]
    road.seen["waiting"] = {BY_ID[who].index for who in waiting} | set(clicked)
    with gradebook(road) as book:
        for who in waiting:
            grade = book.find_grade(WRITTEN, SET, SET, who)
            grade.manual_score, grade.needs_manual_grade = BY_ID[who].words, False  # what formgrader writes
        book.db.commit()
    road.took("marking by nbgrader's API", started)
    road.do("changes:none", "changes", road.root, "--json")
    road.do("run:marked", "run", road.root, "--json")
    road.seen["marks"] = road.marks()


def in_formgrader(road, pupils):
    """Type the marks into formgrader's page of each submission."""
    from playwright.sync_api import sync_playwright

    from tests.browser.conftest import SECONDS, TOKEN
    from tests.browser.real_servers import chromium, formgrader_of

    with gradebook(road) as book:
        ids = {one: book.find_submission_notebook(SET, SET, one.id).id for one in pupils}
    with (
        formgrader_of(road.root, road.root.parent / "server") as address,
        sync_playwright() as play,
        chromium(play) as browser,
    ):
        page = browser.new_page()
        page.set_default_timeout(SECONDS)
        page.goto(address.replace("/formgrader", f"/tree?token={TOKEN}"))  # logs in
        for pupil in pupils:
            page.goto(f"{address}/submissions/{ids[pupil]}")
            box = page.locator(f"input#{WRITTEN}.score")
            box.wait_for()
            # Only then does the page listen to the box (and it empties it once more when it begins to). Nothing else of
            # it is waited for: the rest of its start needs a script from the network.
            page.wait_for_function("formgrader.grades && formgrader.grades.loaded")
            text = page.locator("body").inner_text()
            assert pupil.token in text
            box.fill(str(pupil.words))
            with page.expect_response(lambda one: one.request.method == "PUT" and "/api/grade/" in one.url) as put:
                box.press("Tab")
            assert put.value.ok


def exports(road, when):
    """Every format into the platform's own file, and the feedback archives; gives back their bytes."""
    out = road.root.parent / f"out {when}"
    out.mkdir(exist_ok=True)
    down = road.down.root
    made = {}

    def export(name, form, *more):
        road.do(f"export:{name} {when}", "export", road.root, "--format", form, "--to", out / name, *more)
        made[name] = (out / name).read_bytes()

    export("canvas.csv", "canvas", "--like", down / "canvas.csv")
    for name, sheet in ((SET, "moodle-ps.csv"), (QUICK, "moodle-qt.csv")):
        export(sheet, "moodle", "--like", down / sheet, "--assignment", name)
    export("moodle.csv", "moodle", "--like", down / "moodle.csv")
    export("blackboard.csv", "blackboard", "--like", down / "blackboard.csv")
    export("brightspace.csv", "brightspace", "--like", down / "brightspace.csv")
    export("marks.csv", "csv", "--by-exercise")
    for form in ("canvas", "moodle", "blackboard", "brightspace"):
        export(f"minimal-{form}.csv", form)
    return made


def archives(road, when):
    """The feedback pages as each platform takes them back."""
    made = {}
    for form in ("canvas", "moodle", "brightspace"):
        path = road.root.parent / f"{form} {when}.zip"
        words = ["feedback", road.root, "--assignment", SET, "--zip", form, "--to", path, "--json"]
        said = road.do(f"feedback --zip:{form} {when}", *words).json
        with zipfile.ZipFile(path) as archive:
            made[form] = {name: archive.read(name) for name in archive.namelist()}
        made[form, "left"] = said["archive"]["left"]
    return made


def give_back(road):
    road.do("feedback:first", "feedback", road.root, "--json")
    road.seen["pages"] = road.pages()
    road.seen["archives"] = archives(road, "first")
    road.seen["exports"] = exports(road, "first")
    road.do("report", "report", road.root, "--json")


def move_marks(road):
    """After marks were given back: somebody gets an extension, somebody hands in anew, being late costs less."""
    with gradebook(road) as book:
        book.find_submission(SET, CLASS[35].id).extension = timedelta(days=3)
        book.db.commit()
    path = real_class.blackboard_again(road.down)
    road.do("collect:new attempt", "collect", path, "--course", road.root, "--json")
    before = road.marks()
    road.do("changes", "changes", road.root, "--json", code=1)
    assert {key: row["raw_score"] for key, row in road.marks().items()} == {
        key: row["raw_score"] for key, row in before.items()
    }
    road.do("run:held", "run", road.root, "--json", code=1)
    road.seen["marks held"] = road.marks()
    road.do("run:yes", "run", road.root, "--yes", "--json")
    road.seen["marks moved"] = road.marks()
    with gradebook(road) as book:  # the new attempt's written answer says the same: its mark stands
        grade = book.find_grade(WRITTEN, SET, SET, CLASS[31].id)
        road.seen["reopened"] = (grade.manual_score, grade.needs_manual_grade)


def twice(road):
    """Every command once more: nothing changes."""
    road.do("feedback:moved", "feedback", road.root, "--json")
    road.seen["pages moved"] = road.pages()
    road.seen["exports moved"] = exports(road, "moved")
    road.do("run:twice", "run", road.root, "--json")
    road.do("collect:twice", "collect", *road.down.sources, "--course", road.root, "--json", code=1)
    road.do("changes:twice", "changes", road.root, "--json")
    road.do("feedback:twice", "feedback", road.root, "--json")
    road.seen["submitted twice"] = road.files("submitted", ".mtl-grade/attempts")
    road.seen["exports twice"] = exports(road, "twice")
    road.seen["marks twice"] = road.marks()


# ---- what must be so ---------------------------------------------------------------------------------------------


def placed_files(road):
    """What lies in ``submitted/`` after all was collected: the bytes by (pupil, problem set)."""
    found = {}
    for path, data in road.seen["submitted again"].items():
        parts = path.split("/")
        if parts[0] == "submitted" and parts[-1] != "timestamp.txt":
            assert (BY_ID[parts[1]], parts[2]) not in found, f"two files: {path}"
            found[BY_ID[parts[1]], parts[2]] = data
    return found


def tokens_in(data):
    """The logins of everybody whose words stand in this, whatever the encoding is."""
    text = html.unescape(data.replace(b"\0", b"").decode("utf-8", "replace"))
    return set(re.findall(r"written by <<([^>]+)>>", text))


def outcomes(report):
    return [one for status in ("placed", "replaced", "kept", "already_here") for one in report[status]]


def marks_of(road, key):
    """(pupil, problem set): (mark to two places, status)."""
    rows = road.seen[key].items()
    return {(BY_ID[who], name): (row["score"], row["status"]) for (who, name), row in rows}


def all_expected():
    return {(pupil, name): real_class.expected(pupil, name) for pupil in CLASS for name in ASSIGNMENTS}


def told(name):
    """The marks that leave for the students, by pupil."""
    return {one: mark for (one, which), mark in all_expected().items() if which == name and mark is not None}


# -- who


def test_people_of_one_name_are_a_question_and_until_it_is_answered_nothing_is_written(road):
    assert len(road.seen["doubts"]) == 3  # two John Smiths, two Maria Garcias, and Wei Li after Li Wei
    assert all("two people of one name?" in one for one in road.seen["doubts"])
    assert road.seen["roster while doubtful"] == "id,first_name,last_name,email\n"


def test_everybody_is_on_the_roster_once_with_what_every_platform_calls_them(road):
    people = {one["id"]: one for one in road.said["roster:look"].json["people"]}
    assert list(people) == [pupil.id for pupil in CLASS]
    for pupil in CLASS:
        row = people[pupil.id]
        assert (row["first_name"], row["last_name"]) == (pupil.first, pupil.last)
        assert (row["email"], row["login"], row["canvas"], row["github"]) == (
            pupil.email, pupil.login, pupil.canvas, pupil.github,
        )  # fmt: skip
        assert {name: row[f"moodle:{name}"] for name in ASSIGNMENTS} == {one: pupil.moodle(one) for one in ASSIGNMENTS}


def test_reading_every_list_again_changes_nothing_on_the_roster(road):
    assert road.seen["roster again"] == road.seen["roster"]


# -- what


def test_no_file_is_lost_each_is_placed_kept_as_an_attempt_or_named(road):
    first, again = road.said["collect:first"].json, road.said["collect:again"].json
    kept = {
        hashlib.sha256(data).hexdigest()
        for path, data in road.seen["submitted twice"].items()
        if not path.endswith((".json", ".txt"))
    }
    named = [one["file"] for one in first["open"] + first["refused"]]
    named += [sentence for one in outcomes(again) for sentence in one["said"] if "not taken" in sentence]
    lost = []
    for piece in road.down.pieces:
        data = real_class.of(piece.pupil) if piece.path.endswith("zip") else piece.data
        is_there = hashlib.sha256(data).hexdigest() in kept or any(piece.shown in one for one in named)
        lost += [] if is_there else [piece.shown]
    assert lost == []


def test_nobody_is_taken_for_another_and_who_handed_in_nothing_has_nothing(road):
    found = placed_files(road)
    by_hand = {BY_LINK, BY_FIFO}
    wanted = {
        (pupil, name)
        for pupil in CLASS
        for name in ASSIGNMENTS
        if pupil.index not in NOTHING[name] and not (name == SET and pupil.index in by_hand)
    }
    assert set(found) == wanted
    unreadable = {21, 25}
    for (pupil, name), data in found.items():
        if name == QUICK or pupil.index not in unreadable:
            assert tokens_in(data) == {pupil.login}, (pupil, name)


def test_only_what_no_download_says_was_asked(road):
    asked = {real_class_of(road, row["file"]) for row in road.seen["questions"]}
    assert asked == {12, 13, 39, 40, None}
    assert len(road.seen["questions"]) == 6
    assert road.said["collect:answered"].json["open"] == []
    assert not road.seen["questions left"]


def real_class_of(road, file):
    """Whose a file is in truth."""
    (piece,) = (one for one in road.down.pieces if one.shown == file)
    return piece.pupil.index if piece.pupil else None


def test_the_newest_attempt_counts_whatever_is_collected_last(road):
    found, attempts = placed_files(road), road.root / ".mtl-grade" / "attempts" / SET
    for at, several in ((30, 2), (42, 2), (31, 1)):
        pupil = CLASS[at]
        assert found[pupil, SET] == real_class.of(pupil)
        before = [path for path in road.seen["submitted again"] if f"attempts/{SET}/{pupil.id}/" in path]
        assert len([path for path in before if path.endswith("attempt.json")]) == several
    assert len(list((attempts / CLASS[31].id).glob("*/attempt.json"))) == 2  # the one that came later


def test_times_are_those_of_the_handing_in(road):
    late = {}
    for path, data in road.seen["submitted again"].items():
        parts = path.split("/")
        if parts[0] == "submitted" and parts[-1] == "timestamp.txt":
            when = datetime.strptime(data.decode(), "%Y-%m-%d %H:%M:%S.%f UTC")
            late[BY_ID[parts[1]].index, parts[2]] = when > DUE
            assert when in (datetime(*real_class.IN_TIME), datetime(*real_class.LATE))
    assert {at for (at, name), is_so in late.items() if is_so and name == SET} == LATE_ONES


def test_collecting_everything_again_changes_nothing(road):
    assert road.seen["submitted again"] == road.seen["submitted answered"]
    twice = road.said["collect:twice"].json
    assert (twice["placed"], twice["replaced"], twice["kept"], twice["open"]) == ([], [], [], [])


# -- marks


def test_what_a_person_must_see_is_listed_and_nobody_else(road):
    listed = road.said["review"].json
    of_the_class = {(BY_ID[one["student"]].index, one["assignment"]) for one in listed if one["student"] in BY_ID}
    assert of_the_class == {(at, SET) for at in (8, 21, 23, 24, 25, BY_LINK, BY_FIFO)} | {(2, "ps99_homework")}
    assert {one["student"] for one in listed} - set(BY_ID) == {"*", "[x]", "caf\ufffd", "eve"}
    assert {one[0] for one in road.said["run:first"].json["strangers"]} == {"*", "[x]", "caf\ufffd", "eve"}
    left = {BY_ID[one["student"]].index for one in road.said["review:left"].json if one["assignment"] == SET}
    assert left == {21, BY_LINK, BY_FIFO}


def test_nobody_has_a_zero_that_a_person_has_to_give(road):
    for key in ("marks first", "marks settled"):
        for (pupil, name), (score, status) in marks_of(road, key).items():
            if pupil.index in NOTHING[name]:
                assert (score, status) == (None, "not handed in")
            elif name == QUICK:
                assert (score, status) == (pupil.quick, "graded")
            elif (key, pupil.index) == ("marks settled", 25):
                assert (score, status) == (0.0, "graded")
            else:
                assert score is None
                assert status in ("needs marking", "for review")


def test_everybody_has_a_row_and_strangers_have_none(road):
    assert set(marks_of(road, "marks")) == set(all_expected())
    with gradebook(road) as book:
        people = {one.id: (one.first_name or "", one.last_name or "", one.email) for one in book.students}
    assert people == {pupil.id: (pupil.first, pupil.last, pupil.email) for pupil in CLASS}


def test_every_mark_is_on_the_right_person(road):
    assert {key: score for key, (score, _) in marks_of(road, "marks").items()} == all_expected()
    whole = [mark for pupil, mark in told(SET).items()]
    assert len(set(whole)) == len(whole)


def test_the_written_answer_of_everybody_who_wrote_one_waited_for_a_person(road):
    assert road.seen["waiting"] == {one.index for one in CLASS if one.index not in NOTHING[SET]} - {
        21, 25, BY_LINK, BY_FIFO,
    }  # fmt: skip


def test_links_and_secrets_do_not_travel(road):
    secret = (road.root / ".mtl-grade" / "secret").read_text().strip()
    found = road.files("autograded", "feedback", ".mtl-grade/records")
    assert len(found) > 200
    assert not [path for path, data in found.items() if secret.encode() in data]


def test_a_moved_mark_is_shown_before_it_moves_and_moves_only_with_a_yes(road):
    again, extended = CLASS[31], CLASS[35]
    before = {key: score for key, (score, _) in marks_of(road, "marks").items()}
    after = before | {
        (again, SET): round(sum(real_class.POINTS.values()) + again.words, 2),
        (extended, SET): round(before[extended, SET] + real_class.LATE_COSTS, 2),
    }
    moved = [
        (BY_ID[one["student"]], one["assignment"], one["before"], one["after"], one["given_back"])
        for one in road.said["changes"].json["changes"]
    ]
    assert moved == [(one, SET, before[one, SET], after[one, SET], True) for one in (again, extended)]
    assert {key: score for key, (score, _) in marks_of(road, "marks held").items()} == before
    assert {key: score for key, (score, _) in marks_of(road, "marks moved").items()} == after
    assert [one["student"] for one in road.said["run:held"].json["entered"]["held"]] == [again.id, extended.id]


def test_a_manual_mark_stays_where_the_written_answer_says_the_same(road):
    assert road.seen["reopened"] == (CLASS[31].words, False)


# -- back to the students


def text_of(page):
    """What a person reads on a page."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<style.*?</style>|<[^>]+>", " ", page.decode(), flags=re.DOTALL)))


def test_each_page_says_its_own_mark_and_nobody_elses_name(road):
    pages = road.seen["pages"]
    assert len(pages) == sum(len(CLASS) - len(NOTHING[name]) for name in ASSIGNMENTS)
    for path, page in pages.items():
        _, who, name, _ = path.split("/")
        pupil, text = BY_ID[who], text_of(page)
        mark = real_class.expected(pupil, name)
        wanted = "Waiting for a person" if mark is None else f"{mark:g} of {MOST[name]} points"
        assert f"Your mark {wanted}" in text, path
        assert pupil.name in text
        assert tokens_in(page) <= {pupil.login}
        others = [one for one in CLASS if one.name not in pupil.name]
        assert not [one for one in others if one.id in text or one.email in text]
        assert not [one for one in others if len(one.name) > 6 and one.name in text]
    assert ZERO in text_of(pages[f"feedback/{CLASS[25].id}/{SET}/{SET}.html"])


def test_only_pages_that_say_something_else_are_made_anew(road):
    moved = {path for path, page in road.seen["pages moved"].items() if page != road.seen["pages"][path]}
    assert moved == {f"feedback/{CLASS[at].id}/{SET}/{SET}.html" for at in (31, 35)}
    assert road.said["feedback:twice"].json["made"] == []


def test_feedback_archives_go_to_the_right_people(road):
    archives = road.seen["archives"]
    canvas = importers.canvas_takes(archives["canvas"])
    assert {user for user, _ in canvas.values()} == {
        CLASS[at].canvas for at in range(12) if at not in NOTHING[SET] | {8}
    }
    for name, (user, attachment) in canvas.items():
        (pupil,) = (one for one in CLASS if one.canvas == user)
        assert attachment == ("207903" if pupil.index == 3 else str(207700 + pupil.index))
        assert tokens_in(archives["canvas"][name]) == {pupil.login}
        assert f"{told(SET)[pupil]:g} of {real_class.MOST[SET]} points" in archives["canvas"][name].decode()
    moodle = importers.moodle_takes(archives["moodle"])
    assert {number for number, _ in moodle.values()} == {
        one.moodle(SET) for one in CLASS if one.index not in NOTHING[SET]
    }
    for name, (number, _) in moodle.items():
        (pupil,) = (one for one in CLASS if one.moodle(SET) == number)
        assert archives["moodle"][name] == road.seen["pages"][f"feedback/{pupil.id}/{SET}/{SET}.html"]
    for name, page in archives["brightspace"].items():
        (pupil,) = (one for one in CLASS if name.startswith(f"{500 + one.index}-"))
        assert page == road.seen["pages"][f"feedback/{pupil.id}/{SET}/{SET}.html"]
    assert len(archives["brightspace"]) == 6


# -- exports, read back as the platforms read them


def read_back(road, key):
    """What stands in each platform's gradebook after its import, by pupil and problem set."""
    made = road.seen[key]
    by_canvas, by_login = {one.canvas: one for one in CLASS}, {one.login: one for one in CLASS}
    students = {"id": {one.canvas: one.canvas for one in CLASS}, "sis": {}, "login": {}}
    students["sis"] = {one.id: one.canvas for one in CLASS}
    students["login"] = {one.login: one.canvas for one in CLASS}
    students["id"]["test"] = "3998"  # the test student
    numbers = {number: TITLES[name] for name, number in real_class.CANVAS_IDS.items()} | {"88125": "Essay"}
    sets = {number: name for name, number in real_class.CANVAS_IDS.items()}
    found = {}
    canvas = importers.into_canvas(made["canvas.csv"], numbers, students)
    assert {mark for (_, number), mark in canvas.items() if number == "88125"} == {7.5}
    found["canvas"] = {(by_canvas[who], sets[number]): mark for (who, number), mark in canvas.items() if number in sets}
    found["moodle worksheet"] = {}
    for name, sheet in ((SET, "moodle-ps.csv"), (QUICK, "moodle-qt.csv")):
        by_number = {one.moodle(name): one for one in CLASS}
        after = importers.into_moodle_worksheet(made[sheet], dict.fromkeys(by_number), maximum=float(MOST[name]))
        found["moodle worksheet"] |= {(by_number[who], name): mark for who, mark in after.items() if mark is not None}
    found["moodle"] = {}
    for name in ASSIGNMENTS:
        data = made["moodle.csv"].replace(b",-", b",")  # a dash is Moodle's own word for nothing
        grades = importers.into_moodle_gradebook(data, f"Assignment: {TITLES[name]} (Real)", "ID number")
        found["moodle"] |= {(BY_ID[who], name): mark for who, mark in grades.items()}
    columns = {number: name for name, number in real_class.BLACKBOARD_IDS.items()} | {"534280": "total"}
    blackboard = importers.into_blackboard(made["blackboard.csv"], columns)
    found["blackboard"] = {(by_login[who], columns[number]): mark for (who, number), mark in blackboard.items()}
    items = {title: MOST[name] for name, title in TITLES.items()}
    brightspace = importers.into_brightspace(made["brightspace.csv"], items)
    by_title = {title: name for name, title in TITLES.items()}
    found["brightspace"] = {(by_login[who], by_title[item]): mark for (who, item), mark in brightspace.items()}
    return found


@pytest.mark.parametrize("platform", ["canvas", "moodle worksheet", "moodle", "blackboard", "brightspace"])
def test_each_platform_takes_every_mark_for_the_right_person_and_no_other(road, platform):
    wanted = {key: mark for key, mark in all_expected().items() if mark is not None}
    assert read_back(road, "exports")[platform] == wanted
    moved = {(BY_ID[who], name): row["score"] for (who, name), row in road.seen["marks moved"].items()}
    assert read_back(road, "exports moved")[platform] == {key: mark for key, mark in moved.items() if mark is not None}


@pytest.mark.parametrize(
    ("file", "ours"),
    [
        ("canvas.csv", 2), ("moodle-ps.csv", 1), ("moodle-qt.csv", 1), ("moodle.csv", 2), ("blackboard.csv", 2),
        ("brightspace.csv", 2),
    ],
)  # fmt: skip
def test_a_platforms_own_file_changes_in_our_columns_only(road, file, ours):
    before, after = (road.down.root / file).read_bytes(), road.seen["exports"][file]
    assert before[:3] == after[:3]
    assert before.count(b"\r\n") == after.count(b"\r\n")
    rows = [importers.table(data) for data in (before, after)]
    assert [len(row) for row in rows[0]] == [len(row) for row in rows[1]]
    changed = {
        (number, at)
        for number, (old, new) in enumerate(zip(*rows, strict=True))
        for at in range(len(old))
        if old[at] != new[at]
    }
    assert len({at for _, at in changed}) == ours
    names = {SET} if file == "moodle-ps.csv" else {QUICK} if file == "moodle-qt.csv" else set(ASSIGNMENTS)
    assert len(changed) == sum(len(told(name)) for name in names)


def test_the_table_of_the_class_has_everybody_and_says_who_handed_in_nothing(road):
    rows = list(csv.DictReader(io.StringIO(road.seen["exports"]["marks.csv"].decode())))
    assert [row["student"] for row in rows] == [pupil.id for pupil in CLASS]
    for pupil, row in zip(CLASS, rows, strict=True):
        for name in ASSIGNMENTS:
            mark = real_class.expected(pupil, name)
            nothing = "not handed in" if pupil.index in NOTHING[name] else ""
            assert row[name] == (nothing if mark is None else f"{mark:g}")


def test_every_command_a_second_time_changes_nothing(road):
    assert road.seen["exports twice"] == road.seen["exports moved"]
    assert road.seen["marks twice"] == road.seen["marks moved"]
    done = road.said["run:twice"].json
    assert (done["graded"], done["entered"]["written"], done["entered"]["changes"]) == (0, 0, [])
    assert road.said["changes:twice"].json["changes"] == []
