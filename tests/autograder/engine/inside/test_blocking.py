"""The grader's process, once it has loaded the library, holds and can block all that an exercise may forbid."""

import subprocess
import sys
import tomllib
from pathlib import Path

from autograder import exercises
from autograder.engine.inside.zygote import warm
from tests.mtl_teach.test_packages import DEFINED

PUBLIC = [f"{package.__name__}.{name}" for package, name in DEFINED]


def forbidden():
    """Return the dotted names that exercises forbid."""
    folder = Path(exercises.__file__).parent
    tables = [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*/exercise.toml"))]
    return sorted({name for table in tables for name in table.get("forbidden", [])})


def in_a_fresh_process(code):
    """Run code in a process that holds no more of the library than it loads itself; return what it prints."""
    start = f"from {warm.__module__} import block, places_of, warm\nwarm()\n"
    command = [sys.executable, "-c", start + code]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()


def test_whatever_an_exercise_forbids_is_in_the_graders_memory():
    names = forbidden() + PUBLIC
    lost = in_a_fresh_process(f"for name in {names}:\n    if not places_of(name): print(name)")
    assert len(names) > len(PUBLIC)
    assert lost == []


def test_a_blocked_function_is_blocked_in_its_package_and_in_every_file_that_holds_it():
    code = f"""
import sys
names = {PUBLIC}
originals = {{name: getattr(sys.modules[name.rpartition(".")[0]], name.rpartition(".")[2]) for name in names}}
block(names)
for name, original in originals.items():
    for key, module in list(sys.modules.items()):
        if key.startswith("mtl_teach") and any(value is original for value in vars(module).values()):
            print(f"{{name}}:{{key}}")
    try:
        getattr(sys.modules[name.rpartition(".")[0]], name.rpartition(".")[2])()
    except RuntimeError as error:
        if not str(error).startswith(f"{{name}} is what this exercise asks you to write"):
            print(f"{{name}}:{{error}}".replace(" ", "_"))
    else:
        print(f"{{name}}:answered")
"""
    assert in_a_fresh_process(code) == []
