# make run serves the demo, make test proves the project; both begin from a fresh clone and install what they need.
SHELL := /bin/sh
.DEFAULT_GOAL := help
PYTHON := .venv/bin/python
CODE := $(wildcard bot handlers models bench tests)
COVERAGE := --cov=bot --cov=handlers --cov=models --cov-branch
PIP := $(PYTHON) -m pip install -qq --disable-pip-version-check --no-input

# What was compiled once is kept, also where the machine says otherwise: every worker and every child would compile it anew.
unexport PYTHONDONTWRITEBYTECODE

.NOTPARALLEL: # Both installations write into one folder.
.PHONY: help run play-telegram test soak check format coverage pictures bench lint system clean

help: ## Say what can be made.
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## /make \1\t/' | expand -t 16

run: .venv/run.stamp ## Serve the demo on this machine; Ctrl-C stops it.
	@exec $(PYTHON) -m bot demo

play-telegram: .venv/dev.stamp ## The demo school on a pretended Telegram, with a phone in this terminal.
	@exec $(PYTHON) -m tests.fakes.play_telegram

# The checks run beside the tests, and three workers share two cores: a third of the tests' time is waiting (for kills, pages,
# limits of seconds). What the checks say comes at the end. Coverage watches the cases that tests/equipment.py names; a part of
# the tests (ARGS) is not measured.
test: .venv/dev.stamp system ## Check and run every test (under ten minutes).
	@$(MAKE) --no-print-directory check >.venv/check.txt 2>&1 & checking=$$!; \
	YIZHAN_COVERAGE=few $(PYTHON) -m pytest -n 3 --dist loadfile --no-loadscope-reorder \
		$(if $(ARGS),$(ARGS),$(COVERAGE) --cov-report= $$($(PYTHON) -m tests.equipment)); tested=$$?; \
	wait $$checking; checked=$$?; cat .venv/check.txt; exit $$((tested ? tested : checked))

soak: .venv/dev.stamp system ## Run the long form of every proof.
	@YIZHAN_SOAK=1 $(PYTHON) -m pytest -o faulthandler_timeout=0 $(ARGS)

check: .venv/dev.stamp ## Style, types and who may import whom.
	@$(PYTHON) -m ruff check --quiet --output-format=concise .
	@$(PYTHON) -m ruff format --check --quiet --output-format=concise . || { echo "Not formatted; run: make format"; exit 1; }
	@$(PYTHON) -m mypy $(CODE)
	@.venv/bin/lint-imports --no-logo >.venv/imports.txt || { cat .venv/imports.txt; exit 1; }

format: .venv/dev.stamp ## Lay out the code and mend what ruff can mend.
	@$(PYTHON) -m ruff check --quiet --fix . ; $(PYTHON) -m ruff format --quiet .

lint: check ## check, and a look for unsafe calls and committed secrets.
	@$(PYTHON) -m bandit --quiet --recursive bot handlers models --severity-level medium
	@git ls-files -z | xargs -0 .venv/bin/detect-secrets-hook --exclude-files 'requirements.*\.txt|tests/.*'

# It watches the cases that make test watches, so that it shows where those fall short; CASES=all watches every case, and the
# tests then compute twice as much.
CASES := few
coverage: .venv/dev.stamp system ## Show which lines no watched test runs (htmlcov/index.html); below 90 percent it fails.
	@YIZHAN_COVERAGE=$(CASES) $(PYTHON) -m pytest -n 3 --dist loadfile --no-loadscope-reorder $(COVERAGE) \
		--cov-report=term:skip-covered --cov-report=html $$($(PYTHON) -m tests.equipment) $(ARGS)

pictures: .venv/dev.stamp system ## Take the pictures of the README anew.
	@$(PYTHON) -m tests.pictures

bench: .venv/dev.stamp ## Measure what the documents claim.
	@$(PYTHON) -m bench $(ARGS)

system:
	@.ci/system

clean: ## Remove what make made, and nothing of yours (var/ stays).
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis htmlcov .coverage .coverage.*
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/run.stamp: requirements.txt .ci/venv
	@.ci/venv .venv
	@echo "Installing what the bot needs (once) ..."
	@$(PIP) -r requirements.txt
	@touch $@

.venv/dev.stamp: requirements-dev.txt requirements.txt .ci/venv
	@.ci/venv .venv
	@echo "Installing what the tests need (once) ..."
	@$(PIP) -r requirements-dev.txt
	@touch .venv/run.stamp $@
