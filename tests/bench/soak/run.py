#!/usr/bin/env python3
"""Many requests of mixed faults through one daemon: `./dev bench soak`.

usage: run.py BINARY LOAD [--requests N] [--connections N] [--workers N]

Most tiers have a target with a fault of its own in front of a healthy one, some have nobody else. Printed: requests by
outcome, the daemon's memory on the way, its open files before and after. Then every target fails, and what counts is how
many attempts that costs. Exit code 1 when a target was missed.
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "proxy"))
from processes import MeasurementError, Process, cpu_seconds, free_ports, memory_mib, wait_until_idle  # noqa: E402

_LIMIT = 1200  # seconds that a load may take
_IDLE_SECONDS = 2  # how long the daemon keeps a connection that nobody uses
_MOST_GROWTH = 1.05  # of memory, from a fifth of the requests to all of them
_MOST_ATTEMPTS = 1.2  # for a request, with everything failing

# Another target answers after these.
_BEFORE_CONTENT = [
    "status=500", "status=503", "status=429;retry_after=0", "status=401", "reset", "cut=0", "malformed=0", "wrong_length",
    "context_length", "slow_first_token=1s",
]
# Where a stream has begun when they come: told in the stream.
_AFTER_CONTENT = ["cut=3", "malformed=3", "stall=3"]

_CONFIG = """
version: 1
server:
  listen: 127.0.0.1:{api}
  admin: 127.0.0.1:{admin}
  workers: {workers}
providers:
  up:
    base_url: "http://127.0.0.1:{upstream}/v1"
    connections: 2000
    idle_connection: {idle}s
    clocks: {{connect: 2s, head: 200ms, first_content: 200ms, idle: 200ms, total: 10s}}
tiers:
{tiers}
retry: {{backoff: 5ms, backoff_max: 20ms}}
breaker: {{failures: 20, cooldown: 100ms, cooldown_max: 1s}}
ledger: {{path: {folder}/ledger.db}}
log: {{access: ""}}
"""


def tiers():
    """Tier name -> its targets, the last one of them healthy but for what is asked of it alone."""
    found = {"healthy": ["up/sim-light"]}
    for fault in _BEFORE_CONTENT + _AFTER_CONTENT:
        name = fault.partition(";")[0].replace("=", "_")
        found[name] = [f"up/sim-light+{fault.replace(';', '+')}", "up/sim-light"]
    return found


def open_files(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def ask(port, method, path, body=None):
    url = f"http://127.0.0.1:{port}{path}"
    request = urllib.request.Request(url, method=method, data=body)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def load(given, api, models, requests, on_progress=lambda done: None):
    command = [given.load, str(api), str(requests), str(given.connections), str(_LIMIT), *models]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        try:
            for line in child.stdout:
                if not line.startswith("done "):
                    return json.loads(line)
                on_progress(int(line.split()[1]))
        except BaseException:
            child.kill()
            raise
    raise MeasurementError("the client ended without figures")


def settle(daemon, files):
    deadline = time.monotonic() + _IDLE_SECONDS + 30
    while open_files(daemon.pid) > files and time.monotonic() < deadline:
        time.sleep(0.2)
    wait_until_idle(daemon.pid)


def mixed(given, daemon, api, upstream):
    """All faults in turn: what became of the requests, what they took, and the memory on the way."""
    files = open_files(daemon.pid)
    memory = {}
    used = cpu_seconds(daemon.pid)

    def look(done):
        for percent in (20, 60, 100):
            if percent not in memory and done * 100 >= given.requests * percent:
                memory[percent] = memory_mib(daemon.pid)

    models = [f"tier:{name}" for name in tiers()]
    started = time.monotonic()
    outcomes = load(given, api, models, given.requests, look)
    took = time.monotonic() - started
    settle(daemon, files)
    return {
        "outcomes": outcomes,
        "memory": memory,
        "after": memory_mib(daemon.pid),
        "files": (files, open_files(daemon.pid)),
        "attempts": ask(upstream, "GET", "/simulate/requests")["total"],
        "seconds": took,
        "cpu": cpu_seconds(daemon.pid) - used,
    }


def all_failing(given, api, upstream):
    ask(upstream, "DELETE", "/simulate/requests")
    ask(upstream, "PUT", "/simulate/faults/*", b"status=503")
    requests = max(given.requests // 10, 1)
    outcomes = load(given, api, ["auto", "tier:healthy", "tier:reset"], requests)
    return {
        "outcomes": outcomes,
        "requests": requests,
        "attempts": ask(upstream, "GET", "/simulate/requests")["total"],
    }


def measure(given, folder):
    api, admin, upstream = free_ports(3)
    simulator = Process(
        "simulator", [given.binary, "simulate", "--listen", f"127.0.0.1:{upstream}", "--time-scale", "0"], folder
    )
    daemon = None
    try:
        simulator.wait_for_status(upstream, "/v1/models")
        listed = "\n".join(f"  - {{name: {name}, targets: {json.dumps(of)}}}" for name, of in tiers().items())
        config = pathlib.Path(folder) / "triaged.yaml"
        config.write_text(
            _CONFIG.format(
                api=api, admin=admin, upstream=upstream, folder=folder, workers=given.workers, idle=_IDLE_SECONDS,
                tiers=listed,
            ),
            encoding="utf-8",
        )
        daemon = Process("triaged", [given.binary, "serve", "--config", str(config)], folder)
        daemon.wait_for_status(admin, "/readyz")
        wait_until_idle(daemon.pid)
        before = memory_mib(daemon.pid)
        load(given, api, ["auto"], 100)  # what is opened once, by the first requests, is open now
        settle(daemon, open_files(daemon.pid) - given.connections)
        ask(upstream, "DELETE", "/simulate/requests")
        mix = mixed(given, daemon, api, upstream)
        failing = all_failing(given, api, upstream)
        daemon.wait_for_status(admin, "/readyz", limit=_LIMIT)
        daemon.stop()
        simulator.stop()
        return before, mix, failing
    finally:
        for process in (daemon, simulator):
            if process is not None and process.child.poll() is None:
                process.child.kill()
                process.child.wait()


def told(outcomes):
    return ", ".join(f"{what} {times}" for what, times in sorted(outcomes.items()))


def bad(outcomes):
    """Those that no client must ever see."""
    never = ("truncated", "no response", "hanging", "cut error", "stream broken, not told")
    return sum(times for what, times in outcomes.items() if what.startswith(never))


def report(given, before, mix, failing):
    memory = mix["memory"]
    print(
        f"{given.requests} requests over {given.connections} connections, {len(tiers())} kinds of fault in turn, "
        f"{given.workers} worker(s): {mix['seconds']:.0f} s, CPU {mix['cpu']:.0f} s, {mix['attempts']} upstream attempts"
    )
    print(f"  outcomes: {told(mix['outcomes'])}")
    print(
        f"  resident: {before:.1f} MiB before, {memory[20]:.1f} at 20 %, {memory[60]:.1f} at 60 %, "
        f"{memory[100]:.1f} at 100 %, {mix['after']:.1f} afterwards; open files {mix['files'][0]} before, "
        f"{mix['files'][1]} afterwards"
    )
    ratio = failing["attempts"] / failing["requests"]
    print(f"{failing['requests']} requests with every target failing: {failing['attempts']} upstream attempts")
    print(f"  outcomes: {told(failing['outcomes'])}")
    targets = [
        ("nothing truncated, hanging or without an answer", bad(mix["outcomes"]) + bad(failing["outcomes"]) == 0),
        (
            f"memory grows by 5 % at most from 20 % to 100 %: {memory[100] / memory[20]:.3f} times",
            memory[100] <= memory[20] * _MOST_GROWTH,
        ),
        ("as many files open as before", mix["files"][1] <= mix["files"][0]),
        (f"at most {_MOST_ATTEMPTS} attempts for a request with everything failing: {ratio:.2f}", ratio <= _MOST_ATTEMPTS),
    ]
    for what, met in targets:
        print(f"  {'met   ' if met else 'MISSED'}  {what}")
    return all(met for _, met in targets)


def main():
    parser = argparse.ArgumentParser(description="Sends many requests of mixed faults through one daemon.")
    parser.add_argument("binary", help="the optimised triaged")
    parser.add_argument("load", help="the built soak_load")
    parser.add_argument("--requests", type=int, default=200_000)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--workers", type=int, default=1)
    given = parser.parse_args()
    given.binary = os.path.abspath(given.binary)
    given.load = os.path.abspath(given.load)
    with tempfile.TemporaryDirectory(prefix="triaged-soak-") as folder:
        try:
            met = report(given, *measure(given, folder))
        except MeasurementError as problem:
            print(f"no figures: {problem}", file=sys.stderr)
            return 1
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
