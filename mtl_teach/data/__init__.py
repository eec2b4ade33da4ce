"""The course's data sets: synthetic generators whose ground truth is attached, a two-digit picture task, and real sets.

Every generator takes a seed or a ``numpy.random.Generator`` and returns a frozen record with ``.X``, ``.y``,
``.mask`` and the truth that the labels were made from. Same seed, same bytes. One file per generator; the
real sets, which are fetched by name, are in ``real.py``.
"""

from mtl_teach.data._record import Dataset
from mtl_teach.data.click_logs import CLICK_WORLDS, ClickLogs, make_click_logs
from mtl_teach.data.demand_series import DemandSeries, make_demand_series
from mtl_teach.data.digits import TwoDigits, two_digits
from mtl_teach.data.house_sales import HouseSales, make_house_sales
from mtl_teach.data.real import (
    REAL_SETS,
    EmailExperiment,
    RealData,
    available_real_sets,
    load_email_experiment,
    load_real,
)
from mtl_teach.data.related_tasks import RelatedTasks, make_related_tasks
from mtl_teach.data.soil_and_water import SoilAndWater, make_soil_and_water
from mtl_teach.data.topics import Topics, make_topics

__all__ = [
    "CLICK_WORLDS",
    "REAL_SETS",
    "ClickLogs",
    "Dataset",
    "DemandSeries",
    "EmailExperiment",
    "HouseSales",
    "RealData",
    "RelatedTasks",
    "SoilAndWater",
    "Topics",
    "TwoDigits",
    "available_real_sets",
    "load_email_experiment",
    "load_real",
    "make_click_logs",
    "make_demand_series",
    "make_house_sales",
    "make_related_tasks",
    "make_soil_and_water",
    "make_topics",
    "two_digits",
]
