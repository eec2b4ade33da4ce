"""The bench that puts bugs into the code: it makes the changes it promises, and judges the tests rightly."""

import doctest
import json

import pytest

from tests.bench import code_mutation
from tests.bench import mutants as operators
from tests.bench.code_mutation import Room, Tally, TestFile, choose, orders_for, outdated, slots, spread, try_mutant
from tests.bench.mutants import Mutant, mutants

needs_namespaces = pytest.mark.offline

TOTAL = '''"""What is to be paid."""

def total(price, tax):
    """The price with its tax."""
    if price < 0:
        raise ValueError("a price below zero")
    return price + tax

def forgotten(price):
    return price - 1
'''
SHARP = """import pytest
from shop.total import total, forgotten

def test_the_tax_comes_on_top():
    assert (total(2, 3), total(0, 1), total(0.5, 1)) == (5, 1, 1.5)

def test_prices_are_not_negative():
    with pytest.raises(ValueError, match="below zero"):
        total(-1, 0)
    with pytest.raises(ValueError, match="below zero"):
        total(-0.5, 0)

def test_what_others_forget():
    assert forgotten(3) == 2
"""
BLUNT = """from shop.total import total

def test_something_comes_out():
    total(2, 3)
"""


@pytest.fixture
def project(tmp_path):
    """A module of two functions, with a folder of good tests and one of bad tests."""
    files = {
        "pytest.ini": "[pytest]\naddopts = --import-mode=importlib\n",
        "shop/__init__.py": "",
        "shop/total.py": TOTAL,
        "tests/sharp/test_total.py": SHARP,
        "tests/blunt/test_total.py": BLUNT,
    }
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    return tmp_path


ROOMS = {
    "sharp": Room(("shop/*.py",), ("tests/sharp",), goal=0.9),
    "blunt": Room(("shop/*.py",), ("tests/blunt",), goal=0.9),
}


def measured(project, capsys, *arguments, rooms=ROOMS):
    """The exit code and what was printed."""
    code = code_mutation.main(["--processes", "1", *arguments], rooms, project, preload=())
    return code, capsys.readouterr()


# ---- mutants ---------------------------------------------------------------------------------------------------


def changes(source):
    return {(mutant.old, mutant.new) for mutant in mutants("module.py", source)}


@pytest.mark.parametrize(
    ("source", "old", "new"),
    [
        ("x = a < b", "x = a < b", "x = a <= b"),
        ("x = a == b", "x = a == b", "x = a != b"),
        ("x = a in b", "x = a in b", "x = a not in b"),
        ("x = a + b", "x = a + b", "x = a - b"),
        ("x = a and b", "x = a and b", "x = a or b"),
        ("x = a and b", "x = a and b", "x = a"),
        ("x = a and (b or c)", "x = a and (b or c)", "x = a and (c)"),
        ("x = not a", "x = not a", "x = a"),
        ("x = 3", "x = 3", "x = 4"),
        ("x = 3", "x = 3", "x = 2"),
        ("x = True", "x = True", "x = False"),
        ("x = a if b else c", "x = a if b else c", "x = a if (b) and False else c"),
        ("x += 1", "x += 1", "x = 1"),
        ("x.y = 1", "x.y = 1", "pass"),
        ("tidy(x)", "tidy(x)", "pass"),
        ("raise ValueError('no')", "raise ValueError('no')", "pass"),
        ("x = f(a, b, key=c)", "x = f(a, b, key=c)", "x = f(a, key=c)"),
        ("x = f(a, b, key=c)", "x = f(a, b, key=c)", "x = f(a, b)"),
        ("def f():\n    return a", "return a", "return None"),
        ("def f():\n    yield a", "yield a", "yield None"),
        ("if a or b:\n    f()", "if a or b:", "if not (a or b):"),
        ("while a:\n    f()", "while a:", "while not a:"),
        ("for a in b:\n    continue", "for a in b:", "for a in []:"),
        ("for a in b:\n    continue", "continue", "break"),
        ("try:\n    f()\nexcept (A, B):\n    g()", "except (A, B):", "except ():"),
        ("class A:\n    @property\n    def f(self):\n        return 0", "@property", ""),
        ("match a:\n    case 1:\n        f()\n    case 2:\n        g()", "case 1:", ""),
    ],
)
def test_a_change_of_each_kind_is_made(source, old, new):
    assert (old, new) in changes(source + "\n")


@pytest.mark.parametrize(
    "source",
    [
        '"""A module."""',
        "import os.path",
        "x: list[3]",
        "name = 'text'",
        "__all__ = [f(1)]",
        "if TYPE_CHECKING:\n    f(1)",
        "if __name__ == '__main__':\n    main(1)",
        "def f(x: Annotated[int, 3]):\n    '''A function.'''",
        "@functools.cache\ndef f():\n    '''Quicker the second time.'''",
    ],
)
def test_what_only_people_and_type_checkers_read_is_left_alone(source):
    assert changes(source + "\n") == set()


def test_a_message_is_left_alone_but_not_what_is_reckoned_in_it():
    made = changes('raise ValueError(f"{a + 1} is too much", b + c)\n')
    assert {new for _, new in made} == {"pass", 'raise ValueError(f"{a + 1} is too much", b - c)'}


def test_a_mutant_differs_from_its_module_in_one_place_and_is_made_once():
    made = list(mutants("shop/total.py", TOTAL))
    assert len({mutant.source for mutant in made}) == len(made) > 8
    for mutant in made:
        assert mutant.is_valid(TOTAL), mutant
        before, after = TOTAL.splitlines(), mutant.source.splitlines()
        assert [number for number, pair in enumerate(zip(before, after), 1) if pair[0] != pair[1]] == [mutant.line]


def test_the_examples_of_the_operators_run():
    assert doctest.testmod(operators) == (0, 2)


def test_what_does_not_compile_or_changes_nothing_is_invalid():
    def mutant(source):
        return Mutant("shop/total.py", 1, range(1, 2), "", "", "", source)

    assert not mutant("return price\n").is_valid(TOTAL)
    assert not mutant(TOTAL.replace("price + tax", "(price  +  tax)")).is_valid(TOTAL)
    with pytest.raises(StopIteration) as end:
        next(try_mutant(mutant("return price\n"), TOTAL, []))
    assert end.value.value[1] == "invalid"


def test_a_mutant_knows_the_lines_of_its_statement():
    source = "def f(a):\n    if (a\n            and b):\n        return g(\n            a,\n            1,\n        )\n"
    lines = {(mutant.operator, mutant.lines) for mutant in mutants("module.py", source)}
    assert ("operand_dropped", range(2, 4)) in lines
    assert ("number", range(4, 8)) in lines


# ---- which are tried, against which tests ----------------------------------------------------------------------


def test_a_sample_is_the_same_for_the_same_seed(project):
    room = ROOMS["sharp"]
    drawn = choose("sharp", room, project, 5, seed=1)
    assert drawn == choose("sharp", room, project, 5, seed=1)
    assert drawn != choose("sharp", room, project, 5, seed=2)
    assert [mutant.line for mutant in drawn] == sorted(mutant.line for mutant in drawn)


def test_a_listing_tries_nothing(project, capsys, monkeypatch):
    monkeypatch.setattr(code_mutation, "slots", None)
    code, printed = measured(project, capsys, "sharp", "--list")
    assert code == 0
    assert "shop/total.py:7 swap_op  return price + tax -> return price - tax\n" in printed.out


def test_a_pattern_without_files_is_named(project, capsys):
    code, printed = measured(project, capsys, rooms={"odd": Room(("shop/gone.py",), ("tests",))})
    assert code == 2
    assert "no file is called shop/gone.py" in printed.err


CHANGED = Mutant("shop/total.py", 7, range(7, 8), "swap_op", "return price + tax", "return price - tax", "changed")


def ran(path, tests, **seconds):
    lines = {} if tests is None else {"shop/total.py": {"7": tests}}
    return TestFile(path, sum(seconds.values()) + 1.0, seconds, lines)


def test_the_tests_that_run_the_line_come_first_and_the_quickest_of_all():
    slow = ran("slow.py", ["c"], a=10.0, b=10.0, c=50.0, d=10.0)
    quick = ran("quick.py", ["b"], a=10.0, b=10.0)
    orders = orders_for(CHANGED, [slow, quick, ran("other.py", None, a=1.0)], unseen=False)
    assert [(order["file"], order["tests"]) for order in orders] == [
        ("quick.py", ["b"]),
        ("slow.py", ["c"]),
        ("slow.py", ["c", "d"]),
    ]
    assert [order["seconds"] for order in orders] == [55.0, 255.0, 305.0]


def test_a_line_run_by_an_import_meets_the_whole_file():
    orders = orders_for(CHANGED, [ran("shared.py", ["", "b"], a=1.0, b=1.0)], unseen=False)
    assert [order["tests"] for order in orders] == [[]]


def test_what_runs_where_no_tracer_looks_meets_every_test_of_the_room():
    files = [ran("shared.py", ["b"], a=1.0, b=1.0), ran("other.py", None, a=1.0)]
    orders = orders_for(CHANGED, files, unseen=True)
    assert [(order["file"], order["tests"]) for order in orders] == [
        ("shared.py", ["b"]),
        ("shared.py", ["a", "b"]),
        ("other.py", ["a"]),
    ]


# ---- explanations ----------------------------------------------------------------------------------------------


def fate(mutant):
    """What becomes of a mutant that no test runs."""
    with pytest.raises(StopIteration) as end:
        next(try_mutant(mutant, TOTAL, []))
    return end.value.value[1]


def test_a_survivor_is_explained_by_the_text_of_its_line(monkeypatch):
    by_tax, by_price = (
        next(mutant for mutant in mutants("shop/total.py", TOTAL) if mutant.new == new)
        for new in ("return price - tax", "return price - 2")
    )
    assert (fate(by_tax), fate(by_price)) == ("not run", "not run")
    monkeypatch.setitem(code_mutation.EXPLAINED, "shop/total.py: return price + tax", "there is no tax here")
    monkeypatch.setitem(code_mutation.EXPLAINED, "shop/total.py: return price - 1 -> return price - 0", "a sale")
    assert (fate(by_tax), fate(by_price)) == ("explained", "not run")


def test_an_explained_mutant_counts_neither_way():
    tally = Tally("sharp", 0.75, [(CHANGED, outcome) for outcome in ("noticed", "survived", "explained", "invalid")])
    assert tally.share == 0.5
    tally.outcomes.append((CHANGED, "timed out"))
    assert tally.share == pytest.approx(2 / 3)


def test_an_explanation_of_a_line_that_is_gone_is_said(project, monkeypatch):
    kept = "shop/total.py: return price + tax -> return price - tax"
    gone = ["shop/total.py: return price * tax", "shop/gone.py: return 1"]
    for key in (kept, *gone):
        monkeypatch.setitem(code_mutation.EXPLAINED, key, "a reason")
    assert outdated(project) == gone


def test_every_explanation_of_the_project_is_of_a_line_that_is_there():
    assert outdated(code_mutation.ROOT) == []


# ---- running ---------------------------------------------------------------------------------------------------


@needs_namespaces
def test_good_tests_notice_every_mutant_and_bad_ones_hardly_any(project, capsys):
    code, printed = measured(project, capsys, "--json", "--processes", "2")
    sharp, blunt = json.loads(printed.out)["rooms"]
    assert code == 1
    assert (sharp["tried"], sharp["noticed"], sharp["survivors"], sharp["share"]) == (11, 11, [], 1.0)
    assert (blunt["tried"], blunt["noticed"], blunt["survived"], blunt["share"]) == (11, 1, 10, 0.0909)
    unread = "  (no test runs this line)"
    assert "shop/total.py:7 swap_op  return price + tax -> return price - tax" in blunt["survivors"]
    assert (
        f'shop/total.py:6 statement_removed  raise ValueError("a price below zero") -> pass{unread}'
        in (blunt["survivors"])
    )
    assert [line.endswith(unread) for line in blunt["survivors"]] == [False] * 3 + [True] + [False] * 2 + [True] * 4


@needs_namespaces
def test_a_room_that_reaches_its_goal_is_shown_with_its_share(project, capsys):
    code, printed = measured(project, capsys, "sharp", "--sample", "2")
    head, row = printed.out.splitlines()
    assert code == 0
    assert head.split()[:3] == ["room", "tried", "noticed"]
    assert row.split()[:3] == ["sharp", "2", "2"]
    assert "100 %" in row
    assert "90 %" in row


@needs_namespaces
def test_tests_that_fail_without_any_mutant_end_the_bench(project, capsys):
    (project / "tests/sharp/test_total.py").write_text(SHARP.replace("== 2", "== 3"))
    code, printed = measured(project, capsys, "sharp")
    assert (code, printed.out) == (2, "")
    assert "tests/sharp/test_total.py fails without any mutant; repair it first" in printed.err
    assert "assert 2 == 3" in printed.err


@needs_namespaces
def test_an_interrupt_shows_what_is_known(project, capsys, monkeypatch):
    tried = []

    def try_some(mutant, *rest):
        tried.append(mutant)
        if len(tried) == 5:
            raise KeyboardInterrupt
        return try_mutant(mutant, *rest)

    monkeypatch.setattr(code_mutation, "try_mutant", try_some)
    code, printed = measured(project, capsys, "blunt", "--json")
    (row,) = json.loads(printed.out)["rooms"]
    assert code == 130
    assert row["tried"] in (3, 4)
    assert "interrupted" in printed.err


@pytest.fixture
def fate_of(project):
    """What becomes of mutants, given by their sources with or without limits, under one test file."""

    def fates(test, *mutated):
        (project / "test_one.py").write_text(test)
        original = (project / "shop/total.py").read_text()
        with slots(project, 1, ()) as started:
            jobs = []
            for source, limits in (pair if isinstance(pair, tuple) else (pair, {}) for pair in mutated):
                order = {"seconds": 300.0, "path": "shop/total.py", "source": source, **limits}
                mutant = Mutant("shop/total.py", 1, range(1, 2), "", "", "", source)
                jobs.append(try_mutant(mutant, original, [code_mutation._order("test_one.py", **order)]))
            return [outcome for _, outcome, _ in spread(started, jobs)]

    return fates


IMPORTS = "def test_it_can_be_imported():\n    import shop.total\n"


@needs_namespaces
def test_a_mutant_that_never_ends_times_out_and_one_that_takes_all_memory_too(fate_of):
    endless = "while True:\n    pass\n"
    greedy = "taken = b'x' * (3 * 2**28)\n" + endless
    mutated = (endless, {"seconds": 2.0}), (greedy, {"memory": 2**29}), "pass\n"
    assert fate_of(IMPORTS, *mutated) == ["timed out", "timed out", "survived"]


@needs_namespaces
def test_mutants_of_one_size_that_follow_each_other_are_not_mixed_up(fate_of):
    test = "def test_seven():\n    from shop.total import number\n    assert number == 7\n"
    sources = [f"number = {number}\n" for number in (7, 8, 7, 9, 7)]
    assert fate_of(test, *sources) == ["survived", "noticed", "survived", "noticed", "survived"]


@needs_namespaces
def test_a_mutant_reaches_nothing_outside_and_leaves_nothing_behind(fate_of, project, tmp_path_factory):
    other = tmp_path_factory.mktemp("elsewhere") / "file"
    other.write_text("kept")
    test = """
import pathlib, tempfile
def test_all_is_as_before():
    import shop.total
    assert not pathlib.Path("left").exists()
    assert not list(pathlib.Path.home().iterdir())
    assert not list(pathlib.Path(tempfile.gettempdir()).glob("left*"))
    assert pathlib.Path("shop/__init__.py").exists()
"""
    kills = "import os, signal, subprocess\nsubprocess.Popen(['sleep', '1000'])\nos.kill(-1, signal.SIGKILL)\n"
    kills += "subprocess.Popen(['sleep', '1000'], start_new_session=True)\n"
    writes = f"import pathlib\nfor place in ({str(other)!r}, {str(project / 'shop/total.py')!r}):\n"
    writes += "    try:\n        pathlib.Path(place).write_text('lost')\n    except OSError:\n        pass\n"
    litters = "import os, pathlib, tempfile\nos.mkdir('left')\nopen('left/file', 'w').close()\n"
    litters += (
        "(pathlib.Path.home() / 'left').touch()\ntempfile.mkdtemp(prefix='left')\nos.unlink('shop/__init__.py')\n"
    )
    assert fate_of(test, kills, writes, litters, "pass\n") == ["survived", "survived", "noticed", "survived"]
    assert other.read_text() == "kept"
    assert (project / "shop/total.py").read_text() == TOTAL


@needs_namespaces
def test_lines_are_known_by_the_tests_that_run_them(project):
    (project / "test_lines.py").write_text(
        "import subprocess, sys, pytest\n"
        "import shop.total\n"
        "@pytest.fixture(scope='module')\ndef shared(): return shop.total.forgotten(1)\n"
        "def test_one(): assert shop.total.total(1, 1) == 2\n"
        "def test_two(shared): assert shared == 0\n"
        "def test_three(): subprocess.run([sys.executable, '-c', PROGRAM], check=True)\n"
        "PROGRAM = 'from shop.total import total; total(1, 1)'\n"
    )
    with slots(project, 1, ()) as started:
        (file,) = code_mutation.run_unchanged(started, ["test_lines.py"], ["shop/total.py"])
    assert [test.rpartition("::")[2] for test in file.tests] == ["test_one", "test_two", "test_three"]
    assert file.running("shop/total.py", [3]) == {""}  # the import
    assert file.running("shop/total.py", [10]) == {""}  # a fixture that tests share
    assert file.running("shop/total.py", [7]) == {"test_lines.py::test_one", ""}  # a test, and another process
    assert file.running("shop/total.py", [6]) == set()
