"""The lessons' formulas where no TeX is at hand: as MathML, which every browser draws, and as readable text.

Of TeX only what the lessons use is known; a command that is not is shown by its name, and nothing raises.
"""

from __future__ import annotations

import html
import itertools
import re
from dataclasses import dataclass

GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "zeta": "ζ", "eta": "η", "theta": "θ",
    "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "omicron": "ο", "pi": "π", "rho": "ρ",
    "sigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
    "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Phi": "Φ",
    "Psi": "Ψ", "Omega": "Ω",
}  # fmt: skip
LETTERS = GREEK | {"ell": "ℓ", "infty": "∞"}
SIGNS = {
    "cdot": "·", "times": "×", "pm": "±", "mid": "|", "ge": "≥", "geq": "≥", "le": "≤", "leq": "≤", "ne": "≠",
    "neq": "≠", "approx": "≈", "propto": "∝", "in": "∈", "dots": "…", "ldots": "…", "cdots": "⋯", "to": "→",
    "rightarrow": "→", "longrightarrow": "⟶", "Rightarrow": "⇒", "lVert": "‖", "rVert": "‖", "Vert": "‖",
    "lvert": "|", "rvert": "|", "partial": "∂", "nabla": "∇", "top": "⊤", "circ": "∘", "prime": "′", "sim": "∼",
    "{": "{", "}": "}", "|": "‖", "%": "%", "_": "_", "&": "&", "#": "#", "$": "$",
}  # fmt: skip
LARGE = {"sum": "∑", "prod": "∏", "int": "∫"}  # with limits below and above
WORDS = {"max", "min", "log", "ln", "exp", "arg", "argmin", "argmax", "lim"}
SPACES = {"quad": 1.0, "qquad": 2.0, ",": 0.17, ":": 0.22, ";": 0.28, " ": 0.25, "!": 0.0}
ACCENTS = {"hat": ("^", "\u0302"), "bar": ("¯", "\u0304"), "tilde": ("~", "\u0303")}
SIZES = {"left", "right", "big", "bigl", "bigr", "Big", "Bigl", "Bigr"}
CLOSE = {"lVert", "rVert", "lvert", "rvert", "partial", "nabla", "dots", "{", "}"}  # without spaces around them
STILL = set("()[]|{}‖")  # as high as a letter, whatever stands between them
TOKEN = re.compile(r"\\([a-zA-Z]+|.)|(\d+(?:\.\d+)?)|(\s+)|(.)", re.DOTALL)
BRACE = '<mo stretchy="true">⏟</mo>'
ONE_DIGIT = re.compile(r"(\\[dt]?frac\s*(?:\{[^{}]*\})?|[\^_])\s*(\d)")  # TeX takes one without braces
SIGN_BEFORE = re.compile(r"(^|\(|[=∝,] )([-±]) ")  # not between two numbers


@dataclass(frozen=True)
class Piece:
    """A piece of a formula, drawn and as text; of some, marks go below and above instead of beside."""

    mathml: str
    text: str
    limits: bool = False
    simple: bool = True  # as text it needs no brackets around it


def mathml(tex: str, display: bool = False) -> str:
    """A formula as MathML.

    >>> mathml("w^2")
    '<math><msup><mi>w</mi><mn>2</mn></msup></math>'
    """
    kind = ' display="block"' if display else ""
    return f"<math{kind}>{_parsed(tex).mathml}</math>"


def text(tex: str) -> str:
    r"""A formula as text that can be read aloud, searched and copied.

    >>> text(r"L = \frac{\sum_i m_i\,\ell_i}{\sum_i m_i}")
    'L = (∑_i m_i ℓ_i) / (∑_i m_i)'
    """
    return SIGN_BEFORE.sub(r"\1\2", " ".join(_parsed(tex).text.split()))


MATH = re.compile(r"\$\$(.+?)\$\$|(?<![\\\w$])\$([^$\n]+)\$(?!\w)", re.DOTALL)


def _parsed(tex: str) -> Piece:
    for _ in range(2):  # a fraction has two
        tex = ONE_DIGIT.sub(r"\1{\2}", tex)
    return _Parser(tex).row(top=True)


class _Parser:
    def __init__(self, tex: str) -> None:
        self._tokens = [found for found in TOKEN.finditer(tex) if not found[3]]
        self._at = 0

    def _peek(self) -> str:
        return self._tokens[self._at][0] if self._at < len(self._tokens) else ""

    def row(self, top: bool = False) -> Piece:
        """Everything up to the closing brace; at the top a stray one is passed over."""
        pieces: list[Piece] = []
        while self._at < len(self._tokens):
            if self._peek() == "}":
                self._at += 1
                if top:
                    continue
                break
            pieces.append(self._with_marks(self._atom()))
        if len(pieces) == 1:
            return pieces[0]
        drawn = "".join(piece.mathml for piece in pieces)
        words = pieces[0].text if pieces else ""
        for last, piece in itertools.pairwise(pieces):
            marked = re.search(r"[_^]", last.text) and piece.text[:1].isalpha()
            apart = (marked or not (last.simple and piece.simple)) and piece.text[:1] not in (".", ",", ")", "", " ")
            words += f" {piece.text}" if apart else piece.text
        return Piece(f"<mrow>{drawn}</mrow>", words, simple=len(words.strip()) < 2)

    def _argument(self) -> Piece:
        return self._atom() if self._at < len(self._tokens) else Piece("<mrow></mrow>", "")

    def _with_marks(self, base: Piece) -> Piece:
        below = above = None
        while self._peek() in ("_", "^", "'"):
            mark = self._peek()
            self._at += 1
            if mark == "_":
                below = self._argument()
            elif mark == "'":
                above = Piece("<mo>′</mo>", "′")
            else:
                above = self._argument()
        if below is None and above is None:
            return base
        if below and base.mathml.endswith(f"{BRACE}</munder>"):
            return Piece(f"<munder>{base.mathml}{below.mathml}</munder>", f"{base.text} [{below.text}] ", simple=False)
        words = base.text + (f"_{_closed(below)}" if below else "")
        if above:
            words += above.text if above.text in ("′", "*") else f"^{_closed(above)}"
        if base.limits and base.text.strip() in (*LARGE.values(), *WORDS):
            words += " "
        names = ("munder", "mover", "munderover") if base.limits else ("msub", "msup", "msubsup")
        name = names[2 if below and above else 0 if below else 1]
        parts = "".join(part.mathml for part in (base, below, above) if part)
        return Piece(f"<{name}>{parts}</{name}>", words, simple=base.simple)

    def _atom(self) -> Piece:
        found = self._tokens[self._at]
        self._at += 1
        command, number, _, sign = found.groups()
        if number:
            return Piece(f"<mn>{number}</mn>", number)
        if command:
            return self._command(command)
        if sign == "{":
            return self.row()
        if sign.isalpha():
            return Piece(f"<mi>{sign}</mi>", sign)
        sign = "−" if sign == "-" else "∗" if sign == "*" else sign
        words = {"=": " = ", ":": ": ", "+": " + ", "−": " - ", "<": " < ", ">": " > ", ",": ", ", "∗": "*"}.get(
            sign, sign
        )
        return Piece(_sign(sign), words)

    def _command(self, name: str) -> Piece:
        if name in LETTERS:
            return Piece(f"<mi>{LETTERS[name]}</mi>", LETTERS[name])
        if name in LARGE:
            return Piece(f'<mo largeop="true" movablelimits="false">{LARGE[name]}</mo>', LARGE[name], limits=True)
        if name in WORDS:
            space = "" if name in ("max", "min") else " "
            drawn = f'<mi>{name}</mi><mspace width="0.17em"/>' if space else f"<mi>{name}</mi>"
            return Piece(drawn, f" {name}{space}", limits=not space)
        if name in SPACES:
            return Piece(f'<mspace width="{SPACES[name]}em"/>' if SPACES[name] else "", " " if SPACES[name] else "")
        if name in ("frac", "tfrac", "dfrac"):
            over, under = self._argument(), self._argument()
            drawn = f"<mfrac>{over.mathml}{under.mathml}</mfrac>"
            bar = "/" if over.text.isdigit() and len(under.text) <= 2 else " / "
            return Piece(drawn, f"{_closed(over)}{bar}{_closed(under)}", simple=False)
        if name in ("text", "mathrm", "operatorname"):
            words = self._words()
            if name == "operatorname":
                return Piece(f'<mi>{html.escape(words)}</mi><mspace width="0.17em"/>', f"{words} ")
            return Piece(f"<mtext>{html.escape(words).replace(' ', '&#160;')}</mtext>", words)
        if name in ("mathcal", "mathbb", "mathbf"):
            return self._argument()
        if name in ACCENTS:
            base, (mark, joined) = self._argument(), ACCENTS[name]
            return Piece(f'<mover accent="true">{base.mathml}<mo>{mark}</mo></mover>', base.text + joined)
        if name == "underbrace":
            base = self._argument()
            return Piece(f"<munder>{base.mathml}{BRACE}</munder>", base.text, limits=True)
        if name == "sqrt":
            base = self._argument()
            return Piece(f"<msqrt>{base.mathml}</msqrt>", f"√{_closed(base)}")
        if name in SIZES:
            return Piece("", "")
        sign = SIGNS.get(name, name)
        words = sign if name in CLOSE else f" {sign} "
        return Piece(_sign(sign), words)

    def _words(self) -> str:
        """What stands in braces, as plain words with their spaces."""
        if self._peek() != "{":
            return self._argument().text
        start = self._tokens[self._at].end()
        depth = 0
        while self._at < len(self._tokens):
            depth += {"{": 1, "}": -1}.get(self._peek(), 0)
            found = self._tokens[self._at]
            self._at += 1
            if depth == 0:
                return found.string[start : found.start()].replace("\\", "")
        return self._tokens[-1].string[start:]


def _sign(sign: str) -> str:
    still = ' stretchy="false"' if sign in STILL else ""
    return f"<mo{still}>{html.escape(sign)}</mo>"


def _closed(piece: Piece) -> str:
    words = piece.text.strip()
    return words if piece.simple or re.fullmatch(r"[\w.]+", words) else f"({words})"
