# Each target does its own set-up into .venv (and infra/node_modules) and repeats none of it.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
export JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION := 20
export CDK_DISABLE_CLI_TELEMETRY := true

PYTHON := .venv/bin/python
INSTALL = $(call python) requirements/install.py
# The environment's own Python if it works, else the newest that is new enough.
python = "$$($(SHELL) requirements/find-python)"
# `node` skips the outside validators with one printed line where Node is missing; .ci/run says `node-required`.
NODE ?= node
WORKERS ?= 2

.PHONY: help
help: ## What there is to make
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: demo
demo: ## A webhook starts a real workflow, run by run, node by node, on this machine
	@$(INSTALL) local
	@.venv/bin/steploom demo

.PHONY: up
up: ## The local cloud: REST API, webhooks and the Step Functions API, until Ctrl-C
	@$(INSTALL) local
	@.venv/bin/steploom up

.PHONY: test
test: ## All tests
	@$(INSTALL) development $(NODE)
	@$(PYTHON) -m pytest -n $(WORKERS) --dist loadfile

.PHONY: check
check: ## Lint, format, strict types, import contracts
	@$(INSTALL) development
	@$(PYTHON) -m ruff check --quiet
	@$(PYTHON) -m ruff format --check --quiet
	@$(PYTHON) -m mypy --no-error-summary
	@.venv/bin/lint-imports --no-logo

.PHONY: format
format: ## Rewrite the code in the project's format, mend what can be mended
	@$(INSTALL) development
	@$(PYTHON) -m ruff check --quiet --fix-only
	@$(PYTHON) -m ruff format --quiet

.PHONY: golden
golden: ## Rewrite the golden files of tests/golden, to be looked at with git diff
	@$(INSTALL) development
	@STEPLOOM_GOLDEN=rewrite $(PYTHON) -m pytest tests/golden tests/diagnostics/test_document.py tests/debugger/test_sessions.py
	@git status --short tests/golden tests/debugger docs/diagnostics.md

.PHONY: nightly
nightly: ## 20,000 random cases held to the semantics (broken off, that goes on), 1,000 to 4,000 for each other property
	@$(INSTALL) development
	@$(PYTHON) -m tests.properties --cases 20000 --workers $(WORKERS)
	@STEPLOOM_PROPERTY_CASES=20000 $(PYTHON) -m pytest -n $(WORKERS) tests/properties tests/diagnostics/test_totality.py \
		--deselect tests/properties/test_compiled_meaning.py::test_a_compiled_definition_runs_as_the_semantics_says
	@STEPLOOM_API_EXAMPLES=500 $(PYTHON) -m pytest -n $(WORKERS) tests/functions/api/test_openapi.py

.PHONY: bench
bench: ## The figures of compiler and interpreter beside their bars
	@$(INSTALL) development
	@$(PYTHON) -m tests.bench

.PHONY: conformance
conformance: ## What the real service was recorded doing, repeated: figures beside their bars, every miss
	@$(INSTALL) development
	@STEPLOOM_CORPORA="$${STEPLOOM_CORPORA-../shared}" $(PYTHON) -m tests.interpreter.conformance

.PHONY: soak
soak: ## 10,000 runs through webhooks, and a kill -9 with 200 under way, on the local cloud
	@$(INSTALL) development
	@$(PYTHON) -m tests.soak

.PHONY: synth
synth: ## The CloudFormation template, checked by cfn-lint (needs Node)
	@$(INSTALL) development node-required
	@rm -rf cdk.out
	@infra/node_modules/.bin/cdk synth --quiet
	@.venv/bin/cfn-lint --ignore-checks W3005 --non-zero-exit-code error cdk.out/*.template.json
	@ls cdk.out/*.template.json

.PHONY: lock
lock: ## Resolve every lock file anew (needs uv and npm)
	@$(INSTALL) development
	@$(PYTHON) requirements/lock.py

.PHONY: clean
clean: ## Remove what make made: .venv, node_modules, caches, build folders
	@rm -rf .venv infra/node_modules build cdk.out *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
