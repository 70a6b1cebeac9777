"""What tidy.py and headers.py share: flags from compile_commands.json, a cache of what was found clean, parallel runs."""
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys

import cpp_text

_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*"([^"]+)"', re.MULTILINE)
_KEPT_WITH_VALUE = ("-isystem", "-I", "-D")


def cache_folder(tool):
    """TRIAGED_<TOOL>_CACHE or ~/.cache/triaged-<tool>."""
    named = os.environ.get(f"TRIAGED_{tool.upper()}_CACHE")
    folder = pathlib.Path(named) if named else pathlib.Path.home() / ".cache" / f"triaged-{tool}"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def compile_flags(database):
    """Source path -> its -D, -I, -isystem and -std flags, from a compile_commands.json."""
    flags = {}
    for entry in json.loads(pathlib.Path(database).read_text(encoding="utf-8")):
        words = shlex.split(entry["command"]) if "command" in entry else entry["arguments"]
        kept = []
        for index, word in enumerate(words):
            if word in _KEPT_WITH_VALUE:
                kept += [word, words[index + 1]]
            elif word.startswith(("-D", "-I", "-std=")):
                kept.append(word)
        flags[str(pathlib.Path(entry["directory"], entry["file"]).resolve())] = kept
    return flags


def project_files(path, root=cpp_text.ROOT):
    """`path` and every file of the project that it includes, directly or not."""
    seen = set()
    waiting = [pathlib.Path(path).resolve()]
    while waiting:
        file = waiting.pop()
        if file in seen or not file.is_file():
            continue
        seen.add(file)
        for name in _INCLUDE.findall(file.read_text(encoding="utf-8")):
            waiting += [root / "include" / name, root / "src" / name, file.parent / name]
    return sorted(seen)


def fingerprint(files, *extra, root=cpp_text.ROOT):
    """A hash over the files' names and contents and over `extra`; the same in every clone."""
    digest = hashlib.sha256()
    for text in extra:
        digest.update(str(text).replace(str(root), "").encode() + b"\0")
    for file in files:
        digest.update(cpp_text.shown(file, root).encode() + b"\0" + pathlib.Path(file).read_bytes() + b"\0")
    return digest.hexdigest()


def run_all(tool, jobs, workers=None):
    """Runs the commands of `jobs` ([(name, stamp, command)]) whose stamp is not in the cache. Returns the failed names."""
    folder = cache_folder(tool)
    todo = [job for job in jobs if not (folder / job[1]).exists()]
    print(f"{tool}: {len(jobs)} files, {len(jobs) - len(todo)} known to be clean, {len(todo)} to check", flush=True)

    def run(job):
        return job, subprocess.run(job[2], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)

    failed = []
    with concurrent.futures.ThreadPoolExecutor(workers or int(os.environ.get("DEV_JOBS", 0)) or os.cpu_count() or 1) as pool:
        for done, ((name, stamp, _), result) in enumerate(pool.map(run, todo), 1):
            if result.returncode == 0:
                (folder / stamp).touch()
            else:
                failed.append(name)
                print(result.stdout + "\n".join(l for l in result.stderr.splitlines() if "warnings generated" not in l))
            if done % 10 == 0:
                print(f"{tool}: {done} of {len(todo)}", flush=True)
    print(f"{tool}: " + (f"failed: {' '.join(failed)}" if failed else "clean"), flush=True)
    return failed


if __name__ == "__main__":
    sys.exit("stamps.py is a module of the lint scripts; run ./dev lint")
