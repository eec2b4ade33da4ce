# Every target makes the environment first when it is missing, then calls one installed command.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
DIR ?= mtl-course
NO_BROWSER ?=
PYODIDE ?=
PYODIDE_VERSION := $(shell sed -n 's/^VERSION = "\(.*\)".*/\1/p' autograder/authoring/lite/archive.py)
MTL_PYTHONS ?= 3.11 3.12 3.13
export PIP_DISABLE_PIP_VERSION_CHECK = 1
# Passed on to pip where they are set: other package indexes, or a folder of wheels such as torch's CPU build.
export PIP_EXTRA_INDEX_URL PIP_FIND_LINKS

.PHONY: start test test-matrix hooks build bench site lite dist nightly clean
.DEFAULT_GOAL := help

help:
	@echo "make start   make the learner's workspace ($(DIR)) and open JupyterLab; NO_BROWSER=1 only prints the URL"
	@echo "make test    run the tests"
	@echo "make test-matrix   run them on other Pythons too: MTL_PYTHONS=\"3.12 3.13\" make test-matrix"
	@echo "make hooks   check style and types before every commit"
	@echo "make build   build notebooks and exercises from their sources"
	@echo "make site    build the web book into build/site (runs lessons that changed); with PYODIDE=, see below, the edition too"
	@echo "make lite    build the browser edition into build/lite: make lite PYODIDE=pyodide-$(PYODIDE_VERSION).tar.bz2"
	@echo "make nightly  what is too long for every run: a hub, huge texts, attacks as an ordinary user, lessons' times, dist"
	@echo "make dist    build sdist and wheel into dist/ and use each in a fresh environment"
	@echo "make bench   print the benchmarks' tables"

start: $(VENV)/.learner
	$(BIN)/mtl-teach start $(DIR) $(if $(NO_BROWSER),--no-browser)

test: $(VENV)/.developer
	$(BIN)/python -m tests

# Each Python gets an environment of its own, .venv-3.12 and so on; torch's wheel for it is fetched where it is missing.
test-matrix:
	@for version in $(MTL_PYTHONS); do \
	    python=$$(sh tests/which_python.sh $$version) || exit 2; \
	    echo "=== Python $$version"; \
	    $(MAKE) --no-print-directory PYTHON="$$python" VENV=.venv-$$version test || exit 1; \
	done

hooks: $(VENV)/.developer
	$(BIN)/pre-commit install

build: $(VENV)/.developer
	$(BIN)/mtl-grade build

bench: $(VENV)/.developer
	$(BIN)/python -m tests.bench.gradients
	$(BIN)/python -m tests.bench.grading

site: $(VENV)/.developer
	$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[site]'
	$(BIN)/mtl-grade site --to build/site $(if $(PYODIDE),--pyodide "$(PYODIDE)")

lite: $(VENV)/.developer
	@test -n "$(PYODIDE)" || { echo "Name Pyodide's release archive: make lite PYODIDE=PATH;" \
	    "pyodide-$(PYODIDE_VERSION).tar.bz2 is to be had on GitHub, with release $(PYODIDE_VERSION) of pyodide/pyodide."; exit 2; }
	$(BIN)/mtl-grade lite --pyodide "$(PYODIDE)"

dist: $(VENV)/.developer
	$(BIN)/python -m tests.dist

nightly:
	.ci/nightly

clean:
	rm -rf $(VENV) .venv-3.* build dist .pytest_cache .mypy_cache .ruff_cache

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || \
	    { echo "Python 3.11, 3.12 or 3.13 is needed; name one with: make PYTHON=python3.12 start"; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.learner: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing into $(VENV), once; this takes some minutes."
	$(BIN)/python -m pip install --quiet -c constraints.txt -e .
	@touch $@

$(VENV)/.developer: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing into $(VENV), once; this takes some minutes."
	$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[test]'
	@touch $@ $(VENV)/.learner
