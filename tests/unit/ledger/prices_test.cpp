#include "triaged/ledger/prices.hpp"

#include "ledger/price_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace triaged::ledger {
namespace {

using ::testing::HasSubstr;

PriceBook book(std::string_view yaml) {
  auto parsed = PriceBook::parse(yaml);
  EXPECT_TRUE(parsed) << parsed.error().detail;
  return parsed ? *parsed : PriceBook();
}

constexpr std::string_view small = R"(
date: 2026-01-02
providers:
  anthropic:
    source: https://example.com/a
    models:
      claude-x: {input: 3, cached_input: 0.3, cache_write: 3.75, cache_write_1h: 6, output: 15, also: [claude-x-0]}
      claude-x-20250101: {input: 4, output: 16}
  google:
    source: https://example.com/g
    date: 2026-03-04
    aliases: [gemini]
    models:
      flash: {input: 0.075, output: 0.3, context_window: 1000000, per_request: 0.001}
      pro: {input: 1, audio_input: 2, output: 8, reasoning: 9,
            long_context: {above: 1000, input: 2, audio_input: 4, output: 12, reasoning: 13},
            source: https://example.com/p}
  reseller:
    source: https://example.com/r
    models:
      flash: {input: 9, output: 9}
      maker/open: {input: 1, output: 1}
)";

TEST(ParsePrice, ReadsDecimalsExactly) {
  EXPECT_EQ(parse_price("0"), 0);
  EXPECT_EQ(parse_price("3"), 3'000'000'000);
  EXPECT_EQ(parse_price("0.0375"), 37'500'000);
  EXPECT_EQ(parse_price("0.000001"), 1'000);
  EXPECT_EQ(parse_price("0.10"), parse_price("0.1"));
  EXPECT_EQ(parse_price("9999999.999999"), 9'999'999'999'999'000);
}

TEST(ParsePrice, RefusesWhatIsNoPlainDecimal) {
  for (const char* text : {"", ".", ".5", "5.", "-1", "+1", "1e3", "1,5", "1_000", "0x10", " 1", "1 ", "nan", "inf",
                           "~", "0.0000001", "10000000", "1.2.3"}) {
    EXPECT_EQ(parse_price(text), std::nullopt) << text;
  }
}

TEST(ValidDate, KnowsTheCalendar) {
  EXPECT_TRUE(valid_date("2024-02-29"));
  for (const char* text : {"2025-02-29", "2025-13-01", "2025-1-1", "01-01-2025", "", "2025/01/01"}) {
    EXPECT_FALSE(valid_date(text)) << text;
  }
}

TEST(PriceBook, GivesClassesThatAreNotPricedApartThePriceOfTheirPlainClass) {
  const PriceBook prices = book(small);
  const Price* flash = prices.find("google", "flash");
  ASSERT_NE(flash, nullptr);
  EXPECT_EQ(flash->rates.input, 75'000'000);
  EXPECT_EQ(flash->rates.cached_input, 75'000'000);
  EXPECT_EQ(flash->rates.cache_write_5m, 75'000'000);
  EXPECT_EQ(flash->rates.cache_write_1h, 75'000'000);
  EXPECT_EQ(flash->rates.audio_input, 75'000'000);
  EXPECT_EQ(flash->rates.reasoning, 300'000'000);
  EXPECT_EQ(flash->rates.audio_output, 300'000'000);
  EXPECT_EQ(flash->per_request, 1'000'000);
  EXPECT_EQ(flash->context_window, 1'000'000);
  EXPECT_EQ(flash->date, "2026-03-04");
  EXPECT_EQ(flash->source, "https://example.com/g");
  const Price* pro = prices.find("google", "pro");
  ASSERT_NE(pro, nullptr);
  EXPECT_EQ(pro->source, "https://example.com/p");
  EXPECT_EQ(pro->long_context_above, 1'000);
  EXPECT_EQ(pro->long_context.cached_input, 2'000'000'000);
  EXPECT_EQ(pro->long_context.reasoning, 13'000'000'000);
  const Price* claude = prices.find("anthropic", "claude-x");
  ASSERT_NE(claude, nullptr);
  EXPECT_EQ(claude->rates.cache_write_1h, 6'000'000'000);
  EXPECT_EQ(claude->date, "2026-01-02");
}

TEST(PriceBook, FindsNames) {
  const PriceBook prices = book(small);
  const struct {
    const char* provider;
    const char* model;
    const char* row;  // "" is none
  } cases[] = {
      {"anthropic", "claude-x", "claude-x"},
      {"anthropic", "claude-x-0", "claude-x"},
      {"anthropic", "claude-x-20250101", "claude-x-20250101"},  // exact before shortened
      {"anthropic", "claude-x-20250102", "claude-x"},
      {"anthropic", "claude-x-2025-01-02", "claude-x"},
      {"anthropic", "claude-x-latest", "claude-x"},
      {"anthropic", "claude-x@20250102", "claude-x"},
      {"anthropic", "claude-x-001", "claude-x"},
      {"anthropic", "claude-x+slow", "claude-x"},
      {"anthropic", "claude-x-2025-01-02-latest", "claude-x"},
      {"anthropic", "claude-x-1234", ""},
      {"anthropic", "claude-x-mini", ""},
      {"anthropic", "claude", ""},
      {"anthropic", "-latest", ""},
      {"anthropic", "@001", ""},
      {"anthropic", "", ""},
      {"gemini", "flash", "flash"},
      {"openrouter", "anthropic/claude-x", "claude-x"},
      {"openrouter", "gemini/flash-001", "flash"},
      {"openrouter", "/flash", ""},
      {"openrouter", "nobody/flash", ""},
      {"openrouter", "claude-x", ""},
      {"reseller", "maker/open-latest", "maker/open"},
  };
  for (const auto& item : cases) {
    const Price* found = prices.find(item.provider, item.model);
    EXPECT_EQ(found == nullptr ? "" : found->model, item.row) << item.provider << " " << item.model;
  }
}

TEST(PriceBook, FindsTheMakerBeforeAReseller) {
  const PriceBook prices = book(small);
  ASSERT_NE(prices.find_any("flash"), nullptr);
  EXPECT_EQ(prices.find_any("flash")->provider, "google");
  EXPECT_EQ(prices.find_any("reseller/flash")->provider, "reseller");
  EXPECT_EQ(prices.find_any("maker/open")->provider, "reseller");
  EXPECT_EQ(prices.find_any("anthropic/claude-x-latest")->model, "claude-x");
  EXPECT_EQ(prices.find_any("gpt-unheard-of"), nullptr);
}

TEST(PriceBook, LooksUpHostileNamesWithoutHarm) {
  const PriceBook prices = book(small);
  EXPECT_EQ(prices.find("google", std::string(1'000'000, '/')), nullptr);
  EXPECT_EQ(prices.find("google", std::string(1'000'000, '+')), nullptr);
  std::string versions = "flash";
  for (int i = 0; i < 50; ++i) versions += "-latest";
  EXPECT_EQ(prices.find("google", versions), nullptr);
  EXPECT_EQ(prices.find_any(std::string(1'000, 'x')), nullptr);
}

TEST(PriceBook, TellsEveryProblemWithItsLine) {
  const auto parsed = PriceBook::parse(R"(date: 2026-02-30
providers:
  one:
    source: https://example.com
    date: 2026-01-01
    models:
      a: {input: -1, output: 1}
      b: {input: 0.0000001, output: 1}
      c: {imput: 1, input: 1, output: 1}
      d: {input: 1}
      e: {input: 1, output: 1}
      e: {input: 2, output: 2}
      f: {input: 1, output: 1, also: [a]}
      g: {input: 1, cached_input: 1, output: 1, long_context: {above: 0, input: 2, output: 2}}
      h: {input: [1], output: 1, context_window: many}
      i: 5
      j: {input: 1, output: 1, long_context: {input: 1, output: 1, reasoning: 2}}
  two:
    aliases: [one]
    models:
      k: {input: 1, output: 1}
  three: {source: https://example.com}
)");
  ASSERT_FALSE(parsed);
  const std::string detail = parsed.error().detail;
  for (const char* line :
       {"the price file has 18 problems:", "line 1: the price file: '2026-02-30' is not a date: write YYYY-MM-DD",
        "line 7: one.a.input: '-1' is not a price: dollars, not negative, at most six decimals, as in 0.0375",
        "line 8: one.b.input: '0.0000001' is not a price", "line 9: one.c: unknown key 'imput': did you mean 'input'?",
        "line 10: one.d: has no 'output': a free class", "line 12: one.models: 'e' is there twice: remove one",
        "line 13: one.f.also: 'a' is taken already",
        "line 14: one.g.long_context: 'cached_input' is missing: the row lists it",
        "line 14: one.g.long_context.above: must be a count of tokens above zero",
        "line 15: one.h.input: this is not a price", "line 15: one.h.context_window: must be a count of tokens",
        "line 16: one.i: must be a map", "line 17: one.j.long_context: 'reasoning' is not in the row",
        "line 17: one.j.long_context: has no 'above'", "line 19: two.aliases: 'one' is taken already",
        "line 21: two.k: has no source", "line 21: two.k: has no date", "line 22: three: has no 'models'"}) {
    EXPECT_THAT(detail, HasSubstr(line));
  }
}

TEST(PriceBook, RefusesWhatIsNoPriceFile) {
  const struct {
    const char* yaml;
    const char* said;
  } cases[] = {
      {"", "must be a map"},
      {"[1, 2]", "must be a map"},
      {"date: 2026-01-01", "has no 'providers'"},
      {"providers: {a: [", "is not YAML: line 1"},
      {"prices: {}\nproviders: {}", "line 1: the price file: unknown key 'prices'"},
      {"providers: {[1]: {}}", "has a key that is not a name"},
      {"providers: {a: {source: [], date: 2026-01-01, models: {m: {input: 1, output: 1, also: b}}}}",
       "a list of names"},
      {"providers: {a: {source: x, date: 2026-01-01, models: {m: {input: 1, output: 1, also: [[]]}}}}",
       "a list of names"},
      {"providers: {a: {source: [], date: 2026-01-01, models: {m: {input: 1, output: 1}}}}",
       "a.source: must be a text"},
  };
  for (const auto& item : cases) {
    const auto parsed = PriceBook::parse(item.yaml);
    ASSERT_FALSE(parsed) << item.yaml;
    EXPECT_THAT(parsed.error().detail, HasSubstr(item.said)) << item.yaml;
  }
}

TEST(BuiltInPrices, AreReadableAndPlausible) {
  const PriceBook& prices = PriceBook::built_in();
  EXPECT_GE(prices.rows().size(), 60U);
  for (const Price& price : prices.rows()) {
    SCOPED_TRACE(price.provider + "/" + price.model);
    EXPECT_EQ(prices.find(price.provider, price.model), &price);
    EXPECT_TRUE(price.source.starts_with("https://"));
    EXPECT_LE(price.rates.cached_input, price.rates.input);
    EXPECT_GE(price.rates.cache_write_1h, price.rates.cache_write_5m);
    if (price.long_context_above == 0) continue;
    EXPECT_GE(price.long_context.input, price.rates.input);
    EXPECT_GE(price.long_context.output, price.rates.output);
  }
  for (const auto& [provider, model] :
       std::vector<std::pair<const char*, const char*>>{{"openai", "gpt-4o-mini"},
                                                        {"openai", "gpt-4o-2024-08-06"},
                                                        {"anthropic", "claude-sonnet-4-20250514"},
                                                        {"anthropic", "claude-3-5-haiku-latest"},
                                                        {"google", "gemini-2.5-flash"},
                                                        {"gemini", "gemini-2.5-flash"},
                                                        {"mistral", "mistral-small-latest"},
                                                        {"deepseek", "deepseek-chat"},
                                                        {"xai", "grok-3-mini"},
                                                        {"groq", "llama-3.1-8b-instant"},
                                                        {"together", "meta-llama/Llama-3.3-70B-Instruct-Turbo"},
                                                        {"fireworks", "accounts/fireworks/models/gpt-oss-20b"},
                                                        {"simulated", "simulated-light"},
                                                        {"openrouter", "anthropic/claude-haiku-4.5"}}) {
    EXPECT_NE(prices.find(provider, model), nullptr) << provider << " " << model;
  }
  EXPECT_EQ(prices.find("openai", "gpt-4o-2024-05-13")->rates.input, 5'000'000'000);
  EXPECT_EQ(prices.find_any("gpt-4o")->provider, "openai");
}

Price plain_price() {
  Price price;
  price.rates = {1'000'000'000, 100'000'000,   1'250'000'000, 2'000'000'000,
                 3'000'000'000, 4'000'000'000, 5'000'000'000, 6'000'000'000};
  return price;
}

chat::Usage usage(std::int64_t input, std::int64_t output) {
  chat::Usage result;
  result.input = input;
  result.output = output;
  result.certainty = chat::Certainty::exact;
  return result;
}

TEST(Cost, PricesEachClassApart) {
  const Price price = plain_price();
  const chat::Usage all{1, 10, 100, 1'000, 10'000, 100'000, 1'000'000, 10'000'000, chat::Certainty::estimated};
  // Dollars per million are thousands of nano-dollars per token times the count.
  EXPECT_EQ(cost_of(price, all), NanoDollars(1'000 + 1'000 + 125'000 + 2'000'000 + 30'000'000 + 400'000'000 +
                                             5'000'000'000 + 60'000'000'000));
}

TEST(Cost, OfUnknownUsageIsUnknown) {
  chat::Usage unknown = usage(5, 5);
  unknown.certainty = chat::Certainty::unknown;
  EXPECT_EQ(cost_of(plain_price(), unknown), std::nullopt);
  EXPECT_EQ(cost_of(plain_price(), chat::Usage{}), std::nullopt);
}

TEST(Cost, OfFreeModelIsZeroAndNotUnknown) { EXPECT_EQ(cost_of(Price{}, usage(1'000, 1'000)), NanoDollars(0)); }

TEST(Cost, RoundsHalfUpOnceAtTheSum) {
  Price price;
  price.rates.input = 500'000;  // half a nano-dollar a token
  price.rates.output = 499'999;
  EXPECT_EQ(cost_of(price, usage(1, 0)), NanoDollars(1));
  EXPECT_EQ(cost_of(price, usage(0, 1)), NanoDollars(0));
  EXPECT_EQ(cost_of(price, usage(2, 0)), NanoDollars(1));  // would be 2 if each token were rounded
  EXPECT_EQ(cost_of(price, usage(1, 1)), NanoDollars(1));
  EXPECT_EQ(cost_of(price, usage(3, 0)), NanoDollars(2));
}

TEST(Cost, AppliesLongContextRatesToTheWholeRequestAboveTheThreshold) {
  Price price = plain_price();
  price.long_context_above = 1'000;
  price.long_context = price.rates;
  price.long_context.input = 2'000'000'000;
  price.long_context.output = 8'000'000'000;
  EXPECT_EQ(cost_of(price, usage(1'000, 10)), NanoDollars(1'000 * 1'000 + 10 * 4'000));
  EXPECT_EQ(cost_of(price, usage(1'001, 10)), NanoDollars(1'001 * 2'000 + 10 * 8'000));
  chat::Usage cached = usage(1, 10);
  cached.cached_input = 1'000;  // the whole input counts, cached or not
  EXPECT_EQ(cost_of(price, cached), NanoDollars(2'000 + 1'000 * 100 + 10 * 8'000));
}

TEST(Cost, AddsThePriceOfTheRequest) {
  Price price;
  price.per_request = 5'000'000;
  EXPECT_EQ(cost_of(price, usage(0, 0)), NanoDollars(5'000'000));
}

TEST(Cost, BeyondReasonIsUnknownRatherThanWrong) {
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(cost_of(plain_price(), usage(most, most)), std::nullopt);
  EXPECT_EQ(cost_of(plain_price(), usage(-1, 1)), std::nullopt);
  Price price = plain_price();
  price.long_context_above = 1;
  chat::Usage huge = usage(most, 0);
  huge.cached_input = most;
  EXPECT_EQ(cost_of(price, huge), NanoDollars(0));  // no long-context rates set: free, but without overflow on the way
}

}  // namespace
}  // namespace triaged::ledger
