# Everything a checkout needs: Python 3.11 (with venv and pip), git and make. uv is used when it is on PATH.
# The data lies in $THIDUA_HOME, or in var/ where that is not set.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help run down test proofs lint bench warm fuzz planted history handbook endurance scale growing engines proofread readers clean force

VENV := .venv
BIN := $(VENV)/bin

help: ## list the targets
	@echo "thidua: half-year emulation returns, from the provinces' workbooks to the cluster's tables"
	@echo
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-13s %s\n", $$1, $$2 }'
	@echo
	@echo "After the first 'make run' the command itself is $(BIN)/thidua (try: $(BIN)/thidua --help)."

run: $(VENV)/runtime.stamp ## install what is missing, collect the example returns of 2021H1, leave the Prefect page up
	@set -e; home="$$($(BIN)/python -c 'from flows.settings import find_settings; print(find_settings().home)')"; \
	if [ ! -e "$$home/returns" ]; then \
	    mkdir -p "$$home"; \
	    rm -rf "$$home/returns.part"; \
	    cp -R examples/returns "$$home/returns.part"; \
	    mv "$$home/returns.part" "$$home/returns"; \
	    echo "Copied the example returns to $$home/returns"; \
	fi; \
	$(BIN)/thidua run 2021H1 --home "$$home" --returns "$$home/returns" --keep-server; \
	echo "Dừng máy chủ / stop the server: make down"

down: ## stop the Prefect server that make run left up
	@if [ -x $(BIN)/thidua ]; then $(BIN)/thidua down; fi

# A hundred processes of the tests import the same modules: each compiles them anew where the environment forbids to keep it.
test proofs: export PYTHONDONTWRITEBYTECODE =

test: $(VENV)/dev.stamp ## run all tests but the long proofs
	@$(BIN)/python -m pytest -n 4 --dist loadfile --no-loadscope-reorder -m "not long"

proofs: $(VENV)/dev.stamp ## run the long proofs: alarms made to happen, the service on PostgreSQL, Dask, backups, years of history; minutes
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m long

lint: $(VENV)/dev.stamp ## ruff and mypy --strict
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/dev.stamp ## measure the run against its floor (9, 90 and 900 returns), and reading in every format
	@$(BIN)/python -m benchmarks.formats
	@$(BIN)/python -m benchmarks

warm: $(VENV)/dev.stamp ## measure a run as a command, through Prefect's process worker and through the warm worker
	@$(BIN)/python -m benchmarks.warm

fuzz: $(VENV)/dev.stamp ## read 500 damaged files of every format: none may crash or hang the reader
	@$(BIN)/python -m benchmarks.fuzz

planted: $(VENV)/dev.stamp ## plant known errors in clean returns: what is caught, named, and put right
	@$(BIN)/python -m benchmarks.planted

history: $(VENV)/runtime.stamp ## ten synthetic years to try SQL on: files and a home of their own in var/history (a minute or two)
	@$(BIN)/python -m examples.history var/history/files --home var/history/home

handbook: $(VENV)/runtime.stamp ## write docs/warehouse.md and docs/questions.md out of the warehouse's own comments; a minute
	@$(BIN)/python -m examples.handbook

endurance: $(VENV)/dev.stamp ## kill runs at 50 random moments (SEED=): the next run must mend each; minutes
	@$(BIN)/python -m benchmarks.endurance

scale: $(VENV)/dev.stamp ## 3,321 reporting units, and a warehouse of twenty years of them: what each step costs; minutes
	@$(BIN)/python -m benchmarks.scale

proofread: $(VENV)/dev.stamp ## read a report's sentences (REPORT=path, FIGURES=csv): figures found, attributed, missed; problems
	@$(BIN)/python -m benchmarks.proofreading $(REPORT) $(FIGURES)

growing: $(VENV)/dev.stamp ## ten million figures: each documented question beside hand-written SQL and plain Parquet; a quarter of an hour
	@$(BIN)/python -m benchmarks.growing

engines: $(VENV)/dev.stamp ## the same star as a file, as a lake and in a PostgreSQL: filling each, asking each the same
	@$(BIN)/python -m benchmarks.engines

readers: $(VENV)/dev.stamp ## read the published copy in a loop while 1,000 loads are published: no read fails or is torn
	@$(BIN)/python -m benchmarks.readers

clean: ## remove .venv, the caches, and var/ with all data in it (never another THIDUA_HOME)
	@if [ -x $(BIN)/thidua ]; then $(BIN)/thidua down; $(BIN)/thidua down --home var; fi >/dev/null
	rm -rf $(VENV) var build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The environment. `checkout` holds the path it was made for: scripts in it name that path, so a moved checkout
# gets a new one. The stamps are newer than their lock as long as nothing has to be installed.

ifneq "$(shell cat $(VENV)/checkout 2>/dev/null)" "$(CURDIR)"
$(VENV)/checkout: force
endif

$(VENV)/checkout:
	@set -e; \
	if [ ! -e $@ ] && $(BIN)/python -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then :; else \
	    rm -rf $(VENV); \
	    python=; \
	    for name in python3.11 python3 python; do \
	        if $$name -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' >/dev/null 2>&1; then python=$$name; break; fi; \
	    done; \
	    if command -v uv >/dev/null 2>&1; then \
	        uv venv --quiet --python "$${python:-3.11}" $(VENV); \
	    elif [ -z "$$python" ]; then \
	        echo "thidua needs Python 3.11: neither python3.11 nor python3 on PATH is one." >&2; \
	        echo "Debian, Ubuntu: sudo apt install python3.11 python3.11-venv; elsewhere: https://www.python.org/downloads/" >&2; \
	        exit 1; \
	    elif ! $$python -m venv $(VENV); then \
	        rm -rf $(VENV); \
	        echo "$$python cannot make a virtual environment. Debian, Ubuntu: sudo apt install python3.11-venv" >&2; \
	        exit 1; \
	    fi; \
	fi; \
	printf '%s\n' "$(CURDIR)" > $@

$(VENV)/runtime.stamp: requirements.lock pyproject.toml $(VENV)/checkout
	$(call install,requirements.lock)

$(VENV)/dev.stamp: requirements-dev.lock pyproject.toml $(VENV)/checkout
	$(call install,requirements-dev.lock)
	@touch $(VENV)/runtime.stamp

# $(1): a lock file. Every library comes from it, by hash; it is complete, so nothing needs resolving (and older pips,
# resolving, would look elsewhere for sqlalchemy[asyncio]). The project itself is linked in without a download.
define install
	@set -e; \
	if command -v uv >/dev/null 2>&1; then \
	    echo "Installing the libraries of $(1) with uv (about 15 seconds when nothing is cached) ..."; \
	    UV_COMPILE_BYTECODE=1 uv pip install --quiet --python $(BIN)/python --no-deps --require-hashes -r $(1); \
	    uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .; \
	else \
	    echo "Installing the libraries of $(1) with pip (a minute or two) ..."; \
	    $(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null; \
	    $(BIN)/python -m pip install -q --disable-pip-version-check --no-compile --no-deps --require-hashes -r $(1); \
	    $(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .; \
	    echo "Compiling bytecode ..."; \
	    $(BIN)/python -m compileall -q -j 0 $(VENV)/lib >/dev/null 2>&1 || true; \
	fi; \
	touch $@
endef

force:
