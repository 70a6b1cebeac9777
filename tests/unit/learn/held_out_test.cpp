// The built-in classifier on the prompts that its training never saw.
#include "triaged/learn/task_report.hpp"

#include "unit/learn/support.hpp"
#include "unit/routing/support.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <set>
#include <string>

namespace triaged::learn {
namespace {

// A little below what docs/routing.md says of each: a model that is worse than its documentation does not pass.
struct HeldOut {
  std::string name;
  std::size_t prompts = 0;
  double right = 0;
  double right_where_sure = 0;
};

void PrintTo(const HeldOut& set, std::ostream* out) { *out << set.name; }

std::string path_of(const std::string& name) { return TRIAGED_TEST_DATA "/prompts/" + name + ".jsonl"; }

class HeldOutPrompts : public testing::TestWithParam<HeldOut> {};

TEST_P(HeldOutPrompts, AreSortedAsWellAsDocumented) {
  const HeldOut& set = GetParam();
  TaskSources sources;
  sources.own = {path_of(set.name)};
  const Result<TaskData> data = read_task_data(sources);
  ASSERT_TRUE(data) << data.error().detail;
  const TaskTally total = report_on(*data, predict(*data, routing::test::built_in_classifier())).total;
  EXPECT_EQ(total.all, set.prompts);
  EXPECT_GE(total.top1(), set.right);
  EXPECT_GE(total.sure_precision(), set.right_where_sure);
}

INSTANTIATE_TEST_SUITE_P(
    All, HeldOutPrompts,
    testing::Values(HeldOut{"heldout", 530, 0.85, 0.93}, HeldOut{"heldout_conversations", 90, 0.89, 0.93},
                    HeldOut{"heldout_languages", 70, 0.90, 0.95}, HeldOut{"heldout_everyday", 159, 0.82, 0.94},
                    HeldOut{"heldout_requests", 80, 0.95, 0.97}, HeldOut{"heldout_documents", 119, 0.95, 0.96},
                    HeldOut{"heldout_pasted", 30, 0.83, 0.90}),
    [](const auto& set) { return set.param.name; });

TEST(HeldOut, IsReportedWithTheSameFiguresAsTextAndAsJson) {
  TaskSources sources;
  sources.own = {path_of("heldout_pasted")};
  const Result<TaskData> data = read_task_data(sources);
  ASSERT_TRUE(data) << data.error().detail;
  const TaskReport report = report_on(*data, predict(*data, routing::test::built_in_classifier()));
  EXPECT_NE(report_text(report).find("| all | 30 | "), std::string::npos) << report_text(report);
  EXPECT_NE(report_text(report).find("| language de | 6 | "), std::string::npos) << report_text(report);
  EXPECT_NE(report_json(report).find("\"prompts\": 30,"), std::string::npos) << report_json(report);
}

TEST(HeldOut, IsNotTrainedOn) {
  std::set<std::string> trained;
  for (const char* name : {"train_basics", "train_conversations", "train_daily", "train_de", "train_documents",
                           "train_en", "train_en_chatlogs", "train_en_products", "train_es", "train_everyday",
                           "train_followups", "train_fr", "train_hi", "train_other", "train_two_tasks", "train_zh"}) {
    TaskSources sources;
    sources.own = {path_of(name)};
    const Result<TaskData> data = read_task_data(sources);
    ASSERT_TRUE(data) << data.error().detail;
    for (const TaskExample& example : data->examples) trained.insert(std::string(example.request.messages.back().text));
  }
  TaskSources held_out;
  held_out.own = {path_of("heldout"),          path_of("heldout_languages"), path_of("heldout_everyday"),
                  path_of("heldout_requests"), path_of("heldout_documents"), path_of("heldout_pasted")};
  const Result<TaskData> data = read_task_data(held_out);
  ASSERT_TRUE(data) << data.error().detail;
  for (const TaskExample& example : data->examples) {
    const std::string text(example.request.messages.back().text);
    if (text.size() < 12) continue;  // there are only so many greetings
    EXPECT_FALSE(trained.contains(text)) << text;
  }
}

}  // namespace
}  // namespace triaged::learn
