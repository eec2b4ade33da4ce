"""The web book: Sphinx with MyST-NB runs the lessons and keeps each figure's alt text. `make site` builds it."""

project = "mtl-teach"
copyright = "2026, the mtl-teach maintainers"
extensions = ["myst_nb"]
root_doc = "index"
myst_enable_extensions = ["dollarmath", "amsmath"]
myst_heading_anchors = 3
nb_execution_mode = "cache"
nb_execution_timeout = 900
nb_execution_raise_on_error = True
exclude_patterns = ["**.ipynb_checkpoints", "jupyter_execute"]
html_title = "Multi-task and multi-objective learning"
