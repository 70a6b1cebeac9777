#!/usr/bin/env python3
"""What holding back the beginning of a stream costs until its first token: `./dev bench window`.

usage: run.py BINARY [--requests N] [--clients N] [--pace TOKENS_PER_SECOND]

Daemons that differ in nothing but the gate of their routes stand before one simulated provider, whose tokens come at a
model's pace. Each client asks them in turn, so that what else the machine does hits all alike. Printed: time to the first
token and to the end, p50 and p99. Exit code 1 when an answer was not whole, or another tier gave it.
"""
import argparse
import asyncio
import contextlib
import json
import os
import pathlib
import statistics
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "lib"))
import harness  # noqa: E402
from processes import MeasurementError, Process, free_ports  # noqa: E402

_CONFIG = """
version: 1
server: {{listen: 127.0.0.1:{api}, admin: 127.0.0.1:{admin}, workers: 1}}
providers:
  up: {{base_url: "http://127.0.0.1:{upstream}/v1", api_key: k}}
tiers:
  - {{name: light, targets: [up/sim-standard]}}
  - {{name: strong, targets: [up/sim-premium]}}
routing: {{confidence: 0, table: [{{tier: light}}]{gate}}}
{quality}
ledger: {{path: {folder}/ledger.db}}
log: {{access: ""}}
"""
# Title -> the gate's window; none: no gate.
_WINDOWS = {
    "no gate": None,
    "hold_tokens: 8": "hold_tokens: 8",
    "hold_tokens: 32 (default)": "hold_tokens: 32",
    "hold_tokens: 64": "hold_tokens: 64",
    "buffered: true": "buffered: true",
}
_QUESTION = "Tell me about the harbour of the town, please, number {}."


def config(window, **places):
    gated = window is not None
    return _CONFIG.format(
        gate=", gate: g" if gated else "", quality=f"quality: {{gates: {{g: {{{window}}}}}}}" if gated else "", **places
    )


async def ask(port, number):
    """Seconds to the first token and to the end of one stream."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    body = json.dumps({"model": "auto", "stream": True,
                       "messages": [{"role": "user", "content": _QUESTION.format(number)}]}).encode()
    began = time.monotonic()
    writer.write(b"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                 b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
    text = b""
    first = None
    while piece := await reader.read(65536):
        text += piece
        if first is None and b'"content":"' in text.replace(b'"content":""', b""):
            first = time.monotonic() - began
    ended = time.monotonic() - began
    writer.close()
    if first is None or b"data: [DONE]" not in text or b"x-triaged-tier: light" not in text.lower():
        raise MeasurementError(f"an answer was not whole, or not of the first tier:\n{text[:2000].decode()}")
    return first, ended


async def client(ports, numbers, found):
    for number in numbers:
        for title, port in ports.items():
            found[title].append(await ask(port, number))


async def load(given, ports):
    found = {title: [] for title in ports}
    numbers = iter(range(given.requests))
    await asyncio.gather(*(client(ports, numbers, found) for _ in range(given.clients)))
    return found


def measure(given, folder):
    (upstream,) = free_ports(1)
    command = [given.binary, "simulate", "--listen", f"127.0.0.1:{upstream}", "--tokens-per-second", str(given.pace)]
    with contextlib.ExitStack() as stack:
        stack.enter_context(harness.running(Process("simulator", command, folder), upstream, "/v1/models"))
        ports = {}
        for number, (title, window) in enumerate(_WINDOWS.items()):
            own = pathlib.Path(folder) / str(number)
            own.mkdir()
            api, admin = free_ports(2)
            text = config(window, api=api, admin=admin, upstream=upstream, folder=own)
            stack.enter_context(harness.daemon(given.binary, text, admin, own))
            ports[title] = api
        return asyncio.run(load(given, ports))


def cuts(values):
    hundredths = statistics.quantiles([each * 1000 for each in values], n=100)
    return hundredths[49], hundredths[98]


def report(given, found):
    print(f"{given.requests} streams each by {given.clients} clients, {given.pace} tokens a second\n")
    print("| window | first token p50, ms | p99, ms | p50 later by, ms | p99 later by, ms | whole answer p50, ms |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    plain = cuts([first for first, _ in found["no gate"]])
    for title, times in found.items():
        p50, p99 = cuts([first for first, _ in times])
        whole, _ = cuts([ended for _, ended in times])
        print(f"| {title} | {p50:.0f} | {p99:.0f} | {p50 - plain[0]:.0f} | {p99 - plain[1]:.0f} | {whole:.0f} |")
    return True


def main():
    parser = argparse.ArgumentParser(description="Time to the first token, with and without a hold-back window.")
    parser.add_argument("binary", help="the optimised triaged")
    parser.add_argument("--requests", type=int, default=200, help="for each window (default 200)")
    parser.add_argument("--clients", type=int, default=10, help="default 10")
    parser.add_argument("--pace", type=int, default=80, help="tokens a second (default 80)")
    given = parser.parse_args()
    given.binary = os.path.abspath(given.binary)
    return harness.run("window", lambda folder: report(given, measure(given, folder)))


if __name__ == "__main__":
    sys.exit(main())
