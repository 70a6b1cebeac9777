// Questions and answers for the tests of quality.
#pragma once

#include "triaged/quality/checks.hpp"

#include <deque>
#include <string>
#include <utility>

namespace triaged::quality::test {

// A request that was asked, with the texts it views; not to be moved.
class Question {
 public:
  explicit Question(std::string text = "What is a good name for a cat?", std::string body = "{}")
      : body_(std::move(body)) {
    say(chat::Role::user, std::move(text));
  }
  Question(const Question&) = delete;
  Question& operator=(const Question&) = delete;
  ~Question() = default;

  Question& say(chat::Role role, std::string text) {
    texts_.push_back(std::move(text));
    chat::Message message;
    message.role = role;
    message.text = texts_.back();
    request.messages.push_back(message);
    return *this;
  }
  Asked asked() const { return {request, body_}; }

  chat::Request request;

 private:
  std::string body_;
  std::deque<std::string> texts_;
};

inline Given whole(std::string text) {
  Given given;
  given.text = std::move(text);
  given.finish = chat::Finish::stop;
  given.whole = true;
  return given;
}

inline Given beginning(std::string text) {
  Given given;
  given.text = std::move(text);
  return given;
}

inline Given call(std::string name, std::string arguments) {
  Given given;
  given.tool_calls.push_back({"call_1", std::move(name), std::move(arguments)});
  given.finish = chat::Finish::tool_calls;
  given.whole = true;
  return given;
}

// "check: why" of what a gate with this one check finds; "" for nothing.
inline std::string found(config::Check check, const Question& question, const Given& given) {
  config::Gate gate;
  gate.checks = {check};
  const auto finding = Checker(gate).look(question.asked(), given);
  return finding ? finding->check + ": " + finding->why : std::string();
}

}  // namespace triaged::quality::test
