.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON := .venv/bin/python
ARGS ?=
# What the code is and where it lies, for the tools that read it.
CODE := aggregates commands projections services infra tests
# Several workers share the tests, unless ARGS say -n0 or -p no:xdist.
PARALLEL := $(if $(findstring no:xdist,$(ARGS)),,-n auto)
# Tests start the program a hundred times: it is compiled once, whatever the shell around says.
unexport PYTHONDONTWRITEBYTECODE

# A lock file names no download host: everybody's own registries serve.
LOCK := $(PYTHON) -m uv pip compile -q --universal --generate-hashes --no-emit-index-url \
	--no-header --no-annotate $(ARGS)

.PHONY: help setup setup-dev run cluster test browser screenshots campaign simulate mutants chaos lint format bench bench-size bench-peers lock audit sbom clean

help: ## List what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

setup: ## Install what the product needs to run
	@services/local/setup.sh run
	@services/local/console.sh

setup-dev: ## Install what tests and the local cluster need as well
	@services/local/setup.sh dev

run: setup ## Start everything in one process, with SQLite and no servers
	@exec .venv/bin/distributary standalone $(ARGS)

cluster: setup-dev ## Start a real PostgreSQL, a real Kafka and all the workers on this machine
	@exec $(PYTHON) -m services.local.cluster $(ARGS)

test: lint ## Check the code and run all tests; ARGS go to pytest
	@mkdir -p build/logs
	@exec $(PYTHON) -m pytest $(PARALLEL) $(ARGS) </dev/null

browser: setup-dev ## Walk through the console in Chromium
	@services/local/console.sh
	@DISTRIBUTARY_CAMPAIGN=1 exec $(PYTHON) -m pytest -n0 tests/console $(ARGS) </dev/null

screenshots: setup-dev ## Take a picture of every page of the console for docs/
	@services/local/console.sh
	@exec $(PYTHON) -m tests.console.screenshots </dev/null

campaign: setup-dev ## Run the tests with many more rounds, kills and random histories; ARGS go to pytest
	@mkdir -p build/logs
	@DISTRIBUTARY_CAMPAIGN=1 exec $(PYTHON) -m pytest $(PARALLEL) $(ARGS) </dev/null

simulate: setup-dev ## Run SEEDS=n simulated worlds full of faults; SEED=n repeats one
	@exec $(PYTHON) -m tests.simulation $(SEEDS)

mutants: setup-dev ## Plant bugs one by one and see that the simulation catches each
	@exec $(PYTHON) -m tests.mutants $(ARGS)

chaos: setup-dev ## Run the real thing for MINUTES=n while it is killed, frozen, cut off and filled up
	@exec $(PYTHON) -m tests.chaos $(MINUTES) </dev/null

lint: setup-dev ## Check style, types and who imports whom
	@$(PYTHON) -m ruff check $(CODE)
	@$(PYTHON) -m ruff format --check $(CODE)
	@$(PYTHON) -m mypy
	@.venv/bin/lint-imports --no-logo

format: setup-dev ## Rewrite the code in its proper layout
	@$(PYTHON) -m ruff check --fix $(CODE)
	@$(PYTHON) -m ruff format $(CODE)

bench: setup-dev ## Measure how fast it is
	@exec $(PYTHON) -m tests.performance $(ARGS) </dev/null

bench-size: setup-dev ## Ask a short and a long history the same
	@exec $(PYTHON) -m tests.performance.size $(ARGS) </dev/null

bench-peers: setup-dev ## Do the same job with other frameworks, and compare
	@exec $(PYTHON) -m tests.performance.peers $(ARGS) </dev/null

lock: setup ## Write the lock files anew; ARGS=--upgrade takes the newest versions
	@$(LOCK) pyproject.toml -o lock/run.txt
	@$(LOCK) --all-extras pyproject.toml -o lock/dev.txt

audit: setup-dev ## Look up known vulnerabilities of every pinned package; needs pypi.org
	@exec $(PYTHON) -m services.local.advisories lock/run.txt lock/dev.txt

sbom: setup-dev ## Write what the product is made of to build/sbom.json (CycloneDX)
	@$(PYTHON) -W ignore::UserWarning -m cyclonedx_py requirements lock/run.txt \
		--pyproject pyproject.toml --output-reproducible --output-file build/sbom.json
	@echo "build/sbom.json"

clean: ## Remove what was built and installed; data in var/ stays
	@rm -rf .venv build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -prune -exec rm -rf {} +
