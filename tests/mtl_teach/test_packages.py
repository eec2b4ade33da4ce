"""What holds for every package of methods: its public names, and what may hide them."""

import importlib
import inspect
import pickle
import pydoc
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from mtl_teach import gradients, metrics, models, weighting

PUBLIC = {
    gradients: (
        "METHODS",
        "aggregate",
        "cosine_conflict",
        "gramian_weights",
        "multitask_backward",
        "task_gradients",
    ),
    metrics: (
        "Interval",
        "Metric",
        "ThresholdTuner",
        "delta_m",
        "mean_interval",
        "per_task_metrics",
        "zscore_aggregate",
    ),
    models: ("CGC", "FixedOutputScale", "HardSharing", "MMoE", "MultiTaskModel", "SoftSharing"),
    weighting: (
        "DynamicWeightAverage",
        "GradNorm",
        "PerformanceWeighting",
        "TrainingHooks",
        "UncertaintyWeighting",
        "WeightedSum",
        "Weighting",
        "gradnorm_targets",
    ),
}
NOT_DEFINED = {"METHODS", "Metric"}  # a table and a type, which have no definition of their own
NAMES = [(package, name) for package, names in PUBLIC.items() for name in names]
DEFINED = [(package, name) for package, name in NAMES if name not in NOT_DEFINED]


def ids(rows):
    return [f"{package.__name__}.{name}" for package, name in rows]


every_package = pytest.mark.parametrize("package", PUBLIC, ids=lambda package: package.__name__)
every_name = pytest.mark.parametrize(("package", "name"), NAMES, ids=ids(NAMES))
every_definition = pytest.mark.parametrize(("package", "name"), DEFINED, ids=ids(DEFINED))


def files(package):
    """Return the modules of a package."""
    names = [path.stem for path in Path(package.__file__).parent.glob("*.py") if path.stem != "__init__"]
    return [importlib.import_module(f"{package.__name__}.{name}") for name in names]


@every_package
def test_its_public_names_are_these(package):
    assert sorted(package.__all__) == sorted(PUBLIC[package])


@every_name
def test_a_public_name_is_what_it_says_and_no_module(package, name):
    value = getattr(package, name)
    assert not inspect.ismodule(value)
    assert callable(value) or all(callable(method) for method in value.values())


@every_name
def test_no_file_has_the_name_of_a_public_function(package, name):
    """Whoever imports such a file, and whenever, would put the module where the function was."""
    assert find_spec(f"{package.__name__}.{name}") is None


@every_definition
def test_a_public_name_is_defined_in_a_file_of_its_package(package, name):
    value = getattr(package, name)
    assert value.__module__.startswith(f"{package.__name__}.")
    assert getattr(sys.modules[value.__module__], name) is value
    assert pickle.loads(pickle.dumps(value)) is value
    assert inspect.getsource(value).startswith((f"def {name}(", f"class {name}"))


@every_package
def test_help_on_the_package_shows_all_that_is_public(package):
    text = pydoc.render_doc(package, renderer=pydoc.plaintext)
    assert [name for name in PUBLIC[package] if name not in text] == []


@every_package
def test_every_file_says_what_it_is_about(package):
    assert [module.__name__ for module in [package, *files(package)] if not (module.__doc__ or "").strip()] == []
