"""Where two versions meet the learner is told what to do; where there is one, nothing."""

import json
from importlib import metadata

import pytest

from mtl_teach import __version__
from mtl_teach.learn import versions
from mtl_teach.learn.places import MANIFEST
from mtl_teach.learn.progress import Progress, save


def test_one_version_needs_no_words(workspace):
    assert versions.mismatch(workspace) == ""


def test_a_newer_package_on_the_disk_asks_for_a_restart(workspace, monkeypatch):
    monkeypatch.setattr(metadata, "version", lambda name: "9.9")
    assert versions.mismatch(workspace).startswith(f"mtl-teach 9.9 was installed while this kernel runs {__version__}")


@pytest.mark.parametrize("made", ["0.0.1", "99.0"], ids=["older", "newer"])
def test_a_workspace_of_another_version_asks_for_start(workspace, made, capsys):
    manifest = json.loads((workspace / MANIFEST).read_text(encoding="utf-8"))
    (workspace / MANIFEST).write_text(json.dumps(manifest | {"course": made}), encoding="utf-8")
    for _ in range(2):
        save(lambda progress: progress.record_hint("masked_mean", 1))
    said = capsys.readouterr().err
    assert said.count(f"last brought up to date by mtl-teach {made}, and this is {__version__}: run") == 1
    assert Progress.here().exercise("masked_mean")["hints"] == 1


@pytest.mark.parametrize("content", ["{", "[]", "{}"], ids=["not JSON", "a list", "no version"])
def test_a_damaged_list_of_what_was_delivered_is_no_reason_to_stop(workspace, content):
    (workspace / MANIFEST).write_text(content, encoding="utf-8")
    assert versions.mismatch(workspace) == ""


def test_sources_that_were_never_installed_have_no_version_on_the_disk(workspace, monkeypatch):
    def missing(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", missing)
    assert versions.mismatch(workspace) == ""
