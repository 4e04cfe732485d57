# Everything sets itself up first; nothing is needed but python3 (3.11 or later) and make.
# `make` alone lists what there is.

PYTHON ?= python3
BIN := .venv/bin
CODE := $(wildcard schemas domain services dashboards tests benchmarks)
ENGINES := domain/*,services/*/engine/*

OLD_PYTHON := Python 3.11 or later is needed; name one with make PYTHON=/path/to/python
BOOTSTRAP := $(PYTHON) -c 'import sys; sys.version_info < (3, 11) and sys.exit("$(OLD_PYTHON)")' \
	&& $(PYTHON) -m services.runtime.bootstrap
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-strip-extras

# What the tests and the processes that they started wrote is combined when pytest ends (pytest-cov does it).
# A gate says only its total, unless it fails: then every line that was not run.
gate = $(BIN)/coverage report --fail-under=$(2) $(3) > var/coverage-$(1).txt \
	&& echo "coverage of $(1): $$(grep TOTAL var/coverage-$(1).txt | tr -s ' ') (at least $(2) %)" \
	|| { cat var/coverage-$(1).txt; echo "coverage of $(1) is below $(2) %"; exit 1; }

# As many tests at once as there are cores, but each process has a broker of its own, so no more than four.
SIDE_BY_SIDE := -n auto --maxprocesses=4 --dist=worksteal
# What runs the same lines a million times: laws, and months of real data. Measuring makes each line three times as slow,
# and no line may rest on them alone: what they reach by luck has a test that reaches it always.
UNMEASURED := tests/properties tests/real_data tests/e2e/test_january_line.py

.DEFAULT_GOAL := help
.PHONY: help setup setup-check setup-tests demo demo-history test check check-stack gen pictures screenshots bench lock env clean

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

setup: ## Make .venv, install the locked packages, fetch the broker
	@$(BOOTSTRAP)

setup-check:
	@$(BOOTSTRAP) --for check

setup-tests:
	@$(BOOTSTRAP) --for tests

demo: setup ## Run everything with simulated sites; DEMO_SECONDS=60 ends by itself
	@$(BIN)/sqm demo

demo-history: setup ## Put 90 days of simulated sites into var/history, to ask and report on
	@$(BIN)/sqm simulate --days 90 --to-history

test: setup-tests ## Run all tests on a real Kafka and a real ClickHouse engine, with coverage
	@mkdir -p var
	@rm -f .coverage .coverage.*
	@$(BIN)/pytest $(SIDE_BY_SIDE) $(UNMEASURED) $(PYTEST_ARGS)
	@$(BIN)/pytest $(SIDE_BY_SIDE) --cov --cov-report= $(UNMEASURED:%=--ignore=%) $(PYTEST_ARGS)
	@$(call gate,engines,100,--include='$(ENGINES)')
	@$(call gate,rest,90,--omit='$(ENGINES)')

check: setup-check ## Format, lint, types, import contracts, generated files, docs: exactly what CI checks
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy $(CODE)
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m schemas.export --check
	$(BIN)/python -m dashboards --check
	$(BIN)/sqm metrics --format markdown | diff docs/metrics.md -
	$(BIN)/sqm connector check deploy/connectors/*.yaml
	$(BIN)/sqm connector pages deploy/connectors --to docs/connectors --check
	$(BIN)/sqm alerts lint deploy/compose/alerting.yaml
	$(BIN)/pytest -q -p no:cacheprovider tests/architecture
	@$(MAKE) --no-print-directory check-stack

# One line for each program that knows what it will be asked to run. What a checkout gets for itself lies in .tools/bin.
check-stack: export PATH := $(CURDIR)/.tools/bin:$(PATH)
check-stack: setup-check
	promtool check config --lint-fatal deploy/prometheus/prometheus*.yml
	promtool check rules --lint-fatal deploy/prometheus/rules/*.yml
	promtool test rules deploy/prometheus/tests/*.yml
	amtool check-config deploy/alertmanager/alertmanager.yml
	$(BIN)/pytest -q -p no:cacheprovider tests/unit/deploy/helm
	$(BIN)/hadolint deploy/Dockerfile

gen: setup ## Write the generated files anew
	$(BIN)/python -m schemas.export
	$(BIN)/python -m dashboards
	$(BIN)/sqm metrics --format markdown > docs/metrics.md
	$(BIN)/sqm connector pages deploy/connectors --to docs/connectors
	$(BIN)/python -m tests.unit.deploy.helm.values_page

pictures: setup-tests ## Draw every dashboard anew, from the answers to its own questions
	$(BIN)/python -m tests.dashboards.pictures

screenshots: setup ## Make the pictures of docs/reports.md anew, of a simulated season; needs Chromium
	sh docs/pictures/reports.sh

bench: setup-tests ## Run the benchmarks, each figure beside its yardstick, then the storms and laws in full
	$(BIN)/python -m benchmarks
	SQM_TEST_JANUARY_DAYS=31 $(BIN)/pytest tests/e2e/test_january_line.py
	SQM_TEST_STORM_SITES=2000 $(BIN)/pytest tests/e2e/test_alerts_storm.py
	HYPOTHESIS_PROFILE=thorough $(BIN)/pytest --timeout=3600 tests/properties

lock: setup ## Choose the newest versions that pyproject.toml allows, with hashes
	$(LOCK) --upgrade pyproject.toml -o requirements.lock
	$(LOCK) --upgrade pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock
	$(LOCK) --upgrade --group agent -c requirements.lock -o requirements-agent.lock
	$(LOCK) --upgrade --group build -c requirements-dev.lock -o requirements-build.lock
	$(LOCK) --upgrade --group java -o requirements-java.lock
	$(LOCK) --upgrade --group go -o requirements-go.lock

env: ## Make .env and the secrets of docker-compose.yml, once; needs nothing but python3
	@$(PYTHON) -m services.runtime.stack

clean: ## Remove what tools and demos left (keeps .venv and .tools)
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage .coverage.* htmlcov build dist var
