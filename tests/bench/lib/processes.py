"""The processes of the benchmark: started here, looked at through /proc, ended by their id."""
import os
import pathlib
import socket
import subprocess
import time

_TICK = 1 / os.sysconf("SC_CLK_TCK")
_READY_LIMIT = 10
_EXIT_LIMIT = 20


class MeasurementError(Exception):
    """Something went wrong, so that there is no figure; a figure that is worse than wished is none."""


def free_ports(count):
    """Ports of 127.0.0.1 that nobody listens on: all are held until the last is found, so they differ."""
    held = []
    try:
        for _ in range(count):
            held.append(socket.socket())
            held[-1].bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in held]
    finally:
        for one in held:
            one.close()


def cpu_seconds(pid, tid=None):
    """User and system time of a process with all its threads, ended ones too, or of one thread."""
    path = f"/proc/{pid}/stat" if tid is None else f"/proc/{pid}/task/{tid}/stat"
    fields = pathlib.Path(path).read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * _TICK


def thread_seconds(pid):
    return {int(tid): cpu_seconds(pid, tid) for tid in os.listdir(f"/proc/{pid}/task")}


def memory_mib(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise MeasurementError(f"process {pid} has no VmRSS")


def wait_until_idle(pid, limit=20):
    """Until work done after the answers (such as writing the ledger) is done too, so that it is counted."""
    deadline = time.monotonic() + limit
    quiet = 0
    used = cpu_seconds(pid)
    while time.monotonic() < deadline:
        time.sleep(0.15)
        now = cpu_seconds(pid)
        quiet = quiet + 1 if now == used else 0
        if quiet == 3:
            return
        used = now
    raise MeasurementError(f"process {pid} was not idle {limit} s after the load")


class Process:
    """A child process in the scratch folder; its output goes to a file there."""

    def __init__(self, name, command, folder, cpus=None):
        self.name = name
        self.output = pathlib.Path(folder) / f"{name}.out"
        pin = None if cpus is None else (lambda: os.sched_setaffinity(0, cpus))
        self.started = time.monotonic()
        with open(self.output, "wb") as output:
            self.child = subprocess.Popen(
                command, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output, preexec_fn=pin
            )

    @property
    def pid(self):
        return self.child.pid

    def failed(self, what):
        tail = self.output.read_text(errors="replace")[-2000:]
        return MeasurementError(f"{self.name} {what}\n{tail}")

    def wait_for_status(self, port, path, wanted=200, limit=_READY_LIMIT):
        """Seconds from the start of the process until GET `path` is answered with `wanted`."""
        request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode()
        expected = f"HTTP/1.1 {wanted} ".encode()
        while time.monotonic() - self.started < limit:
            if self.child.poll() is not None:
                raise self.failed(f"ended with {self.child.returncode} instead of starting")
            try:
                with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
                    connection.sendall(request)
                    if connection.recv(4096).startswith(expected):
                        return time.monotonic() - self.started
            except OSError:
                pass
            time.sleep(0.0005)
        raise self.failed(f"did not answer GET {path} with {wanted} within {limit} s")

    def only_child(self):
        """The id of the one process that this one started: nginx's worker."""
        children = pathlib.Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        if len(children) != 1:
            raise self.failed(f"has {len(children)} child processes instead of one")
        return int(children[0])

    def stop(self, limit=_EXIT_LIMIT):
        """Asks it to end and waits; what does not is killed, which is an error."""
        if self.child.poll() is not None:
            return
        self.child.terminate()
        try:
            self.child.wait(limit)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()
            raise self.failed(f"did not end within {limit} s of SIGTERM") from None
