"""What `make dist` refuses to publish, and why; building and installing itself is tried by `make dist`."""

import io
import json
import subprocess
import sys
import tarfile
import zipfile
from importlib import metadata
from pathlib import Path

import pytest
import yaml

from mtl_teach import __version__
from tests import dist
from tests.dist import DistError

FILES = ("lessons/01.ipynb", "exercises/ps/ps.ipynb", "solutions/ps.py", "mtl_teach/__init__.py", "autograder/api.py")
ABOUT = ("LICENSE", "LICENSE-TEXT", "README.md", "CITATION.cff", "Makefile", "constraints.txt")


@pytest.fixture
def checkout(tmp_path):
    """A small checkout, and how to pack an sdist and a wheel with what it should hold, but for some names."""
    root = tmp_path / "checkout"
    for name in FILES:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("")

    def pack(lacking=(), stray=()):
        sdist, wheel = tmp_path / "a.tar.gz", tmp_path / "a.whl"
        with tarfile.open(sdist, "w:gz") as file:
            for name in {*FILES, *ABOUT, *stray} - set(lacking):
                file.addfile(tarfile.TarInfo(f"mtl_teach-{__version__}/{name}"), io.BytesIO())
        with zipfile.ZipFile(wheel, "w") as file:
            course = {name if "__" in name or "api" in name else f"mtl_teach/_course/{name}" for name in FILES}
            licences = {f"mtl_teach-{__version__}.dist-info/licenses/{name}" for name in dist.LICENCES}
            for name in {*course, *licences, *stray} - set(lacking):
                file.writestr(name, "")
        return sdist, wheel, root

    return pack


def test_what_holds_all_of_the_checkout_may_go(checkout):
    dist.look_through(*checkout())


@pytest.mark.parametrize(
    ("lacking", "file"),
    [
        ("LICENSE-TEXT", "a.tar.gz"),
        ("exercises/ps/ps.ipynb", "a.tar.gz"),
        ("mtl_teach/_course/lessons/01.ipynb", "a.whl"),
        (f"mtl_teach-{__version__}.dist-info/licenses/LICENSE", "a.whl"),
    ],
)
def test_what_is_missing_is_named_with_the_file_that_lacks_it(checkout, lacking, file):
    with pytest.raises(DistError, match=rf"^{file} lacks 1 file\(s\): {lacking}$"):
        dist.look_through(*checkout(lacking=[lacking]))


@pytest.mark.parametrize("stray", ["mtl_teach/__pycache__/x.pyc", "mtl-course/index.ipynb", ".venv-3.12/bin/python"])
def test_what_is_of_no_use_to_others_is_named(checkout, stray):
    with pytest.raises(DistError, match="of no use to others: " + stray):
        dist.look_through(*checkout(stray=[stray]))


def test_another_version_than_the_one_of_the_package_is_refused(tmp_path, monkeypatch):
    def build_another(words, folder):
        (tmp_path / "mtl_teach-9.9.tar.gz").touch()

    monkeypatch.setattr(dist, "run", build_another)
    with pytest.raises(DistError, match=rf"Version {__version__} of mtl_teach/__init__.py .*mtl_teach-9\.9\.tar\.gz"):
        dist.build(tmp_path)


def test_a_command_that_fails_is_named_with_its_code_and_what_it_said(tmp_path):
    assert dist.run([sys.executable, "-c", "print('fine')"], tmp_path) == "fine\n"
    with pytest.raises(DistError, match=r"ended with 3:\nnot today"):
        dist.run([sys.executable, "-c", "print('not today'); raise SystemExit(3)"], tmp_path)


def test_strangers_have_none_of_our_settings(tmp_path, monkeypatch):
    for name in ("PYTHONPATH", "JUPYTER_TOKEN", "VIRTUAL_ENV", "MTL_DATA"):
        monkeypatch.setenv(name, "ours")
    monkeypatch.setenv("PIP_FIND_LINKS", "wheels")
    environ = dist.environment(tmp_path)
    assert "ours" not in environ.values()
    assert environ["PIP_FIND_LINKS"] == "wheels"
    assert environ["PATH"].startswith(str(tmp_path / "fresh" / "bin"))


# ---- a server --------------------------------------------------------------------------------------------------

SERVER = """
import http.server, signal, sys
signal.signal(signal.SIGTERM, lambda *_: sys.exit({code}))
server = http.server.HTTPServer(("127.0.0.1", int(sys.argv[-1])), http.server.SimpleHTTPRequestHandler)
print("Starting", flush=True)
print("JupyterLab: http://127.0.0.1:" + sys.argv[-1] + "/{page}", flush=True)
server.serve_forever()
"""


def serve(tmp_path, source):
    (tmp_path / "home.html").write_text("home")
    (tmp_path / "server.py").write_text(source)
    dist.start([sys.executable, str(tmp_path / "server.py")], tmp_path, {"PYTHONUNBUFFERED": "1"})


def test_a_server_that_answers_and_ends_when_it_is_told_is_right(tmp_path):
    assert serve(tmp_path, SERVER.format(code=0, page="home.html")) is None


def test_a_server_without_an_address_or_a_page_or_that_ends_badly_is_refused(tmp_path):
    with pytest.raises(DistError, match=r"gave no address; it said:\nPort taken"):
        serve(tmp_path, "print('Port taken')")
    with pytest.raises(DistError, match="ended with 5 when it was told to"):
        serve(tmp_path, SERVER.format(code=5, page="home.html"))
    with pytest.raises(OSError, match="404"):
        serve(tmp_path, SERVER.format(code=0, page="nowhere.html"))


@pytest.mark.parametrize(("status", "refused"), [("passed", False), ("failed", True), (None, True)])
def test_gradescopes_autograder_has_to_pass_our_own_solution(tmp_path, monkeypatch, status, refused):
    def run(words, folder, environ):
        if words[0] == "bash":
            assert Path(environ["MTL_AUTOGRADER"], "submission", f"{dist.PROBLEM_SET}.ipynb").is_file()
            results = Path(environ["MTL_AUTOGRADER"], "results")
            results.mkdir()
            tests = [{"status": status}] if status else []
            (results / "results.json").write_text(json.dumps({"tests": tests}))
        else:
            zipfile.ZipFile(tmp_path / "archive.zip", "w").close()

    monkeypatch.setattr(dist, "run", run)
    if refused:
        with pytest.raises(DistError, match="does not pass our own solution of " + dist.PROBLEM_SET):
            dist.as_gradescope(tmp_path / "a.whl", tmp_path)
    else:
        assert dist.as_gradescope(tmp_path / "a.whl", tmp_path) is None


# ---- nothing half-published ------------------------------------------------------------------------------------


@pytest.fixture
def steps(monkeypatch):
    """Every step works at once; give back what was used, in order."""
    used = []

    def build(folder):
        folder.mkdir()
        files = folder / "a.tar.gz", folder / "a.whl"
        for file in files:
            file.write_text("built")
        return files

    def use(away):
        (away / "course").mkdir()
        used.append("use")

    monkeypatch.setattr(dist, "build", build)
    monkeypatch.setattr(dist, "look_through", lambda sdist, wheel: used.append("look through"))
    monkeypatch.setattr(dist, "run", lambda words, *_: used.append(Path(str(words[-1])).name))
    monkeypatch.setattr(dist, "use", use)
    monkeypatch.setattr(dist, "as_gradescope", lambda wheel, away: used.append("Gradescope"))
    return used


def test_both_files_are_published_once_each_was_installed_and_used(steps, tmp_path, capsys):
    assert dist.main(tmp_path / "dist") == 0
    assert steps == ["look through", "fresh", "a.whl[grade]", "use", "Gradescope", "a.tar.gz", "use"]
    assert sorted(path.name for path in (tmp_path / "dist").iterdir()) == ["a.tar.gz", "a.whl"]
    assert "a.whl (0.0 MiB)" in capsys.readouterr().out


@pytest.mark.parametrize(
    "error", [DistError("`mtl-grade demo` ended with 1"), subprocess.TimeoutExpired("pip", 1), OSError("no page")]
)
def test_nothing_is_published_where_a_step_fails(steps, tmp_path, monkeypatch, capsys, error):
    def fail(away):
        raise error

    monkeypatch.setattr(dist, "use", fail)
    assert dist.main(tmp_path / "dist") == 1
    assert not (tmp_path / "dist").exists()
    assert f"Nothing is put into {tmp_path / 'dist'}. {error}" in capsys.readouterr().out


# ---- what is said of it ----------------------------------------------------------------------------------------


def test_the_version_stands_in_one_place():
    stating = [name for name in ("pyproject.toml", "CITATION.cff", "README.md") if __version__ in _text(name)]
    assert stating == []
    assert metadata.metadata("mtl-teach")["Name"] == "mtl-teach"


def test_the_citation_has_what_its_format_demands_and_both_licences():
    citation = yaml.safe_load(_text("CITATION.cff"))
    assert {"cff-version", "message", "title", "authors"} <= set(citation)
    assert citation["license"] == ["MIT", "CC-BY-4.0"]
    assert "CC-BY-4.0" in _text("LICENSE-TEXT")
    assert "https://creativecommons.org/licenses/by/4.0/legalcode" in _text("LICENSE-TEXT")


def _text(name):
    return (dist.ROOT / name).read_text(encoding="utf-8")
