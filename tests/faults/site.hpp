// The site of a fault scenario: one daemon in front of three upstreams. Tier `light` has `primary/small` and
// `backup/small`, tier `strong` has `strong/large`. The primary's clocks are short, so that what takes a minute in
// production takes a fraction of a second here; nothing else differs.
#pragma once

#include "support/chat.hpp"
#include "support/client.hpp"
#include "support/daemon.hpp"
#include "support/upstream.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace triaged::test {

// What a client got.
struct Got {
  int status = 0;
  std::string text;
  bool whole = false;          // its framing says that nothing is missing
  bool ended_cleanly = false;  // an answer, or a stream with its terminal event
  std::string error;           // the code of the error body or event
  std::string message;
  std::string model;  // x-triaged-model
  std::string id;
  std::string retry_after;
  std::vector<std::string> events;
};

class FaultScenario : public testing::Test {
 public:
  // One line per scenario that was run: fault, what is right, and whether that was seen.
  static std::string table();

 protected:
  // What a test is about; its first statement.
  void scenario(std::string fault, std::string right);
  // `change` may change the configuration.
  void start(const std::function<void(DaemonSetup&)>& change = nullptr);
  void TearDown() override;  // the process is healthy and answers

  Got ask(bool streamed, std::string_view model = "auto", std::string_view more = {});
  // A whole answer with that text, from that target.
  static void expect_answer(const Got& got, std::string_view text, std::string_view model);
  // No answer, or a broken one, that no client takes for a whole one.
  static void expect_no_clean_end(const Got& got, std::string_view error);
  // "provider/outcome/error" of the request's rows.
  std::vector<std::string> history(const Got& got);

  Upstream primary;
  Upstream backup;
  Upstream strong;
  std::unique_ptr<Daemon> daemon;

 private:
  std::string fault_;
  std::string right_;
};

}  // namespace triaged::test
