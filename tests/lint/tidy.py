#!/usr/bin/env python3
"""Runs clang-tidy over src/**/*.cpp (and the headers they include), in parallel. A file that was clean is not checked again
until it, a header of the project that it includes, its flags, .clang-tidy or clang-tidy itself change.

usage: tidy.py BUILD_FOLDER [FILE...]       BUILD_FOLDER holds compile_commands.json
"""
import pathlib
import shutil
import subprocess
import sys

import cpp_text
import stamps

TOOL = "clang-tidy-14"
# GCC's coroutines under clang 14: nothing special is needed with -std=c++20. Flags that only GCC knows are not passed on.
EXTRA = ["-Wno-unknown-warning-option", "-Wno-unused-command-line-argument"]


def main(arguments):
    if not arguments:
        print(__doc__)
        return 2
    if shutil.which(TOOL) is None:
        print(f"{TOOL} is not installed: ./dev setup installs it")
        return 1
    database = pathlib.Path(arguments[0]) / "compile_commands.json"
    if not database.is_file():
        print(f"{database} is missing: configure first (cmake --preset dev)")
        return 1
    flags = stamps.compile_flags(database)
    files = [pathlib.Path(a).resolve() for a in arguments[1:]] or cpp_text.sources(["src"], (".cpp",))
    config = cpp_text.ROOT / ".clang-tidy"
    version = subprocess.run([TOOL, "--version"], capture_output=True, text=True, check=True).stdout
    jobs = []
    for file in files:
        if str(file) not in flags:
            continue  # not built in this configuration
        kept = flags[str(file)] + EXTRA
        stamp = stamps.fingerprint(stamps.project_files(file) + [config], version, kept)
        jobs.append((cpp_text.shown(file), stamp, [TOOL, "--quiet", str(file), "--", *kept]))
    return 1 if stamps.run_all("tidy", jobs) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
