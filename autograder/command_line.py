"""What the two command lines share: their look, ``--debug``, JSON for programs, and one sentence for every error."""

from __future__ import annotations

import codecs
import errno
import io
import json
import sys
import unicodedata
from typing import Annotated, Any

import typer
from rich.console import Console

from autograder import kernel
from autograder.visible import clean, clean_json

WRONG_USE = 2  # exit codes; 0 and 1 are the command's own
STOPPED = 130
NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


class PlainConsole(Console):
    """Prints text as it stands: no part of it is markup, a number or a smiley, and what it hides is written out."""

    def __init__(self, stderr: bool = False) -> None:
        super().__init__(stderr=stderr, soft_wrap=True, highlight=False, markup=False, emoji=False)

    def print(self, *objects: Any, **how: Any) -> None:
        super().print(*(clean(one) if isinstance(one, str) else one for one in objects), **how)


# What is printed holds code, paths and names of strangers.
out = PlainConsole()
err = PlainConsole(stderr=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of text for people.")]

_settings = {"debug": False}


def new_app(help: str) -> typer.Typer:
    """A command line without commands yet: ``--version``, and ``--debug`` for the traceback of an error.

    Parameters
    ----------
    help : str
        What ``--help`` says first.
    """
    app = typer.Typer(
        help=help,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )

    @app.callback()
    def options(
        debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
        version: Annotated[
            bool, typer.Option("--version", help="Print the version.", is_eager=True, callback=_print_version)
        ] = False,
    ) -> None:
        _settings["debug"] = debug

    return app


def _print_version(wanted: bool) -> None:
    if wanted:
        out.print(f"mtl-teach {kernel.RUNNING or '(sources that were never installed)'}")
        raise typer.Exit()


def print_json(data: Any) -> None:
    """JSON on standard output, the same for every command."""
    every_character = (sys.stdout.encoding or "").lower().startswith("utf")
    print(clean_json(json.dumps(data, ensure_ascii=not every_character, indent=1)))


def run(app: typer.Typer, expected: tuple[type[Exception], ...], stopped: str = "") -> None:
    """Run a command; an expected error is one sentence on standard error and exit code 2.

    Parameters
    ----------
    app : typer.Typer
    expected : tuple of exception classes
        Whose message is a sentence for whoever typed the command; any other error is ours and shows its traceback.
    stopped : str
        What to say when Ctrl+C ends the command; its exit code is 130.

    Raises
    ------
    SystemExit
        Always, with the exit code.
    """
    _settings["debug"] = False
    in_any_encoding()
    try:
        app()
    except (SystemExit, KeyboardInterrupt) as ended:  # typer makes the former of Ctrl+C while a command runs
        code = STOPPED if isinstance(ended, KeyboardInterrupt) else ended.code
        if code == STOPPED and stopped:
            err.print(stopped)
        sys.exit(code)
    except expected as error:
        if _settings["debug"]:
            raise
        err.print(_sentence(error))
        sys.exit(WRONG_USE)


# How to write what an old code page lacks; Greek letters are spelled out.
OTHERWISE = {
    "✓": "+", "✗": "x", "○": "o", "–": "-", "—": "-", "−": "-", "…": "...", "≠": "!=", "≤": "<=", "≥": ">=", "≈": "~",
    "→": "->", "·": "*", "×": "x", "“": '"', "”": '"', "‘": "'", "’": "'", "²": "^2", "√": "sqrt", "∂": "d",
}  # fmt: skip


def in_any_encoding() -> None:
    """Let what is printed come out in every encoding of a terminal: what it lacks is written otherwise."""
    codecs.register_error("otherwise", _written_otherwise)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # another kind takes every character
            stream.reconfigure(errors="otherwise")


def _written_otherwise(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_otherwise, error.object[error.start : error.end])), error.end


def _otherwise(character: str) -> str:
    """What stands for a character, in ASCII.

    >>> _otherwise("λ"), _otherwise("≥"), _otherwise("é"), _otherwise("語")
    ('lambda', '>=', 'e', '?')
    """
    if character in OTHERWISE:
        return OTHERWISE[character]
    name = unicodedata.name(character, "")
    if name.startswith("GREEK"):
        letter = name.split(" WITH ")[0].split()[-1].replace("LAMDA", "LAMBDA")
        return letter.lower() if "SMALL" in name else letter.capitalize()
    return unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode("ascii") or "?"


def _sentence(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        where = f"{error.filename}: " if error.filename else ""
        more = " Make room and run the same command again; nothing is lost." if error.errno in NO_ROOM else ""
        return f"{where}{error.strerror.lower()}.{more}"
    return str(error.args[0]) if error.args else type(error).__name__
