#include "triaged/wire/response_parser.hpp"

#include "wire/framer.hpp"

#include <limits>

namespace triaged::wire {

namespace {

constexpr std::size_t max_trailers = 8U << 10U;
// Interim responses in front of one answer. Servers send one 100, perhaps a few 102 or 103.
constexpr std::size_t max_interim = 16;

// Beast reads the rest of the line; here only what would otherwise wait for the end of a head that never comes.
Refusal check_status_line(std::string_view line) {
  return line.substr(0, 7) == "HTTP/1." ? Refusal::none : Refusal::start_line;
}

FramerLimits framer_limits(const ResponseLimits& limits) {
  return {limits.head, limits.head, limits.header_count, std::numeric_limits<std::size_t>::max(), max_trailers};
}

}  // namespace

class ResponseParser::Machine {
 public:
  explicit Machine(ResponseLimits limits) : framer_(framer_limits(limits), check_status_line, unused_) {}

  void reset() {
    framer_.reset();
    refused_ = Refusal::none;
    started_ = false;
    interim_ = 0;
  }

  Result<std::size_t> put(std::string_view bytes, std::string& body) {
    std::size_t used = 0;
    if (refused_ == Refusal::none) refused_ = advance(bytes, body, used);
    if (refused_ != Refusal::none) return response_error(refused_);
    return used;
  }

  Result<void> put_eof() {
    if (refused_ != Refusal::none) return response_error(refused_);
    if (!started_) return upstream_error(ErrorKind::reset, "The upstream closed the connection without an answer.");
    if (framer_.end()) return {};
    return upstream_error(ErrorKind::truncated,
                          framer_.head_done() ? "The upstream closed the connection before the end of its answer."
                                              : "The upstream closed the connection within the head of its answer.");
  }

  bool started() const { return started_; }
  bool head_done() const { return framer_.head_done(); }
  bool done() const { return framer_.done() && refused_ == Refusal::none; }
  const Head& head() const { return framer_.head(); }
  bool keeps_alive() const { return framer_.head().keeps_alive() && !framer_.ends_with_connection(); }

 private:
  Refusal advance(std::string_view bytes, std::string& body, std::size_t& used) {
    while (used < bytes.size() && !framer_.done()) {
      started_ = true;
      const std::string_view rest = bytes.substr(used);
      const bool in_head = !framer_.head_done();
      // Another protocol than HTTP may never send what ends a head.
      if (in_head && rest.substr(0, 5) != std::string_view("HTTP/").substr(0, rest.size())) return Refusal::start_line;
      framer_.write_body_to(body);
      std::size_t step = 0;
      const Refusal refusal = framer_.step(rest, step);
      used += step;
      if (refusal != Refusal::none) return refusal;
      if (step == 0) return Refusal::none;
      if (in_head && framer_.head_done()) {
        const Refusal judged = judge_head();
        if (judged != Refusal::none) return judged;
      }
    }
    return Refusal::none;
  }

  Refusal judge_head() {
    const Head& head = framer_.head();
    if (head.codings > 0 && head.lengths > 0) return Refusal::length_and_coding;
    if (head.codings > 0 && head.version < 11) return Refusal::coding_in_http_1_0;
    if (head.status < 100 || head.status > 599) return Refusal::status_code;
    if (head.status == 101) return Refusal::switched_protocols;
    if (head.status >= 200) return Refusal::none;
    if (++interim_ > max_interim) return Refusal::too_many_interim;
    framer_.reset();
    return Refusal::none;
  }

  std::string unused_;
  Framer<false> framer_;
  Refusal refused_ = Refusal::none;
  std::size_t interim_ = 0;
  bool started_ = false;
};

ResponseParser::ResponseParser(ResponseLimits limits) : machine_(std::make_unique<Machine>(limits)) {}
ResponseParser::~ResponseParser() = default;

void ResponseParser::reset() { machine_->reset(); }
Result<std::size_t> ResponseParser::put(std::string_view bytes, std::string& body) {
  return machine_->put(bytes, body);
}
Result<void> ResponseParser::put_eof() { return machine_->put_eof(); }
bool ResponseParser::started() const { return machine_->started(); }
bool ResponseParser::head_done() const { return machine_->head_done(); }
bool ResponseParser::done() const { return machine_->done(); }
int ResponseParser::status() const { return machine_->head().status; }
const Headers& ResponseParser::headers() const { return machine_->head().headers; }
bool ResponseParser::keep_alive() const { return machine_->keeps_alive(); }

}  // namespace triaged::wire
