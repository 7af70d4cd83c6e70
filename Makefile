# make app    install and open the app         make test   install, lint and run all tests
# make demo   repaint a sample, print its path make lint   ruff, format check, mypy
# make quick  run the tests that need neither a browser nor much time
# make bench  compare speed with other loops (hours), update docs/performance.md
# make pins   update requirements*.txt after a change of pyproject.toml; UPGRADE=--upgrade takes newer versions
# make clean  remove all generated files

VENV := .venv
BIN := $(VENV)/bin
# First working interpreter with a version supported by TensorFlow.
SUPPORTED := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c '$(SUPPORTED)' 2>/dev/null && echo $$python && break; done)

.PHONY: app demo test quick lint bench pins clean

app: $(VENV)/app.installed
	$(BIN)/streamlit run streamlit_app.py

demo: $(VENV)/app.installed
	$(BIN)/python -m nst demo

# Processes need about 1 GB each. tests/conftest.py distributes the files among them.
PYTEST := $(BIN)/python -m pytest -n logical --maxprocesses 4

test: lint
	$(PYTEST)

quick: $(VENV)/dev.installed
	$(PYTEST) -m "not slow and not e2e"

lint: $(VENV)/dev.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/bench.installed
	$(BIN)/python -m benchmarks.speed.jobs
	$(BIN)/python -m benchmarks.speed.forecast --large --write
	$(BIN)/python -m benchmarks.speed.large --write
	$(BIN)/python -m benchmarks.speed.performance

# One file of exact versions serves every Python and system: uv resolves for all of them (--universal). Hashes are left
# out of requirements-bench.txt, which pins no dependencies of torch, so that its CPU build (2.13.0+cpu) can be taken.
PIN = $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 $(UPGRADE) \
	--custom-compile-command "make pins"
pins: $(VENV)/dev.installed
	$(PIN) --extra app --generate-hashes --output-file requirements.txt
	$(PIN) --extra dev --generate-hashes --constraint requirements.txt --output-file requirements-dev.txt
	$(PIN) --extra bench --no-deps --constraint requirements.txt --output-file requirements-bench.txt

clean:
	rm -rf $(VENV) build .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# uv installs in a third of pip's time. pip takes over if uv fails, which knows nothing of pip's own configuration.
INSTALL = $(BIN)/uv pip install --quiet --python $(BIN)/python -r $< || $(PIP) -r $<
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

$(VENV)/pip:
	@test -n "$(PYTHON)" || { echo "NST Studio needs Python 3.11, 3.12 or 3.13; none was found. Try: make PYTHON=/path/to/python"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

# Version and hashes of uv are those of requirements-dev.txt: the lines from "uv==" to the first that does not go on.
$(VENV)/uv.txt: requirements-dev.txt | $(VENV)/pip
	awk '/^uv==/ { found = 1 } found { print } found && !/\\$$/ { exit }' requirements-dev.txt > $@
	$(PIP) -r $@ || { rm $@; exit 1; }

$(VENV)/app.installed: requirements.txt $(VENV)/uv.txt
	$(INSTALL)
	@touch $@

$(VENV)/dev.installed: requirements-dev.txt $(VENV)/app.installed
	$(INSTALL)
	@touch $@

$(VENV)/bench.installed: requirements-bench.txt $(VENV)/app.installed
	$(PIP) -r requirements-bench.txt
	@touch $@
