# Everything a person does with this project. `make help` lists it.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# A shell may forbid bytecode; every run of a flow would then pay seconds for its imports.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo up scale test test-fast check lint bench simulate fuzz kills wheel image sbom lock clean

help:  ## Show the commands
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

# Empty: without what makes a first run quick, for an environment in which few things run.
PREPARED ?= yes

$(VENV)/.runtime: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --no-compile --require-hashes --no-deps -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --no-index --editable .
	$(if $(PREPARED),$(BIN)/python -m compileall -qq -j 0 $(VENV)/lib safeguarding config tasks flows pages || true)
	$(if $(PREPARED),$(BIN)/python -m flows.server.prepared)
	@touch $@

$(VENV)/.scale: requirements-scale.lock $(VENV)/.runtime
	$(BIN)/python -m pip install --quiet --require-hashes --no-deps -r requirements-scale.lock
	@touch $@

$(VENV)/.test: requirements-test.lock $(VENV)/.runtime
	$(BIN)/python -m pip install --quiet --no-compile --require-hashes --no-deps -r requirements-test.lock
	$(if $(PREPARED),$(BIN)/python -m compileall -qq -j 0 $(VENV)/lib || true)
	@touch $@

demo: $(VENV)/.runtime  ## Run the real system on an invented partnership with twelve reviews
	@$(BIN)/safeguarding demo

up: $(VENV)/.runtime  ## Run the system on your own record and partnership file
	@$(BIN)/safeguarding up

scale: $(VENV)/.scale  ## Add what several Prefect servers need: see docs/deploying.md

# Three files at a time: most tests of the page wait more than they work. The order is that of tests/conftest.py.
AT_ONCE ?= 3
PYTEST = $(BIN)/python -m pytest -n $(AT_ONCE) --dist loadfile --no-loadscope-reorder

test: $(VENV)/.test  ## Run every test, what takes longest first
	$(PYTEST)

# Empty: all of them.
TESTS ?=
BUT ?=

test-fast: $(VENV)/.test  ## Run the tests that need no server (TESTS=tests/dates for some of them, BUT="and not long")
	$(PYTEST) -m "not prefect and not browser and not postgresql $(BUT)" $(TESTS)

FUZZ ?= 1000

fuzz: $(VENV)/.test  ## Type, send, write and count FUZZ random things of each kind, other ones at each run
	FUZZ=$(FUZZ) $(BIN)/python -m pytest -m "hypothesis or random"

KILLS ?= 100

kills: $(VENV)/.test  ## Shoot the running system KILLS times while people work, and look after each two
	KILLS=$(KILLS) $(BIN)/python -m pytest tests/flows/test_recovery.py

check: lint  ## Lint, types, the rules of the house, and the rulebook
	$(BIN)/python -m pytest -q tests/house

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/safeguarding check

bench: $(VENV)/.test  ## Print the benchmarks (run beside nothing else)
	cd tests && ../$(BIN)/python -m benchmarks $(ONLY)

YEARS ?= 2
SEED ?= 1

simulate: $(VENV)/.test  ## Live through YEARS invented years (SEED=...), and judge whether everybody heard once
	cd tests && ../$(BIN)/python -m simulation --years $(YEARS) --seed $(SEED)

wheel: $(VENV)/.test  ## Build the wheel, install it without the lock elsewhere (PYTHON=...), and use its demo (needs the network)
	cd tests && ../$(BIN)/python -m driver.wheel --python $(PYTHON)

VERSION := $(shell sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)
IMAGE ?= safeguarding:$(VERSION)
BASE ?=
MIRROR ?=
TRUST ?= /etc/ssl/certs/ca-certificates.crt

# The certificates that this machine trusts are lent while it is built, and are not in the image.
image:  ## Build the container's image as root with buildah (IMAGE=..., BASE=... or MIRROR=...; needs the network)
	$(if $(BASE),,MIRROR=$(MIRROR) deployments/base.sh safeguarding-base:bookworm)
	buildah build --format docker --isolation chroot --network host \
		$(if $(BASE),--build-arg BASE=$(BASE)) $(if $(TRUST),--volume $(TRUST):/etc/ssl/certs/ca-certificates.crt:ro) \
		--tag $(IMAGE) --file deployments/Containerfile .

sbom: $(VENV)/.runtime  ## Write what the program is made of as CycloneDX, dist/sbom.json (needs the network)
	$(PYTHON) -m venv $(VENV)/sbom
	$(VENV)/sbom/bin/python -m pip install --quiet cyclonedx-bom
	mkdir -p dist
	$(VENV)/sbom/bin/python -W ignore -m cyclonedx_py requirements --pyproject pyproject.toml --output-reproducible \
		--output-format JSON --output-file $(VENV)/sbom/whole.json requirements.lock
	cd tests && ../$(BIN)/python -m driver.sbom <../$(VENV)/sbom/whole.json >../dist/sbom.json

RESOLVE = $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate pyproject.toml --extra build

lock: $(VENV)/.test  ## Resolve the dependencies again, for every Python at once, and write the lock files (needs the network)
	$(BIN)/python -m pip install --quiet uv
	$(RESOLVE) --upgrade --extra demo --output-file requirements.lock
	$(RESOLVE) --extra demo --extra scale --constraint requirements.lock --output-file requirements-scale.lock
	$(RESOLVE) --extra demo --extra scale --extra test --extra bench --constraint requirements.lock --output-file requirements-test.lock

clean:  ## Remove the environment (the record is elsewhere and stays)
	rm -rf $(VENV)
