// Continuing a stream that broke after its beginning had gone to the client: what may be continued, and what the next
// target is asked.
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

  // The next events are another target's, which continues: they have no preamble of their own.
  void continues() { continued_ = true; }
  bool continued() const { return continued_; }
  const std::string& text() const { return text_; }
  bool only_text() const { return only_text_; }  // nothing but text (and thoughts) went through, and no finish reason

 private:
  EventWriter& to_;
  bool keep_;
  bool continued_ = false;
  bool only_text_ = true;
  std::string text_;
};

// One answer of plain text was asked for: another model can go on where the first one stopped.
bool can_be_continued(const chat::Request& request);

// The request with the answer's beginning behind its messages. `prefill`: the model continues an assistant message;
// else it is told in words. An empty beginning is the request as it was.
struct Continuation {
  chat::Request request;
  std::string body;
};
Continuation continue_answer(const chat::Request& request, std::string_view body, std::string_view beginning,
                             bool prefill);

}  // namespace triaged::dispatch
