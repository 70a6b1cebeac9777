// Requests and settings built by hand for the tests of routing.
#pragma once

#include "triaged/base/embedded.hpp"
#include "triaged/chat/request.hpp"
#include "triaged/config/settings.hpp"
#include "triaged/routing/task_model.hpp"

#include <deque>
#include <memory>
#include <string>
#include <utility>

namespace triaged::routing::test {

// Owns its texts; the request it gives is valid while the builder or a copy of it lives.
class Conversation {
 public:
  Conversation& say(chat::Role role, std::string text) {
    texts_->push_back(std::move(text));
    chat::Message message;
    message.role = role;
    message.text = texts_->back();
    request.messages.push_back(message);
    return *this;
  }
  Conversation& system(std::string text) { return say(chat::Role::system, std::move(text)); }
  Conversation& user(std::string text) { return say(chat::Role::user, std::move(text)); }
  Conversation& assistant(std::string text) { return say(chat::Role::assistant, std::move(text)); }
  Conversation& tool(std::string text) { return say(chat::Role::tool, std::move(text)); }
  Conversation& model(std::string name) {
    texts_->push_back(std::move(name));
    request.model = texts_->back();
    return *this;
  }
  Conversation& or_model(std::string name) {
    texts_->push_back(std::move(name));
    request.models.push_back(texts_->back());
    return *this;
  }

  chat::Request request;

 private:
  std::shared_ptr<std::deque<std::string>> texts_ = std::make_shared<std::deque<std::string>>();
};

inline Conversation user(std::string text) {
  Conversation conversation;
  conversation.user(std::move(text));
  return conversation;
}

inline config::Target target(std::string name, std::int64_t window = 128'000) {
  config::Target result;
  result.name = std::move(name);
  result.model = result.name.substr(result.name.find('/') + 1);
  result.context_window = window;
  return result;
}

// The model in the binary.
inline const Classifier& built_in_classifier() {
  static const auto classifier =
      make_trained_classifier(*TaskModel::decode(embedded_task_model(), "the built-in task model"));
  return *classifier;
}

// light: a/small, b/small; standard: a/medium; premium: a/large, b/huge. Light for easy questions and talk, premium
// from 0.6 on, standard for the rest.
inline config::Settings three_tiers() {
  config::Settings settings;
  settings.targets = {target("a/small"), target("b/small"), target("a/medium"), target("a/large"), target("b/huge")};
  settings.tiers = {{"light", {0, 1}}, {"standard", {2}}, {"premium", {3, 4}}};
  settings.routing.table = {
      {{"qa", "chat"}, 0.0, 0.35, 0},
      {{}, 0.6, 1.0, 2},
  };
  settings.routing.default_tier = 1;
  settings.routing.baseline_target = 3;
  return settings;
}

}  // namespace triaged::routing::test
