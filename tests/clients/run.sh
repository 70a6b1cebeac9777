#!/usr/bin/env bash
# Clients that others made (npm) against the gateway: no network but loopback, no key, no cost.
# Usage: run.sh path/to/triaged build-directory [SUITE,...] [ROUTE,...]
#   simulated   (default) the public OpenAI client in front of `triaged simulate`
#   openai, anthropic, frameworks, schemas, agents, or one file of these (agents/codex)
#               clients, and answers against published schemas, in front of a provider that nobody here wrote, by every
#               ROUTE: direct (no gateway), openai, responses, anthropic, gemini, bedrock (dialects of the provider)
# Needs npm, node, and pip for the schemas; packages are installed once per lockfile below the build directory. Logs of a
# failed run stay there.
set -euo pipefail

if [[ $# -lt 2 || $# -gt 4 || ! -x $1 ]]; then
  sed -n '2,9s/^# \?//p' "$0" >&2
  exit 2
fi
source_dir=$(cd "$(dirname "$0")" && pwd)
binary=$(realpath "$1")
mkdir -p "$2"
build=$(realpath "$2")
suites=${3:-simulated}
routes=${4:-}

# The oldest node that the clients run on; a newer one is installed where the system's is older.
readonly node_major=22
# Instrumented builds start slowly; a healthy one answers within a fraction of this.
readonly start_seconds=30
readonly stop_seconds=20
readonly key=key-of-the-client-test

run=$(mktemp -d "$build/client-run.XXXXXX")
started=()

# start NAME arguments...: runs the binary; its standard output is read from file descriptor $output, its pid is $pid.
start() {
  local name=$1
  shift
  exec {output}< <(exec "$binary" "$@" 2>"$run/$name.err")
  pid=$!
  started+=("$name:$pid")
}

# address NAME PREFIX: reads lines until the one that says where NAME listens; leaves the URL in $url.
address() {
  local name=$1 prefix=$2 line deadline=$((SECONDS + start_seconds))
  while ((SECONDS < deadline)) && IFS= read -r -t $((deadline - SECONDS)) -u "$output" line; do
    printf '%s\n' "$line" >>"$run/$name.out"
    if [[ $line == "$prefix "http* ]]; then
      url=${line#"$prefix "}
      return
    fi
  done
  echo "$name ended or did not print '$prefix http://...' within $start_seconds s; its output:" >&2
  cat "$run/$name.out" "$run/$name.err" >&2 2>/dev/null || true
  exit 1
}

# What a process prints later must not fill its pipe.
drain() {
  cat <&"$output" >>"$run/$1.out" &
}

# stop NAME:PID: asks it to end, waits, and fails if it did not end well of its own accord.
stop() {
  local name=${1%%:*} pid=${1##*:} code=0
  kill -TERM "$pid" 2>/dev/null || true
  timeout "$stop_seconds" tail -s 0.05 --pid="$pid" -f /dev/null || kill -KILL "$pid" 2>/dev/null || true
  wait "$pid" || code=$?
  if ((code != 0)); then
    echo "$name ended with exit code $code:" >&2
    tail -n 50 "$run/$name.err" >&2
    return 1
  fi
}

finish() {
  local code=$? entry
  trap - EXIT
  # The gateway before what stands behind it.
  for ((i = ${#started[@]} - 1; i >= 0; --i)); do
    entry=${started[i]}
    stop "$entry" || code=$((code == 0 ? 1 : code))
  done
  if ((code == 0)); then
    rm -rf "$run"
  else
    echo "logs: $run" >&2
  fi
  exit "$code"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# --- packages ---------------------------------------------------------------------------------------------------------

# install FOLDER: its packages, below the build directory; leaves where in $packages. The agents' own install steps fetch
# from elsewhere or unpack what the packages for this platform hold already, so none is run.
install() {
  local folder=$source_dir/$1 lock
  lock=$(cat "$folder/package.json" "$folder/package-lock.json" | sha256sum | cut -c1-16)
  packages=$build/client-packages-$1-$lock
  if [[ ! -d $packages ]]; then
    local fresh
    fresh=$(mktemp -d "$build/client-install.XXXXXX")
    cp "$folder/package.json" "$folder/package-lock.json" "$fresh"
    (cd "$fresh" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
    # Another run may have been faster; its copy is as good.
    mv -T "$fresh" "$packages" 2>/dev/null || rm -rf "$fresh"
  fi
}

# The tests sit beside the packages they import.
lay() {
  mkdir "$run/$1"
  cp "$source_dir/$1"/* "$run/$1"
  if [[ -f $source_dir/$1/package-lock.json ]]; then
    install "$1"
    ln -s "$packages/node_modules" "$run/$1/node_modules"
  fi
}

find_node() {
  local major
  major=$(node -p 'process.versions.node.split(".")[0]')
  if ((major < node_major)); then
    install node
    local found=("$packages"/node_modules/node-linux-*/bin)
    [[ -x ${found[0]}/node ]] || { echo "node $node_major or newer is needed, and none was installed" >&2; exit 1; }
    PATH=${found[0]}:$PATH
  fi
}

# The published schemas; leaves where in $specs.
install_specs() {
  specs=$build/client-specs-$(sha256sum "$source_dir/harness/specs.txt" | cut -c1-16)
  if [[ ! -d $specs ]]; then
    local fresh
    fresh=$(mktemp -d "$build/client-install.XXXXXX")
    python3 -m pip download --quiet --disable-pip-version-check --require-hashes --no-deps \
      --requirement "$source_dir/harness/specs.txt" --dest "$fresh"
    python3 -m zipfile --extract "$fresh"/*.whl "$fresh"
    mv -T "$fresh" "$specs" 2>/dev/null || rm -rf "$fresh"
  fi
}

# --- the public OpenAI client in front of the simulated provider --------------------------------------------------------

write_config() {
  cat >"$run/triaged.yaml" <<YAML
version: 1
server:
  listen: 127.0.0.1:0
  admin: 127.0.0.1:0
  workers: 2
  drain: 5s
  api_keys: ["$key"]
providers:
  sim:
    base_url: $1/v1
tiers:
  # Pinned by the tests that want a failure; the routing table leads to none of them.
  - name: faulty
    targets: ["sim/simulated-light+status=429", "sim/simulated-light+status=500", "sim/simulated-light+cut=5"]
  - name: light
    targets: [sim/simulated-light]
  - name: standard
    targets: [sim/simulated-standard]
  - name: premium
    targets: [sim/simulated-premium]
routing:
  default_tier: standard
  intercept: [gpt-4o]
  table:
    - {complexity: "<0.35", tier: light}
    - {complexity: ">=0.7", tier: premium}
retry:
  backoff: 10ms
  backoff_max: 50ms
ledger:
  path: "$run/ledger.db"
log:
  access: "$run/access.log"
YAML
}

simulated() {
  lay openai

  start simulate simulate --listen 127.0.0.1:0
  address simulate "triaged simulate: listening on"
  drain simulate

  write_config "$url"
  start serve serve --config "$run/triaged.yaml"
  address serve "triaged: api on"
  drain serve

  (cd "$run/openai" &&
    TRIAGED_URL=$url TRIAGED_KEY=$key node --test --test-reporter=spec chat.test.mjs streaming.test.mjs models_and_errors.test.mjs)
}

# --- clients in front of other providers --------------------------------------------------------------------------------

routed() {
  local suite
  for suite in harness ${suites//,/ }; do
    suite=${suite%%/*}
    [[ ! -d $run/$suite ]] || continue
    [[ -d $source_dir/$suite ]] || { echo "there is no suite '$suite'" >&2; exit 2; }
    lay "$suite"
  done
  install_specs
  SPECS_DIR=$specs node "$run/harness/main.mjs" --run "$run" --binary "$binary" --suites "$suites" ${routes:+--routes "$routes"}
}

find_node
if [[ $suites == simulated ]]; then simulated; else routed; fi
