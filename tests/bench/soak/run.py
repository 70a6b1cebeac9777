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
import time
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "lib"))
import harness  # noqa: E402
from harness import open_files, resident  # noqa: E402
from processes import MeasurementError, Process, cpu_seconds, free_ports  # noqa: E402

_LIMIT = 1200  # seconds that a load may take
_IDLE_SECONDS = 2  # how long the daemon keeps a connection that nobody uses
_GRACE = 30  # seconds that it may take longer to close them
_MOST_GROWTH = 1.05  # of memory, from three fifths of the requests to all of them
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


def mixed(given, daemon, api, upstream):
    """All faults in turn: what became of the requests, what they took, and the memory on the way."""
    files = open_files(daemon.pid)
    memory = {}
    used = cpu_seconds(daemon.pid)

    def look(done):
        for percent in (20, 60, 100):
            if percent not in memory and done * 100 >= given.requests * percent:
                memory[percent] = resident(daemon.pid)

    models = [f"tier:{name}" for name in tiers()]
    started = time.monotonic()
    outcomes = load(given, api, models, given.requests, look)
    took = time.monotonic() - started
    files_after = harness.wait_for_files(daemon.pid, files, _IDLE_SECONDS + _GRACE)
    return {
        "outcomes": outcomes,
        "memory": memory,
        "after": resident(daemon.pid),
        "files": (files, files_after),
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
    listed = "\n".join(f"  - {{name: {name}, targets: {json.dumps(of)}}}" for name, of in tiers().items())
    config = _CONFIG.format(
        api=api, admin=admin, upstream=upstream, folder=folder, workers=given.workers, idle=_IDLE_SECONDS, tiers=listed
    )
    command = [given.binary, "simulate", "--listen", f"127.0.0.1:{upstream}", "--time-scale", "0"]
    simulator = Process("simulator", command, folder)
    with harness.running(simulator, upstream, "/v1/models"):
        with harness.daemon(given.binary, config, admin, folder) as daemon:
            harness.wait_until_idle(daemon.pid)
            before = resident(daemon.pid)
            files = open_files(daemon.pid)
            load(given, api, ["auto"], 100)  # what is opened once, by the first requests, is open now
            harness.wait_for_files(daemon.pid, files + harness.OWN_FILES, _IDLE_SECONDS + _GRACE)
            ask(upstream, "DELETE", "/simulate/requests")
            mix = mixed(given, daemon, api, upstream)
            failing = all_failing(given, api, upstream)
            daemon.wait_for_status(admin, "/readyz", limit=_LIMIT)
        return before, mix, failing


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
    marks = "; ".join(f"{at.whole:.1f} MiB, of it {at.anonymous:.1f} not of files, {when}" for at, when in (
        (before, "before"), (memory[20], "at 20 %"), (memory[60], "at 60 %"), (memory[100], "at 100 %"),
        (mix["after"], "afterwards")))
    print(f"  resident: {marks}; open files {mix['files'][0]} before, {mix['files'][1]} afterwards")
    ratio = failing["attempts"] / failing["requests"]
    print(f"{failing['requests']} requests with every target failing: {failing['attempts']} upstream attempts")
    print(f"  outcomes: {told(failing['outcomes'])}")
    grown = memory[100].whole / memory[60].whole
    return harness.verdict([
        ("nothing truncated, hanging or without an answer", bad(mix["outcomes"]) + bad(failing["outcomes"]) == 0),
        (f"memory grows by 5 % at most from 60 % to 100 %: {grown:.3f} times", grown <= _MOST_GROWTH),
        ("as many files open as before", mix["files"][1] <= mix["files"][0]),
        (f"at most {_MOST_ATTEMPTS} attempts for a request with everything failing: {ratio:.2f}", ratio <= _MOST_ATTEMPTS),
    ])


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
    return harness.run("soak", lambda folder: report(given, *measure(given, folder)))


if __name__ == "__main__":
    sys.exit(main())
