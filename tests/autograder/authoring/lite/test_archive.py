"""Pyodide's release: taken from a folder or an archive, and refused by name where it is not the one that is needed."""

import hashlib
import json
import tarfile
import zipfile

import pytest

from autograder.authoring.lite import archive
from autograder.authoring.lite.archive import LiteError

DEPENDS = {"ipython": ["Prompt_Toolkit"], "scipy": ["numpy", "openblas"]}
PACKAGES = (*archive.AT_START, *archive.ON_IMPORT, "prompt-toolkit", "openblas", "pandas")


@pytest.fixture
def release(tmp_path):
    """A release in small: each file holds its own name."""
    folder = tmp_path / "pyodide"
    folder.mkdir()
    for name in archive.RUNTIME:
        (folder / name).write_text(name)
    packages = {}
    for name in PACKAGES:
        file = folder / f"{name}-1.0-py3-none-any.whl"
        file.write_text(name)
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        packages[name] = {"file_name": file.name, "sha256": digest, "depends": DEPENDS.get(name, [])}
    (folder / archive.LOCK).write_text(json.dumps({"info": {"version": archive.VERSION}, "packages": packages}))
    return folder


@pytest.fixture
def target(tmp_path):
    folder = tmp_path / "taken"
    folder.mkdir()
    return folder


def change_lock(release, change):
    lock = json.loads((release / archive.LOCK).read_text())
    change(lock)
    (release / archive.LOCK).write_text(json.dumps(lock))


def test_what_is_needed_and_what_that_needs_is_taken_and_nothing_else(release, target):
    lock = archive.take(release, target)
    assert set(lock["packages"]) == set(PACKAGES) - {"pandas"}
    taken = {path.name for path in target.iterdir()}
    assert taken == {*archive.RUNTIME, *(row["file_name"] for row in lock["packages"].values())}


def packed_as_tar(release, path, mode):
    with tarfile.open(path, mode) as packed:
        packed.add(release, "pyodide")


def packed_as_zip(release, path, inside):
    with zipfile.ZipFile(path, "w") as packed:
        for file in release.iterdir():
            packed.write(file, f"{inside}{file.name}")


@pytest.mark.parametrize(
    "name", ["pyodide.tar.bz2", "pyodide.tar.gz", "pyodide.zip", "some-1.0-py3-none-any.whl", "up"]
)
def test_an_archive_a_wheel_and_the_folder_above_hold_the_same(release, target, tmp_path, name):
    given = tmp_path / name
    if name == "up":
        given = tmp_path
    elif ".tar." in name:
        packed_as_tar(release, given, f"w:{name.rpartition('.')[2]}")
    else:
        packed_as_zip(release, given, "some/assets/pyodide/" if name.endswith(".whl") else "")
    lock = archive.take(given, target)
    assert "numpy" in lock["packages"]
    assert (target / "pyodide.asm.wasm").read_text() == "pyodide.asm.wasm"


def test_another_version_is_named_with_the_one_that_is_needed(release, target):
    change_lock(release, lambda lock: lock["info"].update(version="0.26.2"))
    with pytest.raises(LiteError, match=rf"holds Pyodide 0\.26\.2, and this edition is built with {archive.VERSION}"):
        archive.take(release, target)
    assert not list(target.iterdir())


def test_missing_packages_are_named_all_at_once(release, target):
    def without(lock):
        for name in ("scipy", "numpy"):
            del lock["packages"][name]

    change_lock(release, without)
    with pytest.raises(LiteError, match="lacks these packages of Pyodide: numpy, scipy;"):
        archive.take(release, target)


def test_a_file_that_the_lock_names_and_that_is_missing_is_named(release, target):
    (release / "numpy-1.0-py3-none-any.whl").unlink()
    with pytest.raises(LiteError, match=r"lacks numpy-1\.0-py3-none-any\.whl"):
        archive.take(release, target)


def test_a_part_of_pyodide_itself_that_is_missing_is_named(release, target):
    (release / "pyodide.asm.wasm").unlink()
    with pytest.raises(LiteError, match=r"lacks pyodide\.asm\.wasm"):
        archive.take(release, target)


def test_a_file_that_is_not_what_the_lock_says_is_refused(release, target):
    (release / "numpy-1.0-py3-none-any.whl").write_text("something else")
    with pytest.raises(LiteError, match=r"numpy-1\.0-py3-none-any\.whl .* is not what its lock file says"):
        archive.take(release, target)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"info": {"version": "0.27.7"}, "packages": {"numpy": 1}}'])
def test_a_lock_file_that_is_none_is_refused(release, target, text):
    (release / archive.LOCK).write_text(text)
    with pytest.raises(LiteError, match=r"holds no pyodide-lock\.json that can be read"):
        archive.take(release, target)


def test_nothing_there_a_broken_archive_and_one_without_pyodide_are_told_apart(target, tmp_path):
    with pytest.raises(LiteError, match="There is no file or folder"):
        archive.take(tmp_path / "gone.tar.bz2", target)
    (tmp_path / "cut.tar.bz2").write_bytes(b"BZh91AY&SY and no more")
    with pytest.raises(LiteError, match="is no archive that can be read to its end"):
        archive.take(tmp_path / "cut.tar.bz2", target)
    packed_as_zip(target, tmp_path / "empty.zip", "")
    with pytest.raises(LiteError, match=r"holds no Pyodide: there is no pyodide-lock\.json in it"):
        archive.take(tmp_path / "empty.zip", target)


def test_nothing_of_an_archive_is_written_outside(release, target, tmp_path):
    given = tmp_path / "release.zip"
    packed_as_zip(release, given, "")
    with zipfile.ZipFile(given, "a") as packed:
        packed.writestr("../outside.txt", "no")
    archive.take(given, target)
    assert not list(tmp_path.rglob("outside.txt"))
