"""The wheels that the browser edition adds to Pyodide's: the course itself, its widgets and the kernel.

They are packed from what is installed, so that nothing is fetched and each widget's Python is of the same version as
its JavaScript. The same files give the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
import io
import tomllib
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path, PurePosixPath

from autograder.authoring.lite.archive import LiteError, Package, canonical

# What is packed, and what each needs of the others and of Pyodide's own.
WIDGETS = {
    "anywidget": ("ipywidgets", "psygnal", "typing-extensions"),
    "comm": ("traitlets",),
    "fastjsonschema": (),
    "ipywidgets": ("comm", "ipython", "traitlets", "jupyterlab-widgets", "widgetsnbextension"),
    "jupyterlab-widgets": (),
    "nbformat": ("fastjsonschema", "traitlets"),
    "psygnal": (),
    "typing-extensions": (),
}
KERNEL = ("ipykernel", "piplite", "pyodide_kernel", "widgetsnbextension")  # of jupyterlite-pyodide-kernel
COURSE = "mtl-teach"
PACKAGES = ("autograder", "mtl_teach")
INSIDE = "mtl_teach/_course"  # where the course's own files lie in an installed package
OF_COURSE = ("lessons/*.ipynb", "lessons/pages/*.md", "exercises/*/*.ipynb", "solutions/*/*.ipynb")
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the first day that an archive of this kind can name
IN_PYTHON = b"Wheel-Version: 1.0\nGenerator: mtl-grade\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


@dataclass(frozen=True)
class Wheel:
    """A wheel and its row in Pyodide's lock file."""

    file_name: str
    data: bytes
    row: Package


def widgets() -> list[Wheel]:
    """The packages behind the course's widgets, as they are installed here."""
    return [_packed(name, needs) for name, needs in WIDGETS.items()]


def kernel(folder: Path) -> list[Wheel]:
    """The wheels that a kernel in the browser consists of, from the folder in which its extension keeps them."""
    found = []
    for name in KERNEL:
        files = sorted(folder.glob(f"{name}-*-py3-none-any.whl"))
        if not files:
            raise LiteError(f"{folder} lacks a wheel of {name}; install the course's tools: pip install '.[lite]'")
        data, version = files[-1].read_bytes(), files[-1].name.split("-")[1]
        needs = ("micropip",) if name == "piplite" else ()
        found.append(Wheel(files[-1].name, data, _row(name, version, files[-1].name, data, (name,), needs)))
    return found


def course(root: Path, added: Mapping[str, bytes]) -> Wheel:
    """The course as a wheel, packed from a checkout.

    Parameters
    ----------
    root : Path
    added : mapping of str to bytes
        What the edition puts into it besides, by the path in the wheel.
    """
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    version = distribution(COURSE).version
    files = {
        path.relative_to(root).as_posix(): path.read_bytes()
        for package in PACKAGES
        for path in sorted((root / package).rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts and INSIDE not in path.as_posix()
    }
    files |= {
        f"{INSIDE}/{path.relative_to(root).as_posix()}": path.read_bytes()
        for pattern in OF_COURSE
        for path in sorted(root.glob(pattern))
    }
    about = f"mtl_teach-{version}.dist-info"
    points = "".join(
        f"[{group}]\n" + "".join(f"{name} = {target}\n" for name, target in found.items())
        for group, found in project["entry-points"].items()
    )
    files[f"{about}/METADATA"] = f"Metadata-Version: 2.1\nName: {COURSE}\nVersion: {version}\n".encode()
    files[f"{about}/entry_points.txt"] = points.encode()
    data = _zipped(files | dict(added), about)
    build = hashlib.sha256(data).hexdigest()[:8]  # a browser that keeps the file of another build fetches this one
    file_name = f"mtl_teach-{version}-0{build}-py3-none-any.whl"
    return Wheel(file_name, data, _row(COURSE, version, file_name, data, PACKAGES, ("numpy", "sqlite3")))


def _packed(name: str, needs: Sequence[str]) -> Wheel:
    """An installed package in pure Python as a wheel."""
    try:
        installed = distribution(name)
    except PackageNotFoundError as error:
        raise LiteError(f"{name} is not installed; install the course's tools: pip install '.[lite]'") from error
    files = _files(installed)
    stem = name.replace("-", "_")
    file_name = f"{stem}-{installed.version}-py3-none-any.whl"
    about = next(str(path.parent) for path in map(PurePosixPath, files) if path.name == "METADATA")
    data = _zipped(files, about)
    top = sorted({path.split("/")[0].removesuffix(".py") for path in files if ".dist-info/" not in path})
    return Wheel(file_name, data, _row(name, installed.version, file_name, data, top, needs))


def _files(installed: Distribution) -> dict[str, bytes]:
    """What an installed package has among the packages: no scripts, no data, nothing that pip wrote."""
    found = {}
    for path in installed.files or ():
        if path.parts[0] == ".." or "__pycache__" in path.parts or path.is_absolute():
            continue
        if path.suffix in (".so", ".pyd"):
            continue  # what was compiled for speed has its Python beside it
        if path.parent.name.endswith(".dist-info") and path.name not in ("METADATA", "entry_points.txt"):
            continue
        found[path.as_posix()] = Path(str(path.locate())).read_bytes()
    return found


def _zipped(files: Mapping[str, bytes], about: str) -> bytes:
    """A wheel with these files, and the list of them that a wheel has."""
    files = {**files, f"{about}/WHEEL": IN_PYTHON}
    rows = "".join(f"{name},sha256={_digest(data)},{len(data)}\n" for name, data in sorted(files.items()))
    listed = {**dict(sorted(files.items())), f"{about}/RECORD": f"{rows}{about}/RECORD,,\n".encode()}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as wheel:
        for name, data in listed.items():
            one = zipfile.ZipInfo(name, LONG_AGO)
            one.compress_type = zipfile.ZIP_DEFLATED
            one.external_attr = 0o644 << 16
            wheel.writestr(one, data)
    return packed.getvalue()


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def _row(name: str, version: str, file_name: str, data: bytes, imports: Sequence[str], needs: Sequence[str]) -> Package:
    return {
        "name": canonical(name),
        "version": version,
        "file_name": file_name,
        "install_dir": "site",
        "sha256": hashlib.sha256(data).hexdigest(),
        "package_type": "package",
        "imports": list(imports),
        "depends": list(needs),
        "unvendored_tests": False,
    }
