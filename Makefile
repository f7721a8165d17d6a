# Each target is one line to packaging/bootstrap.py, which sets up .venv first where it must.
# Without make (Windows): python packaging/bootstrap.py run
PYTHON ?= python3
# An index that holds the small processor-only torch on Linux; empty: pip's own configuration.
TORCH_INDEX ?=
export TORCH_INDEX

.PHONY: run test proof format
.DEFAULT_GOAL := run

run:
	@$(PYTHON) packaging/bootstrap.py run
test:
	@$(PYTHON) packaging/bootstrap.py test
proof:
	@$(PYTHON) packaging/bootstrap.py proof
format:
	@$(PYTHON) packaging/bootstrap.py format
