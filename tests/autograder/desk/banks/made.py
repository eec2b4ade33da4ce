"""Quick tests for tests, and what a platform should have of them after it read a file of ours."""

from hypothesis import strategies as st

from autograder.desk.banks.markup import FORMULA, pieces, plain
from autograder.quizzes.bank import Option, Question, Quiz

# Whatever means something to one of the formats, in all orders.
SIGNS = [
    *":#={}~\\%<>&\"'`$*_[]()/|!?-+.,;@^ \t\n\rnaé語λ01",
    *(
        "]]>",
        "<![CDATA[",
        "<!--",
        "-->",
        "&amp;",
        "&#58;",
        "&&058;",
        "&&010",
        "####",
        "->",
        "::",
        "//",
        "$$",
        r"\(",
        r"\)",
    ),
    *(r"\[", r"\]", "$x_1$", r"$\frac{a}{b}$", "`a<b`", "*so*", "[html]", "%50%", "</text>", "<br>", "\r\n", "\u2028"),
    *("\x00", "\x1b", "\x85", "\u00a0", "\ufeff", "\ufffe", "\uffff", "\ud800", "\U0001f600", "T", "TRUE"),
]
texts = st.one_of(st.lists(st.sampled_from(SIGNS), min_size=1, max_size=12).map("".join), st.text(min_size=1))
texts = texts.filter(str.strip)  # the bank lets no empty text in


@st.composite
def quizzes(draw, texts=texts):
    """A quick test with any texts."""
    questions = []
    for place in range(draw(st.integers(1, 3))):
        options = draw(st.lists(texts, min_size=2, max_size=5, unique=True))
        right = draw(st.integers(0, len(options) - 1))
        made = tuple(Option(text, draw(texts), at == right) for at, text in enumerate(options))
        questions.append(Question(f"id_{place}", draw(texts), made, "0a1b2c"))
    return Quiz("05", draw(texts), "05_missing_labels", tuple(questions))


def quiz(*questions, number="05", title="Missing labels"):
    """A quick test from (text, option, option, …), of which the first option is right."""
    made = [
        Question(
            f"id_{at}", text, tuple(Option(one, f"why {one}", not place) for place, one in enumerate(options)), "0"
        )
        for at, (text, *options) in enumerate(questions)
    ]
    return Quiz(number, title, f"{number}_missing_labels", tuple(made))


def runs(text):
    """What is shown of a text, in the form of the readers."""
    found = []
    for piece in pieces(text):
        if found and piece.kind == found[-1][0] != FORMULA:
            found[-1] = (piece.kind, found[-1][1] + piece.text)  # two runs of code side by side show as one
        else:
            found.append((piece.kind, piece.text))
    return found


def kept(banks, tags=True):
    """The questions of banks as a platform keeps them that shows HTML."""
    return [
        (
            bank.title,
            [
                {
                    "name": item.name,
                    "text": runs(item.text),
                    "answers": [(runs(one.text), one.right, runs(one.feedback)) for one in item.choices],
                    "explanation": runs(item.explanation),
                    **({"tags": list(item.tags)} if tags else {}),
                }
                for item in bank.items
            ],
        )
        for bank in banks
    ]


def kept_as_text(banks):
    """The same for a platform that knows lines of text alone."""
    return [
        (
            "",
            [
                {"text": plain(item.text), "answers": [(plain(one.text), one.right) for one in item.choices]}
                for bank in banks
                for item in bank.items
            ],
        )
    ]
