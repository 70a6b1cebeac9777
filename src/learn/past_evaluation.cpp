#include "triaged/learn/past_evaluation.hpp"

#include "triaged/base/ids.hpp"

#include "learn/report_numbers.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace triaged::learn {

namespace {

using routing::Evidence;
using routing::PastPrompts;

constexpr std::size_t weak_target = 0;
constexpr std::size_t strong_target = 1;

// What the evidence adds to P(good) of a model of this strength, as it does in a decision.
double moved(const routing::Outlook& outlook, double strength, double prior_weight, const Evidence& evidence) {
  routing::TierEstimate estimate;
  estimate.good = outlook.good(strength);
  return with_evidence(estimate, prior_weight, evidence).good - estimate.good;
}

struct Looked {
  std::vector<double> scores;  // of the router with the neighbours
  std::vector<bool> sent;      // to the weak model, by the neighbours alone
  std::size_t near = 0;
  double evidence = 0;
};

Looked look(const PastTrial& trial, const PastPrompts& past) {
  Looked looked;
  for (std::size_t i = 0; i < trial.rows.size(); ++i) {
    const auto neighbours = past.find(trial.texts[trial.pairs[trial.rows[i]].example].text);
    const Evidence weak = evidence_of(neighbours, weak_target, past.least_similarity());
    const Evidence strong = evidence_of(neighbours, strong_target, past.least_similarity());
    const double weight = (weak.weight + strong.weight) / 2;
    const routing::Outlook& outlook = trial.outlooks[i];
    looked.scores.push_back(trial.scores[i] + moved(outlook, 1, trial.prior_weight, strong) -
                            moved(outlook, 0, trial.prior_weight, weak));
    const std::array offers{routing::PastOffer{weak, true}, routing::PastOffer{strong, true}};
    looked.sent.push_back(choose_by_past(offers, past.quality_floor()).has_value());
    looked.near += neighbours.empty() ? 0 : 1;
    looked.evidence += weight;
  }
  return looked;
}

std::vector<Routed> routed(const PastTrial& trial, std::span<const double> scores) {
  std::vector<Routed> found;
  for (std::size_t i = 0; i < trial.rows.size(); ++i) {
    const Pair& pair = trial.pairs[trial.rows[i]];
    found.push_back({scores[i], static_cast<double>(pair.strong), static_cast<double>(pair.weak)});
  }
  return found;
}

void deal_scores(std::vector<routing::PastPrompt>& past, std::uint64_t seed) {
  Random random(seed);
  for (std::size_t i = past.size(); i > 1; --i) {
    std::swap(past[i - 1].scores, past[static_cast<std::size_t>(random.unit() * static_cast<double>(i))].scores);
  }
}

}  // namespace

std::vector<std::size_t> weak_or_strong(std::string_view model, const std::vector<std::string>& strong,
                                        const std::vector<std::string>& weak) {
  std::vector<std::size_t> targets;
  if (std::find(weak.begin(), weak.end(), model) != weak.end()) targets.push_back(weak_target);
  if (std::find(strong.begin(), strong.end(), model) != strong.end()) targets.push_back(strong_target);
  return targets;
}

std::vector<routing::PastPrompt> without_texts(std::vector<routing::PastPrompt> past,
                                               std::span<const routing::PastPrompt> judged) {
  std::unordered_set<std::string_view> texts;
  for (const routing::PastPrompt& prompt : judged) texts.insert(prompt.text);
  std::erase_if(past, [&texts](const routing::PastPrompt& prompt) { return texts.count(prompt.text) > 0; });
  return past;
}

PastUse evaluate_past(const PastTrial& trial, const std::vector<routing::PastPrompt>& past,
                      const config::Past& settings, const std::shared_ptr<const routing::Embedder>& embedder) {
  PastUse use;
  const PastPrompts prompts(past, 2, settings, embedder);
  const Looked looked = look(trial, prompts);
  use.past = prompts.size();
  const auto rows = static_cast<double>(std::max<std::size_t>(1, trial.rows.size()));
  use.near = static_cast<double>(looked.near) / rows;
  use.evidence = looked.evidence / static_cast<double>(std::max<std::size_t>(1, looked.near));
  const std::vector<Routed> alone = routed(trial, trial.scores);
  const std::vector<Routed> with = routed(trial, looked.scores);
  use.alone = measure(alone).apgr;
  use.with = measure(with).apgr;
  use.difference = apgr_difference(with, alone, trial.seed);
  for (std::size_t i = 0; i < looked.sent.size(); ++i) {
    if (!looked.sent[i]) continue;
    ++use.sent;
    use.weak_there += with[i].weak;
    use.strong_there += with[i].strong;
  }
  const auto sent = static_cast<double>(std::max<std::size_t>(1, use.sent));
  use.weak_there /= sent;
  use.strong_there /= sent;
  std::vector<routing::PastPrompt> dealt = past;
  deal_scores(dealt, trial.seed);
  use.dealt = measure(routed(trial, look(trial, PastPrompts(dealt, 2, settings, embedder)).scores)).apgr;
  return use;
}

std::string past_json(const PastUse& use) {
  nlohmann::ordered_json out;
  out["past"] = use.past;
  out["near"] = rounded(use.near);
  out["evidence"] = rounded(use.evidence);
  out["apgr_alone"] = rounded(use.alone);
  out["apgr_with"] = rounded(use.with);
  out["difference_95"] = {rounded(use.difference.low), rounded(use.difference.high)};
  out["apgr_dealt"] = rounded(use.dealt);
  out["sent"] = use.sent;
  out["weak_there"] = rounded(use.weak_there);
  out["strong_there"] = rounded(use.strong_there);
  return out.dump(2) + "\n";
}

std::string past_text(const PastUse& use) {
  std::string out = "\n" + std::to_string(use.past) + " past prompts; " + percent(100 * use.near) +
                    " of the judged ones have a neighbour, worth " + fixed(use.evidence, 1) + " outcomes on average\n";
  out += "with past   " + fixed(use.with) + " APGR of the router with them; alone " + fixed(use.alone) +
         ", difference " + fixed(use.with - use.alone) + " (95 % " + fixed(use.difference.low) + " to " +
         fixed(use.difference.high) + ")\n";
  out += "dealt       " + fixed(use.dealt) + " with outcomes that belong to other past prompts\n";
  out += "semantic    sends " + std::to_string(use.sent) + " to the weak model";
  if (use.sent > 0) out += ": mean outcome there " + fixed(use.weak_there) + ", strong " + fixed(use.strong_there);
  return out + "\n";
}

}  // namespace triaged::learn
