"""Where workspace and package are of two versions the learner is told what to do; where they are of one, nothing."""

import json

import pytest

from mtl_teach import __version__
from mtl_teach.learn.progress import Progress, save
from mtl_teach.learn.workspace import versions
from mtl_teach.learn.workspace.places import MANIFEST


def test_one_version_needs_no_words(workspace):
    assert versions.mismatch(workspace) == ""


@pytest.mark.parametrize("made", ["0.0.1", "99.0"], ids=["older", "newer"])
def test_a_workspace_of_another_version_asks_for_start(workspace, made, capsys):
    manifest = json.loads((workspace / MANIFEST).read_text(encoding="utf-8"))
    (workspace / MANIFEST).write_text(json.dumps(manifest | {"course": made}), encoding="utf-8")
    for _ in range(2):
        save(lambda progress: progress.record_hint("masked_mean", 1))
    said = capsys.readouterr().err
    assert said == (
        f"This workspace was last brought up to date by mtl-teach {made}, and this is {__version__}: run "
        "`mtl-teach start` with the newer of the two. What you wrote and your progress stay.\n"
    )
    assert Progress.here().exercise("masked_mean")["hints"] == 1


@pytest.mark.parametrize("content", ["{", "[]", "{}"], ids=["not JSON", "a list", "no version"])
def test_a_damaged_list_of_what_was_delivered_is_no_reason_to_stop(workspace, content):
    (workspace / MANIFEST).write_text(content, encoding="utf-8")
    assert versions.mismatch(workspace) == ""
    (workspace / MANIFEST).unlink()
    assert versions.mismatch(workspace) == ""
