#!/usr/bin/env python3
"""Finds what banned.txt forbids and says why it is forbidden.

usage: banned.py [ROOT]
"""
import configparser
import fnmatch
import pathlib
import re
import sys

import cpp_text

LIST = pathlib.Path(__file__).with_name("banned.txt")
_KEYS = {"pattern", "in", "not", "raw", "reason", "example", "harmless"}
_TEXT_FILES = {".cpp", ".hpp", ".py", ".txt", ".cmake", ".yaml", ".yml", ".sh", ".mjs", ".js", ""}


class Entry:
    def __init__(self, name, section):
        unknown = set(section) - _KEYS
        missing = {"pattern", "reason", "example", "harmless"} - set(section)
        if unknown or missing:
            raise ValueError(f"[{name}]: unknown {sorted(unknown)}, missing {sorted(missing)}")
        self.name = name
        self.pattern = re.compile(section["pattern"], re.MULTILINE)
        self.folders = section.get("in", "src include").split()
        self.allowed = section.get("not", "").split()
        self.raw = section.getboolean("raw", False)
        self.reason = section["reason"]
        self.example = section["example"]
        self.harmless = section["harmless"]

    def applies(self, path):
        """`path` is relative to the root."""
        return _matches(path, self.folders) and not _matches(path, self.allowed)

    def find(self, text, code):
        """The lines (from 1) of `text` that say it; `code` is the text without comments and literals."""
        seen = text if self.raw else code
        return sorted({seen.count("\n", 0, m.start()) + 1 for m in self.pattern.finditer(seen)})


def _matches(path, places):
    return any(path == p or path.startswith(p.rstrip("/") + "/") or fnmatch.fnmatch(path, p) for p in places)


def load(path=LIST):
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",), comment_prefixes=("#",))
    parser.read_string(pathlib.Path(path).read_text(encoding="utf-8"))
    return [Entry(name, parser[name]) for name in parser.sections()]


def check_text(path, text, entries):
    code = cpp_text.code_only(text) if path.endswith((".cpp", ".hpp")) else text
    problems = []
    for entry in entries:
        if entry.applies(path) and (entry.raw or path.endswith((".cpp", ".hpp"))):
            problems += [f"{path}:{line}: {entry.name}: {entry.reason}" for line in entry.find(text, code)]
    return problems


def _files(root, entries):
    folders = sorted({folder for entry in entries for folder in entry.folders})
    found = set()
    for folder in folders:
        base = root / folder
        found |= {base} if base.is_file() else {f for f in base.rglob("*") if f.is_file()}
    skipped = {"data", "corpus", "__pycache__", "node_modules"}
    return sorted(f for f in found if f.suffix in _TEXT_FILES and not skipped & set(f.relative_to(root).parts))


def main(arguments):
    root = pathlib.Path(arguments[0]).resolve() if arguments else cpp_text.ROOT
    entries = load()
    problems = []
    files = _files(root, entries)
    for file in files:
        problems += check_text(file.relative_to(root).as_posix(), file.read_text(encoding="utf-8"), entries)
    return cpp_text.report("banned", problems, len(files))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
