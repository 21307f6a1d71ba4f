# Everything a newcomer needs: `make demo` shows the product, `make test` proves it.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Two cores are the smallest machine that the tests must fit on; many tests wait for another process, so four share them.
JOBS ?= 4
PACKAGE ?=
TIMEZONE ?=
PROMETHEUS_URL ?=

.DEFAULT_GOAL := help
.PHONY: help demo test test-deployment grafana-smoke check format drill bench docs dashboards clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 24

$(VENV)/.runtime: pyproject.toml constraints.txt scripts/make-venv
	@scripts/make-venv $(PYTHON) $(VENV) runtime

$(VENV)/.dev: pyproject.toml constraints.txt scripts/make-venv
	@scripts/make-venv $(PYTHON) $(VENV) dev

demo: $(VENV)/.runtime ## run the main job on real code against a forge on this machine
	@$(BIN)/aip demo $(if $(PACKAGE),--package $(PACKAGE))

test: check ## run every check and test
	@scripts/fetch-test-tools
	@$(BIN)/python -m compileall -q -j 0 processor exporter
	@PYTHONDONTWRITEBYTECODE= $(BIN)/pytest -n $(JOBS) --dist worksteal

test-deployment: $(VENV)/.dev ## try docker-compose.yml on this machine's Docker engine
	@$(BIN)/pytest -q --timeout 1200 tests/deployment/stack.py tests/deployment/upgrade.py

grafana-smoke: $(VENV)/.dev ## ask a real Grafana whether data sources and dashboards are there
	@$(BIN)/python -m tests.deployment.grafana_smoke

check: $(VENV)/.dev ## lint, types and import contracts
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

format: $(VENV)/.dev ## bring the code into shape
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

drill: $(VENV)/.runtime ## prove that every alert fires, is told and ends
	@tools=$$(scripts/monitoring-tools) && $(BIN)/aip drill --tools "$$tools"

bench: $(VENV)/.dev ## print the measured ratios
	@$(BIN)/python -m benchmarks

docs: $(VENV)/.dev ## write the generated documents
	@$(BIN)/python scripts/generate-settings-docs
	@$(BIN)/python scripts/generate-metrics-docs
	@$(BIN)/python scripts/generate-report-schemas
	@$(BIN)/python scripts/fill-panel-links
	@$(BIN)/python scripts/generate-runbook-pages
	@$(BIN)/python scripts/generate-compose-targets

dashboards: $(VENV)/.dev ## write grafana/dashboards from grafana/src
	@$(BIN)/python -m grafana.src $(if $(TIMEZONE),--timezone $(TIMEZONE)) $(if $(PROMETHEUS_URL),--prometheus-url $(PROMETHEUS_URL))
	@$(BIN)/python scripts/fill-panel-links
	@$(BIN)/python scripts/generate-runbook-pages

clean: ## remove everything that was made here
	@rm -rf $(VENV) .tools .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis *.egg-info
