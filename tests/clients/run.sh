#!/usr/bin/env bash
# The public OpenAI client (npm) against `triaged serve` in front of `triaged simulate`: no network, no key, no cost.
# Usage: run.sh path/to/triaged build-directory
# Needs node and npm; packages are installed once per lockfile below the build directory. Logs of a failed run stay there.
set -euo pipefail

if [[ $# -ne 2 || ! -x $1 ]]; then
  echo "usage: $0 path/to/triaged build-directory" >&2
  exit 2
fi
source_dir=$(cd "$(dirname "$0")/openai" && pwd)
binary=$(realpath "$1")
mkdir -p "$2"
build=$(realpath "$2")

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

install_packages() {
  local lock
  lock=$(sha256sum "$source_dir/package.json" "$source_dir/package-lock.json" | sha256sum | cut -c1-16)
  packages=$build/client-packages-$lock
  if [[ ! -d $packages ]]; then
    local fresh
    fresh=$(mktemp -d "$build/client-install.XXXXXX")
    cp "$source_dir/package.json" "$source_dir/package-lock.json" "$fresh"
    (cd "$fresh" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
    # Another run may have been faster; its copy is as good.
    mv -T "$fresh" "$packages" 2>/dev/null || rm -rf "$fresh"
  fi
}

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

install_packages

start simulate simulate --listen 127.0.0.1:0
address simulate "triaged simulate: listening on"
drain simulate

write_config "$url"
start serve serve --config "$run/triaged.yaml"
address serve "triaged: api on"
drain serve

# The tests sit beside the packages they import.
tests=$run/openai
mkdir "$tests"
cp "$source_dir"/*.mjs "$source_dir/package.json" "$tests"
ln -s "$packages/node_modules" "$tests/node_modules"
cd "$tests"
TRIAGED_URL=$url TRIAGED_KEY=$key node --test --test-reporter=spec chat.test.mjs streaming.test.mjs models_and_errors.test.mjs
