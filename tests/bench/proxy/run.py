#!/usr/bin/env python3
"""What triaged costs in the path, beside nginx as a plain proxy before the same upstream: `./dev bench proxy`.

usage: run.py BINARY [--seconds N] [--repetitions N] [--callgrind] [--update-docs] [--no-pin] [--result FILE]

Exit code 0: measured, whether or not the targets were met; 1: something went wrong, so that there are no figures.
"""
import argparse
import dataclasses
import json
import os
import pathlib
import shutil
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests/bench/lib"))
import instructions  # noqa: E402
import ledger  # noqa: E402
import report  # noqa: E402
from loads import Load, check_answer, measure, warm_up  # noqa: E402
from processes import MeasurementError, memory_mib, wait_until_idle  # noqa: E402
from setup import Nginx, Triaged, Upstream  # noqa: E402

STARTS = 5


def say(text):
    print(text, file=sys.stderr, flush=True)


def arguments():
    parser = argparse.ArgumentParser(description="Compares triaged with nginx as a plain proxy.")
    parser.add_argument("binary", type=pathlib.Path, help="the optimised triaged")
    parser.add_argument("--seconds", type=int, default=4, help="length of a run with 64 connections (default 4)")
    parser.add_argument("--repetitions", type=int, default=3, help="of each measurement, interleaved (default 3)")
    parser.add_argument("--callgrind", action="store_true", help="count user instructions too (some minutes more)")
    parser.add_argument("--update-docs", action="store_true", help="put the table into docs/performance.md")
    parser.add_argument("--no-pin", action="store_true", help="let the kernel choose the cores")
    parser.add_argument("--result", type=pathlib.Path, default=ROOT / "build/bench-proxy/result.json")
    given = parser.parse_args()
    if given.seconds < 1 or given.repetitions < 1:
        parser.error("--seconds and --repetitions are at least 1")
    if not os.access(given.binary, os.X_OK):
        parser.error(f"{given.binary} cannot be run")
    given.binary = given.binary.resolve()
    return given


def find_nginx():
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if not found or not shutil.which("wrk"):
        raise MeasurementError("nginx and wrk are needed: ./dev setup bench")
    return found


def core_shares(no_pin):
    """(cores of the proxy, cores of client and upstream): the proxy has one to itself where there are several."""
    cores = sorted(os.sched_getaffinity(0))
    if no_pin or len(cores) < 2:
        return None, None
    return {cores[0]}, set(cores[1:3])


def measure_starts(given, folder, upstream):
    """Milliseconds until ready and MiB after that, of daemons with a new ledger each."""
    ready, memory = [], []
    for i in range(STARTS):
        daemon = Triaged(given.binary, folder, upstream.port, f"start{i}")
        try:
            ready.append(daemon.ready_seconds * 1000)
            time.sleep(0.1)  # what starting left to do is done; then nothing changes any more
            memory.append(memory_mib(daemon.pid))
        finally:
            daemon.stop()
    return ready, memory


def measure_loads(given, doors, expected, folder, cpus):
    loads = [
        (Load("answer-64", False, 64, given.seconds), doors),
        (Load("stream-64", True, 64, given.seconds), [door for door in doors if not door.log]),
        (Load("answer-rate", False, 64, given.seconds, 10), [door for door in doors if not door.log]),
        (Load("answer-1", False, 1, max(1, given.seconds - 1)), [door for door in doors if not door.log]),
        (Load("stream-1", True, 1, max(1, given.seconds - 1)), [door for door in doors if not door.log]),
    ]
    results = {}
    for load, measured in loads:
        results[load.key] = {door.name + ("+log" if door.log else ""): [] for door in measured}
        for door in measured:
            expected[door.pid].add(warm_up(door, load, folder, cpus), load.connections)
        for repetition in range(given.repetitions):
            for door in measured:
                run = measure(door, load, folder, cpus)
                expected[door.pid].add(run.requests, load.connections)
                results[load.key][door.name + ("+log" if door.log else "")].append(dataclasses.asdict(run))
                say(
                    f"{load.key:11} {repetition + 1}/{given.repetitions}  {door.title:24}"
                    f"{run.per_second:9.0f}/s  p50 {run.p50_us:6.0f} µs  CPU {run.cpu_us:6.1f} µs"
                    f"  (busiest thread {run.worker_us:6.1f} µs)"
                )
    return results


def check_answers(doors, expected):
    for door in doors:
        for stream in (False, True):
            check_answer(door, stream)
            expected[door.pid].add(1)


def check_ledgers(given, daemons, expected):
    """After the load; stops the daemons, since only then every row is in the database."""
    found = {}
    for daemon in daemons:
        wait_until_idle(daemon.pid)
        counted = ledger.requests_in_metrics(daemon.admin_port)
        pid = daemon.pid
        daemon.stop()
        total = ledger.read_report(given.binary, daemon.database)
        found[daemon.process.name] = ledger.check(daemon.process.name, expected[pid], counted, total)
    return found


def measure_all(given, folder):
    nginx_binary = find_nginx()
    proxy_cpus, other_cpus = core_shares(given.no_pin)
    result = {"machine": report.describe_machine(given.binary, nginx_binary), "repetitions": given.repetitions}
    running = []
    try:
        upstream = Upstream(nginx_binary, folder, other_cpus)
        running.append(upstream)
        result["ready_ms"], result["memory_mib"] = measure_starts(given, folder, upstream)
        nginx = Nginx(nginx_binary, folder, upstream.port, proxy_cpus)
        running.append(nginx)
        result["nginx_ready_ms"], result["nginx_mib"] = nginx.ready_seconds * 1000, memory_mib(nginx.pid)
        daemons = []
        for name, log in (("triaged", False), ("triaged-log", True)):
            daemons.append(Triaged(given.binary, folder, upstream.port, name, log, proxy_cpus))
            running.append(daemons[-1])
        doors = [nginx.door(False), daemons[0].door(), nginx.door(True), daemons[1].door()]
        expected = {door.pid: ledger.Expected() for door in doors}
        check_answers(doors, expected)
        result["loads"] = measure_loads(given, doors, expected, folder, other_cpus)
        check_answers(doors, expected)
        result["ledger"] = check_ledgers(given, daemons, expected)
        if given.callgrind:
            say("counting instructions")
            keep = given.result.parent
            result["instructions"] = instructions.count_all(given.binary, nginx_binary, folder, upstream.port, keep)
    finally:
        for one in reversed(running):
            one.stop()
    return result


def main():
    given = arguments()
    given.result = given.result.resolve()
    given.result.parent.mkdir(parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(prefix="triaged-bench-") as folder:
            result = measure_all(given, folder)
        given.result.write_text(json.dumps(result, indent=2) + "\n")
        table = report.make_table(result)
        if given.update_docs:
            report.update_document(ROOT / "docs/performance.md", report.block(result, table))
    except (MeasurementError, ValueError) as problem:
        say(f"bench proxy: {problem}")
        return 1
    print(table.text())
    rows = sum(found["requests"] for found in result["ledger"].values())
    print(f"\nEvery answer was 200 and whole; the ledgers hold all {rows:,} requests. Details: {given.result}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
