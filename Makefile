PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test check format lint types layers coverage self oracle bench new-rule clean

demo: $(READY)  ## what the tool says of a small legacy project
	$(BIN)/djlint-spec check fixtures/legacy_shop --exit-zero

test: $(READY)  ## the tests; how much of the code they reach is held to its bound by `make coverage`
	$(BIN)/python -m pytest -n 2 --dist loadfile --cov --cov-report= --cov-fail-under=0

check: format lint types layers test coverage self  ## all that must hold

format: $(READY)
	$(BIN)/ruff format --check src tests benchmarks

lint: $(READY)
	$(BIN)/ruff check src tests benchmarks

types: $(READY)
	$(BIN)/mypy

layers: $(READY)
	$(BIN)/lint-imports

coverage: $(READY)  ## what the last `make test` measured, held to the bound
	@test -f .coverage || $(MAKE) test
	$(BIN)/coverage report

self: $(READY)  ## the tool on itself
	$(BIN)/djlint-spec check src

oracle: $(READY)  ## verdicts beside running Django: make oracle EXAMPLES=5000 SEED=1
	EXAMPLES=$(or $(EXAMPLES),100) $(BIN)/python -m pytest -s tests/oracle $(if $(SEED),--hypothesis-seed=$(SEED))

bench: $(READY)  ## a cold check of pretix beside the bare parsing of its files: make bench SELECT=DJS301 ROUNDS=9
	$(BIN)/python benchmarks/fetch_corpora.py pretix
	$(BIN)/python benchmarks/parse_ratio.py --rounds $(or $(ROUNDS),5) $(if $(SELECT),--select $(SELECT))

new-rule: $(READY)  ## make new-rule CODE=DJS118 NAME=soft-delete-bypassed
	$(BIN)/python -m djlint_spec.testing new $(CODE) $(NAME)

$(READY): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	touch $(READY)

clean:
	rm -rf $(VENV) .coverage .mypy_cache .ruff_cache .pytest_cache .hypothesis
