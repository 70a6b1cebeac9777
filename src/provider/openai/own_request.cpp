#include "triaged/provider/own_request.hpp"

#include "triaged/base/text.hpp"
#include "triaged/chat/conversation.hpp"

#include <memory>
#include <utility>

namespace triaged::provider {
namespace {

// Thoughts count as output: with the plain limit there would be nothing left for the answer.
constexpr std::int64_t room_to_think = 512;

void append_message(std::string& body, std::string_view role, std::string_view text) {
  body.append(R"({"role":")").append(role).append(R"(","content":)");
  append_json_string(body, text);
  body.append("}");
}

chat::Turn turn(chat::Conversation& conversation, chat::Role role, std::string_view text) {
  chat::Part part;
  part.text = conversation.keep(text);
  chat::Turn turn;
  turn.role = role;
  turn.parts.push_back(std::move(part));
  return turn;
}

bool speaks_of(std::string_view message, std::string_view member) {
  return message.find(member) != std::string_view::npos;
}

}  // namespace

OwnRequest write_own_request(const OwnChat& chat) {
  OwnRequest own;
  auto text = std::make_shared<std::string>(chat.system);
  text->append(chat.user);
  chat::Request& request = own.request;
  request.messages.resize(2);
  request.messages[0].role = chat::Role::system;
  request.messages[0].text = std::string_view(*text).substr(0, chat.system.size());
  request.messages[1].role = chat::Role::user;
  request.messages[1].text = std::string_view(*text).substr(chat.system.size());
  request.text_ = std::move(text);

  const bool classic = chat.style == OwnStyle::classic;
  const std::int64_t limit = chat.max_output_tokens + (classic ? 0 : room_to_think);
  request.max_output_tokens = limit;
  std::string& body = own.body;
  body.reserve(chat.system.size() + chat.user.size() + 256);
  body = R"({"messages":[)";
  append_message(body, "system", chat.system);
  body += ',';
  append_message(body, "user", chat.user);
  body.append(classic ? R"(],"max_tokens":)" : R"(],"max_completion_tokens":)").append(std::to_string(limit));
  if (classic) body += R"(,"temperature":0)";
  body += '}';
  request.object_begin = 1;
  request.body_bytes = body.size();

  auto conversation = std::make_shared<chat::Conversation>();
  conversation->turns = {turn(*conversation, chat::Role::system, chat.system),
                         turn(*conversation, chat::Role::user, chat.user)};
  conversation->max_output_tokens = limit;
  if (classic) conversation->sampling.temperature = "0";
  request.conversation = std::move(conversation);
  return own;
}

OwnStyle style_after(OwnStyle used, const Failure& failure) {
  if (failure.failure_class != FailureClass::bad_request) return used;
  if (used == OwnStyle::recent) {
    return speaks_of(failure.message, "max_completion_tokens") ? OwnStyle::classic : used;
  }
  const bool refused = speaks_of(failure.message, "max_tokens") || speaks_of(failure.message, "temperature");
  return refused ? OwnStyle::recent : used;
}

}  // namespace triaged::provider
