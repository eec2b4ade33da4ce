"""``written`` compares a written answer with what it is marked by: in the notebook step by step, a list elsewhere."""

from __future__ import annotations

import html
from typing import Any

from autograder.kernel import in_kernel, say_once
from mtl_teach.learn.home import MARKS
from mtl_teach.learn.lesson import own_text
from mtl_teach.learn.lesson.choice import choice_of
from mtl_teach.learn.lesson.notebook import focus, live, rich, show
from mtl_teach.learn.lesson.own_text import Text
from mtl_teach.learn.progress import NOWHERE
from mtl_teach.learn.workspace.places import find_workspace

PAGE = "white-space:pre-wrap;overflow-wrap:anywhere;line-height:1.45"
BESIDE = "display:flex;flex-wrap:wrap;gap:1em 2em"
LOOK, SHOW, MODEL = "Look at my text", "Show the questions", "Show the model answer"


def written() -> None:
    """Compare a written answer of yours with what it is marked by: questions about your text, then a model answer."""
    workspace = find_workspace()
    if workspace is None:
        say_once(NOWHERE)
        return
    texts = own_text.texts(workspace)
    text = as_text(texts)
    if in_kernel():
        show(SelfCheck(texts).box, f'<div style="{PAGE}">{html.escape(text)}</div>', text, to="compare")
    else:
        print(text)


def as_text(texts: dict[str, Text]) -> str:
    """The written answers of a workspace, a line each, and how to compare one."""
    lines = [f"{MARKS[one.part.state]} {name}  {one.part.title} ({one.part.state})" for name, one in texts.items()]
    return "\n".join([*lines, "Compare one in a terminal: mtl-teach written NAME"])
