"""stamps.py: a change of anything that matters makes a new stamp; a clean file is not checked twice."""
import contextlib
import io
import json
import os
import pathlib
import sys
import tempfile
import unittest

import stamps


class Stamps(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name).resolve()
        for name, text in {"src/a/a.cpp": '#include "triaged/a/a.hpp"\n#include <vector>\n',
                           "include/triaged/a/a.hpp": '#include "triaged/b/b.hpp"\n',
                           "include/triaged/b/b.hpp": '#include "triaged/a/a.hpp"\n',
                           "include/triaged/c/c.hpp": "int c;\n"}.items():
            (self.root / name).parent.mkdir(parents=True, exist_ok=True)
            (self.root / name).write_text(text)
        os.environ["TRIAGED_TIDY_CACHE"] = str(self.root / "cache")
        self.addCleanup(os.environ.pop, "TRIAGED_TIDY_CACHE")

    def stamp(self, *extra):
        return stamps.fingerprint(stamps.project_files(self.root / "src/a/a.cpp", self.root), *extra, root=self.root)

    def test_follows_includes_of_the_project_even_in_circles(self):
        names = [f.name for f in stamps.project_files(self.root / "src/a/a.cpp", self.root)]
        self.assertEqual(sorted(names), ["a.cpp", "a.hpp", "b.hpp"])

    def test_changes_with_an_included_header_and_with_the_flags_only(self):
        before = self.stamp(["-DX"])
        (self.root / "include/triaged/c/c.hpp").write_text("int d;\n")
        self.assertEqual(self.stamp(["-DX"]), before)
        self.assertNotEqual(self.stamp(["-DY"]), before)
        (self.root / "include/triaged/b/b.hpp").write_text("int b;\n")
        self.assertNotEqual(self.stamp(["-DX"]), before)

    def test_does_not_depend_on_where_the_clone_is(self):
        self.assertEqual(stamps.fingerprint([], f"-I{self.root}/include", root=self.root),
                         stamps.fingerprint([], "-I/elsewhere/include", root=pathlib.Path("/elsewhere")))

    def test_reads_the_flags_that_matter(self):
        (self.root / "compile_commands.json").write_text(json.dumps([{
            "directory": str(self.root), "file": "src/a/a.cpp",
            "command": "ccache g++ -DA=1 -Iinclude -isystem /usr/x -O1 -fsanitize=address -std=c++20 -include x.hxx -c src/a/a.cpp"}]))
        flags = stamps.compile_flags(self.root / "compile_commands.json")
        self.assertEqual(flags[str(self.root / "src/a/a.cpp")], ["-DA=1", "-Iinclude", "-isystem", "/usr/x", "-std=c++20"])

    def test_checks_a_clean_file_once_and_a_failed_one_again(self):
        count = self.root / "count"
        body = f"open({str(count)!r}, 'a').write('x'); raise SystemExit(int(open({str(self.root / 'exit')!r}).read()))"
        job = [("a.cpp", "stamp", [sys.executable, "-c", body])]
        for code, failed in (("1", ["a.cpp"]), ("0", []), ("1", [])):
            (self.root / "exit").write_text(code)
            with contextlib.redirect_stdout(io.StringIO()):
                self.assertEqual(stamps.run_all("tidy", job), failed)
        self.assertEqual(count.read_text(), "xx")


if __name__ == "__main__":
    unittest.main()
