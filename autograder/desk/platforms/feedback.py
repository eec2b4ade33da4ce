"""Where a platform wants the file that goes back to a student: the names inside its feedback archive.

Canvas takes the first two numbers between ``_`` in a file's name as the user and the attachment, and gives the file
back under the attachment's own name: so a notebook goes back for a notebook. Moodle reads
``Name_1201_assignsubmission_file/``. Brightspace wants the folders of its download.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import PurePosixPath

ARCHIVES = ("canvas", "moodle", "brightspace")
_CANVAS = re.compile(
    r"(?P<who>[^_]*)(?:_(?P<late>late))?_(?P<user>\d+)_(?P<attachment>\d+)_(?P<name>.+)", re.IGNORECASE | re.DOTALL
)
_BRIGHTSPACE = re.compile(r"(?P<user>\d+)-\d+ - (?P<name>.+?) - (?P<time>\w{3,9}\.? \d{1,2}, \d{4} \d{3,4} [AP]M)")


@dataclass(frozen=True)
class Sent:
    """A name of a platform's download.

    Attributes
    ----------
    path : str
        Inside the archive.
    user : str
        The platform's number of the person; empty where it says none.
    called : str
        The person's name as the platform spells it there.
    """

    path: str
    user: str = ""
    called: str = ""


def canvas_name(path: str) -> Sent | None:
    """A notebook of a Canvas download that can be answered; None for anything else.

    What lies in a zip of a student's own has the names that they gave it, so the first part in Canvas's form counts.

    Examples
    --------
    >>> canvas_name("lovelaceada_LATE_3143_207797_ps05.ipynb").user
    '3143'
    >>> canvas_name("anon_Ab3Xy_207801_ps05.ipynb") is canvas_name("lovelaceada_3143_text.html") is None
    True
    >>> canvas_name("mallory_3150_207802_work.zip/lovelaceada_3143_207797_ps05.ipynb") is None
    True
    """
    parts = PurePosixPath(path.replace("\\", "/")).parts
    match = next(filter(None, map(_CANVAS.fullmatch, parts)), None)
    name = match[0] if match else ""
    if match is None or not name.lower().endswith(".ipynb") or name.startswith(("._", "link")):
        return None
    numbers = [part for part in name.split("_") if re.fullmatch(r"[0-9]+", part)][:2]
    if numbers != [match["user"], match["attachment"]]:
        return None  # Canvas would take another number for the user
    return Sent(name, match["user"], match["who"])


def brightspace_name(path: str) -> Sent | None:
    """The page in the folder of a Brightspace download; None where a path has no such folder."""
    for part in PurePosixPath(path.replace("\\", "/")).parts:
        if match := _BRIGHTSPACE.match(part):
            return Sent(f"{match[0]}/feedback.html", match["user"], match["name"])
    return None


def moodle_path(name: str, number: str) -> str:
    """Where Moodle's feedback file of one participant lies."""
    safe = re.sub(r'[\x00-\x1f_/\\:*?"<>|]+', " ", name).strip(" .~") or "Participant"
    return f"{safe}_{number}_assignsubmission_file/feedback.html"


# ---- a page as text --------------------------------------------------------------------------------------------

_LEFT_OUT = {"script", "style", "head", "template", "title", "noscript", "svg"}
_BLOCKS = {"p", "div", "section", "article", "header", "footer", "main", "ul", "ol", "table", "tr", "details", "dl"}
_VOID = {"br", "hr", "img", "input", "meta", "link", "wbr", "col", "source"}


class _Markdown(HTMLParser):
    """A page's text as Markdown: headings, lists, code and links; no markup of the page is kept."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self.skipped: list[str] = []
        self.pre = 0
        self.code: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        link = dict(attributes).get("href") or ""
        if tag in _LEFT_OUT or self.skipped or link in ("#main", "#top"):  # those two lead about on the page itself
            if tag not in _VOID:
                self.skipped.append(tag)
            return
        if tag == "a":
            safe = re.fullmatch(r"https?://[^\s<>()\[\]]+", link)
            self.links.append(f"]({link})" if safe else "")
            self.out.append("[" if safe else "")
        if re.fullmatch(r"h[1-6]", tag):
            self.out.append(f"\n\n{'#' * int(tag[1])} ")
        elif tag == "pre":
            self.pre += 1
        elif tag in ("li", "dt"):
            self.out.append("\n- ")
        elif tag == "summary":
            self.out.append("\n\n**")
        elif tag in ("br", "hr"):
            self.out.append("\n")
        elif tag in ("td", "th", "dd"):
            self.out.append(" ")
        elif tag in _BLOCKS:
            self.out.append("\n\n")

    def handle_endtag(self, tag: str) -> None:
        if self.skipped:
            if tag in self.skipped:
                del self.skipped[len(self.skipped) - 1 - self.skipped[::-1].index(tag) :]
            return
        if tag == "a" and self.links:
            self.out.append(self.links.pop())
        elif tag == "summary":
            self.out.append("**\n\n")
        elif tag == "pre" and self.pre:
            self.pre -= 1
            if not self.pre:
                text = "".join(self.code).strip("\n")
                fence = "`" * max(3, 1 + max(map(len, re.findall(r"`+", text)), default=0))
                self.out.append(f"\n\n{fence}text\n{text}\n{fence}\n\n")
                self.code = []
        elif tag in _BLOCKS or re.fullmatch(r"h[1-6]", tag):
            self.out.append("\n\n")

    def handle_data(self, data: str) -> None:
        if self.skipped:
            return
        if self.pre:
            self.code.append(data)
        else:
            text = re.sub(r"\s+", " ", data)
            self.out.append(re.sub(r"([\\`*_\[\]<>$|])", r"\\\1", text))


def page_as_markdown(html: str) -> str:
    """What a page says, as Markdown that shows in a notebook without a style, a script or a picture.

    Examples
    --------
    >>> page_as_markdown("<h1>5 of 7</h1><style>p{}</style><p>a &lt; b</p><pre>x = 1</pre>")
    '# 5 of 7\\n\\na \\\\< b\\n\\n```text\\nx = 1\\n```\\n'
    """
    parser = _Markdown()
    parser.feed(html)
    parser.close()
    if parser.code:
        parser.handle_endtag("pre")
    parts = re.split(r"(^(`{3,})text\n.*?\n\2$)", "".join(parser.out), flags=re.MULTILINE | re.DOTALL)
    said = []
    for index in range(0, len(parts), 3):
        lines = "\n".join(line.strip() if line.strip() not in ("-",) else "" for line in parts[index].split("\n"))
        lines = re.sub(r"^\*\*[ ]*(.*?)[ ]*\*\*$", r"**\1**", lines, flags=re.MULTILINE)
        said.append(re.sub(r"\n{3,}", "\n\n", lines.replace("****", "")))
        said.append(parts[index + 1] if index + 1 < len(parts) else "")
    return "".join(said).strip("\n") + "\n"
