#include "routing/past_view.hpp"

#include "triaged/base/counted.hpp"
#include "triaged/base/decimals.hpp"

namespace triaged::routing {

PastView look_at_past(const PastPrompts& past, const Features& features) {
  PastView view;
  if (features.images + features.audios + features.files + features.tool_results > 0) return view;
  view.neighbours = past.find(features.task_text);
  return view;
}

std::vector<PastOffer> past_offers(const PastView& view, const PastPrompts& past, const UsableTargets& usable,
                                   const PriceCeiling& price, std::size_t ceiling) {
  std::vector<PastOffer> offers;
  if (view.neighbours.empty()) return offers;
  offers.reserve(ceiling + 1);
  for (std::size_t tier = 0; tier <= ceiling; ++tier) {
    const std::optional<std::size_t> target = first_within(price, usable, tier);
    const Evidence evidence = target ? evidence_of(view.neighbours, *target, past.least_similarity()) : Evidence();
    offers.push_back({evidence, target.has_value()});
  }
  return offers;
}

std::string sentence_of(const PastView& view, const std::string& tier_name) {
  std::string sentence =
      tier_name + " surely did as well on " + counted(view.choice->count, "past prompt") + " like it (nearest ";
  append_two_decimals(sentence, view.neighbours.front().similarity);
  sentence += ", good at least ";
  append_two_decimals(sentence, view.choice->lower);
  sentence += " where ";
  append_two_decimals(sentence, view.choice->needed);
  sentence += " was needed)";
  return sentence;
}

}  // namespace triaged::routing
