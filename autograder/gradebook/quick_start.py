"""Imports nbgrader without what only a notebook server needs: a command then starts two seconds sooner.

``import nbgrader`` imports its four server extensions, and with them a whole notebook server; and ``jsonschema``
compiles a grammar of internet addresses, which no notebook is checked against. In a server nothing of this happens,
since there nbgrader is imported before us.
"""

from __future__ import annotations

import importlib
import sys
import types
from typing import Any

EXTENSIONS = ("assignment_list", "course_list", "validate_assignment", "formgrader")
GRAMMAR = "rfc3987_syntax"  # optional for jsonschema, which does without where it is missing


def import_nbgrader() -> None:
    """Import nbgrader, unless somebody has; its extensions are there, but imported when they are loaded."""
    if "nbgrader" in sys.modules:
        return
    absent = [GRAMMAR] if GRAMMAR not in sys.modules else []
    names = [f"nbgrader.server_extensions.{name}" for name in EXTENSIONS]
    try:
        sys.modules.update({name: _later(name) for name in names})
        for name in absent:
            sys.modules[name] = None  # type: ignore[assignment]  # Python's way to say that there is none
        importlib.import_module("nbgrader")
        importlib.import_module("jsonschema")
    finally:
        for name in [*names, *absent]:
            sys.modules.pop(name, None)


def _later(name: str) -> types.ModuleType:
    module = types.ModuleType(name)

    def load_jupyter_server_extension(app: Any) -> Any:
        return importlib.import_module(name).load_jupyter_server_extension(app)

    module.load_jupyter_server_extension = load_jupyter_server_extension  # type: ignore[attr-defined]
    return module


import_nbgrader()
