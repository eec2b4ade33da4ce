"""A quick test whose numbers were worked out before is the same test, in every one of its sets of numbers."""

import json

import pytest

from autograder.quizzes import bank, computed


@pytest.fixture(scope="module")
def dumped():
    return json.dumps(computed.dump())


@pytest.fixture
def without_torch(dumped, tmp_path, monkeypatch):
    """A place with the file and without PyTorch, in which nothing is worked out."""
    live = {
        (number, numbers): bank.load(number, numbers)
        for number in bank.all_quizzes()
        for numbers in range(bank.how_many(number) + 1)
    }
    file = tmp_path / "computed.json"
    file.write_text(dumped, encoding="utf-8")
    monkeypatch.setattr(bank, "COMPUTED", file)
    monkeypatch.setattr(bank, "_is_installed", lambda package: package != "torch")
    monkeypatch.setattr(bank, "read", lambda *_: pytest.fail("a number was worked out"))
    bank._computed_before.cache_clear()
    yield live
    bank._computed_before.cache_clear()


def test_texts_options_explanations_and_versions_are_those_of_the_live_tests(without_torch):
    assert len(without_torch) > len(bank.all_quizzes())
    for (number, numbers), live in without_torch.items():
        assert bank.load(number, numbers) == live
        assert hash(bank.load(number, numbers)) == hash(live)


def test_the_numbers_begin_again_after_the_last_set(without_torch):
    assert bank.load("05", bank.how_many("05")) == bank.load("05")
    assert bank.load("05", 1) != bank.load("05")


def test_where_torch_is_installed_the_file_has_no_say(without_torch, monkeypatch):
    monkeypatch.setattr(bank, "_is_installed", lambda package: True)
    monkeypatch.setattr(bank, "read", lambda *_: "worked out")
    assert bank.load("05") == "worked out"


def test_without_the_file_a_missing_torch_is_named_as_before(monkeypatch, tmp_path):
    monkeypatch.setattr(bank, "COMPUTED", tmp_path / "none.json")
    monkeypatch.setattr(bank, "_is_installed", lambda package: False)
    monkeypatch.setattr(bank, "read", lambda *_: "worked out")
    assert bank.load("05") == "worked out"
