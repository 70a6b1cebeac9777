#include "faults/site.hpp"

#include <algorithm>
#include <cstdio>

namespace triaged::test {
namespace {

// Of the primary, which fails. The others answer, and may take their time.
constexpr const char* clocks = "clocks: {connect: 1s, head: 300ms, first_content: 300ms, idle: 250ms, total: 3s}";

struct Row {
  std::string fault;
  std::string right;
  bool seen = false;
};

std::vector<Row>& rows() {
  static std::vector<Row> all;
  return all;
}

// Prints the table behind all tests.
class PrintsTable final : public testing::Environment {
 public:
  void TearDown() override { std::fputs(FaultScenario::table().c_str(), stdout); }
};

const testing::Environment* const prints_table =
    testing::AddGlobalTestEnvironment(std::make_unique<PrintsTable>().release());

std::string code_of(const nlohmann::json& error) {
  const auto code = error.find("code");
  return code != error.end() && code->is_string() ? code->get<std::string>() : std::string();
}

void read_error(const std::string& text, Got& got) {
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object() || !json.contains("error")) return;
  got.error = code_of(json["error"]);
  got.message = json["error"].value("message", "");
}

}  // namespace

std::string FaultScenario::table() {
  std::string out = "\nscenarios\n";
  std::size_t seen = 0;
  for (const Row& row : rows()) {
    out += (row.seen ? "  ok    " : "  FAILED ") + row.fault + "\n        -> " + row.right + "\n";
    seen += row.seen ? 1U : 0U;
  }
  return out + "  " + std::to_string(seen) + " of " + std::to_string(rows().size()) + " as they should be\n";
}

void FaultScenario::scenario(std::string fault, std::string right) {
  fault_ = std::move(fault);
  right_ = std::move(right);
}

void FaultScenario::start(const std::function<void(DaemonSetup&)>& change) {
  DaemonSetup setup;
  setup.providers = {provider("primary", primary.port(), clocks), provider("backup", backup.port()),
                     provider("strong", strong.port())};
  setup.tiers = {"{name: light, targets: [primary/small, backup/small]}", "{name: strong, targets: [strong/large]}"};
  setup.routing = R"(confidence: 0, table: [{complexity: "<0.35", tier: light}])";
  setup.prices =
      "date: 2026-01-01\nproviders:\n"
      "  primary: {source: \"https://prices.test\", models: {small: {input: 1, output: 2}}}\n"
      "  backup: {source: \"https://prices.test\", models: {small: {input: 3, output: 4}}}\n"
      "  strong: {source: \"https://prices.test\", models: {large: {input: 10, output: 20}}}\n";
  if (change) change(setup);
  daemon = std::make_unique<Daemon>(setup);
}

void FaultScenario::TearDown() {
  ASSERT_FALSE(fault_.empty()) << "a scenario says what it is about";
  if (daemon) {
    strong.reset();
    strong.always(answers("still here"));
    EXPECT_EQ(test::ask(daemon->admin(), get("/healthz")).status, 200);
    EXPECT_TRUE(eventually([this] { return ask(false, "strong/large").text == "still here"; }));
    daemon->stop();
  }
  rows().push_back({fault_, right_, !HasFailure()});
}

Got FaultScenario::ask(bool streamed, std::string_view model, std::string_view more) {
  Client client(daemon->api());
  const std::string body = streamed ? stream_request(model, easy, more) : chat_request(model, easy, more);
  client.send(post(chat_path, body));
  const Response head = client.begin();
  Got got;
  got.status = head.status;
  got.model = head.header("x-triaged-model");
  got.id = head.header("x-triaged-id");
  got.retry_after = head.header("retry-after");
  if (head.header("content-type").rfind("text/event-stream", 0) != 0) {
    got.whole = head.whole;
    read_error(head.body, got);
    if (head.status == 200) got.text = text_of(head.body);
    got.ended_cleanly = head.whole && head.status == 200;
    return got;
  }
  got.events = client.rest();
  got.whole = client.whole();
  std::vector<std::string> chunks = got.events;
  if (!chunks.empty()) read_error(chunks.back(), got);
  got.text = text_of(chunks);
  got.ended_cleanly = got.whole && !chunks.empty() && chunks.back() == "[DONE]";
  return got;
}

void FaultScenario::expect_answer(const Got& got, std::string_view text, std::string_view model) {
  EXPECT_EQ(got.status, 200) << got.message;
  EXPECT_EQ(got.text, text);
  EXPECT_EQ(got.model, model);
  EXPECT_TRUE(got.whole);
  EXPECT_TRUE(got.ended_cleanly);
  EXPECT_EQ(got.error, "");
}

void FaultScenario::expect_no_clean_end(const Got& got, std::string_view error) {
  EXPECT_EQ(got.error, error) << got.message;
  EXPECT_FALSE(got.ended_cleanly);
  EXPECT_FALSE(got.status == 200 && got.whole);
}

std::vector<std::string> FaultScenario::history(const Got& got) {
  std::vector<std::string> lines;
  for (const LedgerRow& row : daemon->ledger().of(got.id)) {
    lines.push_back(row.provider + "/" + row.outcome + "/" + row.error);
  }
  return lines;
}

}  // namespace triaged::test
