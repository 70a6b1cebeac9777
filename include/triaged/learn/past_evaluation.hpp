// What past prompts add to a router between a weak and a strong model, and what they choose alone.
#pragma once

#include "triaged/learn/outcome_data.hpp"
#include "triaged/learn/past_outcomes.hpp"
#include "triaged/learn/router_metrics.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace triaged::learn {

// The models are target 0 (weak) and 1 (strong) of the past prompts.
std::vector<std::size_t> weak_or_strong(std::string_view model, const std::vector<std::string>& strong,
                                        const std::vector<std::string>& weak);

// Without the texts that stand among `judged` as well.
std::vector<routing::PastPrompt> without_texts(std::vector<routing::PastPrompt> past,
                                               std::span<const routing::PastPrompt> judged);

struct PastUse {
  std::size_t past = 0;   // prompts to be near to
  double near = 0;        // share of the judged prompts that have a neighbour
  double evidence = 0;    // mean weight of theirs
  double alone = 0;       // APGR of the router without them
  double with = 0;        // and with them
  Interval difference;    // 95 %
  double dealt = 0;       // APGR with outcomes that belong to other past prompts
  std::size_t sent = 0;   // prompts that the strategy `semantic` sends to the weak model
  double weak_there = 0;  // mean outcomes of these
  double strong_there = 0;
};

struct PastTrial {
  const std::vector<Pair>& pairs;
  std::span<const std::size_t> rows;           // of `pairs`: those that are judged
  std::span<const double> scores;              // theirs, of the router alone
  std::span<const routing::Outlook> outlooks;  // theirs, of the same model
  std::span<const routing::PastPrompt> texts;  // by Pair::example: of the judged file, which is the first
  double prior_weight = 0;                     // outcomes that the router is worth: EstimateModel::prior_weight()
  std::uint64_t seed = 1;
};

PastUse evaluate_past(const PastTrial& trial, const std::vector<routing::PastPrompt>& past,
                      const config::Past& settings, const std::shared_ptr<const routing::Embedder>& embedder);
std::string past_json(const PastUse& use);
std::string past_text(const PastUse& use);

}  // namespace triaged::learn
