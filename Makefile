# `make` lists what there is to do. The work is done in scripts/; what CI runs is `make test`.

binary = $${CARGO_TARGET_DIR:-target}/release/errand
# The built web app; WEB=no leaves it out.
web_folder = $(if $(filter no,$(WEB)),,.errand/web)
build_web = $(if $(web_folder),scripts/web build,true)

.PHONY: help
help:
	@awk 'BEGIN { FS = ":.*## " } \
		/^##@/ { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

##@ Run

.PHONY: up
up: ## build what changed and run all of Errand here [DATA_DIR=folder] [PORT_BASE=8000] [WEB_PORT=3000] [WEB=no]
	@scripts/check-rust
	@[ -x "$(binary)" ] || echo "Building Errand for the first time: some minutes, and once."
	@cargo build --release --locked --package errand
	@$(build_web)
	@exec "$(binary)" up $(if $(web_folder),--web $(web_folder)) $(if $(WEB_PORT),--web-port "$(WEB_PORT)") $(if $(DATA_DIR),--data-dir "$(DATA_DIR)") $(if $(PORT_BASE),--port-base "$(PORT_BASE)")

##@ Run on the real engine: each service beside a Dapr sidecar, with Kafka and PostgreSQL (docs/engine.md)

.PHONY: engine-install
engine-install: ## fetch and build what the engine needs, once: some minutes
	@scripts/engine install

.PHONY: engine-up
engine-up: ## build what changed and start everything [PORT_BASE=8000] [ENGINE_REPLICAS=1] [ENGINE_DIR=folder] [WEB=no]
	@scripts/check-rust
	@cargo build --release --locked --package errand
	@$(build_web)
	@$(if $(web_folder),,ENGINE_WEB=no) scripts/engine up

.PHONY: engine-down
engine-down: ## end everything; the data stays
	@scripts/engine down

.PHONY: engine-wipe
engine-wipe: ## end everything and remove the data
	@scripts/engine wipe

.PHONY: engine-status
engine-status: ## what runs
	@scripts/engine status

.PHONY: engine-logs
engine-logs: ## the log of one process as it grows [NAME=backend-api-1]; without a name, which there are
	@scripts/engine logs $(NAME)

##@ Change

.PHONY: check
check: ## the quick checks: scripts, proto, dependencies, format, lint
	@scripts/test scripts proto dependencies format lint

.PHONY: test
test: ## everything that must hold, with databases of its own
	@scripts/test

.PHONY: conformance
conformance: ## what a sidecar must do, on real daprd, Kafka and PostgreSQL: some minutes
	@scripts/test engine

.PHONY: chaos
chaos: ## break the real engine piece by piece under load: some minutes for each seed [SEEDS="1 2 3"]
	@scripts/chaos $(SEEDS)

.PHONY: bench
bench: ## figures, each beside its reference; a quarter of an hour, two minutes with SIZE=quick
	@scripts/bench $(if $(SIZE),--size "$(SIZE)")

.PHONY: bench-engine
bench-engine: ## figures of the real engine, beside Dapr's and Kafka's own; four minutes with SIZE=quick
	@scripts/bench-engine $(if $(SIZE),--size "$(SIZE)")

.PHONY: fmt
fmt: ## format Rust and proto files
	@cargo fmt --all
	@"$$(scripts/tool buf)" format proto --write

.PHONY: api-baseline
api-baseline: ## promise the API as proto/ says it now: what is promised cannot break
	@scripts/api-baseline

.PHONY: audit
audit: ## known vulnerabilities of the dependencies (fetches the advisory database)
	@"$$(scripts/tool cargo-deny)" check

##@ Tidy

.PHONY: clean-cache
clean-cache: ## remove the tools kept outside this folder; they come back when needed
	@scripts/tool --clean
