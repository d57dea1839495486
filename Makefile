PYTHON ?= python3
BIN := .venv/bin

.PHONY: setup up test test-quick lint docs comments screenshots bench bench-full bench-table

setup: .venv/.installed

.venv/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

up: setup
	@$(BIN)/python scripts/up.py

# Side by side on every core, in a new order each time. The first lines print its seed, and PYTEST_ADDOPTS=--randomly-seed=N repeats an order.
PYTEST := PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/pytest --numprocesses=auto

test: setup
	@$(PYTEST) --durations=10

test-quick: setup
	@$(PYTEST) --hypothesis-profile=quick -m 'not engine and not real_speed'

# `ONLY=unchanged,latency` runs some groups; `OPTIONS='--sizes 1,10 --repeats 3'` is for a quick look. The table of the last run: `make bench-table`.
BENCH := PYTHONPATH=.:tests $(BIN)/python -m benchmarks $(if $(ONLY),--only $(ONLY))

bench: setup
	@$(BENCH) $(OPTIONS)

bench-full: setup
	@$(BENCH) --sizes 1,10,100,500,1000 $(OPTIONS)

bench-table: setup
	@$(BENCH) --markdown

docs: setup
	$(BIN)/python scripts/generate_docs.py

# The comments on the recorded previews, rendered again without an engine.
comments: setup
	$(BIN)/python tests/recorded_previews.py

screenshots: setup
	$(BIN)/python scripts/screenshots.py

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/zizmor --offline --quiet --persona=pedantic --strict-collection .github actions
