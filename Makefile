PYTHON = .venv/bin/python
.PHONY: help run demo shell test check fast lint format types catalogue profile
.DEFAULT_GOAL := help

help: ## show what make can do here
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

run: ## start the system, its demonstration when nothing else is set
	python3 run.py

demo: ## start a fresh demonstration on port 8081, beside whatever else runs
	rm -rf instance/demo
	env -u DATABASE_URL -u DOCUMENT_STORE -u OUTBOX_DIR FUND_ENV=development DEMO=1 \
	  INSTANCE_DIR=instance/demo ASSETS_DIR=instance/assets python3 run.py --port 8081

shell: ## a Python with db and the models that sees the rows of everybody
	.venv/bin/flask --app app.factory fund shell

test: ## every check and test; more for pytest in ARGS="-k name"
	python3 run.py test $(ARGS)

check: test ## the same

fast: ## the quick unit tests: no database, no property tests
	$(PYTHON) -m pytest tests/unit -q -m "not slow"

lint: ## what ruff finds
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .

format: ## put the code into shape
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .

types: ## what mypy finds
	$(PYTHON) -m mypy

catalogue: ## add new texts to translations/th, drop the unused, say which still need Thai words
	$(PYTHON) -m app.ui.catalogue

profile: ## where a page's time goes: PAGE=/track/113 USER_NAME=fund, and BACKEND=postgresql ROUNDS=60 if wanted
	$(PYTHON) -m bench.one_page "$(or $(PAGE),/)" --user "$(USER_NAME)" --rounds $(or $(ROUNDS),60) \
	  $(if $(filter postgresql,$(BACKEND)),--postgresql)
