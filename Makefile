# Every target works on a fresh clone with Go, git and make.

SHELL       := bash
.SHELLFLAGS := -eu -o pipefail -c

GO          ?= go
FUZZTIME    ?= 10s
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2

.DEFAULT_GOAL := help
.PHONY: help generate build test test-platforms lint bench tune fuzz cover

help: ## explain the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{ printf "make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

generate: ## write the kernels of asm/ and README's table of them anew from gen/
	$(GO) run ./gen -out asm
	$(GO) run ./gen -readme README.md

build: ## compile every package of every module
	$(GO) build work

test: ## run the tests of every module
	$(GO) test work

test-platforms: ## run the tests for other processors under emulation
	.ci/platforms

lint: ## check formatting, vet, staticcheck
	@unformatted=$$(gofmt -l .); test -z "$$unformatted" || { echo "gofmt -w $$unformatted"; exit 1; }
	$(GO) vet work
	$(GO) run $(STATICCHECK) work

bench: ## compare with gonum and the machine's BLAS: some 80 seconds once it is built
	$(GO) run ./bench

tune: ## time candidate kernels and blocks on this machine, print the ranking
	$(GO) run ./bench tune

fuzz: ## run each fuzz target for FUZZTIME (10s)
	@$(GO) test -list '^Fuzz' work | awk '/^Fuzz/ { names = names " " $$1 } /^ok/ { split(names, t); for (i in t) print $$2, t[i]; names = "" }' | \
	while read -r package target; do \
		echo "$$package $$target"; \
		$(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) "$$package" </dev/null; \
	done

cover: ## show the share of statements that any test reaches, by package
	@counts=$$(mktemp -d); trap 'rm -rf "$$counts"' EXIT; \
	$(GO) test -count=1 -cover -coverpkg=./... ./... -args -test.gocoverdir="$$counts"; \
	$(GO) tool covdata textfmt -i="$$counts" -o coverage.out; \
	$(GO) tool covdata percent -i="$$counts"; \
	$(GO) tool cover -func=coverage.out | tail -1
