# For developers. Users need only ./run and ./test.
PY := .venv/bin/python
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	--no-emit-index-url --no-emit-find-links --no-annotate --no-strip-extras

.DEFAULT_GOAL := help
.PHONY: help setup fmt lint check nightly bench screenshots languages evidence migration sbom audit lock

help: ## list these commands
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

setup: ## make .venv with everything that tests need
	python3 scripts/dev.py setup

fmt: ## format the code
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix-only .

lint: ## everything that needs no database: format, rules, types, imports, licences
	python3 scripts/dev.py lint

check: ## what ./test does
	./test

nightly: ## the full tiers that ./test leaves out
	$(PY) -m pytest --nightly -m nightly --log-cli-level=WARNING
	$(PY) -m pytest --nightly tests/browser

bench: ## the speed figures
	$(PY) -m kursliste bench

screenshots: ## the pictures of README and guides, from a fresh demo world
	$(PY) scripts/screenshots.py

languages: ## renew languages/*.po from the pages and say what waits for a translation
	PYTHONPATH=. $(PY) scripts/languages.py

evidence: ## renew docs/evidence/*.md: which test or document proves which requirement
	PYTHONPATH=. $(PY) scripts/evidence.py

migration: ## the next numbered migration: make migration m="what changes"
	PYTHONPATH=. $(PY) scripts/new_migration.py "$(m)"

sbom: ## what the program is made of, as CycloneDX JSON in var/
	$(PY) scripts/sbom.py

audit: ## known holes in what the lock files name (asks PyPI; needs the network)
	$(PY) -m venv var/audit && var/audit/bin/pip install --quiet --require-hashes -r requirements/audit.txt
	for found in run build test; do var/audit/bin/pip-audit --strict --disable-pip --require-hashes -r requirements/$$found.txt || exit 1; done

lock: ## renew requirements/*.txt from pyproject.toml (needs uv; U=--upgrade for newer versions)
	$(LOCK) $(U) pyproject.toml requirements/build.in -o requirements/run.txt
	$(LOCK) $(U) pyproject.toml requirements/build.in --group test -o requirements/test.txt
	$(LOCK) $(U) pyproject.toml requirements/build.in --group test --group bench -o requirements/bench.txt
	$(LOCK) $(U) requirements/build.in -o requirements/build.txt
	$(LOCK) $(U) requirements/audit.in -o requirements/audit.txt
	@! grep -n '://' requirements/*.txt || (echo "addresses do not belong into lock files"; exit 1)
