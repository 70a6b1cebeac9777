// A linear model over cues and signals with a softmax: what stands in the tables of cues_*.cpp, added up.
#include "triaged/routing/classifier.hpp"

#include "routing/cues.hpp"
#include "routing/evidence.hpp"
#include "routing/task_scores.hpp"

#include <cstddef>
#include <limits>

namespace triaged::routing {

namespace {

using Scores = Logits;

constexpr std::size_t index_of(TaskType task) { return static_cast<std::size_t>(task); }

template <std::size_t n>
void add(const std::array<Effect, n>& effects, float value, Scores& scores) {
  for (const Effect& effect : effects) scores[index_of(effect.task)] += value * effect.weight;
}

class RuleClassifier final : public Classifier {
 public:
  TaskScores classify(const chat::Request& request, const Features& features) const override {
    const Evidence evidence = table_.find(request, features);
    Scores scores{};
    const std::vector<Cue>& cues = table_.cues();
    for (std::size_t i = 0; i < cues.size(); ++i) {
      if (evidence.cues[i] > 0) add(cues[i].effects, evidence.cues[i], scores);
    }
    for (const SignalCue& cue : signal_cues()) {
      const float value = evidence.signals[static_cast<std::size_t>(cue.signal)];
      if (value > 0) add(cue.effects, value, scores);
    }
    // Words alone never make an agent: without tools there is nothing to act with.
    const bool has_tools = features.tools > 0 || features.assistant_called_tools || features.tool_results > 0;
    if (!has_tools) scores[index_of(TaskType::agent)] = -std::numeric_limits<float>::infinity();
    return softmax(scores);
  }

  std::string_view version() const override { return "rules-1"; }

 private:
  CueTable table_;
};

}  // namespace

std::unique_ptr<Classifier> make_rule_classifier() { return std::make_unique<RuleClassifier>(); }

}  // namespace triaged::routing
