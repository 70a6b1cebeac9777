// `triaged simulate` as a server of its own: each fault is exactly the fault it says, and nothing beside it.
#include "triaged/base/text.hpp"

#include "support/chat.hpp"
#include "support/client.hpp"
#include "support/files.hpp"
#include "support/process.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <memory>
#include <ostream>
#include <string>

namespace triaged::test {
namespace {

// What came over the wire, not interpreted.
std::string all_bytes(std::uint16_t port, const std::string& request) {
  Socket socket = Socket::connect(port);
  socket.send(request);
  std::string bytes;
  while (true) {
    const Received received = socket.receive();
    if (received.end != Received::End::none) return bytes;
    bytes += received.bytes;
  }
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t times = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++times;
  return times;
}

class Simulator : public testing::Test {
 public:
  static void SetUpTestSuite() {
    folder = std::make_unique<Folder>();
    const std::vector<std::string> command{TRIAGED_BINARY, "simulate", "--listen", "127.0.0.1:0", "--time-scale", "0"};
    process = std::make_unique<Process>(command, folder->file("errors"));
    const std::string line = process->read_line();
    port = static_cast<std::uint16_t>(parse_uint(line.substr(line.rfind(':') + 1)).value_or(0));
  }
  static void TearDownTestSuite() {
    process->signal(SIGTERM);
    EXPECT_EQ(process->wait().code, 0) << read_file(folder->file("errors"));
    process.reset();
    folder.reset();
  }

 protected:
  static inline std::unique_ptr<Folder> folder;
  static inline std::unique_ptr<Process> process;
  static inline std::uint16_t port = 0;
};

TEST_F(Simulator, AnswersWholeAndStreamedWithALabel) {
  const Response whole = ask(port, chat("sim-light"));
  const Response streamed = ask(port, streamed_chat("sim-light"));

  EXPECT_EQ(whole.header("x-simulated"), "true");
  EXPECT_TRUE(text_of(whole.body).starts_with("[simulated]"));
  EXPECT_TRUE(streamed.whole);
  EXPECT_TRUE(streamed.body.ends_with("data: [DONE]\n\n"));
}

struct Fault {
  const char* name;
  std::string fault;
  bool streamed;
};

std::ostream& operator<<(std::ostream& out, const Fault& row) { return out << row.name; }

class SimulatedCut : public Simulator, public testing::WithParamInterface<Fault> {};

TEST_P(SimulatedCut, HasOneFramingThatItBreaks) {
  const std::string model = "sim-light+" + GetParam().fault;

  const std::string bytes = all_bytes(port, GetParam().streamed ? streamed_chat(model) : chat(model));

  const std::string head = to_lower(bytes.substr(0, bytes.find("\r\n\r\n") + 4));
  EXPECT_EQ(count(head, "content-length:"), GetParam().streamed ? 0U : 1U) << head;
  EXPECT_EQ(count(head, "transfer-encoding:"), GetParam().streamed ? 1U : 0U) << head;
  EXPECT_GT(bytes.size(), head.size());
  EXPECT_FALSE(bytes.ends_with("\r\n0\r\n\r\n"));
  const Response cut = ask(port, GetParam().streamed ? streamed_chat(model) : chat(model));
  EXPECT_EQ(cut.status, 200);
  EXPECT_FALSE(cut.whole);
}

INSTANTIATE_TEST_SUITE_P(All, SimulatedCut,
                         testing::Values(Fault{"wrong_length", "wrong_length", false},
                                         Fault{"wrong_length_of_a_stream", "wrong_length", true},
                                         Fault{"cut", "cut=2", false}, Fault{"cut_of_a_stream", "cut=2", true}),
                         [](const auto& row) { return std::string(row.param.name); });

TEST_F(Simulator, SaysItsWrongLengthAHundredBytesTooLong) {
  const std::string bytes = all_bytes(port, chat("sim-light+wrong_length"));

  const std::size_t body = bytes.find("\r\n\r\n") + 4;
  const std::string head = to_lower(bytes.substr(0, body));
  const std::size_t value = head.find("content-length: ") + 16;
  const auto length = parse_uint(head.substr(value, head.find("\r\n", value) - value));
  EXPECT_EQ(length, bytes.size() - body + 100);
}

TEST_F(Simulator, ResetsWithoutAByte) { EXPECT_EQ(all_bytes(port, chat("sim-light+reset")), ""); }

TEST_F(Simulator, SendsTheStatusAndThePauseThatWereAskedFor) {
  const Response limited = ask(port, chat("sim-light", easy, "x-simulate-fault: status=429;retry_after=7\r\n"));

  EXPECT_EQ(limited.status, 429);
  EXPECT_EQ(limited.header("retry-after"), "7");
  EXPECT_TRUE(limited.whole);
}

}  // namespace
}  // namespace triaged::test
