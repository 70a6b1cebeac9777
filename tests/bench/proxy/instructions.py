"""User instructions per request, counted by callgrind: exact to about one percent, whatever else the machine does."""
import http.client
import re

import payloads
from loads import head_fields
from processes import MeasurementError
from setup import CHAT_PATH, Nginx, Triaged

_FEW, _MANY = 200, 1200


def _send(door, stream, count):
    connection = http.client.HTTPConnection("127.0.0.1", door.ports[stream], timeout=60)
    body, fields = payloads.chat_request(stream), head_fields(stream)
    for _ in range(count):
        connection.request("POST", CHAT_PATH, body, fields)
        response = connection.getresponse()
        response.read()
        if response.status != 200:
            raise MeasurementError(f"{door.title} answered {response.status} under callgrind")
    connection.close()


def _count(start, door_of, stream, count, profile):
    """Instructions of a whole run, start to end, with so many requests."""
    wrapper = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={profile}", "-q"]
    server = start(wrapper)
    try:
        _send(door_of(server), stream, count)
    finally:
        server.stop()
    text = profile.read_text()
    total = re.search(r"^(?:summary|totals): (\d+)", text, re.MULTILINE)
    if total is None:
        raise MeasurementError(f"callgrind left no total in {profile}")
    return int(total.group(1))


def count_all(binary, nginx, folder, upstream, keep):
    """{"answer" | "stream": {"nginx" | "triaged": instructions}}; the profiles with many requests stay in `keep`. Every run
    is a start with a fresh ledger, so that two runs differ only by their number of requests."""
    counts = {}
    for stream in (False, True):
        kind = "stream" if stream else "answer"
        counts[kind] = {}
        for who in ("nginx", "triaged"):
            totals = []
            for number in (_FEW, _MANY):
                name = f"{who}-{kind}-{number}"

                def start(wrapper, name=name, who=who):
                    if who == "nginx":
                        return Nginx(nginx, folder, upstream, wrapper=wrapper, alone=True)
                    return Triaged(binary, folder, upstream, name, wrapper=wrapper)

                def door_of(server, who=who):
                    return server.door(False) if who == "nginx" else server.door()

                totals.append(_count(start, door_of, stream, number, keep / f"{name}.callgrind"))
            counts[kind][who] = (totals[1] - totals[0]) / (_MANY - _FEW)
    return counts
