#include "triaged/base/tokens.hpp"

#include "base/utf8.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <string>
#include <string_view>

namespace triaged {
namespace {

std::array<Tokenizer, tokenizer_count> all_tokenizers() {
  std::array<Tokenizer, tokenizer_count> all{};
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<Tokenizer>(i);
  return all;
}

struct Known {
  const char* what;
  std::string_view text;
  std::array<std::int64_t, tokenizer_count> tokens;  // counted by the real tokenizers, in the order of Tokenizer
};

// None of these is among the texts that the weights were fitted to.
const std::array known_texts{
    Known{"English",
          "The council voted on Tuesday to extend the tram line to the harbour, after two years of debate "
          "about the cost. Opponents said that the money would be better spent on buses, while supporters "
          "pointed to the growing number of people who work near the docks. The first trams are expected "
          "to run in the spring, provided that the bridge over the canal can be widened in time.",
          {77, 76, 79, 104, 75, 76, 76, 77, 77}},
    Known{"German",
          "Der Stadtrat hat am Dienstag beschlossen, die Straßenbahn bis zum Hafen zu verlängern. Die "
          "Gegner hätten das Geld lieber für Busse ausgegeben, die Befürworter verwiesen auf die wachsende "
          "Zahl der Menschen, die in der Nähe der Kais arbeiten.",
          {54, 71, 84, 117, 56, 70, 69, 54, 65}},
    Known{"French",
          "Le conseil municipal a décidé mardi de prolonger la ligne de tramway jusqu'au port, après "
          "deux ans de débats sur le coût. Les opposants auraient préféré que l'argent soit dépensé pour "
          "des bus, tandis que les partisans rappellent que de plus en plus de gens travaillent près "
          "des quais.",
          {62, 79, 81, 109, 64, 79, 76, 61, 74}},
    Known{"Russian",
          "Городской совет во вторник решил продлить трамвайную линию до порта после двух лет споров "
          "о стоимости. Противники предпочли бы потратить деньги на автобусы, а сторонники напоминают, "
          "что всё больше людей работает рядом с причалами.",
          {57, 102, 85, 85, 55, 65, 69, 61, 65}},
    Known{"Arabic",
          "قرر المجلس البلدي يوم الثلاثاء تمديد خط الترام إلى الميناء بعد عامين من النقاش حول التكلفة. "
          "وكان المعارضون يفضلون إنفاق المال على الحافلات.",
          {40, 86, 83, 83, 44, 48, 41, 42, 49}},
    Known{"Hindi",
          "नगर परिषद ने मंगलवार को ट्राम लाइन को बंदरगाह तक बढ़ाने का निर्णय लिया। विरोधियों का कहना "
          "था कि यह पैसा बसों पर खर्च करना बेहतर होता।",
          {36, 133, 90, 90, 32, 67, 122, 49, 81}},
    Known{"Chinese",
          "市议会周二投票决定将电车线路延伸到港口，此前关于费用的争论持续了两年。反对者认为这笔钱用在公共汽车上会更好，"
          "而支持者则指出在码头附近工作的人越来越多。",
          {58, 86, 80, 79, 53, 62, 47, 69, 43}},
    Known{"Japanese",
          "市議会は火曜日、費用をめぐる二年間の議論の末、路面電車の路線を港まで延長することを決めた。反対派は、その資金"
          "をバスに使うほうがよいと主張した。",
          {63, 90, 69, 68, 46, 60, 57, 59, 55}},
    Known{"Korean",
          "시의회는 화요일에 비용에 대한 2년간의 논쟁 끝에 전차 노선을 항구까지 연장하기로 결정했다. 반대자들은 그 "
          "돈을 버스에 쓰는 편이 낫다고 말했다.",
          {52, 85, 89, 88, 50, 53, 65, 44, 56}},
    Known{"code",
          "#include <vector>\n"
          "\n"
          "std::size_t count_even(const std::vector<int>& values) {\n"
          "  std::size_t found = 0;\n"
          "  for (const int value : values) {\n"
          "    if (value % 2 == 0) ++found;\n"
          "  }\n"
          "  return found;\n"
          "}\n"
          "\n"
          "int main() {\n"
          "  const std::vector<int> numbers{1, 2, 3, 4};\n"
          "  return count_even(numbers) == 2 ? 0 : 1;\n"
          "}\n",
          {101, 101, 125, 134, 122, 101, 101, 104, 103}},
    Known{"JSON",
          "{\n"
          "  \"id\": 4711,\n"
          "  \"name\": \"Ada Lovelace\",\n"
          "  \"active\": true,\n"
          "  \"address\": {\"street\": \"12 St James's Square\", \"city\": \"London\", \"zip\": \"SW1Y "
          "4LE\"},\n"
          "  \"tags\": [\"mathematics\", \"engines\", \"poetry\"],\n"
          "  \"balance\": -12.75\n"
          "}\n",
          {83, 82, 88, 107, 92, 82, 87, 89, 82}},
    Known{"numbers",
          "2026-01-14,128,34.50,7\n"
          "2026-01-15,96,1250.00,12\n"
          "2026-01-16,4,99.95,3\n"
          "2026-01-17,77031,0.25,1\n"
          "2026-01-18,512,64.00,9\n",
          {77, 77, 77, 76, 116, 77, 116, 116, 77}},
    Known{
        "base64",
        "U29tZSBieXRlcyB0aGF0IGFyZSBubyB0ZXh0IGF0IGFsbCwgYnV0IHdlcmUgc2VudCBhcyBpZiB0aGV5IHdlcmU6IDB4OGYgMHgzYSAweGNj",
        {71, 75, 98, 104, 73, 75, 76, 83, 74}},
    Known{"links",
          "https://www.example.com/library/books?author=lovelace&year=1843\n"
          "https://docs.example.org/en/latest/install/linux.html#from-source\n",
          {32, 32, 44, 48, 47, 32, 34, 36, 37}},
    Known{"indentation",
          "a:\n"
          "    b:\n"
          "        c: 1\n"
          "        d: 2\n"
          "    e:\n"
          "        f:\n"
          "            - g\n"
          "            - h\n"
          "\n"
          "\n"
          "\n"
          "i:    j\n"
          "k:    l\n"
          "\t\tm\n"
          "\t\tn\n",
          {47, 47, 50, 50, 51, 47, 47, 47, 47}},
};

double error_of(const Known& known, Tokenizer tokenizer) {
  const auto real = static_cast<double>(known.tokens[static_cast<std::size_t>(tokenizer)]);
  return std::abs(static_cast<double>(estimate_tokens(known.text, tokenizer)) - real) / real;
}

TEST(TokenEstimate, IsWithinAQuarterOfWhatEachTokenizerCounts) {
  for (const Known& known : known_texts) {
    for (const Tokenizer tokenizer : all_tokenizers()) {
      EXPECT_LT(error_of(known, tokenizer), 0.25)
          << known.what << " by " << name(tokenizer) << ": " << estimate_tokens(known.text, tokenizer) << " for "
          << known.tokens[static_cast<std::size_t>(tokenizer)];
    }
  }
}

TEST(TokenEstimate, IsOnAverageWithinAnEighthForEachTokenizer) {
  for (const Tokenizer tokenizer : all_tokenizers()) {
    const double sum =
        std::accumulate(known_texts.begin(), known_texts.end(), 0.0,
                        [tokenizer](double so_far, const Known& known) { return so_far + error_of(known, tokenizer); });
    EXPECT_LT(sum / static_cast<double>(known_texts.size()), 0.125) << name(tokenizer);
  }
}

TEST(TokenEstimate, IsZeroForNothingOnly) {
  for (const Tokenizer tokenizer : all_tokenizers()) {
    EXPECT_EQ(estimate_tokens("", tokenizer), 0);
    for (unsigned byte = 0; byte < 256; ++byte) {
      EXPECT_GE(estimate_tokens(std::string(1, static_cast<char>(byte)), tokenizer), 1) << byte;
    }
  }
}

TEST(TokenEstimate, NeverShrinksWhenCharactersAreAdded) {
  std::string text;
  std::array<std::int64_t, tokenizer_count> before{};
  for (const Known& known : known_texts) {
    for (std::size_t at = 0; at < known.text.size(); ++at) {
      text += known.text[at];
      if (utf8_continues(known.text, at + 1)) continue;
      for (const Tokenizer tokenizer : all_tokenizers()) {
        const std::int64_t now = estimate_tokens(text, tokenizer);
        ASSERT_GE(now, before[static_cast<std::size_t>(tokenizer)]) << name(tokenizer) << " of " << text;
        before[static_cast<std::size_t>(tokenizer)] = now;
      }
    }
  }
}

TEST(TokenEstimate, OfPartsAddsUpToThatOfTheWhole) {
  const std::string_view text = known_texts.front().text;
  const std::size_t middle = text.find(' ', text.size() / 2);
  TextCounts parts = count_text(text.substr(0, middle));
  parts += count_text(text.substr(middle));

  for (const Tokenizer tokenizer : all_tokenizers()) {
    EXPECT_EQ(estimate_tokens(parts, tokenizer), estimate_tokens(text, tokenizer)) << name(tokenizer);
  }
}

TEST(TokenEstimate, GrowsInProportionWhereATextIsOnlySampled) {
  for (const Known& known : known_texts) {
    const std::string once = std::string(known.text) + "\n";
    std::string many;
    while (many.size() < 20 * counted_whole) many += once;
    const auto times = static_cast<double>(many.size()) / static_cast<double>(once.size());
    for (const Tokenizer tokenizer : all_tokenizers()) {
      const auto whole = static_cast<double>(estimate_tokens(once, tokenizer)) * times;
      EXPECT_NEAR(static_cast<double>(estimate_tokens(many, tokenizer)) / whole, 1, 0.06)
          << known.what << " by " << name(tokenizer);
    }
  }
}

TEST(TokenEstimate, TakesAnyBytes) {
  std::string bytes;
  for (int i = 0; i < 20'000; ++i) bytes += static_cast<char>((i * 37) % 256);
  for (const Tokenizer tokenizer : all_tokenizers()) {
    EXPECT_GT(estimate_tokens(bytes, tokenizer), 0);
    EXPECT_GT(estimate_tokens(std::string(1U << 20U, '\x80'), tokenizer), 0);
    EXPECT_GT(estimate_tokens(std::string(1U << 20U, 'a'), tokenizer), 0);
    EXPECT_GT(estimate_tokens("\xF0\x9F\x98", tokenizer), 0) << "cut inside of a character";
  }
}

TEST(TokenizerOf, KnowsModelsByTheirNamesWhereverTheyAreServed) {
  struct Row {
    std::string_view model;
    Tokenizer tokenizer;
  };
  for (const auto& [model, tokenizer] : {
           Row{"gpt-5-mini", Tokenizer::o200k},
           Row{"gpt-4o-2024-08-06", Tokenizer::o200k},
           Row{"gpt-4.1", Tokenizer::o200k},
           Row{"openai/gpt-oss-120b", Tokenizer::o200k},
           Row{"o3", Tokenizer::o200k},
           Row{"openai/o4-mini", Tokenizer::o200k},
           Row{"gpt-4-turbo", Tokenizer::cl100k},
           Row{"gpt-35-turbo", Tokenizer::cl100k},
           Row{"text-embedding-3-small", Tokenizer::cl100k},
           Row{"claude-3-5-sonnet-20241022", Tokenizer::claude},
           Row{"us.anthropic.claude-sonnet-4-5-20250929-v1:0", Tokenizer::claude},
           Row{"claude-opus-4-6", Tokenizer::claude},
           Row{"claude-opus-4-7", Tokenizer::claude_4_7},
           Row{"anthropic/claude-opus-4.8", Tokenizer::claude_4_7},
           Row{"claude-sonnet-5", Tokenizer::claude_4_7},
           Row{"claude-next", Tokenizer::claude_4_7},
           Row{"models/gemini-2.5-flash", Tokenizer::gemini},
           Row{"google/gemma-3-27b-it", Tokenizer::gemini},
           Row{"meta-llama/Llama-3.3-70B-Instruct", Tokenizer::llama},
           Row{"deepseek-r1-distill-llama-70b", Tokenizer::llama},
           Row{"Qwen/Qwen3-32B", Tokenizer::qwen},
           Row{"mistral-small-latest", Tokenizer::mistral},
           Row{"open-mixtral-8x22b", Tokenizer::mistral},
           Row{"deepseek-chat", Tokenizer::deepseek},
       }) {
    EXPECT_EQ(tokenizer_of(model), tokenizer) << model;
  }
}

TEST(TokenizerOf, SaysNothingAboutNamesThatSayNothing) {
  for (const std::string_view model : {"", "prod-chat", "o", "okapi-1", "kimi-k2"})
    EXPECT_EQ(tokenizer_of(model), std::nullopt) << model;
}

}  // namespace
}  // namespace triaged
