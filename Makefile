# Wiredesk. `make help` lists what there is to make.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# The tests start many processes: each would compile every module for itself.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run demo test check tests bench soak accuracy lock fmt

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: $(VENV)/.run ## build the environment once, and run the desk on config/watchlist.yaml
	@$(BIN)/wiredesk run

demo: $(VENV)/.run ## play the demo newsroom, on this machine alone
	@$(BIN)/wiredesk run --demo

test: $(VENV)/.test ## lint, types, import rules and all tests
	@$(MAKE) --no-print-directory --jobs=2 check tests

check: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy

tests: $(VENV)/.test
	$(BIN)/pytest

bench: $(VENV)/.test ## speed, as ratios beside peers in the same run
	$(BIN)/python -m tests.benchmarks

soak: $(VENV)/.test ## long random runs of desks that are hurt, on both databases: make soak SEED=1 RUNS=300
	$(BIN)/python -m tests.soak $(if $(SEED),--seed $(SEED)) $(if $(RUNS),--runs $(RUNS))
	$(BIN)/python -m tests.soak.two_desks
	$(BIN)/pytest -m hypothesis --hypothesis-profile=long

accuracy: $(VENV)/.test ## the figures of docs/accuracy.md, where ../shared/evals is there
	$(BIN)/pytest -n0 -rs -s -k "accuracy or agreement" tests

lock: ## pin every dependency by hash again
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header \
		--extra chats --group build pyproject.toml -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header \
		--extra chats --group build --group dev pyproject.toml -o requirements-dev.lock

fmt: $(VENV)/.test ## format and mend what can be mended
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
		|| { echo "Wiredesk needs Python 3.11 to 3.13: name one, as in: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "Building the environment, once: this takes a minute."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --progress-bar on --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.test: requirements-dev.lock $(VENV)/.run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --progress-bar on --require-hashes -r requirements-dev.lock
	@touch $@
