"""A class of 60, made by a script: who is in it, what each hands in, and each platform's downloads and exports.

Every name, number and form is one that the platforms write. Everybody's answers differ and so does every mark, so that
a mark that lands on somebody else is seen: the points of the code are a choice of exercises, and what a person gives
for the written answer has a fraction of a point that nobody else's has.
"""

from __future__ import annotations

import csv
import io
import json
import os
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
SET, QUICK = "ps05_missing_labels", "qt05_missing_labels"
TITLES = {SET: "Problem set 5", QUICK: "Quick test 5"}
CANVAS_IDS = {SET: "88123", QUICK: "88124"}
BLACKBOARD_IDS = {SET: "534283", QUICK: "534284"}
WRITTEN = "why-masking"
IN_TIME, LATE = (2026, 3, 5, 22, 4, 0), (2026, 3, 7, 10, 0, 0)
SAVED = datetime(*IN_TIME, tzinfo=UTC).timestamp()
ON_TIME_TEXT, LATE_TEXT = "2026-03-05-22-04-00", "2026-03-07-10-00-00"
POINTS = {  # what each exercise is worth
    "source_exercise_1": 2,
    "ctr_cvr_total": 3,
    "masked_mean": 9,
    "test_masked_mean": 13,
    "masked_bce_with_logits": 10,
    "multitask_masked_mse": 10,
    "ctr_cvr_loss": 10,
}
IN_WORDS = 6  # what the written answer is worth
MOST = {SET: sum(POINTS.values()) + IN_WORDS, QUICK: 7}
NAMES = """\
Ada|Lovelace
Bob|Smith
Jürgen|Müller-Lüdenscheidt
Zoë|O'Brien
John|Smith
John|Smith
محمد|الخوارزمي
Chloé|D'Hérouville
Grace|Hopper
Alan|Turing
Emmy|Noether
Kurt|Gödel
Evariste|Galois
Sofja|Kowalewskaja
Paul|Erdős
Stefan|Banach
Srinivasa|Ramanujan
Maryam|Mirzakhani
Ørsted|Åkesson
Łukasz|Żółty
Đặng|Thị Ngọc
Siobhán|Ní Bhriain
José Luis|García Pérez
Ana María|de la Cruz
שרה|כהן
Li|Wei
Wei|Li
|Teller
Xi|Zhao
Anne-Marie|Saint-Exupéry
Rosalind|Franklin
Lise|Meitner
Max|Planck
Niels|Bohr
Marie|Curie
Otto|Hahn
Erwin|Schrödinger
Carl|Gauß
Pierre|Fermat
Maria|Garcia
Maria|Garcia
Leonhard|Euler
Daniel|Bernoulli
Hypatia|Alexandria
Isaac|Newton
Blaise|Pascal
Joseph|Fourier
Linus|Pauling
Edsger|Dijkstra
Barbara|Liskov
Donald|Knuth
Tim|Berners-Lee
Vint|Cerf
Radia|Perlman
Margaret|Hamilton
Katherine|Johnson
Dorothy|Vaughan
Mary|Jackson
Annie|Easley
Frances|Allen
"""


@dataclass(frozen=True)
class Pupil:
    """One of the 60, with what every platform calls them."""

    index: int
    first: str
    last: str

    @property
    def id(self) -> str:
        """The matriculation number; its zeros in front matter."""
        return f"00{4711 + 37 * self.index}"

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}".strip()

    @property
    def sortable(self) -> str:
        return f"{self.last}, {self.first}" if self.first else self.last

    @property
    def login(self) -> str:
        """The account; some have an underscore or a hyphen in it."""
        return f"u{self.index:02}" + {3: "_x", 4: "-y", 9: ".z"}.get(self.index % 10, "")

    @property
    def email(self) -> str:
        return f"{self.login}@u.edu"

    @property
    def canvas(self) -> str:
        return str(3100 + self.index)

    def moodle(self, name: str) -> str:
        """The participant number, another one in every assignment."""
        return str((1200 if name == SET else 1400) + self.index)

    @property
    def github(self) -> str:
        return f"gh-{self.login.replace('_', '-').replace('.', '-')}"

    @property
    def canvas_name(self) -> str:
        """The sortable name in small letters without anything that is no letter."""
        return "".join(letter for letter in self.sortable.lower() if letter.isalnum())

    @property
    def token(self) -> str:
        """What stands in all that this person hands in and in nobody else's."""
        return f"written by <<{self.login}>>"

    # ---- what they know

    @property
    def right(self) -> tuple[str, ...]:
        """The exercises that this person solves: always masked_mean, and of the others a choice of their own."""
        others = [name for name in POINTS if name != "masked_mean"]
        return ("masked_mean", *(name for at, name in enumerate(others) if (self.index + 1) >> at & 1))

    @property
    def code(self) -> float:
        return float(sum(POINTS[name] for name in self.right))

    @property
    def words(self) -> float:
        """What a person gives for the written answer: its hundredths are nobody else's."""
        return self.index % 4 + (self.index + 1) / 100

    @property
    def quick(self) -> float:
        """How many questions of the quick test are answered rightly."""
        return float((self.index * 3 + self.index // 8) % 8)


CLASS = tuple(Pupil(index, *line.split("|")) for index, line in enumerate(NAMES.splitlines()))


# ---- what they hand in -------------------------------------------------------------------------------------------


@cache
def _read(folder: str, name: str) -> str:
    return (ROOT / folder / name / f"{name}.ipynb").read_text(encoding="utf-8")


def _solution(name: str, cell_id: str) -> str:
    (cell,) = (cell for cell in json.loads(_read("solutions", name))["cells"] if cell["id"] == cell_id)
    return "".join(line for line in _lines(cell) if "### " not in line or "SOLUTION" not in line)


def _lines(cell: dict[str, Any]) -> list[str]:
    source = cell["source"]
    return source.splitlines(keepends=True) if isinstance(source, str) else source


def notebook(pupil: Pupil, name: str = SET, right: Iterable[str] | None = None) -> dict[str, Any]:
    """What was handed out, with this person's answers."""
    made: dict[str, Any] = json.loads(_read("exercises", name))
    solved = set(pupil.right if right is None else right)
    for cell in made["cells"]:
        if cell["id"] == WRITTEN:
            cell["source"] = f"The mask leaves rows out before the loss is taken ({pupil.token})."
        elif name == SET and cell["id"] in solved:
            cell["source"] = f"# {pupil.token}\n{_solution(name, cell['id'])}"
        elif name == QUICK and cell["id"].startswith("quick-"):
            number = int(cell["id"].rpartition("-")[2])
            letter = _solution(name, cell["id"]).rpartition("= ")[2].strip().strip('"')
            if number > pupil.quick:
                letter = "B" if letter == "A" else "A"
            cell["source"] = f'answer_{number} = "{letter}"  # {pupil.token}'
    return made


def as_bytes(made: dict[str, Any]) -> bytes:
    return json.dumps(made, indent=1).encode()


def _bom(made: dict[str, Any]) -> bytes:
    return b"\xef\xbb\xbf" + as_bytes(made)


def _utf16(made: dict[str, Any]) -> bytes:
    return json.dumps(made, ensure_ascii=False).encode("utf-16")


def _no_metadata(made: dict[str, Any]) -> bytes:
    made.pop("metadata")
    for cell in made["cells"]:
        cell.pop("outputs", None)
        cell.pop("execution_count", None)
    return as_bytes(made)


def _format_3(made: dict[str, Any]) -> bytes:
    cells = []
    for cell in made["cells"]:
        old = {key: value for key, value in cell.items() if key not in ("id", "source", "execution_count")}
        if cell["cell_type"] == "code":
            old |= {"input": cell["source"], "language": "python", "prompt_number": 3}
        else:
            old["source"] = cell["source"]
        cells.append(old)
    return as_bytes({"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": cells}]})


def _surrogate(made: dict[str, Any]) -> bytes:
    for cell in made["cells"]:
        if cell["id"] == "masked_mean":
            cell["source"] += "\n# \ud83d half a smile"
    return as_bytes(made)


def _as_markdown(made: dict[str, Any]) -> bytes:
    """The answer to masked_mean turned into a text cell, as the key M does it."""
    for cell in made["cells"]:
        if cell["id"] == "masked_mean":
            cell["cell_type"] = "markdown"
            cell.pop("outputs", None)
            cell.pop("execution_count", None)
    return as_bytes(made)


def _lost_cell(made: dict[str, Any]) -> bytes:
    """The written answer in a cell of the student's own, behind the question; the cell for it is gone."""
    for cell in made["cells"]:
        if cell["id"] == WRITTEN:
            cell["id"] = "f00dcafe"
            cell["metadata"] = {}
    return as_bytes(made)


def as_python(pupil: Pupil) -> bytes:
    """The answers as a plain Python file."""
    parts = [f"# {pupil.token}: the mask leaves rows out before the loss is taken.", "import math", "import torch"]
    parts += ["import torch.nn.functional as F", *(_solution(SET, name) for name in pupil.right)]
    return "\n\n".join(parts).encode()


FORMS = {"bom": _bom, "utf-16": _utf16, "no metadata": _no_metadata, "format 3": _format_3, "surrogate": _surrogate}
FORMS |= {"markdown": _as_markdown, "lost cell": _lost_cell}


# ---- downloads ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Piece:
    """One file of one download: where it lies, whose it is, what it is of."""

    source: str
    path: str
    data: bytes
    pupil: Pupil | None
    assignment: str = SET
    when: tuple[int, ...] = IN_TIME

    @property
    def shown(self) -> str:
        return f"{self.source}/{self.path}"


@dataclass
class Downloads:
    """Everything that the platforms give, made below one folder."""

    root: Path
    pieces: list[Piece] = field(default_factory=list)
    sources: list[Path] = field(default_factory=list)

    def zip(self, name: str, pieces: Iterable[Piece], extra: Iterable[tuple[str, bytes]] = ()) -> Path:
        """An archive of these."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.zipped([(one.path, one.data, one.when) for one in self._noted(pieces)], extra))
        self.sources.append(path)
        return path

    def folder(self, name: str, pieces: Iterable[Piece], extra: Iterable[tuple[str, bytes]] = ()) -> Path:
        """A folder of these."""
        for path, data in [*((one.path, one.data) for one in self._noted(pieces)), *extra]:
            file = self.root / name / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
            os.utime(file, (SAVED, SAVED))  # when the mail came, or the file was put there
        self.sources.append(self.root / name)
        return self.root / name

    def _noted(self, pieces: Iterable[Piece]) -> list[Piece]:
        pieces = list(pieces)
        self.pieces += [one for one in pieces if one.pupil or one.path.endswith((".ipynb", ".IPYNB"))]
        return pieces

    @staticmethod
    def zipped(entries: Iterable[tuple[str, bytes, tuple[int, ...]]], extra: Iterable[tuple[str, bytes]] = ()) -> bytes:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for path, data, when in [*entries, *((path, data, IN_TIME) for path, data in extra)]:
                archive.writestr(zipfile.ZipInfo(path, when), data)  # type: ignore[arg-type]
        return packed.getvalue()


def of(pupil: Pupil, name: str = SET, form: str = "", right: Iterable[str] | None = None) -> bytes:
    """The bytes that a person hands in."""
    return FORMS.get(form, as_bytes)(notebook(pupil, name, right))


STRANGER = Pupil(99, "Eve", "Dropped")
LITTER = (("__MACOSX/._x_1_2_ps05_missing_labels.ipynb", b"\0\5\x16\7"), (".DS_Store", b"\0\0\0\1Bud1"))
CHECKPOINT = ".ipynb_checkpoints/ps05_missing_labels-checkpoint.ipynb"
CANVAS_ZIP = "mtl-ps05_missing_labels submissions.zip"


def canvas(down: Downloads) -> Path:
    """Canvas's download: LATE, an upload again with ``-1``, a text entry, the wrong set, another name, a stranger."""
    forms = {7: "bom"}

    def piece(pupil: Pupil, data: bytes, file: str = f"{SET}.ipynb", attachment: int = 0, **more: Any) -> Piece:
        number = attachment or 207700 + pupil.index
        late = "_LATE" if more.get("when") == LATE else ""
        return Piece(CANVAS_ZIP, f"{pupil.canvas_name}{late}_{pupil.canvas}_{number}_{file}", data, pupil, **more)

    def pieces() -> Iterator[Piece]:
        for pupil in CLASS[:12]:
            if pupil.index == 1:
                yield piece(pupil, of(pupil), when=LATE)
            elif pupil.index == 3:
                yield piece(pupil, of(pupil, right=["masked_mean"]))
                yield piece(pupil, of(pupil), f"{SET}-1.ipynb", 207903)
            elif pupil.index == 8:
                yield piece(pupil, as_python(pupil), "solutions.py")
            elif pupil.index == 9:
                yield Piece(CANVAS_ZIP, f"{pupil.canvas_name}_{pupil.canvas}_text.html", b"<p>see my mail</p>", pupil)
            elif pupil.index == 10:
                yield piece(pupil, of(pupil, QUICK), assignment=QUICK)
            else:
                name = "homework final (2).ipynb" if pupil.index == 11 else f"{SET}.ipynb"
                yield piece(pupil, of(pupil, form=forms.get(pupil.index, "")), name)
        yield Piece(CANVAS_ZIP, f"droppedeve_3999_207999_{SET}.ipynb", of(STRANGER), None)

    return down.zip(CANVAS_ZIP, pieces(), LITTER)


def canvas_anonymous(down: Downloads) -> Path:
    name = f"mtl-{SET}-anonymous submissions.zip"
    marks = {12: "Ab3Xy", 13: "late_Qr9Zt"}
    return down.zip(
        name,
        (Piece(name, f"anon_{mark}_{208000 + at}_{SET}.ipynb", of(CLASS[at]), CLASS[at]) for at, mark in marks.items()),
    )


def moodle(down: Downloads) -> Path:
    """Moodle 4.1: a folder each; odd notebooks, two in one, a zip in the zip, an empty one, somebody who left."""
    name = f"MTL26-{SET}-4711.zip"
    forms = {15: "utf-16", 16: "no metadata", 17: "format 3", 18: "surrogate"}

    def pieces() -> Iterator[Piece]:
        for pupil in CLASS[14:22]:
            folder = f"{pupil.name}_{pupil.moodle(SET)}_assignsubmission_file"
            if pupil.index == 19:
                yield Piece(name, f"{folder}/draft.ipynb", of(pupil, right=["masked_mean"]), pupil)
                yield Piece(name, f"{folder}/second/{SET}.ipynb", of(pupil), pupil)
            elif pupil.index == 20:
                packed = down.zipped([(f"{SET}.ipynb", of(pupil), IN_TIME), (CHECKPOINT, of(pupil), IN_TIME)], LITTER)
                yield Piece(name, f"{folder}/mine.zip", packed, pupil)
            elif pupil.index == 21:
                yield Piece(name, f"{folder}/{SET}.ipynb", b"", pupil)
            else:
                yield Piece(name, f"{folder}/{SET}.ipynb", of(pupil, form=forms.get(pupil.index, "")), pupil)
        yield Piece(name, f"{STRANGER.name}_1999_assignsubmission_file/{SET}.ipynb", of(STRANGER), None)

    return down.zip(name, pieces())


def moodle_flat(down: Downloads) -> Path:
    name = f"MTL26-{SET}-flat.zip"
    data = {
        22: of(CLASS[22]),
        23: of(CLASS[23], form="lost cell"),
        24: of(CLASS[24], form="markdown"),
        25: as_bytes(notebook(CLASS[25]))[:900],
    }
    return down.zip(
        name,
        (
            Piece(name, f"{one.name}_{one.moodle(SET)}_assignsubmission_file_{SET}.ipynb", data[one.index], one)
            for one in CLASS[22:26]
        ),
    )


def moodle_blind(down: Downloads) -> Path:
    name = f"MTL26-{SET}-blind.zip"
    return down.zip(
        name,
        (
            Piece(name, f"Participant_{one.moodle(SET)}_assignsubmission_file/{SET}.ipynb", of(one), one)
            for one in CLASS[26:30]
        ),
    )


def _blackboard(one: Pupil, when: str, file: str = "", assignment: str = "Problem set 5") -> str:
    return f"{assignment}_{one.login}_attempt_{when}{'_' if file else ''}{file or '.txt'}"


def _receipt(one: Pupil, when: str) -> bytes:
    return (
        f"Name: {one.name} ({one.login})\nAssignment: Problem set 5\nDate Submitted: {when}\nCurrent Grade: \n\n"
        "Submission Field:\nThere is no student submission text data for this assignment.\n\nFiles:\n"
    ).encode()


BLACKBOARD_OLD = "gradebook_MTL26_Problem20set205_2026-03-05-21-00-00.zip"
BLACKBOARD_NEW = "gradebook_MTL26_Problem20set205_2026-03-08-09-00-00.zip"
EARLIER = "2026-03-05-20-00-00"


def blackboard(down: Downloads) -> Path:
    """Several attempts, receipts, a receipt alone, a zip, somebody late."""

    def pieces() -> Iterator[Piece]:
        for one in CLASS[30:37]:
            when = LATE_TEXT if one.index == 35 else ON_TIME_TEXT
            name = BLACKBOARD_NEW
            if one.index == 30:
                early = of(one, right=["masked_mean"])
                yield Piece(name, _blackboard(one, EARLIER, f"{SET}.ipynb"), early, one)
            if one.index == 34:
                continue
            if one.index == 36:
                packed = down.zipped([(f"homework/{SET}.ipynb", of(one), IN_TIME)], LITTER)
                yield Piece(name, _blackboard(one, when, "homework.zip"), packed, one)
            else:
                yield Piece(name, _blackboard(one, when, f"{SET}.ipynb"), of(one), one)

    receipts = [(_blackboard(one, ON_TIME_TEXT), _receipt(one, ON_TIME_TEXT)) for one in CLASS[30:35]]
    return down.zip(BLACKBOARD_NEW, pieces(), receipts)


def blackboard_older(down: Downloads) -> Path:
    """The download of the day before, which is collected after the newer one."""
    one = CLASS[30]
    piece = Piece(BLACKBOARD_OLD, _blackboard(one, EARLIER, f"{SET}.ipynb"), of(one, right=["masked_mean"]), one)
    return down.zip(BLACKBOARD_OLD, [piece])


def blackboard_again(down: Downloads) -> Path:
    """A later download with a new attempt of one person, who now has everything right."""
    one, name = CLASS[31], "gradebook_MTL26_Problem20set205_2026-03-09-09-00-00.zip"
    pieces = [
        Piece(name, _blackboard(one, ON_TIME_TEXT, f"{SET}.ipynb"), of(one), one),
        Piece(name, _blackboard(one, "2026-03-05-23-30-00", f"{SET}.ipynb"), of(one, right=POINTS), one),
    ]
    return down.zip(name, pieces)


def brightspace(down: Downloads) -> Path:
    """Folders by person and time, two of one name, one handed in twice."""
    name = "Problem set 5 Download Mar 8, 2026 900 AM.zip"

    def entry(one: Pupil, when: str, data: bytes) -> Piece:
        who = f"{one.last}, {one.first}" if one.index == 41 else one.name
        return Piece(name, f"{500 + one.index}-77001 - {who} - {when}/{SET}.ipynb", data, one)

    def pieces() -> Iterator[Piece]:
        for one in CLASS[37:43]:
            if one.index == 42:
                yield entry(one, "Mar 5, 2026 208 PM", of(one, right=["masked_mean"]))
            yield entry(one, "Mar 5, 2026 1004 PM", of(one))

    return down.zip(name, pieces(), [("index.html", b"<html></html>")])


def drive(down: Downloads) -> Path:
    name = "Problem set 5 (Drive)"
    files = {
        43: f"{CLASS[43].name} - {SET}.ipynb",
        44: f"Copy of {SET} - {CLASS[44].name}.ipynb",
        45: f"{CLASS[45].name} - Copy of {SET}.ipynb",
        46: f"{CLASS[46].name} - ps05 final.ipynb",
    }
    return down.folder(name, (Piece(name, files[at], of(CLASS[at]), CLASS[at]) for at in files))


def github(down: Downloads) -> Path:
    name = "ps05-missing-labels-submissions"
    return down.folder(
        name,
        (Piece(name, f"ps05-missing-labels-{one.github}/{SET}.ipynb", of(one), one) for one in CLASS[47:50]),
        [(f"ps05-missing-labels-{CLASS[47].github}/.git/HEAD", b"ref: refs/heads/main\n")],
    )


def nbgraders(down: Downloads) -> Path:
    """A course's own folder: ``submitted`` with times, and other folders that nobody handed in."""
    name = "old-course"
    stamps = [(f"submitted/{one.id}/{SET}/timestamp.txt", b"2026-03-05 22:04:00 UTC\n") for one in CLASS[50:52]]
    return down.folder(
        name,
        (Piece(name, f"submitted/{one.id}/{SET}/{SET}.ipynb", of(one), one) for one in CLASS[50:52]),
        [*stamps, (f"release/{SET}/{SET}.ipynb", _read("exercises", SET).encode())],
    )


def exchange(down: Downloads) -> Path:
    """The exchange's inbound folder, under the account's name."""
    name, when = "inbound", "2026-03-05 22:04:00 UTC"
    return down.folder(
        name,
        (Piece(name, f"{one.login}+{SET}+{when}+Zm9vYmFyYmF6/{SET}.ipynb", of(one), one) for one in CLASS[52:54]),
    )


def mails(down: Downloads) -> Path:
    name = "attachments"
    files = {54: f"{SET} (1).ipynb", 55: f"{SET}-Copy1.ipynb", 56: f"{SET.upper()}.IPYNB"}
    return down.folder(
        name, (Piece(name, f"{CLASS[at].email}/{file}", of(CLASS[at]), CLASS[at]) for at, file in files.items())
    )


def quick_canvas(down: Downloads) -> Path:
    """Everything in one folder more than Canvas makes."""
    name = f"mtl-{QUICK} submissions.zip"
    return down.zip(
        name,
        (
            Piece(
                name,
                f"all/{one.canvas_name}_{one.canvas}_{209000 + one.index}_{QUICK}.ipynb",
                of(one, QUICK),
                one,
                QUICK,
            )
            for one in CLASS[:30]
            if one.index != 10
        ),
    )


def quick_moodle(down: Downloads) -> Path:
    """A zip in a zip: Moodle's own, packed by whoever sent it on."""
    name, inner = "from the assistant.zip", f"MTL26-{QUICK}-4712.zip"
    pieces = [
        Piece(
            name,
            f"{inner}/{one.name}_{one.moodle(QUICK)}_assignsubmission_file/{QUICK}.ipynb",
            of(one, QUICK),
            one,
            QUICK,
        )
        for one in (*CLASS[30:57], CLASS[59])
    ]
    down.pieces += pieces
    path = down.root / name
    inside = down.zipped([(one.path.partition("/")[2], one.data, one.when) for one in pieces])
    path.write_bytes(down.zipped([(f"sent on/{inner}", inside, IN_TIME)]))
    down.sources.append(path)
    return path


ALL = (
    canvas, canvas_anonymous, moodle, moodle_flat, moodle_blind, blackboard, blackboard_older, brightspace, drive,
    github, nbgraders, exchange, mails, quick_canvas, quick_moodle,
)  # fmt: skip


# ---- what must come of it ----------------------------------------------------------------------------------------

NOTHING = {SET: {9, 10, 34, 59}, QUICK: {57, 58}}  # who hands in nothing for it
UNREADABLE = {21, 25}
BY_LINK, BY_FIFO = 57, 58  # their folders of submitted/ are made by hand
LATE_ONES = {1, 35}
LATE_COSTS = 2.0


def expected(pupil: Pupil, name: str) -> float | None:
    """The mark of one person once everything is decided that can be; None where nothing is to be told."""
    if pupil.index in NOTHING[name]:
        return None
    if name == QUICK:
        return pupil.quick
    if pupil.index in (21, BY_LINK, BY_FIFO):
        return None
    if pupil.index == 25:
        return 0.0  # unreadable, and a person has said: no points
    return round(pupil.code + pupil.words - (LATE_COSTS if pupil.index in LATE_ONES else 0.0), 2)


# ---- exports of the platforms ------------------------------------------------------------------------------------


def _csv(rows: Iterable[Iterable[str]], end: str = "\r\n", quoting: int = csv.QUOTE_MINIMAL) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=end, quoting=quoting).writerows(rows)  # type: ignore[arg-type]
    return text.getvalue()


def canvas_gradebook() -> bytes:
    """Canvas's export, one column of ours hidden, with totals, a test student and a mark somebody set there."""
    totals = ["Assignments Current Score", "Final Score", "Unposted Final Score"]
    titles = [f"{TITLES[name]} ({CANVAS_IDS[name]})" for name in (SET, QUICK)]
    head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *titles, "Essay (88125)", *totals]
    rows = [head, ["", "", "", "", "", "Manual Posting", "", "", "", "", ""]]
    rows.append(["    Points Possible", "", "", "", "", f"{MOST[SET]:.2f}", "7.00", "10.00", *["(read only)"] * 3])
    for one in CLASS:
        rows.append(
            [one.sortable, one.canvas, one.id, one.login, "Section A", "", "", "7.50", "71.40", "71.40", "71.40"]
        )
    rows.append(["Student, Test", "3998", "", "a1b2c3d4", "Section A", *[""] * 6])
    return _csv(rows).encode()


def moodle_worksheet(name: str) -> bytes:
    """An assignment's grading worksheet, with a BOM."""
    head = ["Identifier", "Full name", "Email address", "ID number", "Status", "Grade", "Maximum grade"]
    head += ["Grade can be changed", "Last modified (submission)", "Last modified (grade)", "Feedback comments"]
    day = "Thursday, 5 March 2026, 11:05 PM"
    rows = [head]
    for one in CLASS:
        rows.append(
            [f"Participant {one.moodle(name)}", one.name, one.email, one.id, "Submitted for grading - ", "",
             f"{MOST[name]}.00", "Yes", day, "-", ""]
        )  # fmt: skip
    return ("\ufeff" + _csv(rows, "\n")).encode()


def moodle_gradebook() -> bytes:
    head = ["First name", "Surname", "ID number", "Institution", "Department", "Email address"]
    head += [f"Assignment: {TITLES[SET]} (Real)", f"Assignment: {TITLES[QUICK]} (Real)", "Course total (Real)"]
    rows = [[*head, "Last downloaded from this course"]]
    rows += [[one.first, one.last, one.id, "", "", one.email, "-", "-", "-", "1772700000"] for one in CLASS]
    return _csv(rows, "\n").encode()


def blackboard_gradebook() -> bytes:
    head = ["Last Name", "First Name", "Username", "Student ID", "Last Access", "Availability"]
    head += ["Weighted Total [Total Pts: up to 100 Percentage] |534280"]
    head += [f"{TITLES[name]} [Total Pts: {MOST[name]} Score] |{BLACKBOARD_IDS[name]}" for name in (SET, QUICK)]
    rows = [head]
    rows += [[one.last, one.first, one.login, one.id, "2026-03-05 11:05:00", "Yes", "", "", ""] for one in CLASS]
    return ("\ufeff" + _csv(rows, quoting=csv.QUOTE_ALL)).encode()


def brightspace_gradebook() -> bytes:
    head = ["OrgDefinedId", "Username", "Last Name", "First Name", "Email"]
    head += [f"{TITLES[name]} Points Grade <Numeric MaxPoints:{MOST[name]} Weight:10>" for name in (SET, QUICK)]
    rows = [[*head, "End-of-Line Indicator"]]
    rows += [[f"#{one.id}", f"#{one.login}", one.last, one.first, one.email, "", "", "#"] for one in CLASS]
    return _csv(rows).encode()


def github_list() -> bytes:
    """The instructor's own table, by semicolons as a German spreadsheet saves it."""
    rows = [["Matrikelnummer", "github"], *([one.id, one.github] for one in CLASS)]
    return ("\ufeff" + "".join(f"{a};{b}\r\n" for a, b in rows)).encode()
