#include "triaged/wire/request_parser.hpp"

#include "triaged/base/text.hpp"

#include "wire/framer.hpp"
#include "wire/request_line.hpp"

#include <algorithm>
#include <utility>

namespace triaged::wire {

namespace {

// RFC 9112 section 3 asks for 8000 bytes at least.
constexpr std::size_t max_request_line = 8U << 10U;
// Line ends in front of a request that are skipped; some old clients send one behind a body.
constexpr std::size_t max_leading_line_ends = 4;
// Up to this declared length the body's memory is reserved at once; beyond it grows as bytes really come.
constexpr std::uint64_t max_reserve = 1U << 20U;
// A body's memory up to this size is kept for the connection's next request.
constexpr std::size_t max_kept = 1U << 20U;

FramerLimits framer_limits(const RequestLimits& limits) {
  return {limits.head, max_request_line, limits.header_count, limits.body, 0};
}

}  // namespace

class RequestParser::Machine {
 public:
  Machine(RequestLimits limits, const RequestParser& owner, JudgeBody judge)
      : limits_(limits),
        owner_(owner),
        judge_body_(std::move(judge)),
        framer_(framer_limits(limits), check_request_line, body_) {}

  void reset() {
    framer_.reset();
    if (body_.capacity() > 2 * max_kept) std::string().swap(body_);  // an assignment would keep the memory
    body_.clear();
    refused_ = Refusal::none;
    leading_ = 0;
    started_ = false;
    head_accepted_ = false;
    expects_continue_ = false;
    upgrade_ = false;
    in_pieces_ = false;
  }

  Result<std::size_t> put(std::string_view bytes) {
    std::size_t used = 0;
    if (refused_ == Refusal::none) refused_ = advance(bytes, used);
    if (refused_ != Refusal::none) return request_error(refused_);
    return used;
  }

  bool started() const { return started_; }
  bool head_done() const { return framer_.head_done() && head_accepted_; }
  bool done() const { return framer_.done() && refused_ == Refusal::none; }
  const Head& head() const { return framer_.head(); }
  bool expects_continue() const { return expects_continue_; }
  bool upgrade() const { return upgrade_; }
  bool in_pieces() const { return in_pieces_; }
  bool chunked() const { return framer_.chunked(); }
  std::string& body() { return body_; }

 private:
  Refusal advance(std::string_view bytes, std::size_t& used) {
    while (used < bytes.size() && !framer_.done()) {
      const std::string_view rest = bytes.substr(used);
      if (!started_) {
        const std::size_t skipped = count_line_ends(rest);
        leading_ += skipped;
        if (leading_ > max_leading_line_ends) return Refusal::start_line;
        used += 2 * skipped;
        if (skipped > 0) continue;
        if (rest == "\r") return Refusal::none;  // half of a further one, perhaps
        if (!is_token_character(rest.front())) return Refusal::method;
        started_ = true;
      }
      const bool in_head = !framer_.head_done();
      std::size_t step = 0;
      const Refusal refusal = framer_.step(rest, step);
      used += step;
      if (refusal != Refusal::none) return refusal;
      if (step == 0) return Refusal::none;
      if (in_head && framer_.head_done()) {
        const Refusal judged = judge_head();
        if (judged != Refusal::none) return judged;
        if (in_pieces_) return Refusal::none;
      }
    }
    return Refusal::none;
  }

  static std::size_t count_line_ends(std::string_view bytes) {
    std::size_t count = 0;
    while (bytes.substr(2 * count, 2) == "\r\n") ++count;
    return count;
  }

  // What only the whole head tells. After the head is accepted, the body or an expectation may still be refused.
  Refusal judge_head() {
    Head& head = framer_.head();
    const Refusal refusal = judge_host_and_framing(head);
    if (refusal != Refusal::none) return refusal;
    head_accepted_ = true;
    upgrade_ = head.upgrade && head.headers.find("Upgrade").has_value();

    const Refusal expectation = judge_expectations(head);
    if (expectation != Refusal::none) return expectation;
    const BodyRule rule = judge_body_ ? judge_body_(owner_) : BodyRule{limits_.body, false};
    in_pieces_ = rule.in_pieces;
    framer_.limit_body(rule.limit);
    if (head.declared > rule.limit) return Refusal::body_too_large;
    if (in_pieces_) return Refusal::none;
    using Parser = StrictParser<true>;
    Parser::make_room(body_, static_cast<std::size_t>(head.declared <= max_reserve ? head.declared : 0), head.declared);
    return Refusal::none;
  }

  static Refusal judge_host_and_framing(Head& head) {
    if (head.codings > 0 && head.lengths > 0) return Refusal::length_and_coding;
    if (head.codings > 0 && head.version < 11) return Refusal::coding_in_http_1_0;
    if (head.hosts > 1) return Refusal::host_repeated;
    if (head.hosts == 0 && head.version >= 11) return Refusal::host_missing;
    const std::optional<std::string_view> host = head.headers.find("Host");
    if (host && !is_host(*host)) return Refusal::host_invalid;

    std::optional<std::string> authority;
    if (!reduce_target(head.target, authority)) return Refusal::target_form;
    if (authority && !is_host(*authority)) return Refusal::target_form;
    if (authority && host && !iequals(*authority, *host)) return Refusal::host_differs;
    return Refusal::none;
  }

  Refusal judge_expectations(const Head& head) {
    for (std::size_t i = 0; i < head.headers.size(); ++i) {
      const Headers::Field field = head.headers[i];
      if (!iequals(field.name, "Expect")) continue;
      if (!iequals(field.value, "100-continue")) return Refusal::expectation;
      // An HTTP/1.0 client does not know interim responses, and without a body there is nothing to wait for.
      expects_continue_ = head.version >= 11 && !framer_.done();
    }
    return Refusal::none;
  }

  RequestLimits limits_;
  const RequestParser& owner_;
  JudgeBody judge_body_;
  std::string body_;
  Framer<true> framer_;
  Refusal refused_ = Refusal::none;
  std::size_t leading_ = 0;
  bool started_ = false;
  bool head_accepted_ = false;
  bool expects_continue_ = false;
  bool upgrade_ = false;
  bool in_pieces_ = false;
};

RequestParser::RequestParser(RequestLimits limits, JudgeBody judge)
    : machine_(std::make_unique<Machine>(limits, *this, std::move(judge))) {}
RequestParser::~RequestParser() = default;

void RequestParser::reset() { machine_->reset(); }
Result<std::size_t> RequestParser::put(std::string_view bytes) { return machine_->put(bytes); }
bool RequestParser::started() const { return machine_->started(); }
bool RequestParser::head_done() const { return machine_->head_done(); }
bool RequestParser::done() const { return machine_->done(); }
std::string_view RequestParser::method() const { return machine_->head().method; }
std::string_view RequestParser::target() const { return machine_->head().target; }
int RequestParser::version() const { return machine_->head().version; }
bool RequestParser::keep_alive() const { return machine_->head().keeps_alive(); }
bool RequestParser::expects_continue() const { return machine_->expects_continue(); }
bool RequestParser::upgrade() const { return machine_->upgrade(); }
const Headers& RequestParser::headers() const { return machine_->head().headers; }
std::uint64_t RequestParser::declared_length() const { return machine_->head().declared; }
bool RequestParser::in_pieces() const { return machine_->in_pieces(); }
bool RequestParser::chunked() const { return machine_->chunked(); }
const std::string& RequestParser::body() const { return machine_->body(); }
std::string RequestParser::take_body() { return std::exchange(machine_->body(), std::string()); }
void RequestParser::drop_body() { machine_->body().clear(); }

}  // namespace triaged::wire
