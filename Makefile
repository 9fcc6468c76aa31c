# `make` alone lists what there is. Everything runs from a fresh clone: `tools/bootstrap` prepares
# .venv first, and costs nothing when it is prepared already.
.DEFAULT_GOAL := help
SHELL := /bin/sh
MAKEFLAGS += --no-print-directory
PORT ?= 8000
ENGINE ?= auto
BIN := .venv/bin
PYTHON := $(BIN)/python

.PHONY: help ready build demo test check prove shots bench api lock migration fmt clean

help: ## List what can be made
	@awk 'BEGIN {FS = ":.*## "} /^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

ready:
	@tools/bootstrap

build: ready ## Build the browser client and the server's bytecode, where sources changed
	@$(PYTHON) -m tools.client build
	@$(PYTHON) -m compileall -q src

demo: ready ## Run the whole product with simulated vendors; PORT=8001 for a second copy, ENGINE=qemu for real guests
	@exec $(PYTHON) -m tools.demo --port "$(PORT)" --engine "$(ENGINE)"

test: build ## Run every test on a throw-away PostgreSQL; ARGS="tests/laws -k ledger" for some
	@tools/chromium
	@exec $(BIN)/pytest -n auto $(ARGS)

check: ready ## Lint, types, layers, dependencies, client, drift of API client and migrations
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry src
	@$(PYTHON) -m tools.drift check-api
	@$(PYTHON) -m tools.client npm run --silent check
	@$(PYTHON) -m tools.drift check-migrations

prove: ready ## Kill -9 at every beat, thousands of random orders, the preview lived (an hour)
	@SKYPANEL_PROVE=1 SKYPANEL_LAW_EXAMPLES=$${SKYPANEL_LAW_EXAMPLES:-2000} \
		SKYPANEL_PROVE_LIVES=$${SKYPANEL_PROVE_LIVES:-1000} \
		exec $(BIN)/pytest tests/prove tests/ledger/test_laws.py tests/renewals/test_preview.py \
		-q --show-capture=no $(ARGS)

shots: build ## Photograph every page in Chromium into shots/, and the README's anew
	@tools/chromium
	@SKYPANEL_SHOTS=shots exec $(BIN)/pytest tests/browser $(ARGS)

bench: build ## Measure requests, jobs and memory (bench/)
	@exec $(PYTHON) -m bench $(ARGS)

api: ready ## Renew web/openapi.json and the typed client from the routes
	@$(PYTHON) -m tools.drift api

lock: ready ## Renew the hashed requirement files; ARGS=--upgrade for newer versions
	@tools/lock $(ARGS)

migration: ready ## Write a migration from the tables in the code: m="What changes"
	@$(PYTHON) -m tools.drift migration "$(m)"

fmt: ready ## Format and mend what can be mended
	@$(BIN)/ruff check --fix-only --quiet
	@$(BIN)/ruff format

clean: ## Remove what was built, cached, and the demos' databases
	@python3 -m tools.clean
