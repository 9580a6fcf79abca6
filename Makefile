# make run: set up, build the simulated district, judge its last days, serve the board on :8000
# make test: set up, a browser and a database server included, and pass every test
# On Debian 12 nothing but Python 3.11 and make is needed; .ci/prepare sees to the rest.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:

# where make is called without an environment
PATH ?= /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH

PY ?= python3
VENV := .venv
BIN := $(VENV)/bin
PYTEST_OPTIONS ?=

# one thread a process: the numbers come out the same everywhere, and small problems are faster so
export OMP_NUM_THREADS ?= 1
export OPENBLAS_NUM_THREADS ?= 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: run setup test pictures check bench soak lock clean

# the demo has a home of its own: the simulated must not stand beside the real
run: $(VENV)/.ready
	CHANGXIAO_HOME="$${CHANGXIAO_HOME:-var/demo}" $(BIN)/changxiao demo

setup: $(VENV)/.ready

test: $(VENV)/.ready $(VENV)/.browser
	$(BIN)/python -m pytest -m "not soak" $(PYTEST_OPTIONS)

soak: $(VENV)/.ready $(VENV)/.browser
	$(BIN)/python -m pytest -m soak $(PYTEST_OPTIONS)

# the pictures of docs/board.md, taken on the way through the analyst's day
pictures: $(VENV)/.ready $(VENV)/.browser
	CHANGXIAO_SHOTS=docs/board $(BIN)/python -m pytest -q tests/browser/test_analyst_day.py -k whole_day

check: $(VENV)/.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/deptry .
	$(BIN)/python -m pip check

bench: $(VENV)/.ready
	for file in benchmarks/bench_*.py; do echo "== $$file"; $(BIN)/python "$$file"; done

# every installed byte is named here by its hash, and no address is
lock: $(VENV)/.ready
	$(BIN)/uv pip compile $(COMPILE) pyproject.toml --group dev -o requirements/dev.lock
	$(BIN)/uv pip compile $(COMPILE) pyproject.toml -c requirements/dev.lock -o requirements/base.lock
	$(BIN)/uv pip compile $(COMPILE) --group build -o requirements/build.lock

COMPILE := --universal --generate-hashes --no-emit-index-url --quiet

# var/ is data and stays
clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .benchmarks
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# build.lock brings uv and the build backend; where uv reaches no index, pip installs the same lock
$(VENV)/.ready: pyproject.toml requirements/dev.lock requirements/build.lock
	PY=$(PY) .ci/prepare python $(if $(filter test soak,$(MAKECMDGOALS)),browser)
	test -x $(BIN)/python || $(PY) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/build.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.lock \
		|| $(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/.browser: $(VENV)/.ready
	.ci/prepare browser
	touch $@
