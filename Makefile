# A thin front for people with make. Without it, each recipe is one plain line: see README.md.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# Continuous integration also runs the tests that need Spark, whose lock holds all of the other.
LOCK := $(if $(CI),requirements-spark.lock,requirements.lock)
INSTALLED := $(VENV)/.installed-$(basename $(LOCK))

.PHONY: briefing test lint notebooks sample benchmarks clean
.DEFAULT_GOAL := briefing

briefing: $(INSTALLED)  ## build the needs assessment of the synthetic sample
	$(BIN)/vrn briefing

test: lint  ## every check: style, tests, then the committed notebooks run again and compared
	$(BIN)/python -m pytest
	PYTHONHASHSEED=0 $(BIN)/python -m pytest --nbval --nbval-current-env --nbval-cell-timeout 300 \
		--nbval-sanitize-with tests/nbval_sanitize.cfg notebooks

lint: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

notebooks: $(INSTALLED)  ## run the committed notebooks again on the sample and save them
	$(BIN)/vrn notebooks

lock:  ## write the locks again from pyproject.toml; needs uv
	uv pip compile pyproject.toml --extra dev --universal --generate-hashes --no-annotate --no-header -q -o requirements.lock
	uv pip compile pyproject.toml --extra dev --extra spark --universal --generate-hashes --no-annotate --no-header -q -o requirements-spark.lock

clean:
	rm -rf .cache reports/briefing

# Byte-compiled on install: without it every notebook's kernel spends three times as long importing.
$(INSTALLED): $(LOCK) pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps --compile -r $(LOCK)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --compile -e .
	$(BIN)/python -m compileall -q vrn_analysis
	touch $@
