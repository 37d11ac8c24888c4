# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# `make demo` shows it at work, `make test` runs everything that must pass, `make help` lists the rest.

# A name on PATH is not enough: pyenv's shims for versions that are not in use are there, and fail.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && \
	echo $$python && break; done)
PIP_INSTALL := .venv/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --custom-compile-command 'make lock'
# Where Python finds the package sandbox.
SANDBOX := roles/sandbox/files
PORT := 8080
RUNTIME := --requirement requirements.txt --requirement $(SANDBOX)/sandbox/requirements.txt
TREE := .tree/ansible_collections/linkops/jira
TARBALL = dist/linkops-jira-$(shell sed -n 's/^version: *//p' galaxy.yml).tar.gz
STEPS := lint types unit integration docs-check sanity build
# What `make check-release` runs after the documentation and the tarball are made: paths for pytest.
RELEASE_TESTS := tests/release tests/eda

# Nothing of the caller's own Ansible or Python plays a part, and only demo and live may know of a real Jira.
unexport PYTHONHOME PYTHONPATH $(filter ANSIBLE_%,$(.VARIABLES))
ifneq ($(MAKECMDGOALS),demo)
ifneq ($(MAKECMDGOALS),live)
unexport $(filter JIRA_%,$(.VARIABLES))
endif
endif
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export ANSIBLE_COLLECTIONS_PATH := $(CURDIR)/.tree
export ANSIBLE_CONFIG := $(CURDIR)/.venv/ansible.cfg
export ANSIBLE_HOME := $(CURDIR)/.cache/ansible
export ANSIBLE_REMOTE_TEMP := $(CURDIR)/.cache/ansible/remote
export ANSIBLE_NOCOWS := 1

.PHONY: help demo sandbox test check-release fix matrix docs eda java bench soak live proved-on release $(STEPS) lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "%-13s %s\n", $$1, $$2}' Makefile

demo: export ANSIBLE_COLLECTIONS_PATH := $(CURDIR)/.demo/collections
demo: export ANSIBLE_INVENTORY_UNPARSED_WARNING := false
demo: export ANSIBLE_LOCALHOST_WARNING := false
demo: build ## see it at work on a local Jira, or on the one at JIRA_URL; ARGS="..." goes to ansible-playbook
	@ansible-galaxy collection install --offline --force --collections-path .demo/collections $(TARBALL) >/dev/null
	@cd .demo && ansible-playbook linkops.jira.demo $(ARGS)

sandbox: .venv/run ## a local Jira until Ctrl-C; PORT=8080, ARGS="--deployment data_center"
	@PYTHONPATH=$(SANDBOX) python -m sandbox --port $(PORT) $(ARGS)

test: .venv/dev ## everything that must pass: lint, types, unit, integration, docs-check, sanity, build; then a summary
	@MAKE="$(MAKE)" python scripts/check.py $(STEPS)

check-release: java .cache/eda/ready .cache/release/ready docs build ## what a release must pass besides: Galaxy, licences, site, eda
	pytest -n 2 $(RELEASE_TESTS)

lint: .venv/dev $(TREE) ## format and lint: Python, YAML, Ansible, shell
	ruff format --check .
	ruff check .
	yamllint --strict .
	ansible-lint --offline
	shellcheck .ci/run scripts/docs scripts/sanity

fix: .venv/dev ## change what lint can mend by itself: ruff's safe corrections, the order of imports, the format
	ruff check --fix-only .
	ruff format .

types: .venv/dev $(TREE) ## mypy, strict
	mypy $(TREE)/plugins $(SANDBOX) scripts tests

unit: .venv/dev $(TREE) ## tests of the plugins and of the sandbox
	pytest -n 2 tests/unit tests/sandbox

integration: .venv/dev $(TREE) ## real playbooks against the sandbox
	pytest -n 2 tests/integration

matrix: .venv/dev $(TREE) ## the integration tests on every ansible-core that can be installed here; ARGS="2.16.19"
	python -m scripts.matrix $(ARGS)

docs-check: .venv/dev $(TREE) ## documentation of the plugins, docs/docsite, changelog
	HOME="$(CURDIR)/.venv" antsibull-docs lint-collection-docs --plugin-docs .
	antsibull-changelog lint
	antsibull-changelog lint-changelog-yaml changelogs/changelog.yaml
	scripts/docs

docs: .venv/dev $(TREE) ## the documentation site
	scripts/docs

sanity: .venv/dev ## ansible-test sanity on every Python that is here
	scripts/sanity

build: .venv/run ## the tarball, in dist/
	rm -f dist/*.tar.gz
	ansible-galaxy collection build --output-path dist

eda: java .venv/dev .cache/eda/ready $(TREE) ## repair on Jira's event with Event-Driven Ansible: 5 minutes, needs Java 17
	pytest -n 2 tests/eda

java:
	@command -v java >/dev/null || { echo 'Java 17 or newer is needed: on Debian, apt-get install' \
		'default-jre-headless' >&2; exit 1; }

bench: .cache/bench/ready $(TREE) ## measure, and write docs/benchmarks.md: 40 minutes; ARGS="--quick", ARGS="loop sets"
	.cache/bench/bin/python -m tests.benchmark $(ARGS)

soak: .venv/dev $(TREE) ## ten minutes with a Jira that answers at random; ARGS="--minutes 2 --seed 7", ARGS="--seed 7 --run 12"
	PYTHONPATH=.tree python -m tests.soak $(ARGS)

live: .venv/run ## ask a real Jira how its links behave; JIRA_URL, a login, LIVE_ISSUES=ABC-1,ABC-2,ABC-3: see docs/live.md
	@exec python -m tests.live

proved-on: .venv/run ## write docs/proved-on.md from the reports in docs/proved-on
	python -m scripts.proved_on

release: .venv/dev $(TREE) ## take the fragments into CHANGELOG.md, and build: make release VERSION=0.2.0
	@[ -n "$(VERSION)" ] || { echo 'Say which one: make release VERSION=0.2.0' >&2; exit 1; }
	@! grep --quiet '^  $(VERSION):$$' changelogs/changelog.yaml || { echo '$(VERSION) is released already' >&2; exit 1; }
	sed -i 's/^version: .*/version: $(VERSION)/' galaxy.yml
	antsibull-changelog release
	$(MAKE) build
	@echo "Look at CHANGELOG.md and git diff, run make test check-release, then commit and tag $(VERSION)."

lock: .venv/run ## take the newest versions into constraints.txt and constraints-release.txt
	.venv/bin/python -m pip install --quiet uv
	@mkdir -p .cache
	{ head -n 3 requirements.txt; $(COMPILE) requirements.txt $(SANDBOX)/sandbox/requirements.txt requirements-dev.txt; } >.cache/lock
	mv .cache/lock constraints.txt
	{ head -n 3 requirements.txt; $(COMPILE) requirements-release.txt; } >.cache/lock
	mv .cache/lock constraints-release.txt

clean: ## remove all that was made here
	rm -rf .cache .demo .hypothesis .tree .venv dist tests/output changelogs/.plugin-cache.yaml live-report.*
	find . -name __pycache__ -prune -exec rm -rf {} +

# The virtual environment, with an empty configuration for Ansible; then what it holds.
.venv/ansible.cfg:
	@[ -n "$(PYTHON)" ] || { echo 'Python 3.11 or newer with its venv module is needed: on Debian, apt-get install' \
		'python3-venv; elsewhere, name one with make PYTHON=...' >&2; exit 1; }
	$(PYTHON) -m venv --clear .venv
	@touch $@

.venv/run: requirements.txt $(SANDBOX)/sandbox/requirements.txt constraints.txt | .venv/ansible.cfg
	$(PIP_INSTALL) ansible-core $(RUNTIME)
	@touch $@

.venv/dev: requirements-dev.txt .venv/run
	$(PIP_INSTALL) $(RUNTIME) --requirement requirements-dev.txt
	@touch $@

# Apart from the other one, since the package ansible holds hundreds of megabytes that nothing else here needs.
.cache/bench/ready: requirements-bench.txt .venv/run
	.venv/bin/python -m venv --clear .cache/bench
	.cache/bench/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt \
		$(RUNTIME) --requirement requirements-bench.txt
	@touch $@

# A place of its own, as the guide has it: ansible-rulebook and Ansible, and nothing of the tools.
.cache/eda/ready: requirements-eda.txt .venv/run
	.venv/bin/python -m venv --clear .cache/eda
	.cache/eda/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt \
		ansible-core --requirement requirements.txt --requirement requirements-eda.txt
	@touch $@

# Apart from the other one, since Galaxy's importer wants older packages than the tools.
.cache/release/ready: requirements-release.txt constraints-release.txt | .venv/ansible.cfg
	.venv/bin/python -m venv --clear .cache/release
	.cache/release/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints-release.txt \
		--requirement requirements-release.txt
	@touch $@

# Ansible finds a collection in .../ansible_collections/NAMESPACE/NAME only.
$(TREE):
	@mkdir -p $(@D)
	@ln -s ../../.. $@
