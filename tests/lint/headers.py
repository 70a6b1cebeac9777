#!/usr/bin/env python3
"""Checks that each header compiles alone, so that nobody depends on the order of includes. What was fine is not compiled
again until it, a header of the project that it includes or the flags change.

usage: headers.py BUILD_FOLDER [HEADER...]       BUILD_FOLDER holds compile_commands.json
"""
import os
import pathlib
import sys

import cpp_text
import stamps

COMPILER = os.environ.get("CXX", "g++")


def flags_for(header, flags):
    """The flags of a source of the header's layer; of any source of src if it has none."""
    layer = header.relative_to(cpp_text.ROOT).parts[2 if "include" in header.relative_to(cpp_text.ROOT).parts else 1]
    ours = [(name, kept) for name, kept in flags.items() if name.startswith(str(cpp_text.ROOT / "src"))]
    same = [kept for name, kept in ours if name.startswith(str(cpp_text.ROOT / "src" / layer) + os.sep)]
    return (same or [kept for _, kept in ours] or [[]])[0]


def main(arguments):
    if not arguments:
        print(__doc__)
        return 2
    database = pathlib.Path(arguments[0]) / "compile_commands.json"
    if not database.is_file():
        print(f"{database} is missing: configure first (cmake --preset dev)")
        return 1
    flags = stamps.compile_flags(database)
    files = [pathlib.Path(a).resolve() for a in arguments[1:]] or cpp_text.sources(["include", "src"], (".hpp",))
    jobs = []
    for file in files:
        kept = flags_for(file, flags)
        stamp = stamps.fingerprint(stamps.project_files(file), COMPILER, kept)
        # Included from an empty file, since "#pragma once in main file" is a warning.
        command = [COMPILER, *kept, "-Wall", "-Wextra", "-Werror", "-fsyntax-only", "-include", str(file), "-x", "c++", "/dev/null"]
        jobs.append((cpp_text.shown(file), stamp, command))
    return 1 if stamps.run_all("headers", jobs) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
