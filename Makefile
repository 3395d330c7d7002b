# Everything a newcomer runs. Each target first makes its own environment from the locked requirements.
# PYTHON names the interpreter (3.11 or newer); nothing else has to be installed beforehand.

PYTHON ?= python3
SERVE ?= 1
ONLY ?=
# Tests wait for engines as much as they compute: one worker more than there are cores.
WORKERS ?= $(shell echo $$(($$(getconf _NPROCESSORS_ONLN) + 1)))

# Where this is set, every process of a test or a demonstration would compile the project anew.
unexport PYTHONDONTWRITEBYTECODE

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.stamp
SERVING := $(if $(filter 0,$(SERVE)),--no-serve)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

.PHONY: help
help: ## Show what can be run
	@echo "make TARGET [PYTHON=python3.12] [SERVE=0] [ONLY=B3] [WORKERS=3]"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: setup
setup: $(STAMP) ## Make the environment (.venv) from requirements-dev.lock

$(STAMP): requirements-dev.lock pyproject.toml scripts/setup.sh
	@PYTHON='$(PYTHON)' VENV='$(VENV)' sh scripts/setup.sh
	@touch $@

.PHONY: demo
demo: $(STAMP) ## Play the sample county in one process, print figures and findings, serve (SERVE=0 ends instead)
	$(BIN)/tuopin demo $(SERVING)

.PHONY: demo-distributed
demo-distributed: $(STAMP) engines ## The same in separate processes on a real Kafka and a real PostgreSQL server
	$(BIN)/tuopin demo --distributed $(SERVING)

.PHONY: test
test: $(STAMP) ## Run every test that needs nothing outside Python
	$(BIN)/pytest tests -m 'not kafka' -n $(WORKERS) --dist loadfile --no-loadscope-reorder

.PHONY: test-distributed
test-distributed: $(STAMP) engines ## Run the tests that need a real Kafka; a skipped one counts as a failure
	TUOPIN_REQUIRE_KAFKA=1 $(BIN)/pytest tests -m kafka

.PHONY: engines
engines: ## Install Java and Maven where they are missing (Debian)
	@sh deploy/engines/install.sh

.PHONY: check
check: $(STAMP) ## Linters, types, import contracts, migrations, schema compatibility, generated documents
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m scripts.lints
	$(BIN)/python -m scripts.generate --check
	$(BIN)/tuopin migrate --check

.PHONY: bench
bench: $(STAMP) ## Run the benchmarks, or one of them (ONLY=B3)
	$(BIN)/python -m bench $(ONLY)

.PHONY: coverage
coverage: $(STAMP) ## Run the tests with branch coverage and show what they miss
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest tests -m 'not kafka'
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

.PHONY: format
format: $(STAMP) ## Format the code and mend what the linter can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

.PHONY: clean
clean: ## Remove the environment, the caches and the fetched engines
	rm -rf $(VENV) .engines .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
