# The two commands are `make demo` and `make test`; both do all the set-up.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO_DATA ?= var/demo
FRONTEND := package.json package-lock.json $(wildcard frontend/* frontend/*/*) $(wildcard templates/*.html templates/*/*.html)

.PHONY: demo test test-postgresql install lint bench soak pictures words clean

demo: $(VENV)/.installed
	MAKERLAB_DATA_DIR=$(DEMO_DATA) $(BIN)/makerlab demo $(if $(RESET),--reset) $(if $(REAL_TIME),--real-time)

install: $(VENV)/.installed

test: $(VENV)/.tested lint
	$(BIN)/python -m pytest -q -n 2 --dist loadfile $(ARGS)
	$(if $(ARGS),,$(BIN)/python -m pytest -q -n 2 --dist loadfile --on-postgresql $(addprefix tests/makerlab/,$(ALWAYS_ON_POSTGRESQL)))

# Every test that uses a database, on a PostgreSQL that comes from a Python package; make test does it with a part.
ALWAYS_ON_POSTGRESQL := core/test_database.py core/test_ledger.py core/test_web.py stock sales materials production
test-postgresql: $(VENV)/.tested
	$(BIN)/python -m pytest -q -n 2 --dist loadfile --on-postgresql $(ARGS)

lint: $(VENV)/.tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check -q .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.tested
	$(BIN)/python -m bench

soak: $(VENV)/.tested
	$(BIN)/python -m pytest -q -m soak $(ARGS)

# The package, editable, with its front end built by the wheel's own build (no Node on the machine needed).
$(VENV)/.installed: pyproject.toml $(FRONTEND) | $(VENV)/.python
	rm -rf makerlab/static/dist
	$(BIN)/pip install -q -e .
	touch $@

$(VENV)/.tested: $(VENV)/.installed
	tools/system-packages.sh chromium libatomic1 redis-server
	$(BIN)/pip install -q --group dev
	touch $@

$(VENV)/.python:
	tools/system-packages.sh $(if $(filter python3,$(PYTHON)),python3-venv) prusa-slicer fonts-dejavu-core
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q -U 'pip>=25.1'
	touch $@

clean:
	rm -rf $(VENV) node_modules makerlab/static/dist dist

# The pictures of docs/, made by the journeys through every screen.
pictures: $(VENV)/.tested
	MAKERLAB_PICTURES=docs/pictures $(BIN)/python -m pytest -q tests/journeys/test_main_job.py tests/journeys/test_kiosk.py tests/journeys/test_screens.py

# Collects the words of all screens into makerlab/translations/*.po; then fill in what is empty.
words: $(VENV)/.tested
	$(BIN)/python tools/words.py
