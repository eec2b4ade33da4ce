"""The address that every course's ``nbgrader_config.py`` names; what it configures lives in ``gradebook/plugin.py``."""

from autograder.gradebook.plugin import configure

__all__ = ["configure"]
