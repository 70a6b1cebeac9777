"""What the benchmarks that load one daemon share: starting it, its memory and files, the targets and the exit code."""
import contextlib
import os
import pathlib
import resource
import sys
import tempfile
import time
from typing import NamedTuple

from processes import MeasurementError, Process, wait_until_idle


class Resident(NamedTuple):
    """MiB of a process in memory."""

    whole: float
    anonymous: float  # without pages of files, which the system takes back when it needs them


def resident(pid):
    found = {}
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        name, _, value = line.partition(":")
        if name in ("VmRSS", "RssAnon"):
            found[name] = int(value.split()[0]) / 1024
    return Resident(found["VmRSS"], found["RssAnon"])


def open_files(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


OWN_FILES = 8  # that the daemon opens when it first has something to write


def wait_for_files(pid, most, limit):
    """Until the daemon has `most` files open at most, or `limit` is over, and it is idle; how many it has."""
    deadline = time.monotonic() + limit
    while open_files(pid) > most and time.monotonic() < deadline:
        time.sleep(0.2)
    wait_until_idle(pid)
    return open_files(pid)


@contextlib.contextmanager
def running(process, ready_port, ready_path):
    """`process` while it serves; ended by its id whatever happens, and asked to end when nothing did."""
    try:
        process.wait_for_status(ready_port, ready_path)
        yield process
        process.stop()
    finally:
        if process.child.poll() is None:
            process.child.kill()
            process.child.wait()


def daemon(binary, config, admin, folder):
    path = pathlib.Path(folder) / "triaged.yaml"
    path.write_text(config, encoding="utf-8")
    return running(Process("triaged", [binary, "serve", "--config", str(path)], folder), admin, "/readyz")


def raise_file_limit():
    """As many open files as the machine lets this process and its children have."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def verdict(targets):
    """Prints each (what, met); True when all were met."""
    for what, met in targets:
        print(f"  {'met   ' if met else 'MISSED'}  {what}")
    return all(met for _, met in targets)


def run(name, work):
    """The exit code of `work`, which gets a scratch folder and says whether every target was met."""
    with tempfile.TemporaryDirectory(prefix=f"triaged-{name}-") as folder:
        try:
            return 0 if work(folder) else 1
        except MeasurementError as problem:
            print(f"no figures: {problem}", file=sys.stderr)
            return 1
