"""The two command lines look alike, and every expected error is one sentence and an exit code."""

import io
import json
import sys
from importlib import metadata

import pytest
import typer

from autograder import kernel
from autograder.command_line import AsJson, err, new_app, out, print_json, run


class Expected(LookupError):
    pass


class Other(Exception):
    pass


@pytest.fixture
def say(monkeypatch, capsys):
    """Run a small command line; give back its exit code, what it printed and its errors."""
    app = new_app("A small command line.")

    @app.command()
    def fail(kind: str) -> None:
        if kind == "ctrl-c":
            raise KeyboardInterrupt
        if kind == "exit":
            raise typer.Exit(1)
        errors = {
            "expected": Expected("There is no `x[bold]`; try `y`."),
            "silent": Expected(),
            "other": Other("ours"),
            "file": FileNotFoundError(2, "No such file or directory", "a.zip"),
            "disk": OSError("the disk is gone"),
            "full": OSError(28, "No space left on device", "a.csv"),
            "full somewhere": OSError(28, "No space left on device"),
        }
        raise errors[kind]

    @app.command()
    def show(text: str, as_json: AsJson = False) -> None:
        print_json({"λ": text}) if as_json else out.print(text)

    def run_words(*words, **options):
        monkeypatch.setattr(sys, "argv", ["small", *words])
        with pytest.raises(SystemExit) as done:
            run(app, (Expected, OSError), **options)
        printed = capsys.readouterr()
        return done.value.code or 0, printed.out, printed.err

    return run_words


def test_every_command_line_tells_the_version_that_is_installed(say, monkeypatch):
    assert say("--version") == (0, f"mtl-teach {metadata.version('mtl-teach')}\n", "")
    monkeypatch.setattr(kernel, "RUNNING", "")
    assert say("--version")[1] == "mtl-teach (sources that were never installed)\n"


def test_text_of_strangers_is_printed_as_it_is(say):
    text = "[bold]x[:b:][/bold] 'quoted' 12 http://a.b"
    assert say("show", text) == (0, text + "\n", "")


def test_a_long_line_is_not_broken(say):
    assert say("show", "word " * 100)[1].count("\n") == 1


def test_json_is_for_programs(say):
    code, printed, _ = say("show", "a", "--json")
    assert (code, json.loads(printed)) == (0, {"λ": "a"})
    assert "λ" in printed


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("expected", "There is no `x[bold]`; try `y`."),
        ("silent", "Expected"),
        ("file", "a.zip: no such file or directory."),
        ("disk", "the disk is gone"),
        ("full", "a.csv: no space left on device. Make room and run the same command again; nothing is lost."),
        ("full somewhere", "no space left on device. Make room and run the same command again; nothing is lost."),
    ],
)
def test_an_expected_error_is_one_sentence_and_exit_code_2(say, kind, sentence):
    assert say("fail", kind) == (2, "", sentence + "\n")


def test_debug_shows_where_an_error_comes_from_and_the_next_run_forgets_it(say):
    with pytest.raises(Expected, match="There is no"):
        say("--debug", "fail", "expected")
    assert say("fail", "expected")[0] == 2


def test_an_error_of_ours_is_never_hidden(say):
    with pytest.raises(Other, match="ours"):
        say("fail", "other")


@pytest.mark.parametrize("stopped", ["", "Stopped; run it again."])
def test_ctrl_c_ends_with_130_and_the_commands_own_sentence(say, stopped):
    assert say("fail", "ctrl-c", stopped=stopped) == (130, "", f"{stopped}\n" if stopped else "")


def test_ctrl_c_before_any_command_runs_is_the_same(capsys):
    def not_there_yet():
        raise KeyboardInterrupt

    with pytest.raises(SystemExit) as done:
        run(not_there_yet, (), stopped="Stopped.")
    assert (done.value.code, capsys.readouterr().err) == (130, "Stopped.\n")


def test_a_command_chooses_its_own_exit_code(say):
    assert say("fail", "exit", stopped="Stopped.") == (1, "", "")


@pytest.mark.parametrize("words", [["--help"], ["-h"], ["show", "-h"]], ids=" ".join)
def test_help_is_asked_for_in_two_ways(say, words):
    code, printed, _ = say(*words)
    assert code == 0
    assert "Usage" in printed


def test_an_option_that_there_is_not_is_exit_code_2(say):
    assert say("show", "a", "--nothing")[0] == 2


def test_errors_go_where_they_do_not_mix_with_the_output(capsys):
    err.print("an error")
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", "an error\n")


def test_json_in_an_encoding_that_lacks_a_letter_says_the_same(monkeypatch):
    """An escape means the letter; what stands for it in a text for people would be another value."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding="cp1252", errors="replace")
    monkeypatch.setattr(sys, "stdout", stream)
    print_json({"title": "λ ≥ 0"})
    stream.flush()
    assert json.loads(stream.buffer.getvalue().decode("cp1252")) == {"title": "λ ≥ 0"}
