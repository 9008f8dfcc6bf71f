# Everything the README promises; `make help` lists it.
PREFIX ?= /usr/local
SLURM = slurmctld slurmd slurm-client munge
PACKAGES = libncurses-dev libsqlite3-dev libyaml-dev git tmux
RELEASE = --configuration release --static-swift-stdlib
LANES = $(shell swift build $(RELEASE) --show-bin-path)/lanes

.PHONY: help setup build run test test-slurm lint format fuzz torture bench install clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' Makefile

setup: ## install the Debian packages that are missing
	@missing=; for package in $(PACKAGES); do \
	  dpkg -s $$package >/dev/null 2>&1 || missing="$$missing $$package"; done; \
	if [ -n "$$missing" ]; then \
	  sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	  $$sudo apt-get update -q && $$sudo apt-get install -y -q --no-install-recommends $$missing; fi

build: setup ## build the release binary
	swift build $(RELEASE) --product lanes

run: build ## run the seven-task example in a new temporary repository
	@examples/run-example.sh $(LANES) ecommerce

lint: ## check the format of all Swift code
	swift format lint --strict --recursive Package.swift Sources Tests

format: ## put all Swift code in format
	swift format format --in-place --recursive Package.swift Sources Tests

test: setup lint ## check the format and run all tests
	swift build --build-tests
	swift test --skip-build

test-slurm: ## run the tests that need a Slurm cluster, which it starts on this machine
	$(MAKE) setup PACKAGES='$(PACKAGES) $(SLURM)'
	swift build --build-tests
	Tests/Slurm/run.sh

fuzz: setup ## feed the readers random input for a minute
	bench/fuzz.sh

torture: build ## kill runners at random moments, 100 times each
	python3 bench/torture.py $(LANES)

bench: build ## measure against the neighbours
	bench/run.sh $(LANES)

install: build ## put the binary and its themes under PREFIX
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/lanes/themes
	install -m 755 $(LANES) $(DESTDIR)$(PREFIX)/bin/lanes
	install -m 644 themes/* $(DESTDIR)$(PREFIX)/share/lanes/themes/

clean:
	swift package clean
