#include "triaged/quality/checks.hpp"

#include "quality/check.hpp"
#include "quality/contract.hpp"
#include "quality/patterns.hpp"

#include <algorithm>
#include <utility>

namespace triaged::quality {

Asked::Asked(const chat::Request& request, std::string_view body) : request_(&request), body_(body) {}
Asked::Asked(Asked&&) noexcept = default;
Asked& Asked::operator=(Asked&&) noexcept = default;
Asked::~Asked() = default;

const Contract& Asked::contract() const {
  if (!contract_) contract_ = std::make_unique<const Contract>(read_contract(body_));
  return *contract_;
}

struct Checker::Ready {
  explicit Ready(const config::Gate& gate) : checks(gate.checks), patterns(gate) {}

  std::vector<config::Check> checks;
  Patterns patterns;
};

// Expressions are compiled where they first meet text: with a look at a text of no importance, that is not the first
// client's time.
Checker::Checker(const config::Gate& gate) : ready_(std::make_unique<const Ready>(gate)) {
  const chat::Request nothing;
  const Asked asked(nothing, "{}");
  Given given;
  given.text = "We are open from nine to five, Monday to Friday.";
  given.whole = true;
  static_cast<void>(look(asked, given));
}
Checker::Checker(Checker&&) noexcept = default;
Checker& Checker::operator=(Checker&&) noexcept = default;
Checker::~Checker() = default;

namespace {

std::string run(config::Check check, const Asked& asked, const Given& given) {
  switch (check) {
    case config::Check::empty: return check_empty(asked, given);
    case config::Check::refusal: return check_refusal(asked, given);
    case config::Check::repetition: return check_repetition(asked, given);
    case config::Check::cut_off: return check_cut_off(asked, given);
    case config::Check::language: return check_language(asked, given);
    case config::Check::json: return check_json(asked, given);
    case config::Check::tools: return check_tools(asked, given);
  }
  return {};
}

}  // namespace

TaskWords task_words(const chat::Request& request) {
  constexpr std::size_t head = 600;
  constexpr std::size_t tail = 300;
  const auto last = std::find_if(request.messages.rbegin(), request.messages.rend(),
                                 [](const chat::Message& message) { return message.role == chat::Role::user; });
  if (last == request.messages.rend()) return {};
  const std::string_view text = last->text;
  const std::size_t rest = text.size() - std::min(text.size(), head);
  return {text.substr(0, head), text.substr(text.size() - std::min(rest, tail))};
}

std::optional<Finding> Checker::look(const Asked& asked, const Given& given) const {
  for (const config::Check check : ready_->checks) {
    std::string why = run(check, asked, given);
    if (!why.empty()) return Finding{std::string(config::name(check)), std::move(why)};
  }
  return ready_->patterns.look(given);
}

}  // namespace triaged::quality
