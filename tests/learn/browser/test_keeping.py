"""The home page in a browser: progress goes into a file and comes out of one, and a newer text is offered."""

import json
import re
from pathlib import Path

import pytest

from mtl_teach.learn import home
from mtl_teach.learn.browser import keeping, newer
from mtl_teach.learn.browser.keeping import answer, brought_in, keeping_of
from mtl_teach.learn.progress import Progress
from mtl_teach.learn.workspace.places import PROGRESS


def test_what_is_saved_is_what_the_installed_course_reads(kernel_of, tmp_path):
    kernel_of("one").record_hint("masked_mean", 2)
    told = answer(kernel_of("other"), {"do": "export"})
    assert told["do"] == "save"
    assert re.fullmatch(r"mtl-teach-progress-\d{4}-\d\d-\d\d\.json", told["name"])
    installed = Progress(tmp_path / "installed" / PROGRESS)
    assert installed.merge_json(json.loads(told["text"])) == 1
    assert installed.exercise("masked_mean")["hints"] == 2


def test_what_the_installed_course_exports_is_brought_in_and_nothing_is_lost(kernel_of, tmp_path):
    installed = Progress(tmp_path / "installed" / PROGRESS)
    installed.record_hint("masked_mean", 2)
    progress = kernel_of("one")
    progress.record_hint("weighted_total", 1)
    told = answer(progress, {"do": "import", "text": json.dumps(installed.to_json())})
    assert told == {
        "do": "say",
        "text": "Merged 1 record; nothing that was here is lost. Run this cell again to see them in the map.",
    }
    assert {name: row["hints"] for name, row in kernel_of("other").exercises().items()} == {
        "masked_mean": 2,
        "weighted_total": 1,
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "The file is not JSON"),
        ("[]", "This is not an export"),
        ("[" * 100_000, "nested too deep"),
        ("x" * 200, "larger than 0 MiB"),
        ('{"format": "mtl-teach progress", "version": 99}', "version 99"),
    ],
)
def test_a_file_that_is_no_export_is_named_and_changes_nothing(kernel_of, monkeypatch, text, words):
    if text.startswith("x"):
        monkeypatch.setattr(keeping, "MAX_EXPORT", 100)
    progress = kernel_of("one")
    assert words in brought_in(progress, text)
    assert progress.exercises() == {}


def test_what_cannot_be_read_is_said_and_no_file_is_made(kernel_of, monkeypatch):
    progress = kernel_of("one")
    monkeypatch.setattr(Path, "read_bytes", lambda self: (_ for _ in ()).throw(OSError(5, "Input/output error")))
    told = answer(progress, {"do": "export"})
    assert told["do"] == "say"
    assert "your browser's storage" in told["text"]


def test_the_page_is_told_what_its_buttons_did(drive, monkeypatch):
    widget, sent = keeping_of(drive), []
    monkeypatch.setattr(type(widget), "send", lambda self, content: sent.append(content))
    widget._handle_custom_msg({"do": "export"}, [])
    assert sent[0]["do"] == "save"
    assert "mtl-teach import FILE" in widget.words
    code = Path(keeping.__file__).with_suffix(".js").read_text(encoding="utf-8")
    assert set(re.findall(r'model\.get\("(\w+)"\)', code)) == {"words"}
    assert widget._esm == code


@pytest.fixture
def shown(monkeypatch):
    """What is shown, as text."""
    texts = []
    monkeypatch.setattr(keeping, "show", lambda widget, static, text, to: texts.append(text))
    return texts


def test_the_home_page_begins_with_newer_texts_and_ends_with_how_to_keep_progress(drive, shown, monkeypatch):
    monkeypatch.setattr(home, "in_browser", lambda: True)
    monkeypatch.setattr(home, "in_kernel", lambda: True)
    monkeypatch.setattr(home.search_box, "offer", lambda workspace: None)
    monkeypatch.setattr("IPython.display.display", lambda *_, **__: None)
    monkeypatch.setattr(newer, "available", lambda workspace: ["review.ipynb"])
    home.home()
    assert shown == [
        "A newer text of review is available; your answers stay.",
        "Keep your progress: run this cell in a browser.",
    ]


def test_without_storage_the_home_page_says_so(drive, monkeypatch, capsys):
    monkeypatch.setattr(home, "in_browser", lambda: True)
    drive.rmdir()
    home.home()
    assert "gives this page no storage" in capsys.readouterr().out


def test_a_newer_text_is_offered_and_one_button_takes_it(drive, shown, monkeypatch):
    taken = []
    monkeypatch.setattr(newer, "available", lambda workspace: ["exercises/ps05/ps05.ipynb", "review.ipynb"])
    monkeypatch.setattr(newer, "take", lambda workspace, path: taken.append(path))
    keeping.offer_newer(drive)
    assert shown == ["A newer text of ps05, review is available; your answers stay."]
    box = keeping.NewerTexts(drive, newer.available(drive))
    box.button.click()
    assert taken == ["exercises/ps05/ps05.ipynb", "review.ipynb"]
    assert "reload this page" in box.said.value
    assert box.button.disabled


def test_a_storage_that_is_full_is_said_where_the_button_is(drive, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(newer, "take", full)
    box = keeping.NewerTexts(drive, ["review.ipynb"])
    box.take()
    assert "cannot be written to" in box.said.value
    assert "No space left" in box.said.value
