// Continuing a stream that broke after its beginning had gone to the client: what went through, and what may be
// continued.
#pragma once

#include "triaged/chat/request.hpp"
#include "triaged/dispatch/reply.hpp"

#include <string>
#include <string_view>

namespace triaged::dispatch {

// Stands between an answer and the client's reply; remembers the text that went through.
class Recorder final : public EventWriter {
 public:
  // `keep`: whether anything has to be remembered at all.
  Recorder(EventWriter& to, bool keep) : to_(to), keep_(keep) {}
  void event(const chat::Event& event) override;

  // The tokens' probabilities, which the client did not ask for, are taken out.
  void hide_probabilities() { hides_probabilities_ = true; }

  // The next events are another target's, which continues: they have no preamble of their own.
  void continues() { continued_ = true; }
  bool continued() const { return continued_; }
  const std::string& text() const { return text_; }
  bool only_text() const { return only_text_; }  // nothing but text (and thoughts) went through, and no finish reason

 private:
  EventWriter& to_;
  bool keep_;
  bool hides_probabilities_ = false;
  std::string hidden_from_;  // an event without them
  bool continued_ = false;
  bool only_text_ = true;
  std::string text_;
};

// One answer of plain text was asked for: another model can go on where the first one stopped.
bool can_be_continued(const chat::Request& request);

}  // namespace triaged::dispatch
