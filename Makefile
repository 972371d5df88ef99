# Tempfail: a terminal dashboard for deferred mail.
# SPDX-License-Identifier: Apache-2.0

PREFIX  ?= /usr/local
DESTDIR ?=

SHELL := /bin/bash
checks := --explicit-target-dependency-import-check error
# Not said where there is no git: then --version says that it does not know.
commit := $(shell git rev-parse --short=12 HEAD 2>/dev/null)$(shell git diff --quiet HEAD 2>/dev/null || echo +)
export TEMPFAIL_COMMIT := $(filter-out +,$(commit))
release := swift build -c release --static-swift-stdlib -Xlinker -s $(checks)
sudo := $(if $(filter-out 0,$(shell id -u)),sudo)
mta := $(shell PATH=$$PATH:/usr/sbin:/usr/local/sbin; command -v exim || command -v exim4 || command -v postqueue)

# A crash report that waits for a terminal would stop an unattended run.
export SWIFT_BACKTRACE = enable=no

build_packages := libncurses-dev
deb_packages := dpkg-dev gzip
package_test_packages := debootstrap lintian tmux binutils iproute2 util-linux $(deb_packages)
test_packages := tmux python3 iproute2 util-linux bind9-dnsutils perl strace

# $(call install,PACKAGES): installs those that are missing, and says so. Where packages have other
# names nobody can tell whether they are there: the build does.
define install
@command -v dpkg-query >/dev/null || \
  { echo "This should be installed, under your system's names:" $(1); exit 0; }; \
missing=$$(for name in $(1); do \
  [ "$$(dpkg-query -W -f '$${db:Status-Status}' $$name 2>/dev/null)" = installed ] || echo $$name; done); \
if [ -n "$$missing" ]; then \
  echo "Installing by apt:" $$missing; \
  $(sudo) apt-get -qq -o DPkg::Lock::Timeout=300 update && \
  $(sudo) env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o DPkg::Lock::Timeout=300 \
    -o Dpkg::Use-Pty=0 install --no-install-recommends $$missing >/dev/null; \
fi
endef

.PHONY: help run build test package-test lint bench fuzz install deb tarball clean swift \
  build-packages test-packages

help:
	@echo "make run      build Tempfail and open the dashboard (the demo where there is no mail server)"
	@echo "make test     build it, run every test, the end-to-end tests on a real Exim and Postfix too"
	@echo "make build    the release binary alone, in .build/release/tempfail"
	@echo "make lint     format, file headers, file length, forbidden constructs"
	@echo "make bench    the benchmarks"
	@echo "make fuzz     FUZZ_SECONDS=60: every parser on inputs that libFuzzer makes"
	@echo "make deb      the Debian package; make tarball: the same for other systems"
	@echo "make package-test  the package in a fresh Debian: installed, tried, removed (as root)"
	@echo "make install  PREFIX=$(PREFIX) DESTDIR=$(DESTDIR)"
	@echo "make clean    take away what was built"

run: build
ifeq ($(mta),)
	@echo "Neither Exim nor Postfix is here: opening the demo, a simulated server."
	@.build/release/tempfail demo
else
	@.build/release/tempfail
endif

build: swift build-packages
	$(release)

test: swift build-packages test-packages
	Tests/run

lint: swift
	swift format lint --strict --recursive Sources Tests Themes Package.swift
	Tests/lint

bench: build
	@if [ -x Tests/Bench/run ]; then Tests/Bench/run; else echo "There are no benchmarks yet."; fi

FUZZ_SECONDS ?= 60
fuzz: swift build-packages
	Tests/Fuzz/run $(FUZZ_SECONDS)

install:
	DESTDIR="$(DESTDIR)" PREFIX="$(PREFIX)" Packaging/install .build/release/tempfail

deb: build
	$(call install,$(deb_packages))
	Packaging/deb .build/release/tempfail

tarball: build
	Packaging/tarball .build/release/tempfail

package-test: deb
	$(call install,$(package_test_packages))
	Tests/Package/run "$$(ls -t .build/tempfail_*.deb | head -n 1)"

clean:
	rm -rf .build

swift:
	@command -v swift >/dev/null || \
	  { echo "Swift 6.2 or newer is needed to build Tempfail: https://www.swift.org/install"; exit 1; }

build-packages:
	$(call install,$(build_packages))

test-packages:
	$(call install,$(test_packages))
