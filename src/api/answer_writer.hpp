// Writes an answer in one of the clients' dialects from the steps that a provider's answer was read into. One writer
// per reply.
#pragma once

#include "triaged/api/codec.hpp"

#include <string>

namespace triaged::api {

class AnswerWriter : public chat::DeltaSink {
 public:
  // Where take() appends the events of a stream. A writer of whole answers collects until whole().
  void write_to(std::string& out) { out_ = &out; }
  void annotate(Annotation annotation) { annotation_ = std::move(annotation); }

  // After the last step of a stream: closes what is open, tells the finish and the usage, and writes the terminal
  // event.
  virtual void end() = 0;
  // After the last step of a stream that broke.
  virtual void error(const Error& error) = 0;
  // The whole answer.
  virtual void whole() = 0;

 protected:
  std::string& out() { return *out_; }
  const Annotation& annotation() const { return annotation_; }

 private:
  std::string* out_ = nullptr;
  Annotation annotation_;
};

}  // namespace triaged::api
