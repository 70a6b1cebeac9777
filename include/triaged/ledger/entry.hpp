// One row per attempt: answered, failed, cancelled; and one per side call, which the gateway makes for a request on its
// own account. The row that settles its request (the last) also carries what is known of the request as a whole, so
// that one row is written for the usual request.
#pragma once

#include "triaged/base/clock.hpp"
#include "triaged/base/ids.hpp"
#include "triaged/base/money.hpp"
#include "triaged/chat/usage.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace triaged::ledger {

// What an attempt was made for. All cost; only those of purpose `answer` can answer the client.
enum class Purpose : std::uint8_t {
  answer,
  classifier,  // a side call: what kind of task the request is
  judge,       // a side call: how good an answer is
  embedder,    // a side call: the vector of a request or of a route's examples
};
std::string_view name(Purpose purpose);
std::optional<Purpose> find_purpose(std::string_view name);

enum class Outcome : std::uint8_t {
  answered,   // its answer went to the client, or to who made the side call
  escalated,  // answered, but judged not good enough and tried higher
  failed,     // an error of the upstream
  cancelled,  // the client left, a hedge was lost, or a side call came too late
  rejected,   // the gateway itself refused (no attempt was sent): only as a settling row
  rescued,    // broke after its beginning had gone to the client; another target continued it
};
std::string_view name(Outcome outcome);

struct Settled {
  std::string requested_model;
  std::string key;  // name or fingerprint of the client's key; "" if none is asked for
  std::string task;
  double task_probability = 0;
  double complexity = 0;
  std::string tier;  // where the plan started
  int status = 0;    // what the client got
  bool stream = false;
  bool complete = false;       // the client got the whole answer
  std::string baseline_model;  // "provider/model"
  std::optional<NanoDollars> baseline_cost;
  Duration total{0};
  Duration overhead{0};  // our own part: total less waiting for upstream and client
  std::string config_hash;
};

struct Entry {
  RequestId id;
  std::uint32_t attempt = 0;  // 0 is the first
  WallTime at{};              // when the attempt ended
  Purpose purpose = Purpose::answer;
  std::string provider;
  std::string model;           // as sent to the provider
  std::string answered_model;  // as the provider named itself
  std::string tier;
  Outcome outcome = Outcome::failed;
  std::string error;  // kind or failure class, "" when answered
  int upstream_status = 0;
  chat::Usage usage;
  std::optional<NanoDollars> cost;  // empty: unknown
  Duration first_content{0};
  Duration duration{0};
  std::optional<Settled> settled;  // on the last row of a request, never on a side call's
};

// Binary form of one entry for the journal, appended to `out`; texts are cut at 512 bytes, between characters. decode()
// refuses anything that is not exactly one entry.
void encode(const Entry& entry, std::string& out);
std::optional<Entry> decode(std::string_view bytes);

}  // namespace triaged::ledger
