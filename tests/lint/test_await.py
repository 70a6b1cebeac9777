"""await.py: every form that crashes must be flagged, the usual harmless ones must not."""
import importlib
import unittest

lint = importlib.import_module("await")


def problems(statements, strict=True):
    return lint.check_text("Task<void> run(Client& client, std::string s) {\n" + statements + "\n}\n", strict)


CRASHING = {
    "aggregate by value": "co_await f(Agg{a, b});",
    "designated": "co_await f({.x = a});",
    "plain braces": "co_await f({a, b});",
    "template type": "co_await f(std::optional<Agg>{Agg{}});",
    "empty braces": "co_await f(Agg{});",
    "member call": "auto r = co_await client.send(Exchange{target, body});",
    "virtual call through a pointer": "auto r = co_await client->send(Exchange{target});",
    "in an if": "if (co_await f(Agg{a})) return_early();",
    "in a while": "while ((co_await f(Agg{a})).ok) step();",
    "in a for": "for (auto x = co_await f(Agg{a}); x; x = next(x)) step();",
    "make_unique": "co_await f(std::make_unique<Agg>(Agg{a}));",
    "variant": "co_await f(std::variant<int, Agg>(Agg{a}));",
    "array": "co_await f(std::array<std::string, 2>{a, b});",
    "member of a temporary": "co_await f(Agg{a}.member);",
    "channel": "co_await channel.async_send(ec, Agg{a}, token);",
    "in another argument": "g(co_await f(), Agg{a});",
    "before the await": "g(Agg{a}, co_await f());",
    "assigned": "value = combine(Agg{a}, co_await f());",
    "returned": "co_return Agg{co_await f()};",
    "vector of temporaries": "co_await f({T(a), T(b)});",
    "over many lines": "auto reply =\n    co_await client.send(\n        Exchange{\n            target});",
    "capture by value": "co_await f([s] { return s.size(); });",
    "capture all by value": "co_await f([=](int x) { return s.size() + x; });",
    "init capture": "co_await f([t = std::move(s)]() mutable { use(t); });",
    "copy of this": "co_await f([*this] { use(); });",
    "among references": "co_await f([&, s] { use(s); });",
    "as std::function": "co_await f(std::function<void()>([s] { use(s); }));",
    "co_spawn awaited": "co_await asio::co_spawn(ex, [s]() -> Task<void> { co_return; }, token);",
    "awaited at once": "co_await [s]() -> Task<void> { co_await g(s); }();",
    "trailing return": "co_await f([s](int a) -> std::vector<int> { return {a}; });",
}

HARMLESS = {
    "named first": "Agg agg{a};\nco_await f(std::move(agg));",
    "assigned first": "auto agg = Agg{a};\nco_await f(agg);",
    "constructor call": "co_await f(T(a));",
    "function by value": "co_await f(make(a));",
    "named object from an await": "const Agg agg{co_await f()};",
    "reference to an await": "Agg&& agg{co_await f()};",
    "capture by reference": "co_await f([&] { use(s); });",
    "one reference": "co_await f([&s](int) { use(s); });",
    "this": "co_await f([this] { use(); });",
    "no capture": "co_await f([](int x) { return x + 1; });",
    "named lambda": "auto work = [s] { use(s); };\nco_await f(work);",
    "co_return of an aggregate": "co_return Agg{a};",
    "structured binding": "auto [error, n] = co_await read(buffer, as_result);",
    "subscript": "co_await f(table[i]);",
    "body of an if": "if (co_await f()) {\n  g(Agg{a});\n}",
    "statement after a condition": "if (co_await f()) co_return Agg{a};",
    "condition before an await": "if (same(a, Agg{b})) co_await f();",
    "switch": "switch (co_await f()) {\n  case Kind::a: {\n    g(Agg{});\n    break;\n  }\n}",
    "range for": "for (const auto& x : Agg{a}.list) {\n  co_await f(x);\n}",
    "braces inside a lambda": "co_await f([&] { return g(Agg{a}); });",
    "text that looks like it": 'co_await f("Agg{a}", \'{\', R"(Agg{b})");  // Agg{c}',
    "a digit separator": "co_await f(1'000);\nauto x = Agg{1'000};",
    "no await at all": "g(Agg{a}, [s] { use(s); });",
}


class Await(unittest.TestCase):
    def test_flags_every_crashing_form(self):
        for name, text in CRASHING.items():
            with self.subTest(name):
                self.assertTrue(problems(text), text)

    def test_leaves_harmless_forms_alone(self):
        for name, text in HARMLESS.items():
            with self.subTest(name):
                self.assertEqual(problems(text), [], text)

    def test_names_the_line(self):
        self.assertEqual(problems("int x;\n\nco_await f(\n    Agg{a});")[0][0], 5)

    def test_flags_coroutine_lambdas_that_capture_even_when_nobody_awaits_there(self):
        for text in ("group.spawn([s]() -> Task<void> { co_await f(s); }());",
                     "auto task = [&]() -> Task<void> { co_return; };",
                     "auto task = [this] { if (x) { co_await f(); } };"):
            with self.subTest(text):
                self.assertTrue(problems(text), text)

    def test_allows_referring_coroutine_lambdas_in_tests_only(self):
        text = "run([&]() -> Task<void> { co_await f(s); });"
        self.assertEqual(problems(text, strict=False), [])
        self.assertTrue(problems("run([s]() -> Task<void> { co_await f(s); });", strict=False))

    def test_sees_past_classes_constructors_and_namespaces(self):
        text = """
namespace a::b {
enum class Kind : std::uint8_t { one, two };
template <class T>
struct Box final : Base<T> {
  explicit Box(T t) : value_{std::move(t)}, other_(Agg{}) { fill(Agg{}); }
  auto size() const -> std::size_t { return 1; }
  Task<int> next() override { co_return co_await f(Agg{1}); }
  T value_{};
};
constexpr std::array<int, 2> list{1, 2};
}
"""
        self.assertEqual([line for line, _ in lint.check_text(text)], [8])


if __name__ == "__main__":
    unittest.main()
