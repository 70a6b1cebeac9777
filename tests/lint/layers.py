#!/usr/bin/env python3
"""Checks who includes whom. The allowed layers are the LINK lists of src/CMakeLists.txt, followed to the end: what CMake
links is what may be included, so there is one truth.

  include/triaged/<layer>/*  and  src/<layer>/*  may include "triaged/<lower layer>/..." of those layers
  "<layer>/..." (a private header) only from src of the same layer
  packages with a home (Beast, OpenSSL, ...) only there, and the heavy ones never in a public header

usage: layers.py [ROOT]
"""
import pathlib
import re
import sys

import cpp_text

# (what is included, layers whose sources may, may public headers of these layers, why)
PACKAGES = [
    (r"boost/beast", {"wire", "net", "upstream", "server"}, False, "Beast stays at the edge"),
    (r"boost/asio", {"wire", "net", "upstream", "server"}, True, "Asio stays at the edge"),
    (r"openssl/", {"wire", "net", "upstream", "server", "config", "learn", "provider"}, False,
     "TLS stays at the edge (config and learn hash with it, provider signs with it)"),
    (r"spdlog/", {"base"}, False, "log with triaged/base/log.hpp"),
    (r"yaml-cpp/", {"config", "ledger"}, False, "YAML is read by config, and by ledger for prices"),
    (r"(zlib|zstd)\.h|brotli/", {"wire"}, False, "content codings are the wire's"),
    (r"sqlite3", {"store"}, False, "SQL stays in store"),
    (r"nlohmann/", None, False, "public headers speak in our own values"),
    (r"simdjson", None, False, "public headers speak in our own values"),
]
# The one translation unit that compiles Asio and Beast.
EXEMPT = {"src/base/boost_impl.cpp"}

_LAYER = re.compile(r"^\s*triaged_layer\(\s*(\w+)([^)]*)\)", re.MULTILINE)
_INCLUDE = re.compile(r"^[ \t]*#[ \t]*include[ \t]*([<\"])([^>\"]+)[>\"]", re.MULTILINE)


def read_layers(cmake):
    """Layer -> the layers it may include besides itself. Raises ValueError when CMake's lists make no order."""
    direct = {}
    for name, rest in _LAYER.findall(re.sub(r"#[^\n]*", "", cmake)):
        linked = re.search(r"\bLINK\b(.*?)(?:\bUSES\b|$)", rest, re.DOTALL)
        words = linked.group(1).split() if linked else []
        direct[name] = {w.removeprefix("triaged_") for w in words if w.startswith("triaged_")}
    if not direct:
        raise ValueError("no triaged_layer(...) found")

    def closure(name, path):
        if name in path:
            raise ValueError("layers link in a circle: " + " -> ".join(path + [name]))
        below = set()
        for lower in direct.get(name, ()):
            if lower not in direct:
                raise ValueError(f"layer {name} links triaged_{lower}, which is no layer")
            below |= {lower} | closure(lower, path + [name])
        return below

    return {name: closure(name, []) for name in direct}


def layer_of(path):
    """(layer, is it a public header) of a path relative to the root."""
    parts = pathlib.PurePosixPath(path).parts
    if parts[0] == "include":
        return parts[2], True
    return (parts[1] if len(parts) > 2 else "app"), False  # src/main.cpp belongs to app


def check_include(path, quote, header, layers):
    """What is wrong with including `header` from the file `path`; None if nothing is."""
    layer, public = layer_of(path)
    if layer not in layers:
        return f"folder {layer} is no layer of src/CMakeLists.txt"
    for pattern, homes, in_public, why in PACKAGES:
        if not re.match(pattern, header) or path in EXEMPT:
            continue
        if homes is not None and layer not in homes:
            return f"<{header}> only in {' '.join(sorted(homes))}: {why}"
        if public and not in_public:
            return f"<{header}> in a public header: {why}"
    if quote == "<":
        return None
    parts = header.split("/")
    if parts[0] == "triaged":
        if len(parts) > 2 and (parts[1] == layer or parts[1] in layers[layer]):
            return None
        return f'"{header}": {layer} does not link {parts[1]}'
    if "." in parts or ".." in parts or len(parts) < 2:
        return f'"{header}": write the path from src, like "{layer}/{parts[-1]}"'
    if parts[0] != layer:
        return f'"{header}" is private to {parts[0]}'
    if public:
        return f'"{header}" is private, a public header cannot include it'
    return None


def check_text(path, text, layers):
    problems = []
    for match in _INCLUDE.finditer(text):
        problem = check_include(path, match.group(1), match.group(2), layers)
        if problem:
            problems.append(f"{path}:{text.count(chr(10), 0, match.start()) + 1}: {problem}")
    return problems


def main(arguments):
    root = pathlib.Path(arguments[0]).resolve() if arguments else cpp_text.ROOT
    try:
        layers = read_layers((root / "src" / "CMakeLists.txt").read_text(encoding="utf-8"))
    except ValueError as error:
        print(f"src/CMakeLists.txt: {error}")
        return 1
    files = cpp_text.sources(["src", "include"], root=root)
    problems = []
    for file in files:
        problems += check_text(file.relative_to(root).as_posix(), file.read_text(encoding="utf-8"), layers)
    return cpp_text.report("layers", problems, len(files))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
