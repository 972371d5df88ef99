# Tempfail: a terminal dashboard for deferred mail.
# SPDX-License-Identifier: Apache-2.0

PREFIX  ?= /usr/local
DESTDIR ?=

SHELL := /bin/bash
# sudo resets PATH: the toolchain that the user has is found all the same.
toolchain := $(shell Packaging/toolchain)
export PATH := $(if $(toolchain),$(toolchain):)$(PATH)
checks := --explicit-target-dependency-import-check error
# Not said where there is no git: then --version says that it does not know.
commit := $(shell git rev-parse --short=12 HEAD 2>/dev/null)$(shell git diff --quiet HEAD 2>/dev/null || echo +)
export TEMPFAIL_COMMIT := $(filter-out +,$(commit))
release := swift build -c release --static-swift-stdlib -Xlinker -s $(checks)
mta := $(shell PATH=$$PATH:/usr/sbin:/usr/local/sbin; command -v exim || command -v exim4 || command -v postqueue)

# A crash report that waits for a terminal would stop an unattended run.
export SWIFT_BACKTRACE = enable=no

.PHONY: help run build test fault-test package-test lint bench fuzz install deb tarball clean \
  requirements

help:
	@echo "make run      build Tempfail and open the dashboard (the demo without a mail server)"
	@echo "make test     build it and run every test, including end-to-end tests on a real Exim and Postfix"
	@echo "make fault-test  FAULT_RUNS=1000: interrupted acts on a real Exim and Postfix (as root)"
	@echo "make build    only the release binary, in .build/release/tempfail"
	@echo "make lint     format, file headers, file length, forbidden constructs"
	@echo "make bench    the benchmarks"
	@echo "make fuzz     FUZZ_SECONDS=60: every parser with libFuzzer"
	@echo "make deb      the Debian package; make tarball: the same for other systems"
	@echo "make package-test  the package in a fresh Debian: installed, tried, removed (as root)"
	@echo "make install  PREFIX=$(PREFIX) DESTDIR=$(DESTDIR)"
	@echo "make clean    remove build products"

run: build
ifeq ($(mta),)
	@echo "No Exim or Postfix found: opening the demo, a simulated server."
	@.build/release/tempfail demo
else
	@.build/release/tempfail
endif

build: requirements
	Packaging/give-back $(release)

test: requirements
	@Packaging/requirements test
	Packaging/give-back Tests/run

FAULT_RUNS ?= 1000
fault-test: build
	@Packaging/requirements test
	Packaging/give-back Tests/Fault/run --runs $(FAULT_RUNS)

lint: requirements
	swift format lint --strict --recursive Sources Tests Themes Package.swift
	Tests/lint

bench: build
	@if [ -x Tests/Bench/run ]; then Tests/Bench/run; else echo "There are no benchmarks yet."; fi

FUZZ_SECONDS ?= 60
fuzz: requirements
	Tests/Fuzz/run $(FUZZ_SECONDS)

install:
	DESTDIR="$(DESTDIR)" PREFIX="$(PREFIX)" Packaging/install .build/release/tempfail

deb: build
	@Packaging/requirements deb
	Packaging/deb .build/release/tempfail

tarball: build
	Packaging/tarball .build/release/tempfail

package-test: deb
	@Packaging/requirements package-test
	Tests/Package/run "$$(ls -t .build/tempfail_*.deb | head -n 1)"

clean:
	rm -rf .build

requirements:
	@Packaging/requirements build
