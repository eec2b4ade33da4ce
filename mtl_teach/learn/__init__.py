"""The learner's companion: workspace, progress, quick tests, widgets and the ``mtl-teach`` command."""
