# Everything this project does from a fresh checkout. `make` lists the targets.
#
# Written for GNU make 3.81 and a plain POSIX shell. What has been done is remembered by stamp files in .venv and is
# done again only when pyproject.toml or constraints.txt change.
#
#   PYTHON=python3.12 make run     take this interpreter (3.11 to 3.14)
#   PORT=7861 make run             serve on another port
#   make TORCH_INDEX= run          take torch from the ordinary registry; a URL takes it from there

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:

VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
PY := $(BIN)/python
PIP := $(PY) -m pip --disable-pip-version-check --no-input
TORCH := torch==2.13.0
CPU_INDEX := https://download.pytorch.org/whl/cpu
PYTHONS := python3 python3.13 python3.12 python3.11 python3.14 python

# 0: can be used. 3: another version. 4: the right version, but it cannot make virtual environments.
define SUITABLE
import sys
if not (3, 11) <= sys.version_info[:2] <= (3, 14):
    sys.exit(3)
try:
    import ensurepip, venv
except ImportError:
    sys.exit(4)
endef
export SUITABLE

# Prints the CPU-only index where it answers within three seconds: its torch is a tenth of the size of the one with CUDA.
define PROBE
import sys, urllib.request
if sys.platform == "linux":
    try:
        urllib.request.urlopen(sys.argv[1] + "/torch/", timeout=3).close()
        print(sys.argv[1])
    except (OSError, ValueError):
        pass
endef
export PROBE

define DEV_GROUP
import tomllib
with open("pyproject.toml", "rb") as file:
    print("\n".join(tomllib.load(file)["dependency-groups"]["dev"]))
endef
export DEV_GROUP

.PHONY: help run setup install dev models index test torture lint check eval gate format clean

help: ## list the targets
	@echo "make run      install what is missing, fetch the models, build the index, serve the page (PORT=7860)"
	@echo "make setup    the same without serving"
	@echo "make models   fetch the models and check them"
	@echo "make index    bring the index up to date with corpus/"
	@echo "make test     run the tests"
	@echo "make torture  do hundreds of faults to it, and tell what it survived (about ten minutes)"
	@echo "make check    lint, types and tests"
	@echo "make lint     lint and types only"
	@echo "make eval     measure the answers to the dev questions, without and with the writer (about a quarter of an hour)"
	@echo "make gate     hold a quick sample of the answers to the committed figures (about two minutes)"
	@echo "make format   format the code"
	@echo "make clean    remove .venv and the caches (models, index and conversations stay)"
	@echo
	@echo "Variables: PYTHON, PORT, TORCH_INDEX (the top of the Makefile explains them)"

run: setup
	@ADVISOR_PORT="$${PORT:-$${ADVISOR_PORT:-}}" $(BIN)/advisor serve

setup: install
	@$(BIN)/advisor setup || { \
	    echo "The set-up stopped: do what the line above says, then run the same command again (it goes on from here)." >&2; \
	    exit 1; }

models: install
	@$(BIN)/advisor models pull || { \
	    echo "A model is missing: do what the line above says, then run 'make models' again." >&2; exit 1; }

index: install
	@$(BIN)/advisor index build

test: dev models
	@$(PY) -m pytest

torture: dev
	@$(PY) -m tests.torture --report eval/reports/reliability.md

lint: dev
	@$(PY) -m ruff check . || { echo "ruff found problems: 'make format' mends many of them." >&2; exit 1; }
	@$(PY) -m ruff format --check . || { echo "Some files are not formatted: run 'make format'." >&2; exit 1; }
	@$(PY) -m mypy

check: lint
	@$(MAKE) test

eval: install models index
	@$(BIN)/advisor eval run --questions eval/questions/dev --generator extractive --out eval/runs/extractive
	@$(BIN)/advisor eval run --questions eval/questions/dev --generator auto --out eval/runs/writer
	@$(BIN)/advisor eval compare eval/runs/extractive eval/runs/writer
	@$(BIN)/advisor eval gate eval/runs/extractive

gate: install models index
	@$(BIN)/advisor eval run --questions eval/questions/dev --limit 112 --generator extractive --out eval/runs/gate
	@$(BIN)/advisor eval gate eval/runs/gate

format: dev
	@$(PY) -m ruff check --fix-only .
	@$(PY) -m ruff format .

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

install: $(VENV)/.installed
dev: $(VENV)/.dev

# --- the virtual environment ----------------------------------------------------------------------

# A .venv that is there already is used if it can be and never deleted unasked: it may be somebody's own.
$(VENV)/.created:
	@if [ -e $(VENV) ]; then \
	    $(PY) -c "$$SUITABLE" >/dev/null 2>&1 && $(PY) -m pip --version >/dev/null 2>&1 && { \
	        echo "Using the $(VENV) that is there"; touch $@; exit 0; }; \
	    echo "The $(VENV) that is there cannot be used (half made, without pip, or another Python): run 'make clean'," \
	        "which removes it, then run the same command again." >&2; \
	    exit 1; \
	fi; \
	found=; lame=; \
	for python in $${PYTHON:-$(PYTHONS)}; do \
	    "$$python" -c "$$SUITABLE" >/dev/null 2>&1; \
	    case $$? in \
	        0) found=$$python; break ;; \
	        4) lame=$$python ;; \
	    esac; \
	done; \
	if [ -z "$$found" ] && [ -n "$$lame" ]; then \
	    echo "$$lame cannot make virtual environments (venv or ensurepip is missing): on Debian and Ubuntu run" \
	        "'sudo apt install python3-venv', elsewhere install Python from https://www.python.org, then try again." >&2; \
	    exit 1; \
	fi; \
	if [ -z "$$found" ]; then \
	    echo "No suitable Python found: install Python 3.11, 3.12, 3.13 or 3.14 (https://www.python.org), or name it:" \
	        "PYTHON=/path/to/python3 make run." >&2; \
	    exit 1; \
	fi; \
	echo "Making $(VENV) with $$found ($$("$$found" --version 2>&1))"; \
	"$$found" -m venv $(VENV) || { \
	    echo "$(VENV) could not be made with $$found: see the lines above, or run 'make clean' and name another:" \
	        "PYTHON=python3.12 make run." >&2; \
	    exit 1; }; \
	touch $@

$(VENV)/.torch: $(VENV)/.created constraints.txt
	@$(PY) -c "" || { echo "$(VENV) no longer works (was Python removed?): run 'make clean', then the same command again." >&2; exit 1; }
	@index="$(TORCH_INDEX)"; \
	if [ "$(origin TORCH_INDEX)" = undefined ]; then index=$$($(PY) -c "$$PROBE" $(CPU_INDEX)) || index=; fi; \
	echo "Installing $(TORCH) from $${index:-the ordinary registry} (the largest piece, some minutes)"; \
	if [ -n "$$index" ] && $(PIP) install --no-deps --index-url "$$index" $(TORCH); then exit 0; fi; \
	if [ -n "$$index" ]; then echo "That did not work; trying the ordinary registry."; fi; \
	$(PIP) install --no-deps $(TORCH) || { \
	    echo "torch could not be installed: check the network (or pip's own settings), then run the same command again." >&2; \
	    exit 1; }
	@touch $@

$(VENV)/.installed: $(VENV)/.torch pyproject.toml constraints.txt
	@echo "Installing Career Advisor and the libraries it stands on"
	@$(PIP) install -c constraints.txt -e . || { \
	    echo "Not everything could be installed: check the network (or pip's own settings), then run the same command again." >&2; \
	    exit 1; }
	@touch $@

# pip learned to read dependency groups only in 25.1, so the group is read from pyproject.toml and handed over as a list
$(VENV)/.dev: $(VENV)/.installed
	@echo "Installing the development tools"
	@$(PY) -c "$$DEV_GROUP" > $(VENV)/dev.txt
	@$(PIP) install -c constraints.txt -r $(VENV)/dev.txt || { \
	    echo "The development tools could not be installed: check the network, then run the same command again." >&2; \
	    exit 1; }
	@touch $@
