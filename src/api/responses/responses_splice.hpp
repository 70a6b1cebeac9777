// Answers of the Responses API whose provider speaks it: they go through untouched.
#pragma once

#include "triaged/api/codec.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace triaged::api {

class ResponsesSplice final : public ReplyEncoder {
 public:
  void annotate(Annotation annotation) override { annotation_ = std::move(annotation); }
  Result<void> event(const chat::Event& event, std::string& out) override;
  void continue_with(std::unique_ptr<chat::AnswerReader>) override {}
  void end(std::string& out) override;
  void error(const Error& error, std::string& out) override;
  Result<void> answer(std::string_view body, std::string& out) override;

 private:
  Annotation annotation_;
  std::uint64_t number_ = 0;      // of the next event
  std::string response_;          // as it stood in the first event
  std::string last_type_, last_;  // the last event, kept back to be annotated
};

}  // namespace triaged::api
