// The top-level members of a request to the Responses API.
#include "api/responses/responses_conversation.hpp"

#include "api/responses/needs_state.hpp"
#include "api/responses/responses_reading.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace triaged::api {

ResponsesReading::Handler ResponsesReading::find_handler(const JsonString& key) {
  using R = ResponsesReading;
  static constexpr std::array<Member, 23> members{{{"model", &R::read_model},
                                                   {"input", &R::read_input},
                                                   {"instructions", &R::read_instructions},
                                                   {"tools", &R::read_tools},
                                                   {"tool_choice", &R::read_tool_choice},
                                                   {"parallel_tool_calls", &R::read_parallel},
                                                   {"text", &R::read_text},
                                                   {"reasoning", &R::read_reasoning},
                                                   {"max_output_tokens", &R::read_max_output_tokens},
                                                   {"temperature", &R::read_temperature},
                                                   {"top_p", &R::read_top_p},
                                                   {"top_logprobs", &R::read_top_logprobs},
                                                   {"include", &R::read_include},
                                                   {"store", &R::read_store},
                                                   {"metadata", &R::read_metadata},
                                                   {"user", &R::read_user},
                                                   {"safety_identifier", &R::read_safety_identifier},
                                                   {"prompt_cache_key", &R::read_cache_key},
                                                   {"service_tier", &R::read_service_tier},
                                                   {"truncation", &R::read_truncation},
                                                   {"stream", &R::read_stream},
                                                   {"stream_options", &R::read_stream_options},
                                                   {"background", &R::read_background}}};
  const auto* const found =
      std::find_if(members.begin(), members.end(), [&key](const Member& member) { return key.equals(member.name); });
  return found == members.end() ? nullptr : found->handler;
}

Result<chat::Conversation> ResponsesReading::read() {
  read_root();
  if (in_.json.ok()) settle();
  return in_.finish();
}

void ResponsesReading::read_root() {
  const Path root;
  if (in_.json.peek() != JsonType::object) {
    if (in_.json.ok()) {
      std::string sentence = "The request body must be a JSON object, not ";
      in_.fault(root, sentence.append(name_of(in_.json.peek())).append("."), "invalid_type");
    }
    in_.json.skip();
    return;
  }
  in_.json.enter_object();
  JsonString key;
  while (in_.json.next_member(key)) {
    if (const Handler handler = find_handler(key)) {
      (this->*handler)(root.member(key.raw));
    } else {
      in_.keep(key);
    }
  }
}

// What can only be said once all members are known, because they come in any order.
void ResponsesReading::settle() {
  chat::Conversation& out = in_.out;
  const bool elsewhere = std::any_of(out.others.begin(), out.others.end(), [](const chat::Member& member) {
    return member.name.equals("previous_response_id") || member.name.equals("conversation") ||
           member.name.equals("prompt");
  });
  if (!has_input_ && !elsewhere) in_.missing(Path().member("input"));
  if (instructions_) {
    chat::Turn turn;
    turn.role = chat::Role::system;
    turn.parts.emplace_back().text = *instructions_;
    out.turns.insert(out.turns.begin(), std::move(turn));
  }
  if (out.user.empty()) {
    out.user = safety_identifier_;
    out.spelled.emplace_back("user", "safety_identifier");
  } else if (!safety_identifier_.empty()) {
    const std::string text = '"' + std::string(safety_identifier_.raw) + '"';
    out.others.push_back({JsonString{"safety_identifier"}, out.keep_json(text)});
  }
  if (only_allowed_) {
    // Not to offer a tool is what every dialect can say.
    std::erase_if(out.tools, [this](const chat::Tool& tool) {
      return std::none_of(allowed_.begin(), allowed_.end(),
                          [&tool](const JsonString& name) { return name.raw == tool.name.raw; });
    });
  }
}

void ResponsesReading::repeat(std::string_view name, std::string_view value) {
  in_.out.repeated.push_back({JsonString{name}, value});
}

JsonString ResponsesReading::escaped(std::string text) {
  const chat::JsonText kept = in_.out.keep_json(std::move(text));
  return JsonString{kept, kept.find('\\') != std::string_view::npos};
}

void ResponsesReading::read_model(const Path& path) { in_.out.model = in_.string(path).value_or(JsonString()); }

void ResponsesReading::read_instructions(const Path& path) {
  const std::size_t begin = in_.json.value_position();
  instructions_ = in_.string(path);
  if (instructions_) repeat("instructions", body_.substr(begin, in_.json.position() - begin));
  if (instructions_ && instructions_->empty()) instructions_.reset();
}

void ResponsesReading::read_parallel(const Path& path) { in_.out.tool_choice.parallel = in_.flag(path); }

void ResponsesReading::read_text(const Path& path) {
  if (!in_.enter_object(path)) return;
  JsonString key;
  while (in_.json.next_member(key)) {
    const Path member = path.member(key.raw);
    if (key.equals("format")) {
      read_format(member);
    } else if (key.equals("verbosity")) {
      in_.out.verbosity = in_.string(member).value_or(JsonString());
    } else {
      in_.lose(member);
    }
  }
}

void ResponsesReading::read_format(const Path& path) {
  chat::Format& format = in_.out.format;
  format = {};
  if (!in_.enter_object(path)) return;
  JsonString type, key;
  while (in_.json.next_member(key)) {
    const Path member = path.member(key.raw);
    if (key.equals("type")) {
      type = in_.string(member).value_or(JsonString());
    } else if (key.equals("name")) {
      format.name = in_.string(member).value_or(JsonString());
    } else if (key.equals("description")) {
      format.description = in_.string(member).value_or(JsonString());
    } else if (key.equals("schema")) {
      format.schema = in_.object(member);
    } else if (key.equals("strict")) {
      format.strict = in_.flag(member);
    } else {
      in_.lose(member);
    }
  }
  if (type.equals("json_schema")) {
    format.kind = chat::OutputFormat::json_schema;
    if (format.schema.empty()) in_.missing(path.member("schema"));
  } else if (type.equals("json_object")) {
    format.kind = chat::OutputFormat::json_object;
  } else if (!type.equals("text")) {
    const Path at = path.member("type");
    if (type.empty()) {
      in_.missing(at);
    } else {
      in_.fault(at, "Invalid value for '" + at.text() + "'. Supported are text, json_schema and json_object.");
    }
  }
}

void ResponsesReading::read_reasoning(const Path& path) {
  chat::Reasoning& reasoning = in_.out.reasoning;
  reasoning = {};
  if (!in_.enter_object(path)) return;
  JsonString key;
  while (in_.json.next_member(key)) {
    const Path member = path.member(key.raw);
    if (key.equals("effort")) {
      reasoning.effort = in_.string(member).value_or(JsonString());
      if (reasoning.effort.equals("none")) reasoning.mode = chat::Reasoning::Mode::off;
    } else if (key.equals("summary") || key.equals("generate_summary")) {
      reasoning.summary = in_.string(member).value_or(JsonString());
      if (!reasoning.summary.empty()) reasoning.shown = !reasoning.summary.equals("none");
    } else {
      in_.lose(member);
    }
  }
}

void ResponsesReading::read_max_output_tokens(const Path& path) {
  in_.out.max_output_tokens = in_.integer(path);
  if (in_.out.max_output_tokens && *in_.out.max_output_tokens < 1) {
    in_.fault(path, "Invalid 'max_output_tokens': integer below minimum value.", "integer_below_min_value");
  }
}

void ResponsesReading::read_temperature(const Path& path) { in_.out.sampling.temperature = in_.number(path); }
void ResponsesReading::read_top_p(const Path& path) { in_.out.sampling.top_p = in_.number(path); }

void ResponsesReading::read_top_logprobs(const Path& path) {
  in_.out.top_logprobs = in_.integer(path);
  if (in_.out.top_logprobs.value_or(0) <= 0) return;
  in_.out.logprobs = true;
  in_.out.spelled.emplace_back("logprobs", "top_logprobs");
}

// What else can be included are details of hosted tools and of OpenAI's own encrypted thoughts: where those are not,
// there is nothing to include.
void ResponsesReading::read_include(const Path& path) {
  if (!in_.enter_array(path)) return;
  for (std::size_t i = 0; in_.json.next_element(); ++i) {
    const auto wanted = in_.string(path.element(i));
    if (!wanted || !wanted->equals("message.output_text.logprobs")) continue;
    in_.out.logprobs = true;
    in_.out.spelled.emplace(in_.out.spelled.begin(), "logprobs", "include");
  }
}

void ResponsesReading::read_store(const Path& path) {
  const auto store = in_.flag(path);
  if (store) in_.out.store = *store ? "true" : "false";
}

void ResponsesReading::read_metadata(const Path& path) { in_.out.metadata = in_.object(path); }
void ResponsesReading::read_user(const Path& path) { in_.out.user = in_.string(path).value_or(JsonString()); }

void ResponsesReading::read_safety_identifier(const Path& path) {
  safety_identifier_ = in_.string(path).value_or(JsonString());
}

void ResponsesReading::read_cache_key(const Path& path) { in_.out.cache_key = in_.string(path).value_or(JsonString()); }

void ResponsesReading::read_service_tier(const Path& path) {
  in_.out.service_tier = in_.string(path).value_or(JsonString());
}

// "disabled" is what happens anyway: too long an input is an error.
void ResponsesReading::read_truncation(const Path& path) {
  const std::size_t begin = in_.json.value_position();
  const auto truncation = in_.string(path);
  if (!truncation) return;
  const std::string_view value = body_.substr(begin, in_.json.position() - begin);
  repeat("truncation", value);
  if (!truncation->equals("disabled")) in_.out.others.push_back({JsonString{"truncation"}, value});
}

// Streams of this dialect always end with their usage.
void ResponsesReading::read_stream(const Path& path) {
  in_.out.stream = in_.flag(path).value_or(false);
  in_.out.include_usage = in_.out.stream;
}

// One member asks for padding of events against eavesdroppers who look at sizes. Not to pad changes no answer.
void ResponsesReading::read_stream_options(const Path& path) {
  if (in_.enter_object(path)) {
    JsonString key;
    while (in_.json.next_member(key)) {
      if (key.equals("include_obfuscation")) {
        in_.json.skip();
      } else {
        in_.lose(path.member(key.raw));
      }
    }
  }
}

void ResponsesReading::read_background(const Path& path) {
  if (!in_.flag(path).value_or(false)) return;
  in_.fault(path, "Responses in the background are not supported here: nothing would be kept to ask for later.",
            "unsupported_parameter");
}

Result<chat::Conversation> read_responses(std::string_view body) {
  Result<chat::Conversation> conversation = ResponsesReading(body).read();
  if (!conversation) return conversation;
  if (const std::optional<Error> wrong = needs_state(*conversation)) {
    conversation->native_only = wrong->detail;
    conversation->native_only_param = wrong->param;
  }
  return conversation;
}

}  // namespace triaged::api
