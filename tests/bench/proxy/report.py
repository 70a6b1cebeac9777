"""The result as a table, as JSON and in docs/performance.md."""
import datetime
import os
import pathlib
import platform
import re
import statistics
import subprocess

BEGIN, END = "<!-- proxy benchmark: begin -->", "<!-- proxy benchmark: end -->"


def spread(values, digits=1):
    """Median, with the least and the greatest where there are several."""
    median = f"{statistics.median(values):,.{digits}f}"
    if len(values) == 1:
        return median
    return f"{median} ({min(values):,.{digits}f} to {max(values):,.{digits}f})"


class Table:
    """Rows of measure, nginx, triaged, comparison, target, met."""

    head = ("Measure", "nginx", "triaged", "Compared", "Target", "Met")

    def __init__(self):
        self.rows = []

    def add(self, measure, nginx, triaged, compared="", target="", met=None):
        self.rows.append((measure, nginx, triaged, compared, target, {None: "", True: "yes", False: "no"}[met]))

    def ratio(self, measure, nginx, triaged, limit=None, digits=1):
        ratio = statistics.median(triaged) / statistics.median(nginx)
        target = "" if limit is None else f"at most {limit:g}x"
        met = None if limit is None else ratio <= limit
        self.add(measure, spread(nginx, digits), spread(triaged, digits), f"{ratio:.2f}x", target, met)

    def difference(self, measure, nginx, triaged, limit):
        more = statistics.median(triaged) - statistics.median(nginx)
        self.add(measure, spread(nginx, 0), spread(triaged, 0), f"{more:+.0f} µs", f"at most +{limit} µs", more <= limit)

    def below(self, measure, nginx, triaged, limit, unit):
        met = statistics.median(triaged) < limit
        self.add(measure, spread(nginx), spread(triaged), "", f"below {limit} {unit}", met)

    def markdown(self):
        rule = ["---", "---:", "---:", "---:", "---", "---"]
        return "\n".join("| " + " | ".join(row) + " |" for row in [self.head, rule, *self.rows])

    def text(self):
        widths = [max(len(row[i]) for row in [self.head, *self.rows]) for i in range(len(self.head))]
        lines = []
        for row in [self.head, *self.rows]:
            cells = [row[0].ljust(widths[0])] + [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]
            lines.append("  ".join(cells).rstrip())
        return "\n".join(lines)


def make_table(result):
    loads = result["loads"]

    def values(load, who, what):
        return [run[what] for run in loads[load][who]]

    def pair(load, what, log=False):
        suffix = "+log" if log else ""
        return values(load, "nginx" + suffix, what), values(load, "triaged" + suffix, what)

    table = Table()
    table.ratio("CPU per answer, µs", *pair("answer-64", "cpu_us"), 1.3)
    table.ratio("the same, with access log", *pair("answer-64", "cpu_us", True), 1.3)
    table.ratio("CPU per stream of 31 events, µs", *pair("stream-64", "cpu_us"), 1.3)
    rate = statistics.median(values("answer-rate", "triaged", "per_second"))
    table.ratio(f"CPU per answer, µs, {rate:,.0f} a second for both", *pair("answer-rate", "cpu_us"))
    table.ratio("CPU per answer without the ledger's thread, µs", *pair("answer-64", "worker_us"))
    table.ratio("CPU per stream without the ledger's thread, µs", *pair("stream-64", "worker_us"))
    if "instructions" in result:
        counts = result["instructions"]
        for load, title in (("answer", "answer"), ("stream", "stream")):
            nginx, triaged = [counts[load]["nginx"]], [counts[load]["triaged"]]
            table.ratio(f"User instructions per {title}", nginx, triaged, digits=0)
    table.difference("Median time to a whole answer, 1 connection, µs", *pair("answer-1", "p50_us"), 60)
    table.difference("Median time to a whole stream, 1 connection, µs", *pair("stream-1", "p50_us"), 60)
    table.ratio("Answers per second, 64 connections", *pair("answer-64", "per_second"), digits=0)
    table.ratio("Streams per second, 64 connections", *pair("stream-64", "per_second"), digits=0)
    table.below("Resident memory after start, MiB", [result["nginx_mib"]], result["memory_mib"], 40, "MiB")
    table.below("From start to ready, ms", [result["nginx_ready_ms"]], result["ready_ms"], 150, "ms")
    return table


def _version(command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=20)
    lines = (done.stdout + done.stderr).strip().splitlines()
    return lines[0] if lines else "unknown"


def describe_machine(binary, nginx):
    cpu = re.search(r"^model name\s*:\s*(.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return {
        "date": datetime.date.today().isoformat(),
        "cpu": cpu.group(1) if cpu else platform.machine(),
        "cores": os.cpu_count(),
        "kernel": platform.release(),
        "triaged": _version([str(binary), "--version"]).removeprefix("triaged "),
        "nginx": _version([nginx, "-v"]).rpartition("/")[2],
        "wrk": _version(["wrk", "-v"]).split()[1],
        "load_average_before": round(os.getloadavg()[0], 2),
    }


def block(result, table):
    machine = result["machine"]
    return (
        f"{machine['date']}, {machine['cpu']}, {machine['cores']} cores, Linux {machine['kernel']}; "
        f"triaged {machine['triaged']}, nginx {machine['nginx']}, wrk {machine['wrk']}; "
        f"load average before the run {machine['load_average_before']}; {result['repetitions']} repetitions, "
        f"median (least to greatest).\n\n{table.markdown()}"
    )


def update_document(path, text):
    """Puts `text` between the marks of the document; raises ValueError unless there is one pair of them."""
    document = path.read_text()
    if document.count(BEGIN) != 1 or document.count(END) != 1 or document.index(BEGIN) > document.index(END):
        raise ValueError(f"{path} has no single pair of the marks {BEGIN} and {END}")
    before, _, rest = document.partition(BEGIN)
    after = rest.partition(END)[2]
    path.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}")
