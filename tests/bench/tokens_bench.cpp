// What an estimate of tokens costs: by kind of text, whole and sampled.
#include "triaged/base/tokens.hpp"

#include <benchmark/benchmark.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace triaged {
namespace {

std::string repeated(std::string_view part, std::size_t bytes) {
  std::string text;
  while (text.size() + part.size() <= bytes) text += part;
  return text;
}

void estimate(benchmark::State& state, std::string_view part) {
  const std::string text = repeated(part, static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(estimate_tokens(text, Tokenizer::o200k));
  state.SetBytesProcessed(static_cast<std::int64_t>(text.size()) * static_cast<std::int64_t>(state.iterations()));
}

constexpr std::string_view english =
    "The committee heard the report on the bridge and asked for three further offers. ";
constexpr std::string_view code = "    if (value % 2 == 0) {\n      ++found[index + 1];  // even\n    }\n";
constexpr std::string_view chinese = "市议会周二投票决定将电车线路延伸到港口，此前关于费用的争论持续了两年。";

BENCHMARK_CAPTURE(estimate, english, english)->Arg(1024)->Arg(4096)->Arg(1 << 20);
BENCHMARK_CAPTURE(estimate, code, code)->Arg(4096);
BENCHMARK_CAPTURE(estimate, chinese, chinese)->Arg(4096);

}  // namespace
}  // namespace triaged
