# Everything the README promises; `make help` lists it.
PREFIX ?= /usr/local
SLURM = slurmctld slurmd slurm-client munge
PACKAGES = libncurses-dev libsqlite3-dev libyaml-dev git tmux
RELEASE = --configuration release --static-swift-stdlib
TIMED = LostTimeTests|ReportCommandTests|SevenTasksTests
LANES = $(shell swift build $(RELEASE) --show-bin-path)/lanes

.PHONY: help setup build run test test-slurm test-html test-simulate test-export lint format fuzz torture \
  bench install clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-13s %s\n", $$1, $$2}' Makefile

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

test: PACKAGES += git-lfs
test: setup lint ## check the format and run all tests
	swift build --build-tests
	swift test --skip-build --skip EndToEnd
	@# Apart from the launchers tested above, which take orphans for strays: a runner in the background is one.
	swift test --skip-build --filter EndToEnd --skip '$(TIMED)'
	@# Alone, because they hold seconds against those of the clock.
	swift test --skip-build --filter '$(TIMED)'

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

test-html: build ## open a report's page in headless chromium, in light and in dark
	python3 bench/html_check.py $(LANES)

test-simulate: build ## compare what simulate foretells with 20 real runs
	python3 bench/simulate.py $(LANES)

test-export: build ## check exported Argo workflows against Argo's schema, by the models of hera
	python3 -m venv .build/hera && .build/hera/bin/pip install -q hera pyyaml
	.build/hera/bin/python bench/export_check.py $(LANES)

install: build ## put the binary and its themes under PREFIX
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/lanes/themes
	install -m 755 $(LANES) $(DESTDIR)$(PREFIX)/bin/lanes
	install -m 644 themes/* $(DESTDIR)$(PREFIX)/share/lanes/themes/
	install -d $(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/bash-completion/completions \
	  $(DESTDIR)$(PREFIX)/share/zsh/site-functions $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
	$(LANES) man > $(DESTDIR)$(PREFIX)/share/man/man1/lanes.1
	$(LANES) completions bash > $(DESTDIR)$(PREFIX)/share/bash-completion/completions/lanes
	$(LANES) completions zsh > $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_lanes
	$(LANES) completions fish > $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/lanes.fish

clean:
	swift package clean
