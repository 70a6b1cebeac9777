// What dispatch wants to know of answers, made from the steps that a dialect's AnswerReader gives: a dialect needs no
// more than its reader.
#pragma once

#include "triaged/provider/provider.hpp"

#include <memory>
#include <span>
#include <string>

namespace triaged::provider {

using MakeReader = std::unique_ptr<chat::AnswerReader> (*)();

class ReadingCodec final : public AnswerCodec {
 public:
  // `secrets` are kept out of error messages; what they point to outlives the codec.
  ReadingCodec(chat::Dialect dialect, MakeReader make, std::span<const std::string> secrets)
      : dialect_(dialect), make_(make), secrets_(secrets) {}

  chat::Dialect dialect() const override { return dialect_; }
  Result<chat::Answer> decode_answer(std::string_view body) const override;
  void add_answer_detail(std::string_view body, chat::AnswerDetail& detail) const override;
  std::unique_ptr<StreamDecoder> make_stream_decoder() const override;
  std::unique_ptr<chat::AnswerReader> make_reader() const override { return make_(); }

 private:
  chat::Dialect dialect_;
  MakeReader make_;
  std::span<const std::string> secrets_;
};

}  // namespace triaged::provider
