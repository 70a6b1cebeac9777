// The requests of Google's dialect: where they go. Its bodies are in gemini_write.cpp.
#include "triaged/base/text.hpp"

#include "provider/gemini/gemini.hpp"

#include <array>

namespace triaged::provider {
namespace {

constexpr std::array<std::string_view, 3> passed_on{"x-request-id", "traceparent", "tracestate"};

}  // namespace

GeminiProvider::GeminiProvider(const config::Provider& settings)
    : HttpProvider(settings), codec_(chat::Dialect::gemini, make_gemini_reader, secrets()) {}

const AnswerCodec& GeminiProvider::codec(chat::Dialect) const { return codec_; }

std::span<const std::string_view> GeminiProvider::client_fields() const { return passed_on; }

// A name with a slash is a resource of its own: "tunedModels/my-model", or Vertex's "endpoints/1234".
std::string GeminiProvider::path(const Sending& sending) const {
  const std::string& model = sending.target.model;
  std::string path = model.find('/') == std::string::npos ? "/models" : "";
  for (const std::string_view segment : split(model, '/')) {
    path.push_back('/');
    append_percent_encoded(path, segment);
  }
  path.append(sending.request.stream ? ":streamGenerateContent?alt=sse" : ":generateContent");
  return path;
}

Result<void> GeminiProvider::write_body(const Sending& sending, Outgoing& outgoing) const {
  if (!sending.request.conversation) {
    return gateway_error(ErrorKind::internal, 500, "The request was not read for a target of another dialect.");
  }
  GeminiRequest written = write_gemini(*sending.request.conversation, sending.target);
  set_body(outgoing, std::move(written.body));
  return settle_dropped(settings(), sending.target, std::move(written.dropped), outgoing);
}

// The first number behind the name: 2.5, 3, 3.1; "gemini-flash-latest" is as new as any.
GeminiModel gemini_model(std::string_view name) {
  GeminiModel model;
  name = name.substr(name.rfind('/') + 1);
  if (!name.starts_with("gemini")) return model;
  model.pro = name.find("-pro") != std::string_view::npos;
  model.lite = name.find("-lite") != std::string_view::npos;
  constexpr int newest = 990;
  constexpr std::string_view begin = "gemini-";
  const auto digit = [name](std::size_t at) { return at < name.size() && name[at] >= '0' && name[at] <= '9'; };
  std::size_t at = begin.size();
  if (!digit(at)) {
    model.generation = newest;
    return model;
  }
  int whole = 0;
  for (; digit(at) && whole < 90; ++at) whole = whole * 10 + (name[at] - '0');
  model.generation = whole * 10;
  if (at < name.size() && name[at] == '.' && digit(at + 1)) model.generation += name[at + 1] - '0';
  return model;
}

}  // namespace triaged::provider
