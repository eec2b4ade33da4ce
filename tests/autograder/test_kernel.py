"""What the running Python knows of itself: an upgrade under it is noticed, and a sentence is said once."""

import sys
from importlib import metadata
from types import SimpleNamespace

import pytest

from autograder import kernel
from mtl_teach import __version__


def test_a_package_that_is_the_installed_one_needs_no_words():
    assert kernel.upgraded() == ""


def test_another_package_on_the_disk_asks_for_a_restart(monkeypatch):
    monkeypatch.setattr(metadata, "version", lambda name: "9.9")
    said = kernel.upgraded()
    assert said == (
        f"mtl-teach 9.9 was installed while this kernel runs {__version__}: choose Kernel → Restart Kernel and run "
        "your cells again. What you wrote and your progress stay."
    )


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


# ---- is this a kernel? -----------------------------------------------------------------------------------------


@pytest.fixture
def shell(monkeypatch):
    """Pretend that a shell of IPython is running, or that none is."""

    def pretend(running):
        monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: running))

    return pretend


def test_only_a_shell_with_a_kernel_is_a_kernel(shell, monkeypatch):
    answers = []
    for running in (None, SimpleNamespace(), SimpleNamespace(kernel="one")):
        shell(running)
        answers.append(kernel.in_kernel())
    assert answers == [False, False, True]
    monkeypatch.delitem(sys.modules, "IPython")
    assert not kernel.in_kernel()


def test_in_a_kernel_a_sentence_is_printed_with_the_output(shell, monkeypatch, capsys):
    monkeypatch.setattr(kernel, "_said", set())
    shell(SimpleNamespace(kernel="one"))
    kernel.say_once("Mind the gap.")
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("Mind the gap.\n", "")


@pytest.mark.parametrize(
    ("in_kernel", "environment", "set_to"),
    [(True, None, [1]), (True, "4", []), (False, None, [])],
    ids=["a kernel", "a kernel that was told", "no kernel"],
)
def test_torch_gets_one_thread_only_in_a_kernel_that_was_told_nothing(
    shell, monkeypatch, in_kernel, environment, set_to
):
    threads = []
    monkeypatch.setitem(sys.modules, "torch", SimpleNamespace(set_num_threads=threads.append))
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    if environment:
        monkeypatch.setenv("OMP_NUM_THREADS", environment)
    shell(SimpleNamespace(kernel="one") if in_kernel else SimpleNamespace())
    kernel.one_thread()
    assert threads == set_to


def test_threads_need_no_torch(shell, monkeypatch):
    monkeypatch.delitem(sys.modules, "torch", raising=False)
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    shell(SimpleNamespace(kernel="one"))
    kernel.one_thread()
    assert "torch" not in sys.modules


def test_python_in_a_web_page_says_so_itself(monkeypatch):
    assert not kernel.in_browser()
    monkeypatch.setattr(sys, "platform", "emscripten")
    assert kernel.in_browser()
