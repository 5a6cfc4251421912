# SPDX-License-Identifier: Apache-2.0
# Every target sets up what it needs and does nothing twice. Choices: PYTHON=python3.12, SKIP_APT=1 (leave the system's
# packages alone), SLOW=1 (slow tests too), PYTEST_ARGS="-k debit", JAVA_TESTS=0 (Python tests only), WORKERS=1 (one test
# at a time; else one more than there are processors, since the one with the card reader mostly waits).
SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
SLOW ?= 0
JAVA_TESTS ?= 1
PYTEST_ARGS ?=
WORKERS ?= $(shell expr $$(nproc) + 1)
BIN := .venv/bin
export PYTHON SKIP_APT

# The card's own tests, its model among them, on cards that take what SSN_FREEDOMS says. Whether the model finds a spoilt
# applet does not depend on that.
CARD_TESTS = $(BIN)/python -m pytest -n $(WORKERS) -q -m "not pcsc $(if $(filter 1,$(SLOW)),,and not slow)" tests/card \
	tests/protocol/test_transcripts.py \
	--ignore tests/card/test_rules_spoilt.py

.PHONY: help demo test harsh protocol-model coverage tears fuzz tamper line outreach mutants mutants-python mutants-applet figures
.PHONY: lint matrix setup java generate format wheel lock clean apt venv

help: ## this list / daftar ini
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: venv java ## the whole journey on simulated cards / seluruh alur dengan kartu simulasi
	@$(BIN)/ssn demo

test: venv java-tests ## every quick test, Java and Python / semua uji cepat, Java dan Python
	@$(if $(PYTEST_ARGS),,$(BIN)/python tools/applet_coverage.py)
	@$(BIN)/python -m pytest -n $(WORKERS) $(if $(filter 1,$(SLOW)),,-m "not slow") $(PYTEST_ARGS)

harsh: venv java ## all this on cards that read the specification at its worst / pada kartu dengan tafsiran terburuk
	@SSN_FREEDOMS=harsh $(CARD_TESTS)
	@SSN_FREEDOMS=all $(CARD_TESTS)
	@$(BIN)/ssn sim tear-campaign --harsh
	@$(BIN)/ssn sim fuzz --harsh

protocol-model: venv ## the repaired protocol as a model: 300,000 histories, minutes / model protokol yang diperbaiki
	@nice $(BIN)/python tools/protocol_model.py

coverage: venv java ## branches of the applet that its tests reach, by JaCoCo / cakupan cabang aplet
	@$(BIN)/python tools/applet_coverage.py

tears: venv java ## every command torn at every write: minutes / daya diputus di setiap penulisan
	@$(BIN)/ssn sim tear-campaign

fuzz: venv java ## a million hostile commands, judged one by one: minutes / sejuta perintah jahat, dinilai satu per satu
	@$(BIN)/ssn sim fuzz

tamper: venv ## faults of every kind planted in receipts, in every format: minutes / kesalahan ditanam dalam kuitansi
	@$(BIN)/ssn bench tamper

line: venv java ## 1,688 cards in four readers with a token, torn, strange and killed: minutes / 1.688 kartu, empat pembaca
	@SSN_LINE_FAMILIES=1688 SSN_LINE_PACE=J3R180 $(BIN)/python -m pytest -q -n 0 tests/personalization/line

outreach: venv java ## 1,688 families from extract to activated card, ten tablets, two databases / 1.688 keluarga
	@SSN_OUTREACH_FAMILIES=1688 $(BIN)/python -m pytest -q -n 0 tests/bank/campaign

mutants: mutants-python mutants-applet ## both of these / keduanya

mutants-python: venv java ## mutants of the Python rules against their tests; MUTANTS="--fresh" / mutan aturan Python
	@$(BIN)/python tools/mutants_python.py $(MUTANTS)

figures: venv java ## pictures and figures of docs/, CAP sizes with JC_HOME and ANT_JAVACARD_JAR / gambar dan angka docs/
	@$(BIN)/ssn sim figures

mutants-applet: venv java ## mutants of the applet against its tests; MUTANTS="--fresh" / mutan aplet
	@nice $(BIN)/python tools/applet_mutants.py $(MUTANTS)

lint: venv ## style, types, import directions, generated files / gaya, tipe, arah impor, berkas hasil generator
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python tools/check_spdx.py
	@$(BIN)/python tools/check_hosts.py
	@$(BIN)/python -m ssn_card.protocol.generate --check
	@$(BIN)/python tools/error_page.py --check
	@$(BIN)/python tools/data_page.py --check
	@$(BIN)/python tools/life_page.py --check
	@$(BIN)/python tools/rules_page.py --check

matrix: venv ## quick tests on every other Python version that is claimed and here / uji cepat pada versi Python lain
	@tools/python-matrix.sh $(PYTEST_ARGS)

setup: venv java ## Debian packages, .venv, Maven artefacts, jar / paket Debian, .venv, artefak Maven, jar

java: apt ## the applet and the simulator jar, without tests / applet dan jar simulator, tanpa uji
	@tools/build-java.sh package

generate: venv ## Java constants and docs from protocol tables and errors / konstanta Java dan dokumen dari tabel protokol
	@$(BIN)/python -m ssn_card.protocol.generate
	@$(BIN)/python tools/error_page.py
	@$(BIN)/python tools/data_page.py
	@$(BIN)/python tools/life_page.py
	@$(BIN)/python tools/audit_page.py
	@$(BIN)/python tools/rules_page.py

format: venv ## rewrite Python files in the project's style / rapikan berkas Python
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

wheel: venv java ## dist/*.whl, checked by running it in an empty venv / dist/*.whl, dicoba di venv kosong
	@$(BIN)/python tools/check_wheel.py

lock: ## newest dependencies into the lock files / perbarui berkas kunci dependensi
	@tools/lock.sh

clean: ## remove everything made here / hapus semua hasil bangun
	rm -rf .venv .build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	rm -rf target applet/target simulator/target
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +

apt:
	@tools/apt-packages.sh

venv: apt
	@tools/setup-venv.sh

.PHONY: java-tests
java-tests: apt
	@$(if $(filter 0,$(JAVA_TESTS)),tools/build-java.sh package,tools/build-java.sh test)
