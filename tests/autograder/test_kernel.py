"""What the running Python knows of itself: an upgrade under it is noticed, and a sentence is said once."""

from importlib import metadata

import pytest

from autograder import kernel
from mtl_teach import __version__


def test_a_package_that_is_the_installed_one_needs_no_words():
    assert kernel.upgraded() == ""


def test_another_package_on_the_disk_asks_for_a_restart(monkeypatch):
    monkeypatch.setattr(metadata, "version", lambda name: "9.9")
    said = kernel.upgraded()
    assert said.startswith(f"mtl-teach 9.9 was installed while this kernel runs {__version__}: choose Kernel → Restart")


def test_sources_that_were_never_installed_have_no_version_on_the_disk(monkeypatch):
    def missing(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", missing)
    assert kernel.upgraded() == ""


def test_a_sentence_is_said_once_and_nothing_is_no_sentence(monkeypatch, capsys):
    monkeypatch.setattr(kernel, "_said", set())
    for sentence in ("Mind the gap.", "", "Mind the gap."):
        kernel.say_once(sentence)
    assert capsys.readouterr().err == "Mind the gap.\n"


def test_after_an_upgrade_every_failure_says_so_and_what_works_says_so_once(monkeypatch, capsys):
    monkeypatch.setattr(kernel, "_said", set())
    monkeypatch.setattr(metadata, "version", lambda name: "9.9")
    for _ in range(2):
        with kernel.upgrade_said_first():
            pass
    assert capsys.readouterr().err.count("mtl-teach 9.9 was installed") == 1
    for _ in range(2):
        with pytest.raises(ImportError, match=r"only in 9\.9"), kernel.upgrade_said_first():
            raise ImportError("only in 9.9")
    assert capsys.readouterr().err.count("mtl-teach 9.9 was installed") == 2
