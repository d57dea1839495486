PYTHON ?= python3
BIN := .venv/bin

# A command can set these variables. Another one, such as `make play PORT=9`, is a mistake.
VARIABLES := PYTHON ENGINE PYTEST_ADDOPTS PROFILE REGION CONFIRM MEMBERS ENDPOINT_URL ONLY OPTIONS
GIVEN := $(foreach name,$(.VARIABLES),$(if $(filter command,$(firstword $(origin $(name)))),$(name)))
UNKNOWN := $(filter-out MAKE% -% $(VARIABLES),$(GIVEN))
$(if $(UNKNOWN),$(error No command reads $(UNKNOWN). The variables are $(VARIABLES)))

.PHONY: setup up play test test-aws test-quick test-floors test-newest lint dist generate site comments screenshots bench bench-full bench-table

setup: .venv/.installed

# Some versions of pip give another reason than Python's version, and only when the environment is there.
PYTHON_ADVICE := this project needs Python 3.11 or newer. Name another one: make setup PYTHON=python3.12
REFUSE_OLD_PYTHON = import sys; sys.version_info < (3, 11) and sys.exit("$(PYTHON) is Python %d.%d, and $(PYTHON_ADVICE)" % sys.version_info[:2])

# The scripts of an environment name the folder in which it was made, so a copied or moved checkout makes its own anew.
ifneq ($(shell cat .venv/.installed 2>/dev/null),$(CURDIR))
.PHONY: .venv/.installed
endif

.venv/.installed: pyproject.toml constraints.txt
	@$(PYTHON) -c '$(REFUSE_OLD_PYTHON)'
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@echo '$(CURDIR)' > $@

up: setup
	@$(BIN)/python scripts/up.py

# The same stack and its endpoint, to play with until Ctrl-C.
play: setup
	@$(BIN)/python scripts/play.py

# Side by side on every core, in a new order each time. The first lines print its seed, and PYTEST_ADDOPTS=--randomly-seed=N repeats an order.
PYTEST := PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/pytest --numprocesses=auto

test: setup
	@$(PYTEST) --durations=10

test-quick: setup
	@$(PYTEST) --hypothesis-profile=quick -m 'not engine and not real_speed'

# The lifecycle in an account of AWS. It says first what it will do, and needs CONFIRM=ACCOUNT_ID. It invites only the accounts in MEMBERS=ID,ID.
test-aws: setup
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/pytest tests/account -p no:randomly --aws-profile='$(PROFILE)' --aws-region='$(REGION)' \
		--aws-confirm='$(CONFIRM)' --aws-members='$(MEMBERS)' $(if $(ENDPOINT_URL),--endpoint-url='$(ENDPOINT_URL)')

# The quick tests with the oldest versions that pyproject.toml allows, and with the newest that the package index has. Each has its own environment.
# The generated files are those of the botocore of constraints.txt, and are tested with that one alone.
QUICK_TESTS = PATH="$(CURDIR)/$(1):$$PATH" $(1)/pytest --numprocesses=auto --hypothesis-profile=quick -m 'not engine and not real_speed and not generated'

test-floors: .venv-floors/.installed
	@$(call QUICK_TESTS,.venv-floors/bin)

.venv-floors/.installed: .venv/.installed scripts/floors.py
	$(PYTHON) -m venv --clear .venv-floors
	$(BIN)/python scripts/floors.py > .venv-floors/constraints.txt
	.venv-floors/bin/python -m pip install --quiet --disable-pip-version-check --constraint .venv-floors/constraints.txt --editable '.[dev]'
	@touch $@

test-newest:
	$(PYTHON) -m venv --clear .venv-newest
	.venv-newest/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@$(call QUICK_TESTS,.venv-newest/bin)

# The files that a release publishes. The wheel is built from the source distribution.
dist: setup
	rm -rf dist
	$(BIN)/python -m build --no-isolation

# `ONLY=unchanged,latency` runs some groups; `OPTIONS='--sizes 1,10 --repeats 3'` is for a quick look. The table of the last run: `make bench-table`.
BENCH := PYTHONPATH=.:tests $(BIN)/python -m benchmarks $(if $(ONLY),--only $(ONLY))

bench: setup
	@$(BENCH) $(OPTIONS)

bench-full: setup
	@$(BENCH) --sizes 1,10,100,500,1000 $(OPTIONS)

bench-table: setup
	@$(BENCH) --markdown

# Every file that comes from the table of properties and botocore's model: the schema, the tables, the enums, the docstrings and the dict types.
generate: setup
	$(BIN)/python scripts/generate.py

# The documentation as a site, in build/site/index.html.
site: setup
	@$(BIN)/python scripts/build_site.py

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
