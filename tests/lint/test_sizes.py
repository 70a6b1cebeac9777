"""sizes.py: counts functions right and fails only over the hard limits."""
import unittest

import sizes

BODY = "  step();\n"


def function(head, lines):
    return head + " {\n" + BODY * (lines - 2) + "}\n"


class Sizes(unittest.TestCase):
    def test_fails_over_600_lines_only(self):
        self.assertEqual(sizes.check_text("a.cpp", "\n" * 600)[0], [])
        self.assertEqual(len(sizes.check_text("a.cpp", "\n" * 601)[0]), 1)
        self.assertEqual(len(sizes.check_text("a.py", "\n" * 601)[0]), 1)

    def test_fails_functions_over_80_lines_only(self):
        heads = ["void f()", "int A::f(int x) const noexcept", "auto f() -> std::vector<int>", "TEST(Suite, Name)",
                 "template <class T>\nT f(T t)", "A::A(int x) : x_(x)", "A::A(int x) : y_(2), x_{x}",
                 "Task<Result<int>> f(std::string s)"]
        for head in heads:
            with self.subTest(head):
                self.assertEqual(sizes.check_text("a.cpp", function(head, 80))[0], [])
                self.assertEqual(len(sizes.check_text("a.cpp", function(head, 81))[0]), 1)

    def test_counts_methods_inside_classes_and_namespaces_alone(self):
        text = "namespace a {\nclass B final : public C {\n" + function("  void f()", 50) + function("  void g()", 50) + "};\n}\n"
        self.assertEqual([(n, length) for n, _, length in sizes.functions(text)], [("f", 50), ("g", 50)])
        self.assertEqual(sizes.check_text("a.hpp", text)[0], [])

    def test_counts_what_is_inside_a_function_with_it(self):
        text = function("void f()", 20).replace(BODY, "  if (x) {\n    auto l = [] { return Agg{1}; };\n  }\n", 1)
        self.assertEqual([(n, length) for n, _, length in sizes.functions(text)], [("f", 22)])

    def test_does_not_take_tables_for_functions(self):
        table = "constexpr std::array<int, 100> table{\n" + "  1,\n" * 100 + "};\n"
        self.assertEqual(sizes.functions(table), [])

    def test_remarks_on_what_is_unusual(self):
        self.assertEqual(len(sizes.check_text("a.cpp", function("void f()", 41))[1]), 1)
        self.assertEqual(len(sizes.check_text("a.cpp", "\n" * 301)[1]), 1)


if __name__ == "__main__":
    unittest.main()
