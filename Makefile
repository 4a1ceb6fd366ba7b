PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOCK_VENV := .lock-venv

# Modules are compiled when first imported, which is faster than all of them here.
unexport PYTHONDONTWRITEBYTECODE

PIP_INSTALL := $(BIN)/python -m pip install -qq --disable-pip-version-check --no-input \
	--no-compile --no-deps
PIP_SYNC := $(PIP_INSTALL) --require-hashes --requirement
UV_COMPILE := $(LOCK_VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-annotate --custom-compile-command "make lock"

# Tests that wait for servers and clocks leave a processor to one worker more.
TEST_WORKERS := $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)

# One stamp a set of packages, so that each is installed only when its lock changes.
CREATED := $(VENV)/.created
RUNNABLE := $(VENV)/.runnable
TESTABLE := $(VENV)/.testable
AGENTS := $(VENV)/agents/.installed
DASHBOARD := $(VENV)/dashboard/.installed

# The examples that pin down the rooms without I/O. The laws are left out: what Hypothesis happens
# to draw must not decide whether a branch counts as tested.
PURE_TESTS := tests/core tests/template tests/kit tests/planning tests/ports tests/corpus tests/golden \
	tests/engine/test_transitions.py tests/engine/test_operations.py --ignore tests/template/test_laws.py

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help agents demo test coverage check bench fuzz soak docs test-servers test-openstack format lock clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

agents: $(RUNNABLE) $(AGENTS) ## the agents of servers that run, for [localcloud] run_servers

demo: $(RUNNABLE) ## start the service, run the example stack, clean up
	@$(BIN)/isotherm demo

test: $(TESTABLE) $(AGENTS) $(DASHBOARD) ## run all tests
	@$(BIN)/python -m tests.servers.install
	$(BIN)/pytest -n $(TEST_WORKERS) --maxprocesses 4 --dist loadgroup

coverage: $(TESTABLE) ## every branch of the pure rooms is taken by their own tests
	@$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -q -n logical --maxprocesses 4 $(PURE_TESTS)
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage report

check: $(TESTABLE) ## lint, types, import rules and the fast tests
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n 4 -m "not slow and not openstack"

bench: $(RUNNABLE) ## measure engine, language and the whole service: time, CPU and memory
	@$(BIN)/python -m bench
	@$(BIN)/python -m bench.whole
	@$(BIN)/python -m bench.doors
	@$(BIN)/python -m bench.software
	@$(BIN)/python -m bench.language

fuzz: $(TESTABLE) ## try changed templates and requests until something is found (SECONDS=60, SEED=)
	@$(BIN)/python -m fuzz.seeded --seconds $(or $(SECONDS),60) $(if $(SEED),--seed $(SEED))

soak: $(TESTABLE) ## every fault in every phase of every type, then faults and kills on each database (SECONDS=60, SEED=)
	@$(BIN)/python -m tests.servers.install
	ISOTHERM_SWEEP_SHARE=1 $(BIN)/pytest -q -n logical --maxprocesses 4 tests/laws/test_sweep.py \
		tests/laws/test_properties_alone.py
	ISOTHERM_LAW_EXAMPLES=$(or $(EXAMPLES),2000) $(BIN)/pytest -q --timeout 7200 \
		tests/laws/test_families.py tests/laws/test_running.py
	@$(BIN)/python -m tests.soak --seconds $(or $(SECONDS),60) $(if $(SEED),--seed $(SEED))

docs: $(TESTABLE) ## write the reference pages that come from the code
	@$(BIN)/python scripts/write-reference

test-servers: $(TESTABLE) $(AGENTS) ## all that is tried on servers that run, with the real agents
	@$(BIN)/python -m tests.servers.install
	$(BIN)/pytest -m "servers or not servers" tests/clients/test_examples_on_servers.py \
		tests/clients/test_running_servers.py tests/clients/test_hostile_servers.py \
		tests/clients/test_transports_of_servers.py tests/clients/test_cloud_init.py \
		tests/clients/test_stand_ins_on_servers.py tests/docs/test_tutorial_of_servers.py

test-openstack: $(TESTABLE) ## run types, cloud calls and example 01 on the cloud that OS_CLOUD names
	@test -n "$$OS_CLOUD" || { echo "Set OS_CLOUD to an entry of your clouds.yaml" >&2; exit 2; }
	$(BIN)/pytest -m openstack --timeout 1200

format: $(TESTABLE) ## format the code and apply safe lint fixes
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

lock: $(LOCK_VENV)/.created ## resolve dependencies again into requirements/*.txt (UPGRADE=1: newest)
	$(UV_COMPILE) $(if $(UPGRADE),--upgrade) pyproject.toml requirements/demo.in requirements/dev.in \
		--output-file requirements/dev.txt
	$(UV_COMPILE) pyproject.toml requirements/demo.in \
		--constraint requirements/dev.txt --output-file requirements/demo.txt
	$(UV_COMPILE) pyproject.toml \
		--constraint requirements/dev.txt --output-file requirements/runtime.txt
	$(UV_COMPILE) $(if $(UPGRADE),--upgrade) requirements/agents.in \
		--output-file requirements/agents.txt
	$(UV_COMPILE) $(if $(UPGRADE),--upgrade) requirements/dashboard.in \
		--output-file requirements/dashboard.txt
	$(UV_COMPILE) requirements/pip.in --output-file requirements/pip.txt

clean: ## remove the environment and all caches
	rm -rf $(VENV) $(LOCK_VENV) build dist .coverage* .hypothesis .import_linter_cache .mypy_cache \
		.pytest_cache .ruff_cache
	find src tests -name __pycache__ -prune -exec rm -rf {} +

$(CREATED): scripts/create-venv requirements/pip.txt
	@scripts/create-venv $(PYTHON) $(VENV)
	@$(PIP_SYNC) requirements/pip.txt
	@touch $@

$(RUNNABLE): $(CREATED) requirements/demo.txt pyproject.toml
	@echo "Installing Isotherm and its dependencies into $(VENV)"
	@$(PIP_SYNC) requirements/demo.txt
	@$(PIP_INSTALL) --no-build-isolation --editable .
	@touch $@

$(TESTABLE): $(RUNNABLE) requirements/dev.txt
	@echo "Installing the test and lint tools into $(VENV)"
	@$(PIP_SYNC) requirements/dev.txt
	@touch $@

$(AGENTS): $(CREATED) requirements/agents.txt scripts/install-agents
	@echo "Installing the agents of servers that run into $(VENV)/agents"
	@scripts/install-agents $(BIN)/python $(VENV)/agents requirements/agents.txt
	@touch $@

$(DASHBOARD): $(CREATED) requirements/dashboard.txt scripts/install-dashboard
	@echo "Installing the dashboard that the tests drive into $(VENV)/dashboard"
	@scripts/install-dashboard $(BIN)/python $(VENV)/dashboard requirements/dashboard.txt
	@touch $@

$(LOCK_VENV)/.created:
	@scripts/create-venv $(PYTHON) $(LOCK_VENV)
	@$(LOCK_VENV)/bin/python -m pip install -qq --disable-pip-version-check uv
	@touch $@
