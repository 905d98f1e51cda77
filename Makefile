# Needs Python 3.11 to 3.13, make and git; everything else comes from requirements/lock.txt.
SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
UV := $(VENV)/uv/bin/uv
INSTALLED := $(VENV)/installed
BENCHED := $(VENV)/benched
DATE ?=
MONTH ?=
FINAL ?=
DECLARATIONS ?= 2000
SEED ?=
ORDER ?=
FORM ?=
LINE ?=
ENTERPRISE ?=
QUERY ?=
EXPORT ?=
DECLARATION ?=
CELL ?=
HEAD ?=
BEFORE ?=
KEEP_DAYS ?=
SOURCE ?=
RULE ?=
OPEN ?=
INTO ?=
ONLY ?=
RESULTS ?=

export PYTHONPATH := $(CURDIR)/plugins

.PHONY: help setup run consolidate statistics simulate check sql metrics notebook track rebate pack audit quarantine replay prove verify forget housekeeping airflow test lint lint-python lint-types lint-sql bench lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo
	@echo "  Data lie in \$$SANDAN_HOME (default var/), source files in \$$SANDAN_SOURCES (default sources/),"
	@echo "  service files in \$$SANDAN_SERVICES (default services/)."

setup: $(INSTALLED) ## make the environment from the lock

# --compile-bytecode: where Python may not write its own, every run would compile Airflow and dbt again
$(INSTALLED): requirements/lock.txt requirements/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || \
		{ echo "Python 3.11 to 3.13 is needed; name one: make setup PYTHON=python3.12" >&2; exit 1; }
	test -x $(PY) || $(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes --upgrade --target $(VENV)/uv -r requirements/uv.txt
	$(UV) pip sync --quiet --python $(PY) --require-hashes --compile-bytecode requirements/lock.txt
	@touch $@

# the peers of the benchmarks, beside everything else
$(BENCHED): $(INSTALLED) requirements/bench.txt
	$(UV) pip install --quiet --python $(PY) --require-hashes -r requirements/bench.txt
	@touch $@

run: $(INSTALLED) ## run one day through Airflow; DATE=2026-11-20, default yesterday
	@$(PY) -m sandan run $(if $(DATE),--date $(DATE))

consolidate: $(INSTALLED) ## declaration forms of a month; MONTH=2026-11, default last month
	@$(PY) -m sandan consolidate $(if $(MONTH),--month $(MONTH))

statistics: $(INSTALLED) ## the next vintage of a month's trade; MONTH=2026-11, default last month; FINAL=1 for the last
	@$(PY) -m sandan statistics $(if $(MONTH),--month $(MONTH)) $(if $(FINAL),--final)

simulate: $(INSTALLED) ## write a simulated landing day; DATE= DECLARATIONS= SEED= FAULTS=
	@$(PY) -m sandan simulate $(if $(DATE),--date $(DATE)) --declarations $(DECLARATIONS) $(if $(SEED),--seed $(SEED)) $(if $(FAULTS),--faults $(FAULTS))

check: $(INSTALLED) ## validate every source and service file
	@$(PY) -m sandan check

sql: $(INSTALLED) ## read-only SQL on the published lake
	@$(PY) -m sandan sql

metrics: $(INSTALLED) ## what MetricFlow answers; QUERY="--metrics value_cny --group-by metric_time__month,flow", default: what it knows
	@$(PY) -m sandan mf $(if $(QUERY),query $(QUERY),list metrics --show-all-dimensions)

notebook: $(INSTALLED) ## the usual questions to foreign trade, in the browser; EXPORT=folder writes its tables instead
	@$(if $(EXPORT),$(PY) notebooks/foreign_trade.py -- --export "$(EXPORT)",MARIMO_SKIP_UPDATE_CHECK=1 $(PY) -m marimo edit notebooks/foreign_trade.py)

track: $(INSTALLED) ## what happened to each parcel of an order; ORDER=
	@$(PY) -m sandan track --order "$(ORDER)"

rebate: $(INSTALLED) ## papers, rules and amounts of the items on a form; FORM= LINE=
	@$(PY) -m sandan rebate --form "$(FORM)" $(if $(LINE),--line $(LINE))

pack: $(INSTALLED) ## a page, a workbook and Parquet of one enterprise; ENTERPRISE= MONTH=2026-11
	@$(PY) -m sandan pack --enterprise "$(ENTERPRISE)" --month "$(MONTH)"

audit: $(INSTALLED) ## write the audit report of a date again; DATE=2026-11-20, default yesterday
	@$(PY) -m sandan audit $(if $(DATE),--date $(DATE))

quarantine: $(INSTALLED) ## what is quarantined, why, what to do, what became of it; SOURCE= RULE= DATE= OPEN=1
	@$(PY) -m sandan quarantine $(if $(SOURCE),--source "$(SOURCE)") $(if $(RULE),--rule "$(RULE)") $(if $(DATE),--day $(DATE)) $(if $(OPEN),--open)

replay: $(INSTALLED) ## after a mapping is mended: read again what a source has in quarantine; SOURCE= DATE= INTO=run
	@$(PY) -m sandan replay --source "$(SOURCE)" --date "$(DATE)" $(if $(INTO),--into $(INTO))

prove: $(INSTALLED) ## from a published row to landing files, computed again; DECLARATION=ebc/cop or CELL=2026-11/E/hs/USA
	@$(PY) -m sandan prove $(if $(CELL),--cell "$(CELL)",--declaration "$(DECLARATION)")

verify: $(INSTALLED) ## compare everything with the ledger of all runs; DATE= (or MONTH=) one run, HEAD= a hash you noted
	@$(PY) -m sandan verify $(if $(DATE)$(MONTH),--run $(or $(DATE),$(MONTH))) $(if $(HEAD),--head $(HEAD))

forget: $(INSTALLED) ## remove clear personal data of everything landed before a date; BEFORE=2023-11-01
	@$(PY) -m sandan forget --before "$(BEFORE)"

housekeeping: $(INSTALLED) ## remove what can be made again, and say how much room it took; KEEP_DAYS=31
	@$(PY) -m sandan housekeeping $(if $(KEEP_DAYS),--keep-days $(KEEP_DAYS))

airflow: $(INSTALLED) ## open the project in Airflow's UI, on this machine
	@$(PY) -m sandan airflow

test: $(INSTALLED) ## every test but the benchmarks
	@$(PY) -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

lint: lint-python lint-types lint-sql ## style and types of Python, style of SQL

lint-python: $(INSTALLED)
	$(VENV)/bin/ruff check
	$(VENV)/bin/ruff format --check

lint-types: $(INSTALLED)
	$(VENV)/bin/mypy

lint-sql: $(INSTALLED)
	$(PY) .ci/lint_sql.py lint --processes 2 dbt_project

bench: $(BENCHED) ## speed beside bare limits and peers, as tables; SIZES=10000,100000 ONLY=peers RESULTS=docs/benchmarks
	@$(PY) -m pytest tests/benchmarks -m benchmark -s $(if $(ONLY),-k "$(ONLY)")
	@$(if $(RESULTS),$(PY) tests/benchmarks/documentation.py)

lock: $(INSTALLED) ## compile the lock again from pyproject.toml
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		pyproject.toml --group dev --output-file requirements/lock.txt
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--group server --constraint requirements/lock.txt --output-file requirements/server.txt
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--group bench --constraint requirements/lock.txt --output-file requirements/bench.txt
	@! grep -n '://' requirements/*.txt

clean: ## remove the environment and all caches; data stay
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
