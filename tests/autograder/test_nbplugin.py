"""The address in every course's ``nbgrader_config.py`` stays, whatever moves behind it."""

from traitlets import import_item
from traitlets.config import Config

from autograder.nbplugin import configure


def test_one_line_configures_nbgrader_with_preprocessors_that_exist():
    config = Config()
    configure(config)
    named = [*config.Autograde.sanitize_preprocessors, *config.Autograde.autograde_preprocessors]
    named += config.GenerateAssignment.preprocessors
    assert all(callable(import_item(name)) for name in named)
    assert [name.rpartition(".")[2] for name in named if name.startswith("autograder.")] == [
        "RepairCells",
        "InjectResults",
        "SaveGrades",
        "NameTheStub",
    ]
    assert "nbgrader.preprocessors.Execute" not in named
    assert config.OverwriteCells.add_missing_cells is True
