#!/usr/bin/env python3
"""Many streams at once through one daemon: `./dev bench streams`.

usage: run.py BINARY LOAD [--streams N] [--seconds N] [--rounds N] [--workers N]

Every stream brings an event a second. Printed: streams that ended whole, the daemon's resident memory before, its most
while all are open, and after they and their connections have ended. Exit code 1 when a stream failed or a target was missed.
"""
import argparse
import json
import os
import pathlib
import resource
import select
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "proxy"))
from processes import MeasurementError, Process, cpu_seconds, free_ports, memory_mib, wait_until_idle  # noqa: E402

_SPARE_FILES = 60  # that the daemon has open besides its connections
_GRACE = 60  # seconds that a round may take longer than its streams
_OWN_FILES = 8  # that it opens when it first has something to write
_TRIM_SECONDS = 30  # within which the daemon gives freed memory back
_IDLE_SECONDS = 5  # how long the daemon keeps a connection that nobody uses
_MOST_KIB = 24  # of a stream
_MOST_GROWTH = 1.10

_CONFIG = """
version: 1
server:
  listen: 127.0.0.1:{api}
  admin: 127.0.0.1:{admin}
  workers: {workers}
  limits: {{connections: 100000}}
providers:
  up: {{base_url: "http://127.0.0.1:{upstream}/v1", connections: 60000, idle_connection: {idle}s}}
tiers:
  - {{name: only, targets: [up/m]}}
ledger: {{path: {folder}/ledger.db}}
log: {{access: ""}}
"""


def open_files(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


class Lines:
    """What a child prints, each line waited for with a look at something meanwhile."""

    def __init__(self, child):
        self.child = child
        self.poll = select.poll()
        self.poll.register(child.stdout, select.POLLIN | select.POLLHUP)

    def next(self, deadline, look=lambda: None):
        while not self.poll.poll(500):
            look()
            if time.monotonic() > deadline:
                raise MeasurementError("the client of the streams does not come to an end")
        return self.child.stdout.readline().strip()


def load(given, api, pid):
    """Runs the client; the most memory while all streams are open, and what became of them."""
    started = time.monotonic()
    deadline = started + given.seconds + 2 * _GRACE
    used = cpu_seconds(pid)
    command = [given.load, "client", str(api), str(given.streams), str(given.seconds), str(given.seconds + _GRACE)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        try:
            lines = Lines(child)
            opened = lines.next(deadline)
            if opened != "open":
                raise MeasurementError(f"the streams did not all begin: {opened}")
            all_open = time.monotonic() - started
            memory = [memory_mib(pid)]
            result = json.loads(lines.next(deadline, lambda: memory.append(memory_mib(pid))))
        except BaseException:
            child.kill()
            raise
    took = time.monotonic() - started
    result.update(open_after=all_open, memory=max(memory), cpu=cpu_seconds(pid) - used, seconds=took)
    return result


def settle(pid, files, before):
    """Until the connections of the last round are closed, on both sides, and what they used was given back."""
    deadline = time.monotonic() + _IDLE_SECONDS + _GRACE
    while open_files(pid) > files + _OWN_FILES:
        if time.monotonic() > deadline:
            raise MeasurementError(f"{open_files(pid)} files are open, {files} were before the streams")
        time.sleep(0.2)
    wait_until_idle(pid)
    wanted = before * _MOST_GROWTH
    deadline = time.monotonic() + _TRIM_SECONDS
    while memory_mib(pid) > wanted and time.monotonic() < deadline:
        time.sleep(0.5)
    return memory_mib(pid)


def measure(given, folder):
    upstream = subprocess.Popen(
        [given.load, "upstream", str(given.seconds), "1000"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    daemon = None
    try:
        port = int(upstream.stdout.readline())
        api, admin = free_ports(2)
        config = pathlib.Path(folder) / "triaged.yaml"
        config.write_text(
            _CONFIG.format(
                api=api, admin=admin, upstream=port, folder=folder, workers=given.workers, idle=_IDLE_SECONDS
            ),
            encoding="utf-8",
        )
        daemon = Process("triaged", [given.binary, "serve", "--config", str(config)], folder)
        daemon.wait_for_status(admin, "/readyz")
        wait_until_idle(daemon.pid)
        before = memory_mib(daemon.pid)
        files = open_files(daemon.pid)
        rounds = []
        for _ in range(given.rounds):
            rounds.append(load(given, api, daemon.pid))
            rounds[-1]["after"] = settle(daemon.pid, files, before)
        daemon.stop()
        return before, rounds
    finally:
        upstream.stdin.close()
        upstream.wait()
        if daemon is not None and daemon.child.poll() is None:
            daemon.child.kill()
            daemon.child.wait()


def report(given, before, rounds):
    """Prints the figures; True when every target was met."""
    print(f"{given.streams} streams at once, an event a second for {given.seconds} s, {given.workers} worker(s)")
    print(f"resident before          {before:8.1f} MiB")
    for number, one in enumerate(rounds, 1):
        one["each"] = (one["memory"] - before) * 1024 / given.streams
        print(
            f"round {number}: whole {one['whole']}, failed {one['failed']}, events {one['events']}, all open after "
            f"{one['open_after']:.1f} s; resident at most {one['memory']:.1f} MiB = {one['each']:.1f} KiB a stream, "
            f"{one['after']:.1f} MiB afterwards; CPU {one['cpu']:.1f} s of {one['seconds']:.1f} s"
        )
    most = max(one["each"] for one in rounds)
    targets = [
        ("no stream failed", all(one["failed"] == 0 for one in rounds)),
        (f"at most {_MOST_KIB} KiB a stream: {most:.1f}", most <= _MOST_KIB),
        (
            f"back within 10 % of what it was before: {rounds[-1]['after'] / before:.2f} times",
            rounds[-1]["after"] <= before * _MOST_GROWTH,
        ),
        (
            f"the last round leaves no more than the first: {rounds[-1]['after'] / rounds[0]['after']:.2f} times",
            rounds[-1]["after"] <= rounds[0]["after"] * _MOST_GROWTH,
        ),
    ]
    for what, met in targets:
        print(f"  {'met   ' if met else 'MISSED'}  {what}")
    return all(met for _, met in targets)


def main():
    parser = argparse.ArgumentParser(description="Holds many streams open through one daemon.")
    parser.add_argument("binary", help="the optimised triaged")
    parser.add_argument("load", help="the built streams_load")
    parser.add_argument("--streams", type=int, default=10_000)
    parser.add_argument("--seconds", type=int, default=60, help="length of a stream")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--workers", type=int, default=1)
    given = parser.parse_args()
    given.binary = os.path.abspath(given.binary)
    given.load = os.path.abspath(given.load)
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    fits = (hard - _SPARE_FILES) // 2
    if given.streams > fits:
        print(f"this machine lets a process open {hard} files: {fits} streams, two connections each", file=sys.stderr)
        given.streams = fits
    with tempfile.TemporaryDirectory(prefix="triaged-streams-") as folder:
        try:
            met = report(given, *measure(given, folder))
        except MeasurementError as problem:
            print(f"no figures: {problem}", file=sys.stderr)
            return 1
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
