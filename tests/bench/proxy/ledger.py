"""Is every answer in the ledger? What clients counted, the metrics and the ledger's rows have to agree."""
import json
import re
import subprocess
import urllib.request

from processes import MeasurementError


class Expected:
    """What the load on one daemon must have left behind. At its end wrk drops its connections with requests still under
    way: those may be booked as answered, as cancelled or, if they had not arrived, not at all."""

    def __init__(self):
        self.answered = 0
        self.dropped = 0

    def add(self, answered, dropped=0):
        self.answered += answered
        self.dropped += dropped


def requests_in_metrics(admin_port):
    """The chat completions that the daemon itself counted."""
    with urllib.request.urlopen(f"http://127.0.0.1:{admin_port}/metrics", timeout=10) as response:
        text = response.read().decode()
    counted = 0
    for line in text.splitlines():
        if line.startswith("triaged_requests_total{") and re.search(r'endpoint="[^"]*chat', line):
            counted += float(line.rsplit(" ", 1)[1])
    return int(counted)


def read_report(binary, database):
    command = [str(binary), "report", "--json", "--db", str(database)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    if done.returncode != 0:
        raise MeasurementError(f"triaged report ended with {done.returncode}: {done.stderr.strip()}")
    return json.loads(done.stdout)["total"]


def check(name, expected, counted, total):
    """`counted` by the metrics, `total` of the report; raises where they disagree."""
    found = {key: total[key] for key in ("requests", "answered", "failed", "cancelled", "attempts", "cost_unknown")}
    problems = []
    if not expected.answered <= total["requests"] <= expected.answered + expected.dropped:
        problems.append(
            f"clients got {expected.answered} answers and dropped at most {expected.dropped} requests,"
            f" the ledger has {total['requests']} requests"
        )
    if total["answered"] < expected.answered:
        problems.append(f"clients got {expected.answered} answers, the ledger knows {total['answered']}")
    if total["failed"] or total["cost_unknown"]:
        problems.append(f"the ledger has {total['failed']} failures and {total['cost_unknown']} unknown costs")
    if counted != total["requests"]:
        problems.append(f"the metrics count {counted} requests, the ledger has {total['requests']}")
    if problems:
        raise MeasurementError(f"{name}: " + "; ".join(problems) + f"; {found}")
    return found
