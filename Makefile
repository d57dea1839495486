PYTHON ?= python3
BIN := .venv/bin

.PHONY: setup up test lint docs screenshots

setup: .venv/.installed

.venv/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

up: setup
	@$(BIN)/python scripts/up.py

test: setup
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/pytest

docs: setup
	$(BIN)/python scripts/properties_page.py

screenshots: setup
	$(BIN)/python scripts/screenshots.py

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/zizmor --offline --quiet --persona=pedantic --strict-collection .github
