# Two commands do everything: `make run` and `make test`. Both set up .venv when it is missing or old.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test lint check bench measures battery real-mode example pictures lock clean

run: $(VENV)/.run
	@$(BIN)/python -m bot

check: $(VENV)/.run
	@$(BIN)/python -m bot check

test: lint
	$(BIN)/python -m pytest

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.dev
	@$(BIN)/python -m benchmarks.answers

battery: $(VENV)/.dev
	@$(BIN)/python -m benchmarks.battery

real-mode: $(VENV)/.dev
	@$(BIN)/python -m benchmarks.real_mode

measures: $(VENV)/.dev
	@$(BIN)/python -m benchmarks.measures

# The interview in docs/ as a file, as a candidate gets it.
example: $(VENV)/.dev
	@$(BIN)/python -m benchmarks.example_export

# The pictures in docs/, of an interview and of somebody's progress.
pictures: $(VENV)/.dev
	@$(BIN)/python -m benchmarks.pictures

# Pins for every platform and Python version that is served. Needs uv.
lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
		--no-strip-extras --upgrade pyproject.toml -o requirements.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
		--no-strip-extras --upgrade pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt

clean:
	rm -rf $(VENV)

$(VENV)/.run: requirements.txt
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed; PYTHON=python3.12 make ... chooses one.")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing what the program needs into $(VENV) (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run
	@echo "Installing what the tests need into $(VENV) (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@
