"""One measurement: wrk against one door, with the processor time that the proxy used for it."""
import dataclasses
import http.client
import json
import pathlib
import subprocess

import payloads
from processes import MeasurementError, cpu_seconds, thread_seconds, wait_until_idle
from setup import CHAT_PATH, Door

_HEAD = {
    "Content-Type": "application/json",
    "Authorization": "Bearer sk-bench-0123456789abcdef0123456789abcdef",
    "User-Agent": "OpenAI/Python 1.99.0",
}


@dataclasses.dataclass(frozen=True)
class Load:
    key: str
    stream: bool
    connections: int
    seconds: float
    rest_ms: int = 0  # of a connection before each request, on average


@dataclasses.dataclass
class Run:
    requests: int
    per_second: float
    p50_us: float
    p99_us: float
    cpu_us: float  # per request, of the whole process
    worker_us: float  # of the thread that used most: the one that serves


def head_fields(stream):
    return _HEAD | {"Accept": "text/event-stream" if stream else "application/json"}


def check_answer(door, stream):
    """One request whose answer is looked at whole; raises unless it is what the upstream said."""
    connection = http.client.HTTPConnection("127.0.0.1", door.ports[stream], timeout=10)
    try:
        connection.request("POST", CHAT_PATH, payloads.chat_request(stream), head_fields(stream))
        response = connection.getresponse()
        body = response.read().decode()
    finally:
        connection.close()
    if response.status != 200:
        raise MeasurementError(f"{door.title} answered {response.status}: {body[:500]}")
    if stream:
        same = payloads.data_of(body) == payloads.data_of(payloads.event_stream())
    else:
        same = json.loads(body) == json.loads(payloads.chat_answer())
    if not same:
        raise MeasurementError(f"{door.title} changed the answer: {body[:8000]}")


def _wrk(door, load, folder, seconds, cpus):
    body = pathlib.Path(folder) / f"{load.key}.body"
    body.write_text(payloads.chat_request(load.stream))
    command = ["wrk", "-t", "1", "-c", str(load.connections), "-d", f"{seconds:g}s", "--timeout", "10s", "--latency"]
    if cpus is not None:
        command = ["taskset", "-c", ",".join(map(str, sorted(cpus))), *command]
    command += ["-s", str(pathlib.Path(__file__).with_name("load.lua"))]
    command += [f"http://127.0.0.1:{door.ports[load.stream]}{CHAT_PATH}", "--", str(body), str(load.rest_ms)]
    for name, value in head_fields(load.stream).items():
        command += [name, value]
    done = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 60)
    if done.returncode != 0:
        raise MeasurementError(f"wrk ended with {done.returncode}: {done.stderr.strip()}")
    result = json.loads(done.stdout.splitlines()[-1])
    wrong = {what: result[what] for what in ("connect", "read", "write", "status", "timeout") if result[what]}
    if wrong or not result["requests"]:
        raise MeasurementError(f"{door.title}, {load.key}: {result['requests']} answers and these errors: {wrong}")
    return result


def warm_up(door, load, folder, cpus=None):
    return _wrk(door, load, folder, 1, cpus)["requests"]


def measure(door, load, folder, cpus=None):
    wait_until_idle(door.pid)
    whole, threads = cpu_seconds(door.pid), thread_seconds(door.pid)
    result = _wrk(door, load, folder, load.seconds, cpus)
    wait_until_idle(door.pid)
    requests = result["requests"]
    whole = cpu_seconds(door.pid) - whole
    busiest = max(now - threads.get(tid, 0) for tid, now in thread_seconds(door.pid).items())
    return Run(
        requests=requests,
        per_second=requests / result["duration_us"] * 1e6,
        p50_us=result["p50_us"],
        p99_us=result["p99_us"],
        cpu_us=whole / requests * 1e6,
        worker_us=busiest / requests * 1e6,
    )
