# Needs Go and Make. The tests install what else they need: scripts/install-packages.

.DEFAULT_GOAL := build
.PHONY: build run test check vuln bench clean

VERSION := $(shell git describe --always --dirty 2>/dev/null || echo unknown)

# Go's own stamp is left out: it fails where git distrusts the folder's owner.
export GOFLAGS += -buildvcs=false

TOOL := go tool -modfile=tools/go.mod

# The packages in which goroutines meet, tested under the race detector too.
RACE := ./internal/job ./internal/blob ./internal/keyring ./internal/newsroom ./internal/web ./internal/site ./internal/reads ./internal/card

# What judges the pages: axe-core and the Nu Html Checker.
WEB := tools/web/node_modules

build: ## bin/broadside
	go build -o bin/broadside -ldflags '-X example.org/broadside/internal/cli.version=$(VERSION)' ./cmd/broadside

run: build ## the demo paper at http://127.0.0.1:8080, kept in ./paper
	bin/broadside serve --dir ./paper --demo

test: export BROADSIDE_TEST_VERSITYGW := $(CURDIR)/bin/versitygw
test: export BROADSIDE_TEST_WEB := $(CURDIR)/$(WEB)
test: bin/versitygw $(WEB)/.installed ## everything, on both engines and in a browser
	scripts/install-packages
	scripts/with-postgres $(MAKE) --no-print-directory go-test

# Test results are never taken from the cache: -shuffle sees to that.
.PHONY: go-test
go-test:
	go test -shuffle=on -timeout 15m ./...
	CGO_ENABLED=1 go test -race -shuffle=on -timeout 15m $(RACE)

check: ## what can be said without running the program
	@unformatted=$$(gofmt -l .); test -z "$$unformatted" || { printf 'Not formatted, run gofmt -w:\n%s\n' "$$unformatted" >&2; exit 1; }
	go vet ./...
	CGO_ENABLED=0 go vet ./...
	$(TOOL) staticcheck -checks inherit,ST1000,ST1020,ST1021,ST1022 ./...
	go test -count=1 -run TestImports .
	go mod tidy -diff
	cd tools && go mod tidy -diff

vuln: ## known vulnerabilities; asks a database on the internet
	$(TOOL) govulncheck ./...

bench: bench/node_modules/.installed ## the figures that the README quotes; ONLY="load visit" for some of them
	scripts/install-packages bench
	scripts/with-postgres go run ./bench $(ONLY)

# Lighthouse. npm ci begins with an empty folder, so what is in it is what the lock says.
bench/node_modules/.installed: bench/package.json bench/package-lock.json bench/.npmrc
	scripts/install-packages bench
	cd bench && npm ci
	@touch $@

clean:
	rm -rf bin bench/node_modules $(WEB)

bin/versitygw: tools/go.mod tools/go.sum
	go build -modfile=tools/go.mod -o $@ github.com/versity/versitygw/cmd/versitygw
	@touch $@

# npm ci begins with an empty folder, so what is in it is what the lock says.
.PHONY: web
web: $(WEB)/.installed ## what the tests need to judge the pages
$(WEB)/.installed: tools/web/package.json tools/web/package-lock.json tools/web/.npmrc
	scripts/install-packages
	cd tools/web && npm ci
	@touch $@
