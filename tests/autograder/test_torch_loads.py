"""PyTorch that does not load is named with its repair, and no other error is taken for it."""

import importlib
import subprocess
import sys

import pytest
import torch  # the real one, which each test leaves as it was

from autograder import torch_loads

MESSAGES = {
    "a missing DLL": (
        OSError,
        r'[WinError 126] The specified module could not be found. Error loading "C:\torch\lib\fbgemm.dll"',
        "Visual C++ Redistributable",
    ),
    "a DLL, in German": (
        OSError,
        r"[WinError 1114] Eine DLL-Initialisierungsroutine ist fehlgeschlagen",
        "Visual C++ Redistributable",
    ),
    "a DLL of the extension": (ImportError, "DLL load failed while importing _C", "Visual C++ Redistributable"),
    "no room": (OSError, "[WinError 1455] The paging file is too small", "more memory than there is"),
    "another processor": (OSError, "[WinError 193] %1 is not a valid Win32 application", "another kind of processor"),
    "a Mac's other processor": (
        ImportError,
        "dlopen(_C.so): mach-o file, but is an incompatible architecture (have 'x86_64', need 'arm64')",
        "another kind of processor",
    ),
    "CUDA": (OSError, "libcudart.so.12: cannot open shared object file", "https://download.pytorch.org/whl/cpu"),
    "libgomp": (ImportError, "libgomp.so.1: cannot open shared object file", "apt install libgomp1"),
    "an old system": (ImportError, "/lib/libstdc++.so.6: version `GLIBCXX_3.4.30' not found", "older PyTorch"),
    "too late": (ImportError, "libgomp.so.1: cannot allocate memory in static TLS block", "Import `torch` first"),
    "MKL": (ImportError, "libtorch_cpu.so: undefined symbol: iJIT_NotifyEvent", "is missing or is another version"),
    "a Mac's library": (ImportError, "Library not loaded: @rpath/libomp.dylib", "is missing or is another version"),
    "unheard of": (RuntimeError, "no luck today", "PyTorch does not load (RuntimeError: no luck today)"),
}


@pytest.fixture
def broken(tmp_path, monkeypatch):
    """A package named torch that raises when it is imported; give back what then arrives."""

    def raising(error, message):
        (tmp_path / "torch").mkdir(exist_ok=True)
        (tmp_path / "torch" / "__init__.py").write_text(f"raise {error.__name__}({message!r})\n", encoding="utf-8")
        return imported()

    def imported():
        monkeypatch.syspath_prepend(str(tmp_path))
        monkeypatch.delitem(sys.modules, torch.__name__, raising=False)
        try:
            return importlib.import_module("torch")
        except Exception as error:
            return error

    raising.imported = imported
    raising.folder = tmp_path
    return raising


@pytest.mark.parametrize("case", MESSAGES)
def test_what_keeps_torch_from_loading_is_named_with_the_repair(broken, case):
    error, message, words = MESSAGES[case]
    said = torch_loads.explained(broken(error, message))
    assert words in said
    assert torch_loads.AGAIN in said
    assert torch_loads.explained_text(message) in ("", said)


def test_two_copies_of_openmp_are_known_by_what_the_process_printed():
    printed = (
        "OMP: Error #15: Initializing libiomp5md.dll, but found libomp140.x86_64.dll already initialized.\nOMP: Hint"
    )
    assert torch_loads.explained_text(printed).startswith(torch_loads.TWO_OPENMP)


def test_a_torch_that_is_not_installed_names_the_python_that_runs(monkeypatch):
    said = torch_loads.explained(ModuleNotFoundError("No module named 'torch'", name="torch"))
    assert f"not installed for the Python that runs here ({sys.executable})" in said


def test_in_a_browser_one_sentence_says_where_torch_is(monkeypatch):
    monkeypatch.setattr(torch_loads, "in_browser", lambda: True)
    said = torch_loads.explained(ModuleNotFoundError("No module named 'torch'", name="torch"))
    assert said.startswith("PyTorch does not run in a browser: read what needs it in the book")
    assert sys.executable not in said


def test_a_learners_own_file_named_torch_is_named(broken):
    (broken.folder / "torch.py").write_text("x = 1\n", encoding="utf-8")
    broken.imported()
    with pytest.raises(ImportError) as caught:
        exec("from torch import Tensor")
    assert f"your own file {broken.folder / 'torch.py'}" in torch_loads.explained(caught.value)


@pytest.mark.parametrize(
    "code",
    [
        "1 / 0",
        "open('no such file')",
        "import no_such_module",
        "import torch.no_such_part",
        "import torch; torch.load('no such file')",
        "raise OSError('[WinError 126] fbgemm.dll')",
    ],
)
def test_no_other_error_is_taken_for_it(code):
    with pytest.raises((ArithmeticError, OSError, ImportError)) as caught:
        exec(code, {})
    assert torch_loads.explained(caught.value) == ""
    assert torch_loads.explained(KeyboardInterrupt()) == ""


def test_what_an_error_was_caused_by_counts_and_what_was_said_is_not_said_again(broken):
    def caused():
        try:
            raise broken(OSError, "[WinError 126] fbgemm.dll")
        except OSError as error:
            raise ValueError("a bank stops") from error

    with pytest.raises(ValueError, match="a bank stops") as caught:
        caused()
    assert "Visual C++ Redistributable" in torch_loads.explained(caught.value)
    with pytest.raises(torch_loads.DoesNotLoad, match="Redistributable") as caught, torch_loads.told():
        caused()
    assert torch_loads.explained(caught.value) == ""
    with pytest.raises(ZeroDivisionError), torch_loads.told():
        1 / 0  # noqa: B018
    assert torch_loads.explained(None) == ""


def test_another_process_tells_why_it_does_not_load(monkeypatch):
    def ended(code, errors):
        done = subprocess.CompletedProcess([], code, "", errors)
        monkeypatch.setattr(subprocess, "run", lambda *_, **__: done)
        return torch_loads.tried()

    assert ended(0, "a warning") == ""
    assert ended(-6, "OMP: Error #15: two of them").startswith(torch_loads.TWO_OPENMP)
    assert "is not installed" in ended(1, "ModuleNotFoundError: No module named 'torch'")
    assert "PyTorch does not load (what nobody knows)" in ended(1, "Traceback\nwhat nobody knows\n")
    assert "PyTorch does not load (the process ended with -11)" in ended(-11, "")


def test_a_process_that_does_not_come_to_an_end_is_not_waited_for():
    assert "did not come to an end within 0.01 s" in torch_loads.tried(seconds=0.01)


def test_the_versions_and_every_copy_of_openmp_are_told_where_everything_loads(monkeypatch):
    monkeypatch.setenv("KMP_DUPLICATE_LIB_OK", "TRUE")
    loaded = torch_loads.beside_others()
    assert (loaded.version, loaded.words) == (torch.__version__, "")
    assert {"libgomp", "libomp", "libiomp", "vcomp"} >= set(loaded.openmp.values())


def test_what_ends_the_process_after_torch_is_told_beside_torchs_version(monkeypatch):
    def ended(code, out, errors):
        done = subprocess.CompletedProcess([], code, out, errors)
        monkeypatch.setattr(subprocess, "run", lambda *_, **how: asked.append(how["env"]) or done)
        return torch_loads.beside_others()

    asked = []
    monkeypatch.setenv("KMP_DUPLICATE_LIB_OK", "TRUE")
    loaded = ended(-6, "2.9.0\n", "OMP: Error #15: two of them")
    assert (loaded.version, loaded.openmp) == ("2.9.0", {})
    assert loaded.words.startswith(torch_loads.TWO_OPENMP)
    assert "KMP_DUPLICATE_LIB_OK" not in asked[0]  # it would hide that there are two
    assert ended(-6, "", "OMP: Error #15: two of them").version == ""
    assert ended(0, '2.9.0\n{"/a.so": "libgomp"}\n', "").openmp == {"/a.so": "libgomp"}
