// Asks a model what kind of task a request is, through a side call or from memory. One per worker and configuration.
#pragma once

#include "triaged/dispatch/dispatcher.hpp"
#include "triaged/dispatch/optional_calls.hpp"
#include "triaged/routing/llm_task.hpp"
#include "triaged/routing/prompt_memory.hpp"

#include <functional>
#include <optional>

namespace triaged::dispatch {

class LlmClassifier {
 public:
  // The settings of `dispatcher`, which outlives it, have `routing.classifier.llm`.
  explicit LlmClassifier(Dispatcher& dispatcher);

  struct Said {
    std::string_view result;                  // routing::Hints::llm
    std::optional<routing::TaskScores> task;  // none: the built-in classifier's word stands
  };
  // What the model says of the request that `plan` was made for. Takes no longer than the timeout. `wake` is given a
  // function that ends the wait; valid until ask() returns.
  net::Task<Said> ask(const chat::Request& request, const routing::Plan& plan, RequestId id, SideCosts& costs,
                      std::function<void()>& wake);

 private:
  Dispatcher& dispatcher_;
  const config::LlmClassifier& settings_;
  double least_confidence_;  // that a reply is heeded with
  routing::PromptMemory<routing::TaskReply> replies_;
  OptionalCalls calls_;
};

}  // namespace triaged::dispatch
