// `triaged simulate` as a server of its own: each fault is exactly the fault it says, and nothing beside it.
#include "triaged/base/text.hpp"

#include "support/chat.hpp"
#include "support/client.hpp"
#include "support/files.hpp"
#include "support/process.hpp"
#include "support/signal.hpp"

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
    const std::vector<std::string> command{TRIAGED_BINARY, "simulate", "--listen", "127.0.0.1:0",
                                           "--time-scale", "0",        "--log",    folder->file("requests")};
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
  void TearDown() override {
    EXPECT_EQ(ask(port, request("DELETE", "/simulate/faults")).status, 200);
    EXPECT_EQ(ask(port, request("DELETE", "/simulate/requests")).status, 200);
  }

  static std::string request(const std::string& method, const std::string& path, const std::string& body = "") {
    return method + " " + path + " HTTP/1.1\r\nHost: t\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
           body;
  }
  // Of the requests that have ended; asked again until there are so many.
  static nlohmann::json requests(std::size_t at_least) {
    nlohmann::json list;
    const bool there = eventually([&] {
      list = ask(port, get("/simulate/requests")).json();
      return list["total"] >= at_least;
    });
    EXPECT_TRUE(there) << list.dump();
    return list["data"];
  }

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

TEST_F(Simulator, FailsSoManyTimesAndThenSucceeds) {
  const Response set = ask(port, request("PUT", "/simulate/faults/sim-light", "status=503;times=2"));
  EXPECT_EQ(set.status, 200);
  EXPECT_EQ(set.json()["data"][0]["left"], 2);

  std::vector<int> statuses;
  for (int i = 0; i < 4; ++i) statuses.push_back(ask(port, chat("sim-light")).status);

  EXPECT_EQ(statuses, (std::vector<int>{503, 503, 200, 200}));
  EXPECT_TRUE(ask(port, get("/simulate/faults")).json()["data"].empty());
}

TEST_F(Simulator, PlaysAnOutageOfAModelUntilItIsEnded) {
  EXPECT_EQ(ask(port, request("PUT", "/simulate/faults/sim%2Dlight", "reset")).status, 200);
  EXPECT_EQ(ask(port, chat("sim-light")).status, 0);
  EXPECT_EQ(ask(port, chat("sim-standard")).status, 200);
  EXPECT_EQ(ask(port, request("DELETE", "/simulate/faults/sim-light")).status, 200);
  EXPECT_EQ(ask(port, chat("sim-light")).status, 200);
  EXPECT_EQ(ask(port, request("DELETE", "/simulate/faults/sim-light")).status, 404);
  EXPECT_EQ(ask(port, request("PUT", "/simulate/faults/sim-light", "rest")).error()["code"], "unknown_fault");
  EXPECT_EQ(ask(port, request("POST", "/simulate/faults", "reset")).status, 405);
}

TEST_F(Simulator, RemembersWhatItWasAsked) {
  const std::string prefilled = R"({"model":"sim-light+prefill_refused","messages":[{"role":"user","content":"q"},)"
                                R"({"role":"assistant","content":"a"}]})";
  ask(port, streamed_chat("sim-standard", easy, "Authorization: Bearer sk-very-secret\r\nX-Trace: 7\r\n"));
  ask(port, post(chat_path, prefilled));
  {
    Client leaves(port);
    leaves.send(streamed_chat("sim-premium+stall=3"));
    leaves.begin();
    EXPECT_TRUE(leaves.next_event());
  }

  const nlohmann::json seen = requests(3);

  ASSERT_EQ(seen.size(), 3U);
  EXPECT_EQ(seen[0]["model"], "sim-standard");
  EXPECT_EQ(seen[0]["fault"], "");
  EXPECT_EQ(seen[0]["stream"], true);
  EXPECT_EQ(seen[0]["stayed"], true);
  EXPECT_EQ(seen[0]["status"], 200);
  EXPECT_GT(seen[0]["bytes"], 500);
  EXPECT_EQ(seen[0]["headers"]["x-trace"], "7");
  EXPECT_EQ(seen[0]["headers"]["authorization"], "(hidden)");
  EXPECT_EQ(seen[1]["status"], 400);
  EXPECT_EQ(seen[1]["fault"], "prefill_refused");
  EXPECT_EQ(seen[1]["prefilled"], true);
  EXPECT_EQ(seen[2]["fault"], "stall=3");
  EXPECT_EQ(seen[2]["stayed"], false) << "the client left";

  const std::string log = read_file(folder->file("requests"));
  EXPECT_EQ(log.find("very-secret"), std::string::npos);
  EXPECT_NE(log.find(R"("fault":"stall=3")"), std::string::npos) << "the same is in the file: " << log;
}

}  // namespace
}  // namespace triaged::test
