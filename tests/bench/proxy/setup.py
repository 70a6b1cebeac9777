"""Who stands where: a fast upstream (nginx), and before it nginx as a proxy and triaged, each twice: without an access log
and with one."""
import dataclasses
import pathlib

import payloads
from processes import MeasurementError, Process, free_ports

CHAT_PATH = "/v1/chat/completions"

_START_LIMIT = 60  # seconds; under a profiler everything is slow
_KINDS = [(log, stream) for log in (False, True) for stream in (False, True)]

_NGINX = """
worker_processes 1;
daemon off;
{master}
pid {folder}/{name}.pid;
error_log {folder}/{name}.error warn;
events {{ worker_connections 2048; }}
http {{
  access_log off;
  client_body_temp_path {folder}/{name}.body;
  proxy_temp_path {folder}/{name}.proxy;
  fastcgi_temp_path {folder}/{name}.fastcgi;
  uwsgi_temp_path {folder}/{name}.uwsgi;
  scgi_temp_path {folder}/{name}.scgi;
  keepalive_requests 100000000;
  keepalive_timeout 75s;
{servers}
}}
"""

# Streams are known by the field `accept`, which clients and gateways set.
_UPSTREAM = """
  server {{
    listen 127.0.0.1:{port};
    location = /health {{ return 204; }}
    location = {path} {{
      if ($http_accept = "text/event-stream") {{ rewrite ^ /stream last; }}
      default_type application/json;
      return 200 '{answer}';
    }}
    location = /stream {{
      internal;
      default_type text/event-stream;
      {pieces}
      return 200 "{stream}";
    }}
  }}
"""

_PROXY_POOL = """
  upstream models {{
    server 127.0.0.1:{upstream};
    keepalive 128;
    keepalive_requests 100000000;
  }}
"""

_PROXY = """
  server {{
    listen 127.0.0.1:{port};
    access_log {log};
    location = /health {{ return 204; }}
    location / {{
      proxy_pass http://models;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffering {buffering};
    }}
  }}
"""

_TRIAGED = """
version: 1
server:
  listen: 127.0.0.1:{port}
  admin: 127.0.0.1:{admin}
  workers: 1
providers:
  openai:
    base_url: http://127.0.0.1:{upstream}/v1
    api_key: not-a-key
tiers:
  - name: light
    targets: [openai/gpt-5.4-nano]
routing:
  table:
    - {{task: [qa, chat, classify, extract, rewrite], complexity: <0.35, tier: light}}
  default_tier: light
ledger:
  path: {database}
log:
  level: warn
  access: "{log}"
"""


@dataclasses.dataclass
class Door:
    """Where one way of proxying is measured."""

    name: str
    log: bool  # whether it keeps an access log
    pid: int  # of the process that does the work
    ports: dict  # by whether the answer is a stream

    @property
    def title(self):
        return self.name + (" with access log" if self.log else "")


def _stream_in_pieces():
    """nginx reads no word of more than 4096 bytes in its configuration: the stream becomes several variables."""
    stream = payloads.event_stream()
    pieces = [stream[at : at + 2000] for at in range(0, len(stream), 2000)]
    lines = [f"set $piece{i} '{piece}';" for i, piece in enumerate(pieces)]
    return "\n".join(lines), "".join(f"${{piece{i}}}" for i in range(len(pieces)))


class Upstream:
    def __init__(self, nginx, folder, cpus=None):
        (self.port,) = free_ports(1)
        pieces, stream = _stream_in_pieces()
        server = _UPSTREAM.format(
            port=self.port, path=CHAT_PATH, answer=payloads.chat_answer(), pieces=pieces, stream=stream
        )
        config = pathlib.Path(folder) / "upstream.conf"
        config.write_text(_NGINX.format(folder=folder, name="upstream", master="", servers=server))
        self.process = Process("upstream", [nginx, "-c", str(config), "-p", str(folder)], folder, cpus)
        try:
            self.process.wait_for_status(self.port, "/health", 204)
        except MeasurementError:
            self.stop()
            raise

    def stop(self):
        self.process.stop()


class Nginx:
    """One worker with a port for each way it is measured: plain answers are buffered, as by default; streams are not.
    With `alone` there is no master process, so that a tool that wraps the process sees the one that works."""

    def __init__(self, nginx, folder, upstream, cpus=None, wrapper=(), alone=False):
        log_to = {False: "off", True: f"{folder}/nginx.access combined buffer=64k flush=1s"}
        self._ports = dict(zip(_KINDS, free_ports(len(_KINDS))))
        servers = _PROXY_POOL.format(upstream=upstream)
        for (log, stream), port in self._ports.items():
            servers += _PROXY.format(port=port, log=log_to[log], buffering="off" if stream else "on")
        config = pathlib.Path(folder) / "nginx.conf"
        master = "master_process off;" if alone else ""
        config.write_text(_NGINX.format(folder=folder, name="nginx", master=master, servers=servers))
        self.process = Process("nginx", [*wrapper, nginx, "-c", str(config), "-p", str(folder)], folder, cpus)
        try:
            port = self._ports[_KINDS[0]]
            self.ready_seconds = self.process.wait_for_status(port, "/health", 204, _START_LIMIT)
            self.pid = self.process.pid if alone else self.process.only_child()
        except MeasurementError:
            self.stop()
            raise

    def door(self, log):
        return Door("nginx", log, self.pid, {stream: self._ports[(log, stream)] for stream in (False, True)})

    def stop(self):
        self.process.stop()


class Triaged:
    """A daemon with its ledger in `folder`; `name` is that of its files."""

    def __init__(self, binary, folder, upstream, name="triaged", log=False, cpus=None, wrapper=()):
        self._port, self.admin_port = free_ports(2)
        self._log = log
        self.database = pathlib.Path(folder) / f"{name}.db"
        config = pathlib.Path(folder) / f"{name}.yaml"
        config.write_text(
            _TRIAGED.format(
                port=self._port,
                admin=self.admin_port,
                upstream=upstream,
                database=self.database,
                log=f"{folder}/{name}.access" if log else "",
            )
        )
        self.process = Process(name, [*wrapper, str(binary), "serve", "-c", str(config)], folder, cpus)
        self.pid = self.process.pid
        try:
            self.ready_seconds = self.process.wait_for_status(self.admin_port, "/readyz", 200, _START_LIMIT)
        except MeasurementError:
            self.stop()
            raise

    def door(self):
        return Door("triaged", self._log, self.pid, {False: self._port, True: self._port})

    def stop(self):
        self.process.stop()
