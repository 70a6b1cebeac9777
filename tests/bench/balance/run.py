#!/usr/bin/env python3
"""How the targets of a tier share its requests under load, and how fast one that turns bad is left and taken back:
`./dev bench balance`.

usage: run.py BINARY [--requests N] [--clients N]

Three scripted upstreams answer after 60, 120 and 600 ms, eight requests at a time each, more wait; a fixed number of
requests comes from a fixed number of clients, so the load is bounded and the figures are ratios of one run. Ends by
itself, in about two minutes.
"""
import argparse
import asyncio
import json
import os
import pathlib
import signal
import statistics
import subprocess
import sys
import tempfile
import time

LATENCIES = (0.06, 0.12, 0.6)
PLACES = 8  # requests that an upstream works on at a time
POLICIES = ("order", "weighted", "least_busy", "latency")
ANSWER = json.dumps({
    "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "m",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "Yes."}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 10, "completion_tokens": 2, "total_tokens": 12}}).encode()
REFUSAL = b'{"error":{"message":"down","type":"server_error"}}'
QUESTION = json.dumps({"model": "auto", "messages": [{"role": "user", "content": "What are your opening hours?"}]}).encode()


async def read_message(reader):
    """Head and body of a message with a Content-Length; None at the end of the connection."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    length = 0
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    return head, await reader.readexactly(length)


class Upstream:
    def __init__(self, latency):
        self.latency = latency
        self.places = asyncio.Semaphore(PLACES)
        self.seen = []  # when
        self.well = True

    async def start(self):
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        self.port = self.server.sockets[0].getsockname()[1]

    async def serve(self, reader, writer):
        try:
            while message := await read_message(reader):
                body, status = await self.answer(message[0].startswith(b"GET"))
                writer.write(b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                             % (status, len(body), body))
                await writer.drain()
        except asyncio.CancelledError:
            pass  # the run is over
        writer.close()

    async def answer(self, check):
        if not check:
            self.seen.append(time.monotonic())
        if not self.well:
            return REFUSAL, b"503 Service Unavailable"
        if not check:
            async with self.places:
                await asyncio.sleep(self.latency)
        return ANSWER, b"200 OK"


class Triaged:
    """The daemon in front of the upstreams, one tier, one worker."""

    def __init__(self, binary, upstreams, balance, more=""):
        self.folder = tempfile.TemporaryDirectory()
        config = pathlib.Path(self.folder.name) / "triaged.yaml"
        providers = "".join(f"  p{i}: {{base_url: 'http://127.0.0.1:{each.port}/v1', api_key: k{more}}}\n"
                            for i, each in enumerate(upstreams))
        targets = ", ".join(f"p{i}/m" for i in range(len(upstreams)))
        config.write_text(
            "version: 1\nserver: {listen: '127.0.0.1:0', admin: '127.0.0.1:0', workers: 1}\n"
            f"providers:\n{providers}tiers:\n  - {{name: only, targets: [{targets}]}}\n"
            f"routing: {{confidence: 0}}\nbalance: {{{balance}}}\nledger: {{path: {self.folder.name}/ledger.db}}\n"
            f"log: {{access: {self.folder.name}/access.log}}\n")
        self.process = subprocess.Popen([binary, "serve", "--config", config], stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True)
        for line in self.process.stdout:
            if line.startswith("triaged: api on "):
                self.port = int(line.rsplit(":", 1)[1])
            if line.startswith("try:"):
                return
        raise SystemExit("triaged did not start:\n" + self.process.stderr.read())

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=30)
        self.folder.cleanup()


async def client(port, go_on, answers):
    """Asks until `go_on` says no; adds (when asked, how long it took, status)."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    request = (b"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
               b"Content-Length: %d\r\n\r\n%s" % (len(QUESTION), QUESTION))
    while go_on():
        began = time.monotonic()
        writer.write(request)
        head, _ = await read_message(reader)
        answers.append((began, time.monotonic() - began, int(head.split(b" ", 2)[1])))
    writer.close()


async def load(port, clients, go_on):
    answers = []
    await asyncio.gather(*(client(port, go_on, answers) for _ in range(clients)))
    failed = [status for _, _, status in answers if status != 200]
    if failed:
        raise SystemExit(f"{len(failed)} of {len(answers)} requests failed, with status {failed[0]}")
    return answers


async def compare(given):
    print(f"## targets at 1x, 2x and 10x latency ({', '.join(f'{each * 1000:.0f}' for each in LATENCIES)} ms), "
          f"{given.requests} requests by {given.clients} clients\n")
    print("| policy | p50, ms | p99, ms | p99 to `weighted` | requests a second | share of 1x, 2x, 10x |")
    print("| --- | ---: | ---: | ---: | ---: | --- |")
    figures = {}
    for policy in POLICIES:
        upstreams = [Upstream(latency) for latency in LATENCIES]
        for each in upstreams:
            await each.start()
        triaged = Triaged(given.binary, upstreams, f"policy: {policy}")
        left = iter(range(given.requests))
        began = time.monotonic()
        answers = await load(triaged.port, given.clients, lambda: next(left, None) is not None)
        took = time.monotonic() - began
        triaged.stop()
        times = sorted(each * 1000 for _, each, _ in answers)
        cuts = statistics.quantiles(times, n=100)
        shares = [len(each.seen) / len(answers) for each in upstreams]
        figures[policy] = (cuts[49], cuts[98], len(answers) / took, shares)
    for policy, (p50, p99, rate, shares) in figures.items():
        print(f"| `{policy}` | {p50:.0f} | {p99:.0f} | {p99 / figures['weighted'][1]:.2f} | {rate:.0f} | "
              + " ".join(f"{100 * share:.0f} %" for share in shares) + " |")


async def turn_bad(given, bad_for, more, title):
    """One of three equal targets fails for a while: when does it get no more requests, and when its share again?"""
    upstreams = [Upstream(LATENCIES[0]) for _ in range(3)]
    for each in upstreams:
        await each.start()
    triaged = Triaged(given.binary, upstreams, "policy: latency", more)
    end = time.monotonic() + 2 + bad_for + given.patience
    running = asyncio.create_task(load(triaged.port, given.clients, lambda: time.monotonic() < end))
    await asyncio.sleep(2)
    upstreams[0].well, turned = False, time.monotonic()
    await asyncio.sleep(bad_for)
    upstreams[0].well, recovered = True, time.monotonic()
    answers = await running
    triaged.stop()
    bad = [at for at in upstreams[0].seen if turned <= at < recovered]
    # The first second without more than a probe.
    left = next(at - turned for at in sorted([turned] + bad) if sum(at < other <= at + 1 for other in bad) <= 1)
    back = next((at - recovered for at in upstreams[0].seen if at >= recovered), None)
    rate = len(answers) / (answers[-1][0] - answers[0][0]) / 3
    # The first second with half a third of the requests.
    share = next((at - recovered for at in upstreams[0].seen
                  if at >= recovered and sum(at <= other < at + 1 for other in upstreams[0].seen) >= rate / 2), None)
    total = sum(len(each.seen) for each in upstreams)
    shown = [f"{each:.2f} s" if each is not None else "not within the run" for each in (left, back, share)]
    print(f"| {title} | {bad_for:.0f} s | {shown[0]} | {shown[1]} | {shown[2]} | {total / len(answers):.3f} |")


async def eject(given):
    print("\n## one of three targets answers 503 for a while, policy `latency`, no request of a client fails\n")
    print("| settings | bad for | left after | asked again after | half its share after | attempts per request |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    await turn_bad(given, 3, "", "defaults")
    await turn_bad(given, 12, "", "defaults")
    await turn_bad(given, 12, ", health: {path: /models, interval: 2s}", "health checks every 2 s")


async def main():
    parser = argparse.ArgumentParser(description="Balancing inside a tier, and ejection.")
    parser.add_argument("binary", type=pathlib.Path)
    parser.add_argument("--requests", type=int, default=800, help="for each policy (default 800)")
    parser.add_argument("--clients", type=int, default=6, help="default 6")
    parser.add_argument("--patience", type=float, default=12, help="seconds after a recovery (default 12)")
    given = parser.parse_args()
    if not os.access(given.binary, os.X_OK):
        parser.error(f"{given.binary} cannot be run")
    given.binary = given.binary.resolve()
    await compare(given)
    await eject(given)


if __name__ == "__main__":
    asyncio.run(main())
    sys.exit(0)
