# What can be done here; `make` alone lists it.
.DEFAULT_GOAL := help
.PHONY: help run test lint format types lock bench screenshots clean
SHELL := /bin/bash
VENV := .venv/bin
LOCK := $(VENV)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --quiet
PYTEST := $(VENV)/python -m pytest

help: ## List these targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

run: ## Install what is needed, fill an empty database with the demo, serve on HOST:PORT (127.0.0.1:8000)
	@.ci/setup.sh run
	@.ci/serve.sh

test: ## Everything continuous integration checks, on SpatiaLite and PostGIS, the browser included
	@.ci/setup.sh dev
	@$(MAKE) --no-print-directory lint types
	@.ci/with_postgis.sh $(PYTEST) -n auto --dist worksteal -q

lint: ## Style, formatting and the arrows between the rooms; prints the longest modules
	@.ci/setup.sh tools
	$(VENV)/ruff check .
	$(VENV)/ruff format --check .
	$(VENV)/lint-imports --no-cache
	@echo "Longest modules:"; find registry -name '*.py' -exec wc -l {} + | sort -rn | sed -n 2,6p

format: ## Format the code and mend what can be mended
	@.ci/setup.sh tools
	$(VENV)/ruff check --fix .
	$(VENV)/ruff format .

types: ## Check the types
	@.ci/setup.sh tools
	$(VENV)/mypy

lock: ## Lock the packages of requirements*.in with their hashes
	@.ci/setup.sh tools
	$(LOCK) requirements.in -o requirements.txt
	$(LOCK) requirements-dev.in -o requirements-dev.txt

bench: ## Print measurements
	@.ci/setup.sh dev
	@.ci/with_postgis.sh $(PYTEST) -m bench tests/bench -p no:randomly -s

screenshots: ## Draw the pictures of the documentation
	@.ci/setup.sh dev
	$(VENV)/python -m tests.browser.screenshots

clean: ## Remove what was made here, except the database in instance/
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .coverage htmlcov build
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
