# A thin front for people with make. Without it, each recipe is one plain line: see README.md.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# Continuous integration also runs the tests that need Spark, whose lock holds all of the other.
LOCK := $(if $(CI),requirements-spark.lock,requirements.lock)
INSTALLED := $(VENV)/.installed-$(basename $(LOCK))

.PHONY: briefing check test test-browser lint notebooks lab docs lock clean
.DEFAULT_GOAL := briefing

briefing: $(INSTALLED)  ## build the needs assessment of the synthetic sample
	$(BIN)/vrn briefing

# these share the whole briefings of the sample and of open data, which take a minute each to build
OF_BRIEFINGS = tests/test_end_to_end.py tests/test_briefings_read.py tests/test_page_labels.py tests/test_map.py tests/browser
# a file a worker, in the order that tests/conftest.py gives: those with slow tests first
UNITS = $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(OF_BRIEFINGS:%=--ignore=%)
check: lint  ## the quick checks, for every change: style, and the tests that are not marked slow
	$(UNITS) -m "not slow"

test: lint  ## every check: style, tests, then the committed notebooks run again and compared
	$(UNITS)
	$(BIN)/python -m pytest -n 2 --dist worksteal $(OF_BRIEFINGS)
	PYTHONHASHSEED=0 $(BIN)/python -m pytest -n 2 --dist loadfile --nbval --nbval-current-env --nbval-cell-timeout 300 \
		--nbval-sanitize-with tests/nbval_sanitize.cfg notebooks

test-browser: $(INSTALLED)  ## read every page with Chromium and axe; VRN_BRIEFING=folder reads one of your own
	$(BIN)/python -m pytest tests/browser

lint: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

notebooks: $(INSTALLED)  ## run the committed notebooks again on the sample and save them
	$(BIN)/vrn notebooks

# Real data never fill a committed notebook: with DATA=folder, copies in reports/lab are opened.
lab: $(INSTALLED)  ## open the notebooks in JupyterLab; DATA=folder opens copies of them on it
	$(BIN)/vrn lab $(if $(DATA),--data $(DATA),notebooks)

docs: $(INSTALLED)  ## build the documentation site in docs/_build/html
	$(BIN)/sphinx-build -q -W --keep-going -b html docs docs/_build/html

# --universal: one lock for every system and Python; --no-annotate and --no-header: no address
LOCKED = uv pip compile pyproject.toml --universal --generate-hashes --no-annotate --no-header -q
EXTRAS = browser dev docs lab slides word
lock:  ## write the locks again from pyproject.toml; needs uv
	$(LOCKED) -o requirements-spark.lock $(EXTRAS:%=--extra %) --extra spark
	$(LOCKED) -o requirements.lock -c requirements-spark.lock $(EXTRAS:%=--extra %)
	$(LOCKED) -o requirements-run.lock -c requirements-spark.lock --extra lab --extra slides --extra word

clean:
	rm -rf .cache reports/briefing

# Byte-compiled on install: without it every notebook's kernel spends three times as long importing.
$(INSTALLED): $(LOCK) pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps --compile -r $(LOCK)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --compile -e .
	$(BIN)/python -m compileall -q vrn_analysis
	touch $@
