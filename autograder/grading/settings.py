"""What a course's ``nbgrader_config.py`` says to mtl-grade, read as text and never run here.

Only what stands there as it is can be read, such as ``c.MtlGrade.personal_numbers = True``.
"""

from __future__ import annotations

import ast
import contextlib
from pathlib import Path
from typing import Any

SECTION = "MtlGrade"


def written(config: Path) -> dict[str, Any]:
    """The values given to ``c.MtlGrade`` in a file of nbgrader's configuration; none where it cannot be read."""
    try:
        tree = ast.parse(config.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    found = {}
    for node in tree.body:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                section, _, name = ast.unparse(target).rpartition(".")
                if section == f"c.{SECTION}":
                    with contextlib.suppress(ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
                        found[name] = ast.literal_eval(node.value)
    return found
