"""banned.py: each entry flags its example and leaves its harmless line alone."""
import configparser
import unittest

import banned


class Banned(unittest.TestCase):
    def setUp(self):
        self.entries = banned.load()

    def test_each_entry_flags_its_example_only(self):
        for entry in self.entries:
            path = entry.folders[0] + "/chat/a.cpp"
            with self.subTest(entry.name):
                self.assertTrue(banned.check_text(path, entry.example + "\n", [entry]), entry.example)
                self.assertEqual(banned.check_text(path, entry.harmless + "\n", [entry]), [], entry.harmless)

    def test_each_entry_gives_a_reason(self):
        for entry in self.entries:
            self.assertGreater(len(entry.reason.split()), 4, entry.name)

    def test_does_not_look_into_comments_and_literals(self):
        text = '// std::cout\n/* new Thing */ log("std::cout and delete p", \'"\', R"(getenv("x"))");\n'
        self.assertEqual(banned.check_text("src/chat/a.cpp", text, self.entries), [])

    def test_raw_entries_do(self):
        self.assertEqual(len(banned.check_text("src/chat/a.cpp", "int x;\n// FIXME\n", self.entries)), 1)
        self.assertEqual(len(banned.check_text("dev", "# TODO\n", self.entries)), 1)

    def test_allowed_places_are_left_alone(self):
        self.assertEqual(banned.check_text("src/app/a.cpp", "std::cout << x;\n", self.entries), [])
        self.assertEqual(len(banned.check_text("src/chat/a.cpp", "std::cout << x;\n", self.entries)), 1)
        self.assertEqual(len(banned.check_text("src/application/a.cpp", "std::cout << x;\n", self.entries)), 1)

    def test_names_file_line_entry_and_reason(self):
        found = banned.check_text("src/chat/a.cpp", "\n\nstd::regex r;\n", self.entries)
        self.assertEqual(len(found), 1)
        self.assertTrue(found[0].startswith("src/chat/a.cpp:3: regex: it takes"), found[0])

    def test_an_entry_with_an_unknown_key_is_an_error(self):
        parser = configparser.ConfigParser()
        parser.read_string("[x]\npattern = a\nreason = b\nexample = c\nharmless = d\nwhere = e\n")
        with self.assertRaises(ValueError):
            banned.Entry("x", parser["x"])


if __name__ == "__main__":
    unittest.main()
