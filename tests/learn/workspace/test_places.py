"""A workspace is found from every folder inside it, and from no other."""

import pytest

from mtl_teach.learn.workspace.places import FOLDER, MANIFEST, find_workspace


@pytest.fixture
def root(tmp_path):
    """A folder that is a workspace, with nothing else in it."""
    (tmp_path / "course" / MANIFEST).parent.mkdir(parents=True)
    (tmp_path / "course" / MANIFEST).write_text("{}", encoding="utf-8")
    return tmp_path / "course"


def test_it_is_found_from_the_current_folder_through_all_those_above(root, monkeypatch):
    below = root / "lessons" / "pages"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    assert find_workspace() == find_workspace(root) == root


def test_the_nearest_one_counts(root):
    inner = root / "projects" / "own"
    (inner / MANIFEST).parent.mkdir(parents=True)
    (inner / MANIFEST).write_text("{}", encoding="utf-8")
    assert find_workspace(inner / FOLDER) == inner


def test_a_folder_of_ours_without_the_list_of_what_was_delivered_is_none(root):
    (root / MANIFEST).unlink()
    assert find_workspace(root) is None
