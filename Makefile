# make app    install and open the app         make test   install, lint and run all tests
# make demo   repaint a sample, print its path make lint   ruff, format check, mypy
# make bench  compare speed with other loops (hours), update docs/performance.md
# make clean  remove all generated files

VENV := .venv
BIN := $(VENV)/bin
# First working interpreter with a version supported by TensorFlow.
SUPPORTED := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c '$(SUPPORTED)' 2>/dev/null && echo $$python && break; done)

.PHONY: app demo test lint bench clean

app: $(VENV)/app.installed
	$(BIN)/streamlit run streamlit_app.py

demo: $(VENV)/app.installed
	$(BIN)/python -m nst demo

test: lint
	$(BIN)/python -m pytest

lint: $(VENV)/dev.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/bench.installed
	$(BIN)/python -m benchmarks.jobs
	$(BIN)/python -m benchmarks.forecast --large --write
	$(BIN)/python -m benchmarks.large --write
	$(BIN)/python -m benchmarks.performance

clean:
	rm -rf $(VENV) build .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/pip:
	@test -n "$(PYTHON)" || { echo "NST Studio needs Python 3.11, 3.12 or 3.13; none was found. Try: make PYTHON=/path/to/python"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/app.installed: requirements.txt | $(VENV)/pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/dev.installed: requirements-dev.txt $(VENV)/app.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

$(VENV)/bench.installed: requirements-bench.txt $(VENV)/app.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-bench.txt
	@touch $@
