"""``mtl-teach import`` answers whatever it is given in one sentence, and changes nothing then."""

import json
import os
import sys

import pytest

from mtl_teach.learn.progress import FORMAT, MAX_EXPORT, MAX_ROWS, Progress, ProgressError, read_export
from mtl_teach.learn.terminal import cli

EXERCISE = {
    "id": "masked_mean", "content": "", "attempts": 1, "best": 1.0, "out_of": 9.0, "first_pass": None,
    "hints": 0, "revealed": None, "gave_up": 0, "minutes": 1.0, "answer": "",
}  # fmt: skip
QUIZ = {"id": "01", "taken": "2026-01-01", "score": 1, "out_of": 2}
GUESS = {"id": "a", "question": "b", "guess": "c", "made": "2026-01-01"}


def export(exercise=(), quiz=(), prediction=(), **more):
    head = {"format": FORMAT, "version": 1}
    return {**head, "exercise": list(exercise), "quiz": list(quiz), "prediction": list(prediction), **more}


def exercise(**changed):
    return json.dumps(export([EXERCISE | changed]))


def number(text):
    """A number as JSON writes it, where Python could not."""
    return json.dumps(export([EXERCISE | {"best": "@"}])).replace('"@"', text)


TEXTS = {
    "empty": "",
    "blank": " \n ",
    "a number": "1",
    "null": "null",
    "a text": '"mtl-teach progress"',
    "a list": "[]",
    "an empty object": "{}",
    "another format": '{"format": "progress"}',
    "no version": json.dumps({"format": FORMAT}),
    "version 2": json.dumps(export() | {"version": 2}),
    "a version of a megabyte": json.dumps(export() | {"version": "x" * 10**6}),
    "a version that is an object": json.dumps(export() | {"version": {}}),
    "cut short": exercise()[:-9],
    "two documents": exercise() * 2,
    "a NUL in between": exercise()[:20] + "\0" + exercise()[20:],
    "a list 100,000 deep": "[" * 100_000,
    "objects 100,000 deep": '{"a":' * 100_000 + "1" + "}" * 100_000,
    "a deep row": json.dumps(export()).replace('"quiz": []', '"quiz": ' + "[" * 900 + "]" * 900),
    "10 ** 30 points": exercise(best=10**30),
    "10 ** 30 attempts": exercise(attempts=10**30),
    "10 ** 400 points": exercise(best=10**400),
    "a million digits": number("9" * 10**6),
    "2 ** 63 hints": exercise(hints=2**63),
    "1e999": number("1e999"),
    "not a number": number("NaN"),
    "infinite": number("Infinity"),
    "less than nothing": exercise(attempts=-1),
    "points below nothing": exercise(best=-1.0),
    "half an attempt": exercise(attempts=0.5),
    "true attempts": exercise(attempts=True),
    "points as text": exercise(best="9"),
    "an id that is a list": exercise(id=["masked_mean"]),
    "an id that is null": exercise(id=None),
    "half a character in an id": exercise(id="\ud800"),
    "half a character in an answer": exercise(answer="x = '\udfff'"),
    "a NUL in an answer": exercise(answer="a\0b"),
    "a date that is a number": exercise(first_pass=20260101),
    "no such column": json.dumps(export([{"id": "masked_mean"}])),
    "a row that is a list": json.dumps(export([[1, 2]])),
    "rows that are an object": json.dumps(export() | {"exercise": {}}),
    "rows that are text": json.dumps(export() | {"exercise": "masked_mean"}),
    "no rows": json.dumps({"format": FORMAT, "version": 1}),
    "a quiz of 10 ** 30": json.dumps(export(quiz=[QUIZ | {"score": 10**30}])),
    "a guess that is an object": json.dumps(export(prediction=[GUESS | {"guess": {}}])),
    "a good row and a bad one": json.dumps(export([EXERCISE, EXERCISE | {"best": "x"}])),
    "too many rows": json.dumps(export(quiz=[1] * (MAX_ROWS + 1))),
}
BYTES = {
    "UTF-16": exercise().encode("utf-16"),
    "UTF-32": exercise().encode("utf-32"),
    "latin-1": exercise(answer="é").replace("\\u00e9", "é").encode("latin-1"),
    "a lone byte": b"\xff",
    "a zip archive": b"PK\x03\x04" + b"\0" * 100,
    "a database": b"SQLite format 3\0" + b"\0" * 100,
    "one byte too many": b" " * (MAX_EXPORT + 1),
}


def folder(path):
    path.mkdir()


def link_to_itself(path):
    path.symlink_to(path)


def sparse(path):
    with path.open("wb") as file:
        file.truncate(40 * 2**30)


def nothing(path):
    pass


THINGS = {
    "a folder": folder,
    "a link to itself": link_to_itself,
    "40 GB": sparse,
    "no file": nothing,
    "a FIFO": lambda path: os.mkfifo(path),
    "a device that never ends": lambda path: path.symlink_to("/dev/zero"),
    "a terminal": lambda path: path.symlink_to("/dev/null"),
}
ALL = {
    **{name: (lambda path, text=text: path.write_text(text, "utf-8")) for name, text in TEXTS.items()},
    **{name: (lambda path, data=data: path.write_bytes(data)) for name, data in BYTES.items()},
    **THINGS,
}


def test_there_are_forty_and_more():
    assert len(ALL) >= 40


@pytest.mark.skipif(sys.platform == "win32", reason="some of these files exist only on POSIX systems")
@pytest.mark.parametrize("name", ALL)
def test_a_hostile_file_is_answered_in_one_sentence_and_changes_nothing(tmp_path, name):
    path, progress = tmp_path / "export.json", Progress(tmp_path / "progress.sqlite")
    progress.merge_json(export([EXERCISE]))
    before = progress.to_json()
    ALL[name](path)
    with pytest.raises(ProgressError) as error:
        progress.merge_json(read_export(path))
    said = str(error.value)
    assert "\n" not in said
    assert 20 < len(said) < 400 + len(str(path))
    assert said.endswith(".")
    assert progress.to_json() == before


def test_the_command_says_the_sentence_and_no_traceback(tmp_path, capfd, monkeypatch):
    monkeypatch.setattr(cli, "workspace_here", lambda: tmp_path)
    path = tmp_path / "\x1b[31mexport.json"
    for name in ("10 ** 30 points", "half a character in an id", "a list 100,000 deep"):
        ALL[name](path)
        monkeypatch.setattr(sys, "argv", ["mtl-teach", "import", str(path)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = "".join(capfd.readouterr())
        assert ended.value.code == 2
        assert "nothing was imported." in printed
        assert "Traceback" not in printed
        assert "\x1b[31mexport" not in printed


def test_what_was_exported_comes_back_with_a_mark_of_order_too(tmp_path):
    progress = Progress(tmp_path / "progress.sqlite")
    (tmp_path / "export.json").write_text(json.dumps(export([EXERCISE], [QUIZ], [GUESS])), "utf-8-sig")
    assert progress.merge_json(read_export(tmp_path / "export.json")) == 3
    tables = progress.to_json()
    guess = GUESS | {"confidence": "", "answer": ""}
    assert (tables["exercise"], tables["quiz"], tables["prediction"]) == ([EXERCISE], [QUIZ], [guess])
