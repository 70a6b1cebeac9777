// What stands in the tables of cues_*.cpp as weights: where training starts from.
#include "triaged/routing/task_model.hpp"

#include "routing/cues.hpp"
#include "routing/evidence.hpp"

#include <array>
#include <cstddef>

namespace triaged::routing {

namespace {

template <std::size_t n>
void add(const std::array<Effect, n>& effects, std::size_t row, std::vector<float>& weights) {
  for (const Effect& effect : effects) {
    weights[row * task_type_count + static_cast<std::size_t>(effect.task)] += effect.weight;
  }
}

}  // namespace

std::vector<float> cue_weights() {
  const CueTable table;
  const std::vector<Cue>& cues = table.cues();
  std::vector<float> weights((cues.size() + signal_count) * task_type_count);
  for (std::size_t i = 0; i < cues.size(); ++i) add(cues[i].effects, i, weights);
  for (const SignalCue& cue : signal_cues())
    add(cue.effects, cues.size() + static_cast<std::size_t>(cue.signal), weights);
  return weights;
}

}  // namespace triaged::routing
