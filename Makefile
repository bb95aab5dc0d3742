# Every target sets up what it needs; a Python of 3.11 or newer must be there, nothing else.
# Kept to what GNU Make 3.81 knows, which is what macOS ships.

VENV := .venv
BIN := $(VENV)/bin

# 3.11 first: it is what the project is tested with. Some systems package Python without ensurepip,
# and such a Python cannot make an environment.
PYTHON ?= $(shell for python in python3.11 python3 python3.12 python3.13 python3.14 python; do \
	$$python -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo $$python; break; }; done)

# Where uv is present it does pip's work, and finds a Python of its own if there is none. Modules are
# compiled when they are first imported: most never are, and compiling all takes over a minute.
UV := $(shell command -v uv 2>/dev/null)
ifdef UV
make_environment = uv venv -q --clear --seed --python '$(or $(PYTHON),>=3.11)'
install = uv pip install -q --python $(1)/bin/python
else
make_environment = $(or $(PYTHON),$(no_python)) -m venv --clear
install = $(1)/bin/python -m pip install -q --no-compile
endif
no_python = $(error No usable Python 3.11 or newer was found. Install one (Debian and Ubuntu: \
	apt-get install python3-venv; macOS: brew install python@3.13) or name it: make PYTHON=/path/to/python3)

# On Linux the plain package is several gigabytes of CUDA. A version that ends in +cpu never is: it
# comes from PyTorch's own index, or from whatever source pip is set up with, or set-up stops.
TORCH := 2.13.0
TORCH_INDEX := https://download.pytorch.org/whl/cpu
TORCH_BUILD ?= $(shell test "$$(uname -s)" = Linux && ! nvidia-smi -L >/dev/null 2>&1 && echo +cpu)
define install_torch
	@echo "Installing PyTorch $(TORCH)$(TORCH_BUILD)"
	@$(1)/bin/python -m pip install -q --no-compile torch==$(TORCH)$(TORCH_BUILD) $(if $(TORCH_BUILD), \
		--no-deps --retries 1 --timeout 20 --extra-index-url $(TORCH_INDEX)) \
	|| { echo "PyTorch $(TORCH)$(TORCH_BUILD) could not be had for this machine. Check the connection to" \
		"$(TORCH_INDEX) and run the same command again; TORCH_BUILD= takes the plain package, CUDA and all."; exit 1; }
endef

CORPUS := casey
demo := CASEBOOK_DATA=.casebook/demo $(BIN)/casebook

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test check quality figures gate style types measure bench million findings digests format lock system clean

help: ## list these targets
	@sed -n 's/^\([a-z]*\):.*## /\1 /p' Makefile | while read -r target does; do \
		printf '  make %-8s %s\n' "$$target" "$$does"; done

# Several run at once, and threads of BLAS wait for one another; and the last digits of a product,
# which what is recorded and what is compared with it should share, depend on how many share it.
test figures gate measure: export OMP_NUM_THREADS := 1

demo: $(VENV)/.runtime ## index the bundled corpus and answer three questions from it
	@$(demo) build $(CORPUS)
	@$(demo) search 'What went wrong with vetting?' -k 1
	@$(demo) search 'Were complaints taken seriously?' -k 1
	@$(demo) search 'What should be done about leadership?' -k 1
	@echo; echo 'To ask over HTTP: $(demo) serve'

test: $(VENV)/.development ## run the tests, without a network
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile

check: $(VENV)/.development ## check format, lint, types, layers, generated documentation, recorded figures, quality of search
	@$(MAKE) --no-print-directory --keep-going --jobs=2 quality style types

quality: figures gate ## the part of check that measures: figures and gate

figures: $(VENV)/.development ## compare the recorded figures with what is measured now
	$(BIN)/python -m eval.measure --check

gate: $(VENV)/.development ## fail where search finds significantly less than it did
	$(BIN)/python -m eval.gate

style: $(VENV)/.development ## the part of check on form: format, lint, layers, generated documentation
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/cog --check README.md

types: $(VENV)/.development ## the part of check on types
	$(BIN)/mypy
	$(BIN)/pyright

digests: $(VENV)/.development ## set the bundled digests as PDFs
	$(BIN)/python -m corpora.typesetting corpora/casey/digests

measure: $(VENV)/.development ## measure quality on the real documents and record it
	$(BIN)/python -m eval.measure
	$(BIN)/python -m eval.gate --record

findings: $(VENV)/.development ## learn the tagger's weights again from the labelled sentences
	$(BIN)/python -m eval.learning

bench: $(VENV)/.development ## measure speed and memory beside what else does the same and record it
	$(BIN)/python -m eval.bench

million: $(VENV)/.development ## the same questions over a million passages: an hour or more of a quiet machine
	$(BIN)/python -m eval.scale 1000000

format: $(VENV)/.development ## put code and generated documentation in order
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/cog -r README.md

system: ## install optional system packages (Tesseract) where apt-get is there
	@if command -v tesseract >/dev/null; then echo "Tesseract is here already"; \
	elif ! command -v apt-get >/dev/null || test "$$(id -u)" -ne 0; then \
		echo "SKIPPED Tesseract: needs apt-get and root; pages that are pictures will stay unread"; \
	elif apt-get -qq update && apt-get -qq -y --no-install-recommends install tesseract-ocr >/dev/null; then \
		echo "Tesseract installed"; \
	else echo "SKIPPED Tesseract: apt-get failed; pages that are pictures will stay unread"; fi

clean: ## remove the environment and all caches; what was built from documents stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# On Linux and the oldest Python supported, so that every pinned version runs on the newer ones too.
# PyTorch is left out: which build of it is wanted depends on the machine.
lock: TORCH_BUILD := +cpu
lock: freeze = $(VENV)/lock/bin/python -m pip freeze --all --exclude pip --exclude torch --exclude casebook-engine
lock: $(VENV)/pyvenv.cfg ## pin the dependencies again, from the ranges in pyproject.toml
	$(BIN)/python -m venv --clear $(VENV)/lock
	$(VENV)/lock/bin/python -m pip install -q --upgrade pip
	$(call install_torch,$(VENV)/lock)
	$(call install,$(VENV)/lock) .
	{ echo '# Made by `make lock` from pyproject.toml.'; $(freeze); } > requirements.txt
	$(call install,$(VENV)/lock) --group dev
	{ echo '# Made by `make lock` from pyproject.toml: what tests and checks need besides.'; \
		$(freeze) | grep -vxFf requirements.txt; } > requirements-dev.txt
	rm -rf $(VENV)/lock

$(VENV)/pyvenv.cfg:
	$(make_environment) $(VENV)
	$(BIN)/python -m pip install -q --upgrade 'pip>=25.1' # the first to know dependency groups

$(VENV)/.torch-$(TORCH): $(VENV)/pyvenv.cfg
	$(call install_torch,$(VENV))
	@touch $@

$(VENV)/.runtime: $(VENV)/.torch-$(TORCH) pyproject.toml requirements.txt
	$(call install,$(VENV)) -r requirements.txt -e .
	@touch $@

$(VENV)/.development: $(VENV)/.runtime requirements-dev.txt
	$(call install,$(VENV)) -r requirements.txt -r requirements-dev.txt -e . -e ./api/client --group dev
	@touch $@
