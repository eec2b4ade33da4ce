"""Real data sets that nobody here made, by name: five with several numeric labels, and one e-mail experiment.

None of them is part of the course. Each is fetched once from its public home, its checksum is compared, and a copy
stays in the user's cache; the environment variable ``MTL_DATA`` names a folder of local copies to read instead.
Nothing is fetched then.

Sources: Spyromitros-Xioufis, Tsoumakas, Groves, Vlahavas, "Multi-target regression via input space expansion: treating
targets as inputs", Machine Learning 104, 2016, table 1 (the five); Hillstrom, "The MineThatData e-mail analytics and
data mining challenge", 2008.
"""

import csv
import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np

from mtl_teach._validate import check_choice, must
from mtl_teach.data._record import Dataset

_MULAN = "https://raw.githubusercontent.com/tsoumakas/mulan/master/data/multi-target/"
_EMAIL = "https://raw.githubusercontent.com/carlosquintanillaa/Datasets/main/hillstrom.csv"


@dataclass(frozen=True)
class Source:
    """Where a data set comes from.

    Attributes
    ----------
    about, origin, licence : str
        What a row is, who measured it, and under what terms it is published.
    url, sha256 : str
    units : tuple of str
        Of the labels, which are the last columns of the file; "1" for a pure number.
    """

    about: str
    origin: str
    licence: str
    url: str
    sha256: str
    units: tuple[str, ...]

    @property
    def file(self) -> str:
        """The name of its file, wherever it lies."""
        return self.url.rsplit("/", 1)[1]


REAL_SETS: Mapping[str, Source] = MappingProxyType(
    {
        "jura": Source(
            "heavy metals in a sample of topsoil, from the place and from cheaper metals",
            "Goovaerts, Geostatistics for Natural Resources Evaluation, 1997",
            "none stated",
            f"{_MULAN}jura.arff",
            "78ce7655f49073e3622ef7ba25657b3900a2b279ba3d48cb82e353e56bac3d2a",
            ("mg/kg",) * 3,
        ),
        "andro": Source(
            "six measures of sea water five days ahead, from those of the last five days",
            "Hatzikos, Tsoumakas, Tzanis, Bassiliades, Vlahavas, Knowledge-Based Systems 21, 2008",
            "none stated",
            f"{_MULAN}andro.arff",
            "08f0e2757b2a7635136ac58ea76c4e801ffeb0a81116b29e6ac169228c8aa132",
            ("1",) * 6,
        ),
        "enb": Source(
            "heating and cooling load of a simulated building, from its shape",
            "Tsanas & Xifara, Energy and Buildings 49, 2012 (UCI Energy Efficiency)",
            "CC BY 4.0",
            f"{_MULAN}enb.arff",
            "8277d9094ccda6da2cd1c2b79c90ca201fa3695e75aca173ffc43138dcab0071",
            ("kWh/m²",) * 2,
        ),
        "slump": Source(
            "slump, flow and strength of a concrete, from its seven ingredients",
            "Yeh, Cement and Concrete Composites 29, 2007 (UCI Concrete Slump Test)",
            "CC BY 4.0",
            f"{_MULAN}slump.arff",
            "3a9a9eba416b06c7668153b44073a0e165afbfc9e526d53b174e5f97a707ca6c",
            ("cm", "cm", "MPa"),
        ),
        "edm": Source(
            "an operator's two controls of an electrical discharge machine, each down, still or up, from its readings",
            "Karalic & Bratko, First order regression, Machine Learning 26, 1997",
            "none stated",
            f"{_MULAN}edm.arff",
            "37777374030f592a53cbcf597ae0aa6105238a1c696dd04ccb229be982f6bc5b",
            ("1",) * 2,
        ),
        "hillstrom": Source(
            "a customer of a shop in the two weeks after one of two e-mails, or none, was sent at random",
            "Hillstrom, MineThatData e-mail analytics and data mining challenge, 2008",
            "free to use, by its author's announcement",
            _EMAIL,
            "ff9e59285e9dc3f5fa3e0975419e6631ea5bdccd65d818991473d2367e02979c",
            ("1", "1", "$"),
        ),
    }
)
"""The real data sets by the name that `load_real` takes, each with where it comes from."""


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class RealData(Dataset):
    """A real data set; no ground truth comes with it.

    Attributes
    ----------
    name : str
    source : Source
    """

    name: str
    source: Source


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class EmailExperiment(RealData):
    """The e-mail experiment: labels visit (0 or 1), conversion (0 or 1) and spend ($); conversion implies visit.

    Attributes
    ----------
    treatment : ndarray of str, shape (n_samples,)
        "Mens E-Mail", "Womens E-Mail" or "No E-Mail", drawn at random with equal chances.
    """

    treatment: np.ndarray


def load_real(name: str) -> RealData:
    """Load a real data set with several numeric labels.

    Parameters
    ----------
    name : {"jura", "andro", "enb", "slump", "edm"}

    Returns
    -------
    RealData
        All labels observed; features and labels as published.

    Raises
    ------
    ValueError
        If there is no such set, or its file is not the one whose checksum is known.
    OSError
        If it can neither be read nor fetched; the message says how to read a local copy.
    """
    check_choice("name", name, [one for one in REAL_SETS if one != "hillstrom"])
    return _read_table(name, _path(name))


def _read_table(name: str, path: Path) -> RealData:
    source = REAL_SETS[name]
    names, table = _read_arff(path.read_text(encoding="utf-8"))
    labels = len(source.units)
    return RealData(
        X=table[:, :-labels],
        y=table[:, -labels:],
        mask=np.ones((len(table), labels), dtype=bool),
        feature_names=names[:-labels],
        feature_units=("1",) * (len(names) - labels),
        task_names=names[-labels:],
        task_units=source.units,
        name=name,
        source=source,
    )


def load_email_experiment() -> EmailExperiment:
    """Load the e-mail experiment of 64,000 customers.

    Returns
    -------
    EmailExperiment
        Features: months since the last purchase, dollars spent last year, and 0 or 1 for what was bought, for a new
        customer, for the kind of place and the channel. All labels observed; spend is 0 without a conversion.

    Raises
    ------
    ValueError
        If its file is not the one whose checksum is known.
    OSError
        If it can neither be read nor fetched; the message says how to read a local copy.
    """
    return _read_emails(_path("hillstrom"))


def _read_emails(path: Path) -> EmailExperiment:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    numbers = {column: np.array([float(row[column]) for row in rows]) for column in ("recency", "history")}
    flags = {column: np.array([float(row[column]) for row in rows]) for column in ("mens", "womens", "newbie")}
    places = {word: np.array([row["zip_code"] == word for row in rows], float) for word in ("Urban", "Rural")}
    channels = {word: np.array([row["channel"] == word for row in rows], float) for word in ("Web", "Multichannel")}
    features = numbers | flags | places | channels
    source = REAL_SETS["hillstrom"]
    labels = ("visit", "conversion", "spend")
    return EmailExperiment(
        X=np.column_stack(list(features.values())),
        y=np.array([[float(row[label]) for label in labels] for row in rows]),
        mask=np.ones((len(rows), 3), dtype=bool),
        feature_names=tuple(features),
        feature_units=("month", "$") + ("1",) * (len(features) - 2),
        task_names=labels,
        task_units=source.units,
        treatment=np.array([row["segment"] for row in rows]),
        name="hillstrom",
        source=source,
    )


def available_real_sets() -> tuple[dict[str, RealData], str]:
    """Load every real data set that can be read or fetched here, and say which cannot.

    Where nothing answers at the first set that has to be fetched, no other is asked for: each would wait as long.

    Returns
    -------
    dict of str to RealData
        By name, in the order of `REAL_SETS`.
    str
        What is missing, or is not the file whose checksum is known, and how to get it; empty where nothing is.
    """
    found: dict[str, RealData] = {}
    missing, refused, fetch = [], [], True
    for name in REAL_SETS:
        try:
            path = _path(name, fetch=fetch)
            found[name] = _read_emails(path) if name == "hillstrom" else _read_table(name, path)
        except ValueError as another:
            refused.append(str(another))
        except OSError as cause:
            missing.append(name)
            fetch = fetch and not isinstance(cause, _NoAnswer)
    return found, " ".join([*refused, *_how_to_get(missing)])


def _how_to_get(missing: list[str]) -> list[str]:
    """Sentences that name data sets and how to get them; none without a name."""
    if not missing:
        return []
    folder = os.environ.get("MTL_DATA")
    if not folder:
        return [
            f"Not on this machine: {', '.join(missing)}.",
            "Run this once with a network, or name a folder that holds the files in the environment variable "
            "`MTL_DATA`; the course's book shows the run with all sets.",
        ]
    if Path(folder).is_dir():
        files = ", ".join(REAL_SETS[name].file for name in missing)
        return [f"The folder `{folder}` that `MTL_DATA` names has no {files}.", "Without `MTL_DATA` they are fetched."]
    return [must("MTL_DATA", "name a folder", f"`{folder}`"), "Without `MTL_DATA` the files are fetched."]


class _NoAnswer(OSError):
    """The home of a data set cannot be reached."""


def _path(name: str, *, fetch: bool = True) -> Path:
    """Where the file of a data set lies, once its checksum was compared; without `fetch`, only where it is kept."""
    source = REAL_SETS[name]
    folder = os.environ.get("MTL_DATA")
    if not folder:
        return _fetched(name, source, fetch)
    path = Path(folder) / source.file
    if not path.is_file():
        raise FileNotFoundError(must("MTL_DATA", f"be a folder with the file {source.file}", folder))
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != source.sha256:
        need = f"hold the {source.file} with the sha256 {source.sha256[:12]}…"
        raise ValueError(must("MTL_DATA", need, f"{found[:12]}… in `{path}`"))
    return path


def _fetched(name: str, source: Source, fetch: bool) -> Path:
    import pooch  # only where something is fetched

    cache = Path(pooch.os_cache("mtl-teach"))
    if not fetch and not (cache / source.file).is_file():
        raise FileNotFoundError(f"The data set `{name}` is not on this machine.")
    download = pooch.HTTPDownloader(timeout=(3, 30))  # seconds for each address of the host, and for each answer
    try:
        return Path(pooch.retrieve(source.url, f"sha256:{source.sha256}", source.file, cache, downloader=download))
    except OSError as cause:
        unanswered = getattr(cause, "response", cause) is None  # a full disk has no response to ask for
        raise (_NoAnswer if unanswered else OSError)(
            f"The data set `{name}` is not on this machine yet and could not be fetched from {source.url}. Fetch it "
            "once with a network, or name a folder that holds it in the environment variable MTL_DATA."
        ) from cause
    except ValueError as cause:
        raise ValueError(
            f"{source.url} does not give the {source.file} with the sha256 {source.sha256[:12]}… (any more); what "
            "it gave was not kept."
        ) from cause


def _read_arff(text: str) -> tuple[tuple[str, ...], np.ndarray]:
    """Read the numeric columns of an ARFF file: their names, and the rows after ``@data``."""
    head, rows = re.split(r"(?im)^@data\s*$", text, maxsplit=1)
    names = re.findall(r"(?im)^@attribute\s+(?:'([^']*)'|(\S+))\s+\S+", head)
    table = [[float(cell) for cell in row.split(",")] for row in rows.split("\n") if row.strip()]
    return tuple(quoted or plain for quoted, plain in names), np.array(table)
