.PHONY: run check catalogue

run:
	python3 run.py

# Lint, format, types, locks and every test.
check:
	python3 run.py test

# After texts have changed: add the new ones to translations/th, drop the unused, say which still need Thai words.
catalogue:
	.venv/bin/python -m app.ui.catalogue
