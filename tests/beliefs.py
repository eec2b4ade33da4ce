"""The table of SECURITY.md that says which checks believe the answer's side: ``python -m tests.beliefs`` writes it."""

from pathlib import Path

from autograder import exercises
from autograder.testing import INPUTS_LEFT

PAGE = Path(__file__).parents[1] / "SECURITY.md"
HEAD = "| exercise | checks that believe | what | points at most |\n|---|---|---|---|\n"


def table() -> str:
    """One row for all checks of inputs left alone, and one for each other belief of an exercise."""
    left, rows = [], []
    for one in exercises.all_exercises():
        beliefs: dict[str, list] = {}
        for check in one.checks:
            if check.believes == INPUTS_LEFT:
                left.append((one.id, check))
            elif check.believes:
                beliefs.setdefault(check.believes, []).append(check)
        for what, checks in beliefs.items():
            names = ", ".join(f"`{check.id}`" for check in checks)
            rows.append(f"| `{one.id}` | {names} | {what} | {sum(check.points for check in checks):g} |\n")
    names = ", ".join(f"`{name}`" for name in sorted({check.id for _, check in left}))
    most = max(check.points for _, check in left)
    where = f"{len({name for name, _ in left})} exercises"
    return HEAD + f"| {where} | {names} | {INPUTS_LEFT} | {most:g} each |\n" + "".join(rows)


def written() -> str:
    """The page with the table as it must be."""
    before, rest = PAGE.read_text(encoding="utf-8").split("tests/test_beliefs.py -->\n", 1)
    after = rest.partition("\n\n")[2]
    return f"{before}tests/test_beliefs.py -->\n{table()}\n{after}"


if __name__ == "__main__":
    PAGE.write_text(written(), encoding="utf-8")
