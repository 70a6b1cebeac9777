#!/usr/bin/env python3
"""Prints line and branch coverage per layer and in all, from gcovr's --json-summary.

usage: coverage.py SUMMARY.json
"""
import json
import pathlib
import sys


def layer_of(name):
    """src/<layer>/x.cpp, include/triaged/<layer>/x.hpp"""
    parts = pathlib.PurePosixPath(name).parts
    if parts[0] == "include":
        return parts[2] if len(parts) > 3 else "-"
    return parts[1] if len(parts) > 2 else "-"


def percent(covered, total):
    return f"{100.0 * covered / total:6.1f} %" if total else "     - %"


def main(arguments):
    if len(arguments) != 1:
        print(__doc__)
        return 2
    layers = {}
    for file in json.loads(pathlib.Path(arguments[0]).read_text(encoding="utf-8"))["files"]:
        for name in (layer_of(file["filename"]), "total"):
            sums = layers.setdefault(name, [0, 0, 0, 0])
            for index, key in enumerate(("line_covered", "line_total", "branch_covered", "branch_total")):
                sums[index] += file[key]
    total = layers.pop("total", [0, 0, 0, 0])
    print(f"{'layer':<10} {'lines':>8} {'covered':>8} {'branches':>10} {'covered':>8}")
    for name, (lines, all_lines, branches, all_branches) in sorted(layers.items()) + [("total", total)]:
        print(f"{name:<10} {all_lines:>8} {percent(lines, all_lines)} {all_branches:>10} {percent(branches, all_branches)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
