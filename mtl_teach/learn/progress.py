"""The learner's progress: one SQLite file in the workspace.

Rows are keyed by the exercise's id, so a renamed or moved notebook keeps its progress; the hash of the
exercise's content stands beside it, so that a later version of the exercise can be told apart. Several kernels
may write at once: each operation opens the file, takes SQLite's write lock for one short transaction, and
closes it. Nothing leaves the machine. In a browser the file is a kernel's copy of what the page keeps
(:mod:`mtl_teach.learn.browser.kept`).
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import sqlite3
import stat
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from autograder import exercises
from autograder.kernel import in_browser, say_once, upgraded
from autograder.quizzes.question import is_quick
from autograder.results import ExerciseResult
from mtl_teach.learn.browser.here import MEMORY, NOT_KEPT
from mtl_teach.learn.browser.kept import FILE, Kept
from mtl_teach.learn.progress_tables import COLUMNS, KEYS, MIGRATIONS, OLD_DEFAULTS, TABLES_OF_1, VERSION, merging
from mtl_teach.learn.workspace.places import PROGRESS, find_workspace
from mtl_teach.learn.workspace.versions import mismatch

FORMAT = "mtl-teach progress"
BUSY_SECONDS = 10.0
LONGEST_PAUSE = 15.0  # minutes between two events that still count as work; longer means the learner was away

Row = dict[str, Any]
T = TypeVar("T")


class ProgressError(RuntimeError):
    """Progress cannot be read or written; the message says why and what to do."""


class DamagedProgress(ProgressError):
    """What stands in the file is not what was written there; the message says what is wrong with it."""


class Progress:
    """The progress file of one workspace.

    Parameters
    ----------
    path : Path
        The SQLite file; made with its folder when first needed.
    kept : Kept, optional
        Where it is kept as JSON beyond this process, which takes in from there what others wrote.

    Attributes
    ----------
    notice : str
        What the learner should be told, for example that a damaged file was kept aside; else empty.
    """

    def __init__(self, path: Path, kept: Kept | None = None) -> None:
        self.path = Path(path)
        self.notice = ""
        self._kept = kept

    @classmethod
    def of(cls, workspace: Path) -> Progress:
        """The progress of a workspace; in a browser, whose storage is no place for SQLite, a copy in memory."""
        if in_browser():
            return cls(MEMORY / PROGRESS.name, _kept_in(workspace))
        return cls(workspace / PROGRESS)

    @classmethod
    def here(cls, start: Path | None = None) -> Progress | None:
        """The progress of the workspace around a folder, or None outside any."""
        workspace = find_workspace(start)
        return None if workspace is None else cls.of(workspace)

    # ---- writing -----------------------------------------------------------------------------------------------

    def record_check(self, result: ExerciseResult, answer: str = "") -> None:
        """Save one run of an exercise's checks; running the untouched stub is not an attempt.

        A question of a quick test is not saved either: its score is that of the interactive test.
        """
        if result.not_started or is_quick(result.exercise):
            return
        now = _now()
        row = {
            "id": result.exercise,
            "content": content_hash(result.exercise),
            "best": result.score,
            "out_of": result.max_score,
            "first_pass": now if result.passed else None,
            "answer": answer,
        }
        with self._writing() as db:
            row["minutes"] = _minutes_since_last(db, now)
            db.execute(
                """INSERT INTO exercise (id, content, attempts, best, out_of, first_pass, minutes, answer)
                VALUES (:id, :content, 1, :best, :out_of, :first_pass, :minutes, :answer)
                ON CONFLICT (id) DO UPDATE SET content = :content, attempts = attempts + 1,
                best = max(best, :best), out_of = :out_of, first_pass = coalesce(first_pass, :first_pass),
                minutes = minutes + :minutes, answer = :answer""",
                row,
            )
            for name in result.misconceptions:
                db.execute(
                    "INSERT INTO mistake VALUES (?, ?, 1, ?, ?) ON CONFLICT (exercise, name) DO UPDATE SET "
                    "times = times + 1, last = excluded.last",
                    (result.exercise, name, now, now),
                )

    def record_hint(self, exercise: str, number: int) -> None:
        """Save that the first ``number`` hints of an exercise were shown."""
        with self._writing() as db:
            db.execute(
                "INSERT INTO exercise (id, hints) VALUES (?, ?) "
                "ON CONFLICT (id) DO UPDATE SET hints = max(hints, excluded.hints)",
                (exercise, number),
            )

    def record_reveal(self, exercise: str, gave_up: bool) -> None:
        """Save that the solution was shown, and whether before the exercise was passed."""
        with self._writing() as db:
            db.execute(
                "INSERT INTO exercise (id, revealed, gave_up) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
                "revealed = coalesce(revealed, excluded.revealed), gave_up = max(gave_up, excluded.gave_up)",
                (exercise, _now(), int(gave_up)),
            )

    def record_quick_test(self, name: str, score: int, out_of: int) -> None:
        """Save the score of one attempt at a quick test."""
        with self._writing() as db:
            taken = datetime.now(UTC).isoformat(timespec="microseconds")
            db.execute("INSERT OR IGNORE INTO quiz VALUES (?, ?, ?, ?)", (name, taken, score, out_of))
            _minutes_since_last(db, _now())

    def record_prediction(self, name: str, question: str, guess: str, confidence: str = "", answer: str = "") -> None:
        """Save a guess, how sure of it the learner was, and once it is known what was right; a later one replaces it.

        Parameters
        ----------
        name, question, guess : str
        confidence : str
            In the words the learner chose; empty where it was not asked.
        answer : str
            The option that turned out right; empty before the run.
        """
        with self._writing() as db:
            row = (name, question, guess, _now(), confidence, answer)
            db.execute("INSERT OR REPLACE INTO prediction VALUES (?, ?, ?, ?, ?, ?)", row)

    def record_place(self, lesson: str, section: str, cells: int, out_of: int) -> None:
        """Save where in a lesson the learner is: the section, and how many of its code cells were run."""
        with self._writing() as db:
            row = (lesson, section, cells, out_of, _now())
            db.execute("INSERT OR REPLACE INTO place VALUES (?, ?, ?, ?, ?)", row)

    def record_milestone(self, project: str, name: str) -> None:
        """Save that a milestone of a project was passed; the first time stays."""
        with self._writing() as db:
            db.execute("INSERT OR IGNORE INTO milestone VALUES (?, ?, ?)", (project, name, _now()))

    def record_written(self, name: str, state: str) -> None:
        """Save how far a written answer is: ``"begun"`` or ``"done"``."""
        with self._writing() as db:
            db.execute("INSERT OR REPLACE INTO written VALUES (?, ?, ?)", (name, state, _now()))

    def record_card(self, name: str, kind: str, step: int, due: str, seen: int, wrong: int, data: Any) -> None:
        """Save a card of the review: what it asks (as JSON data), and when it is due again (ISO 8601, UTC)."""
        with self._writing() as db:
            row = (name, kind, step, due, seen, wrong, json.dumps(data), _now())
            db.execute("INSERT OR REPLACE INTO card VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)

    def record_seen(self, name: str, kind: str, step: int, due: str, seen: int, wrong: int, data: Any) -> bool:
        """Save a card after its answer number ``seen``; False, and nothing is changed, if that was given elsewhere."""
        with self._writing() as db:
            row = (name, kind, step, due, seen, wrong, json.dumps(data), _now())
            written = db.execute(
                "INSERT INTO card VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET step = excluded.step, "
                "due = excluded.due, seen = excluded.seen, wrong = excluded.wrong, data = excluded.data, "
                "at = excluded.at "
                "WHERE card.seen = excluded.seen - 1 OR typeof(card.seen) != 'integer' OR card.seen < 0",
                row,
            )
            return written.rowcount > 0

    def remember(self, key: str, value: Any) -> None:
        """Save a small piece of JSON data under a key, for example the last choice in an exploration."""
        with self._writing() as db:
            db.execute("INSERT OR REPLACE INTO memory VALUES (?, ?, ?)", (key, json.dumps(value), _now()))

    # ---- reading -----------------------------------------------------------------------------------------------

    def exercise(self, name: str) -> Row:
        """Everything saved about one exercise; a blank row if nothing is."""
        return self.exercises().get(name, self.blank(name))

    @staticmethod
    def blank(name: str) -> Row:
        """The row of an exercise that was never tried."""
        row = {"id": name, "content": "", "attempts": 0, "best": 0.0, "out_of": 0.0, "first_pass": None}
        return row | {"hints": 0, "revealed": None, "gave_up": 0, "minutes": 0.0, "answer": ""}

    def exercises(self) -> dict[str, Row]:
        """Everything saved about every exercise that was tried, by id."""
        return {row["id"]: row for row in self._rows("exercise")}

    def quick_tests(self) -> dict[str, Row]:
        """For every quick test that was taken: ``attempts``, the ``best`` score and ``out_of``, by id."""
        taken: dict[str, Row] = {}
        for row in self._rows("quiz"):
            so_far = taken.setdefault(row["id"], {"attempts": 0, "best": 0, "out_of": row["out_of"]})
            so_far["attempts"] += 1
            so_far["best"] = max(so_far["best"], row["score"])
        return taken

    def prediction(self, name: str) -> str:
        """The guess that was committed under this name, or an empty string."""
        return next((row["guess"] for row in self._rows("prediction") if row["id"] == name), "")

    def predictions(self) -> dict[str, Row]:
        """Every guess with its confidence and, once known, the right answer, by name."""
        return {row["id"]: row for row in self._rows("prediction")}

    def mistakes(self) -> list[Row]:
        """The known mistakes that answers showed: ``exercise``, ``name``, ``times``, ``first`` and ``last`` time."""
        return self._rows("mistake")

    def places(self) -> dict[str, Row]:
        """Where the learner was last in each lesson, by the lesson's slug."""
        return {row["lesson"]: row for row in self._rows("place")}

    def milestones(self) -> dict[str, list[str]]:
        """The milestones passed, by project."""
        passed: dict[str, list[str]] = {}
        for row in self._rows("milestone"):
            passed.setdefault(row["project"], []).append(row["name"])
        return passed

    def written(self) -> dict[str, str]:
        """The state of every written answer that was begun, by id."""
        return {row["id"]: row["state"] for row in self._rows("written")}

    def cards(self) -> dict[str, Row]:
        """The cards of the review by id, their ``data`` as written; None stands for data that is damaged."""
        return {row["id"]: row | {"data": _json_of(row["data"])} for row in self._rows("card")}

    def remembered(self, key: str) -> Any:
        """What was remembered under a key, or None."""
        return _json_of(next((row["value"] for row in self._rows("memory") if row["key"] == key), "null"))

    # ---- as JSON -----------------------------------------------------------------------------------------------

    def to_json(self) -> dict[str, Any]:
        """Everything, as plain JSON data that :meth:`merge_json` reads."""
        self._take_in()
        return self._as_json()

    def _as_json(self) -> dict[str, Any]:
        tables = {table: self._read(table) for table in KEYS}
        return {"format": FORMAT, "version": VERSION, **tables}

    def merge_json(self, data: Any) -> int:
        """Merge what :meth:`to_json` wrote; nothing saved here is lost, and importing twice changes nothing.

        Returns
        -------
        int
            The number of rows read.

        Raises
        ------
        ProgressError
            If the data is not an export of this program or is damaged; nothing is imported then.
        """
        rows = _rows_of(data)
        with self._writing() as db:
            _merge(db, rows)
        return sum(map(len, rows.values()))

    # ---- the file ----------------------------------------------------------------------------------------------

    def examine(self) -> None:
        """Look whether the file can be read, and change nothing.

        Raises
        ------
        ProgressError
            If it cannot; :class:`DamagedProgress` where the next that reads it will keep it aside.
        """
        if not self.path.exists():
            return
        try:
            with self._open(self._look) as db:
                _version_of(db, self.path)
                _check(db)
        except ProgressError as error:
            cause = error.__cause__
            if isinstance(cause, sqlite3.DatabaseError) and not isinstance(cause, sqlite3.OperationalError):
                raise DamagedProgress(f"{self.path} is damaged ({cause})") from cause
            raise

    def _rows(self, table: str) -> list[Row]:
        self._take_in(at_once=False)
        return self._read(table)

    def _read(self, table: str) -> list[Row]:
        if not self.path.exists():
            return []
        connect = self._connect if os.access(self.path.parent, os.W_OK) else self._look
        with self._open(connect) as db:
            order = ", ".join(KEYS[table])
            if not db.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone():
                return []  # an older file on a disk that cannot be written to
            rows = (dict(row) for row in db.execute(f"SELECT * FROM {table} ORDER BY {order}"))
            return [OLD_DEFAULTS.get(table, {}) | row for row in rows]

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        self._take_in()
        with self._transaction() as db:
            yield db
        if self._kept:
            with self._told():
                self._kept.write(self._as_json())

    def _take_in(self, at_once: bool = True) -> None:
        """Merge what others wrote since, where this is kept beyond the process."""
        if not self._kept:
            return
        with self._told():
            data = self._kept.changed(at_once)
        if data is not None:
            try:
                rows = _rows_of(data)
            except DamagedProgress:
                with self._told():
                    self._kept.keep_aside("it is not as written")
            else:
                with self._transaction() as db:
                    _merge(db, rows, at_work=True)
                self._kept.take()
        self.notice = self._kept.notice or self.notice

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._open(self._connect) as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:
                    db.execute("ROLLBACK")
                raise

    @contextlib.contextmanager
    def _open(self, connect: Callable[[], sqlite3.Connection]) -> Iterator[sqlite3.Connection]:
        with self._told(), contextlib.closing(connect()) as db:
            yield db

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """What the system says of a file becomes a sentence with what to do."""
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            where = f"in {self.path}"
            check = "Check that the folder can be written to and the disk is not full."
            if self._kept:
                where = "in your browser's storage"
                check = "It is there until this notebook is closed: take it along from the home page."
            raise ProgressError(f"Progress cannot be read or saved {where} ({error}). {check}") from error

    def _connect(self) -> sqlite3.Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            return _connection(self.path)
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError as error:
            self._keep_aside(error)
            return _connection(self.path)

    def _look(self) -> sqlite3.Connection:
        """For whom nothing may be written: no file beside this one is needed or made."""
        db = sqlite3.connect(f"{self.path.resolve().as_uri()}?immutable=1", uri=True)
        db.row_factory = sqlite3.Row
        return db

    def _keep_aside(self, error: Exception) -> None:
        stamp = datetime.now().strftime("%Y%m%d-%H%M%S-%f")
        aside = self.path.with_name(f"{self.path.stem}-damaged-{stamp}{self.path.suffix}")
        with contextlib.suppress(FileNotFoundError):  # another kernel was quicker
            self.path.replace(aside)
        for suffix in ("-wal", "-shm"):
            with contextlib.suppress(FileNotFoundError):
                self.path.with_name(self.path.name + suffix).replace(aside.with_name(aside.name + suffix))
        self.notice = (
            f"The progress file was damaged ({error}); it is kept as {aside.name}, and progress starts afresh. "
            "Your answers in the notebooks are untouched."
        )


@functools.cache
def _kept_in(workspace: Path) -> Kept:
    return Kept(workspace / FILE)


def _connection(path: Path) -> sqlite3.Connection:
    """Open, check and prepare the file; anything that is not a database of ours raises."""
    db = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    try:
        db.row_factory = sqlite3.Row
        version = _version_of(db, path)
        if version == 0:
            with contextlib.suppress(sqlite3.OperationalError):  # some network disks cannot: then without
                db.execute("PRAGMA journal_mode = WAL")
        if version < VERSION:
            _migrate(db)
        _check(db)
    except BaseException:
        db.close()
        raise
    return db


def _version_of(db: sqlite3.Connection, path: Path) -> int:
    version = int(db.execute("PRAGMA user_version").fetchone()[0])
    if version > VERSION:
        raise ProgressError(
            f"{path} was written by a newer mtl-teach (version {version}); upgrade with "
            "`pip install --upgrade mtl-teach` and run this again."
        )
    return version


def _check(db: sqlite3.Connection) -> None:
    if (damage := db.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
        raise sqlite3.DatabaseError(str(damage))


def _migrate(db: sqlite3.Connection) -> None:
    """Bring a file up to this version; of several kernels that try at once, the first does it."""
    db.execute("BEGIN IMMEDIATE")
    try:
        version = db.execute("PRAGMA user_version").fetchone()[0]
        for script in MIGRATIONS[version:]:
            for statement in script.split(";"):
                db.execute(statement)
        db.execute(f"PRAGMA user_version = {max(version, VERSION)}")
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def _minutes_since_last(db: sqlite3.Connection, now: str) -> float:
    """Minutes of work since the last event of this workspace, 0 after a long pause; remembers this one."""
    row = db.execute("SELECT value FROM note WHERE key = 'last_event'").fetchone()
    db.execute("INSERT OR REPLACE INTO note VALUES ('last_event', ?)", (now,))
    if row is None:
        return 0.0
    minutes = (datetime.fromisoformat(now) - datetime.fromisoformat(row[0])).total_seconds() / 60
    return minutes if 0 <= minutes <= LONGEST_PAUSE else 0.0


MAX_EXPORT = 64 * 2**20  # bytes: a thousand answers of ten thousand lines
MOST = 2**53  # in size, of a number: what SQLite and every program that reads JSON keep exactly
MAX_ROWS = 100_000  # of a table


def _rows_of(data: Any) -> dict[str, list[Row]]:
    """The rows of an export by their table, each as the file can keep it."""
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise DamagedProgress("This is not an export of `mtl-teach export`; nothing was imported.")
    version = data.get("version")
    if version not in range(1, VERSION + 1) or isinstance(version, bool):
        raise ProgressError(
            f"The export has version {repr(version)[:40]}, this mtl-teach reads {VERSION}; "
            + ("reload the page first, so that it is the newest." if in_browser() else "upgrade it first.")
        )
    return {table: [_checked(table, row) for row in _list(data, table)] for table in KEYS}


def _merge(db: sqlite3.Connection, rows: dict[str, list[Row]], at_work: bool = False) -> None:
    for table in KEYS:
        db.executemany(merging(table, at_work), rows[table])


def _list(data: dict[str, Any], table: str) -> list[Any]:
    rows = data.get(table, [] if data["version"] == 1 and table not in TABLES_OF_1 else None)
    if not isinstance(rows, list):
        raise DamagedProgress(f"The export is damaged: `{table}` must be a list; nothing was imported.")
    if len(rows) > MAX_ROWS:
        raise DamagedProgress(f"The export is damaged: `{table}` has {len(rows):,} rows; nothing was imported.")
    if data["version"] == 1:
        return [OLD_DEFAULTS.get(table, {}) | row if isinstance(row, dict) else row for row in rows]
    return rows


def _checked(table: str, row: Any) -> Row:
    columns = COLUMNS[table]
    if not isinstance(row, dict) or not all(name in row and _fits(row[name], columns[name]) for name in columns):
        raise DamagedProgress(f"The export is damaged: a row of `{table}` is not as written; nothing was imported.")
    return {name: row[name] for name in columns}


def _fits(value: Any, kind: Any) -> bool:
    """True for a value of this kind that the file can keep and give back."""
    if isinstance(kind, tuple):
        return value is None or _fits(value, kind[0])
    if kind is str:
        return isinstance(value, str) and "\0" not in value and not any("\ud800" <= one <= "\udfff" for one in value)
    number = isinstance(value, (int, float) if kind is float else int) and not isinstance(value, bool)
    return number and 0 <= value <= MOST  # NaN is neither


def _json_of(text: Any) -> Any:
    """What was written as JSON; None where it cannot be read."""
    try:
        return json.loads(text)
    except (ValueError, TypeError, RecursionError):
        return None


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def content_hash(exercise: str) -> str:
    """A short hash of what an exercise asks: its metadata and its checks, whatever the line endings."""
    folder = exercises.HERE / exercise
    digest = hashlib.sha256()
    for name in ("exercise.toml", f"test_{exercise}.py"):
        with contextlib.suppress(OSError):
            digest.update((folder / name).read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:16]


# ---- saving without ever being in the way ----------------------------------------------------------------------

NOWHERE = (
    "Nothing is saved here, since this folder is in no workspace; everything else works. "
    "To keep your progress, make a workspace with: mtl-teach start"
)


def save(write: Callable[[Progress], T]) -> T | None:
    """Do something with the progress of this workspace; outside one, or if it cannot be done, say so and go on."""
    workspace = find_workspace()
    if workspace is None:
        say_once(NOT_KEPT if in_browser() else NOWHERE)
        return None
    progress = Progress.of(workspace)
    say_once(upgraded() or mismatch(workspace))
    try:
        done = write(progress)
    except ProgressError as error:
        say_once(str(error))
        return None
    say_once(progress.notice)
    return done


def keep(key: str, value: Any) -> None:
    """Remember a small piece of JSON data in this workspace, if there is one; without a word where it cannot be."""
    progress = Progress.here()
    with contextlib.suppress(ProgressError):
        if progress:
            progress.remember(key, value)


def kept(key: str) -> Any:
    """What :func:`keep` remembered, or None, also outside a workspace and where it cannot be read."""
    return look(lambda progress: progress.remembered(key), None)


def look(read: Callable[[Progress], T], otherwise: T) -> T:
    """What is found in the progress of this workspace; ``otherwise`` outside any and where it cannot be read."""
    progress = Progress.here()
    try:
        return read(progress) if progress else otherwise
    except ProgressError:
        return otherwise


def read_export(path: Path) -> Any:
    """The JSON of an export file.

    Raises
    ------
    ProgressError
        If there is no such file or it is not JSON.
    """
    try:
        return json.loads(_text_of(Path(path)))
    except OSError as error:
        raise ProgressError(f"{path} cannot be read: {error.strerror or error}.") from error
    except RecursionError:
        raise ProgressError(f"{path} is nested too deep to be an export; nothing was imported.") from None
    except ValueError as error:  # also of a path with a NUL, of bytes that are no text, of a number of too many digits
        raise ProgressError(f"{path} is not JSON ({error}); nothing was imported.") from error


def _text_of(path: Path) -> str:
    """The text of a file that is one, and no larger than an export can be; nothing is waited for."""
    with open(path, "rb", opener=lambda name, how: os.open(name, how | getattr(os, "O_NONBLOCK", 0))) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise ProgressError(f"{path} is not a file; nothing was imported.")
        data = file.read(MAX_EXPORT + 1)
    if len(data) > MAX_EXPORT:
        raise ProgressError(f"{path} is larger than {MAX_EXPORT // 2**20} MiB; nothing was imported.")
    return data.decode("utf-8-sig")
