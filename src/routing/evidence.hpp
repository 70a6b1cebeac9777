// How far each cue and each signal of the built-in classifier is present in a request, before any weights.
#pragma once

#include "triaged/chat/request.hpp"
#include "triaged/routing/features.hpp"

#include "routing/cues.hpp"
#include "routing/phrases.hpp"
#include "routing/words.hpp"

#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

namespace triaged::routing {

constexpr std::size_t most_cues = 96;

struct Evidence {
  std::array<float, most_cues> cues{};        // [0, 1], in the order of CueTable::cues()
  std::array<float, signal_count> signals{};  // [0, 1], by Signal
  bool found_system_words = false;            // the whole system message was scanned last
};

// All rows in one matcher. Immutable once built.
class CueTable {
 public:
  CueTable();

  const std::vector<Cue>& cues() const { return cues_; }
  // `words` are for its own use; what was scanned last is left in them.
  Evidence find(const chat::Request& request, const Features& features, Words& words) const;

 private:
  void add_words(const Words& words, float share, bool instructions_only, Evidence& evidence) const;

  std::vector<Cue> cues_;
  std::size_t instruction_cues_ = 0;  // those that a system message may state: the first ones
  Phrases phrases_;
  Phrases polite_;
};

}  // namespace triaged::routing
