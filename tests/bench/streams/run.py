#!/usr/bin/env python3
"""Many streams at once through one daemon: `./dev bench streams`.

usage: run.py BINARY LOAD [--streams N] [--seconds N] [--rounds N] [--workers N]

Every stream brings an event a second. Printed: streams that ended whole, the daemon's resident memory before, its most
while all are open, and after they and their connections have ended. "Before" is a daemon that has served a hundred
streams: what the program itself takes, its code included, is only in memory once it was used. Exit code 1 when a stream
failed or a target was missed.
"""
import argparse
import json
import os
import pathlib
import select
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "lib"))
import harness  # noqa: E402
from harness import open_files, resident  # noqa: E402
from processes import MeasurementError, cpu_seconds, free_ports  # noqa: E402

_SPARE_FILES = 60  # that the daemon has open besides its connections
_GRACE = 60  # seconds that a round may take longer than its streams
_TRIM_SECONDS = 30  # within which the daemon gives freed memory back
_IDLE_SECONDS = 5  # how long the daemon keeps a connection that nobody uses
_FIRST_STREAMS = 100  # that go before, to have the program in memory
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


def load(given, api, pid, streams):
    """Runs the client; the most memory while all streams are open, and what became of them."""
    started = time.monotonic()
    deadline = started + given.seconds + 2 * _GRACE
    used = cpu_seconds(pid)
    command = [given.load, "client", str(api), str(streams), str(given.seconds), str(given.seconds + _GRACE)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        try:
            lines = Lines(child)
            opened = lines.next(deadline)
            if opened != "open":
                raise MeasurementError(f"the streams did not all begin: {opened}")
            all_open = time.monotonic() - started
            memory = [resident(pid).whole]
            result = json.loads(lines.next(deadline, lambda: memory.append(resident(pid).whole)))
        except BaseException:
            child.kill()
            raise
    took = time.monotonic() - started
    result.update(open_after=all_open, memory=max(memory), cpu=cpu_seconds(pid) - used, seconds=took)
    return result


def settle(pid, files, before):
    """Until the connections of the last round are closed, on both sides, and what they used was given back."""
    left = harness.wait_for_files(pid, files + harness.OWN_FILES, _IDLE_SECONDS + _GRACE)
    if left > files + harness.OWN_FILES:
        raise MeasurementError(f"{left} files are open, {files} were before the streams")
    deadline = time.monotonic() + _TRIM_SECONDS
    while resident(pid).whole > before.whole * _MOST_GROWTH and time.monotonic() < deadline:
        time.sleep(0.5)
    return resident(pid)


def measure(given, folder):
    upstream = subprocess.Popen(
        [given.load, "upstream", str(given.seconds), "1000"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        port = int(upstream.stdout.readline())
        api, admin = free_ports(2)
        config = _CONFIG.format(
            api=api, admin=admin, upstream=port, folder=folder, workers=given.workers, idle=_IDLE_SECONDS
        )
        with harness.daemon(given.binary, config, admin, folder) as daemon:
            harness.wait_until_idle(daemon.pid)
            files = open_files(daemon.pid)
            started = resident(daemon.pid)
            load(given, api, daemon.pid, _FIRST_STREAMS)
            before = settle(daemon.pid, files, started)
            rounds = []
            for _ in range(given.rounds):
                rounds.append(load(given, api, daemon.pid, given.streams))
                rounds[-1]["after"] = settle(daemon.pid, files, before)
        return started, before, rounds
    finally:
        upstream.stdin.close()
        upstream.wait()


def report(given, started, before, rounds):
    """Prints the figures; True when every target was met."""
    print(f"{given.streams} streams at once, an event a second for {given.seconds} s, {given.workers} worker(s)")
    print(f"resident once started    {started.whole:8.1f} MiB, of it {started.anonymous:.1f} not of files")
    print(f"resident before          {before.whole:8.1f} MiB, of it {before.anonymous:.1f} not of files")
    for number, one in enumerate(rounds, 1):
        one["each"] = (one["memory"] - before.whole) * 1024 / given.streams
        print(
            f"round {number}: whole {one['whole']}, failed {one['failed']}, events {one['events']}, all open after "
            f"{one['open_after']:.1f} s; resident at most {one['memory']:.1f} MiB = {one['each']:.1f} KiB a stream, "
            f"{one['after'].whole:.1f} MiB afterwards, of it {one['after'].anonymous:.1f} not of files; "
            f"CPU {one['cpu']:.1f} s of {one['seconds']:.1f} s"
        )
    most = max(one["each"] for one in rounds)
    first, last = rounds[0]["after"].whole, rounds[-1]["after"].whole
    return harness.verdict([
        ("no stream failed", all(one["failed"] == 0 for one in rounds)),
        (f"at most {_MOST_KIB} KiB a stream: {most:.1f}", most <= _MOST_KIB),
        (f"back within 10 % of what it was before: {last / before.whole:.2f} times", last <= before.whole * _MOST_GROWTH),
        (f"the last round leaves no more than the first: {last / first:.2f} times", last <= first * _MOST_GROWTH),
    ])


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
    hard = harness.raise_file_limit()
    fits = (hard - _SPARE_FILES) // 2
    if given.streams > fits:
        print(f"this machine lets a process open {hard} files: {fits} streams, two connections each", file=sys.stderr)
        given.streams = fits
    return harness.run("streams", lambda folder: report(given, *measure(given, folder)))


if __name__ == "__main__":
    sys.exit(main())
