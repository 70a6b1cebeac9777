#include "triaged/learn/task_training.hpp"

#include "triaged/learn/task_report.hpp"

#include "unit/learn/support.hpp"

#include <gtest/gtest.h>

#include <string>

namespace triaged::learn {
namespace {

using routing::TaskType;
using test::TestFile;

TaskSources own(const TestFile& file) {
  TaskSources sources;
  sources.own = {file.path()};
  return sources;
}

std::string problem_of(const std::string& text) {
  const TestFile file(text);
  const Result<TaskData> data = read_task_data(own(file));
  if (data) return "";
  return data.error().detail.substr(file.path().size());
}

// Words that no table of cues knows, so that only training can tell them apart.
std::string made_up_rows(int count) {
  std::string rows;
  for (int i = 0; i < count; ++i) {
    const std::string number = std::to_string(i);
    rows += R"({"text": "blorf the zanter of unit )" + number + R"(", "label": "extract"})" + "\n";
    rows += R"({"text": "quindle my snorp with unit )" + number + R"(", "label": "math"})" + "\n";
  }
  return rows;
}

TEST(TaskData, SaysWhichLineIsWrong) {
  EXPECT_EQ(problem_of("{\"text\": \"a\", \"label\": \"qa\"}\n\n"), "");
  EXPECT_EQ(problem_of("{\"text\": \"a\", \"label\": \"qa\"}\n{\n"),
            ":2: is not JSON in UTF-8: an object is not closed");
  EXPECT_EQ(problem_of("{\"text\": \"\xFF\", \"label\": \"qa\"}\n"), ":1: is not JSON in UTF-8");
  EXPECT_EQ(problem_of("[]\n"), ":1: is no JSON object");
  EXPECT_EQ(problem_of("{\"text\": \"a\", \"label\": \"poetry\"}\n"), ":1: \"poetry\" is no task type");
  EXPECT_EQ(problem_of("{\"text\": \"a\", \"label\": \"qa\", \"alt\": [3]}\n"), ":1: \"3\" is no task type");
  EXPECT_EQ(problem_of("{\"messages\": [{\"role\": \"bard\", \"content\": \"a\"}], \"label\": \"qa\"}\n"),
            ":1: has a message without a known role");
}

TEST(TaskData, SaysWhenThereIsNothing) {
  const TestFile file("\n");
  EXPECT_EQ(read_task_data(own(file)).error().detail, "the files hold no labelled prompts");
  TaskSources sources;
  sources.bulk = {"/nonexistent/rows.jsonl"};
  EXPECT_EQ(read_task_data(sources).error().detail, "/nonexistent/rows.jsonl: cannot be read");
}

TEST(TaskData, ReadsConversations) {
  const TestFile file(
      R"({"messages": [{"role": "system", "content": "S"}, {"role": "user", "content": "Hi"}], "label": "chat",)"
      R"( "alt": ["qa", "chat"], "lang": "de", "tools": ["a", "b"], "response_format": "json_schema"})");
  const Result<TaskData> data = read_task_data(own(file));
  ASSERT_TRUE(data) << data.error().detail;
  const TaskExample& example = data->examples.front();
  ASSERT_EQ(example.request.messages.size(), 2U);
  EXPECT_EQ(example.request.messages[0].role, chat::Role::system);
  EXPECT_EQ(example.request.messages[1].text, "Hi");
  EXPECT_EQ(example.request.tools, 2U);
  EXPECT_EQ(example.request.format, chat::OutputFormat::json_schema);
  EXPECT_EQ(example.language, "de");
  EXPECT_TRUE(example.accepts(TaskType::chat));
  EXPECT_TRUE(example.accepts(TaskType::qa));
  EXPECT_FALSE(example.accepts(TaskType::math));
}

TEST(TaskData, SamplesLargeSetsTheSameWayEachTimeAndKeepsOwnRowsWhole) {
  const TestFile bulk(made_up_rows(100), "bulk.jsonl");
  TaskSources sources;
  sources.bulk = {bulk.path()};
  sources.small = 100;
  sources.most_per_label = 30;
  const Result<TaskData> sampled = read_task_data(sources);
  const Result<TaskData> again = read_task_data(sources);
  ASSERT_EQ(sampled->examples.size(), 60U);
  for (std::size_t i = 0; i < 60; ++i) EXPECT_EQ(sampled->examples[i].hash, again->examples[i].hash);
  EXPECT_EQ(sampled->files[0].rows, 200U);
  EXPECT_EQ(sampled->files[0].used, 60U);
  EXPECT_EQ(sampled->files[0].sha256.size(), 64U);

  sources.small = 200;
  EXPECT_EQ(read_task_data(sources)->examples.size(), 200U) << "a set that is not large";

  sources.own = {bulk.path()};
  const Result<TaskData> both = read_task_data(sources);
  EXPECT_EQ(both->examples.size(), 200U) << "rows that stand in both files count once";
  EXPECT_EQ(both->files[1].used, 0U);
}

TEST(TaskTraining, LearnsWordsThatNoTableKnowsAndIsReproducible) {
  const TestFile file(made_up_rows(40));
  const Result<TaskData> data = read_task_data(own(file));
  ASSERT_TRUE(data);
  const auto quiet = [](std::string_view) {};

  const TaskTrainingResult result = train_tasks(*data, {}, quiet);

  ASSERT_EQ(result.cross_validated.size(), 80U);
  const TaskReport report = report_on(*data, result.cross_validated);
  EXPECT_GE(report.total.top1(), 0.98);
  const std::string bytes = routing::encode_task_model(result.weights);
  EXPECT_EQ(bytes, routing::encode_task_model(train_tasks(*data, {}, quiet).weights));

  const auto model = routing::TaskModel::decode(bytes, "trained");
  ASSERT_TRUE(model) << model.error().detail;
  const TestFile unseen(R"({"text": "blorf the zanter of the last one", "label": "extract"})", "unseen.jsonl");
  const Result<TaskData> question = read_task_data(own(unseen));
  const auto predictions = predict(*question, *routing::make_trained_classifier(*model));
  EXPECT_EQ(predictions[0].scores.best, TaskType::extract);
}

TEST(TaskReport, CountsWhatIsRightSureAndConfused) {
  const TestFile file(R"({"text": "a", "label": "qa"}
{"text": "b", "label": "qa", "alt": ["chat"]}
{"text": "c", "label": "math", "lang": "de"}
{"text": "d", "label": "math"}
)");
  const Result<TaskData> data = read_task_data(own(file));
  ASSERT_TRUE(data);
  std::vector<TaskPrediction> predictions;
  for (std::size_t i = 0; i < data->examples.size(); ++i) {
    routing::TaskScores scores;
    const bool math = data->examples[i].label == TaskType::math;
    scores.best = math ? TaskType::code : TaskType::chat;
    scores.second = TaskType::qa;
    scores.confidence = math ? 0.75F : 0.25F;
    predictions.push_back({i, scores});
  }

  const TaskReport report = report_on(*data, predictions);

  EXPECT_EQ(report.total.all, 4U);
  EXPECT_EQ(report.total.first, 1U);   // the one that chat is right for, too
  EXPECT_EQ(report.total.second, 2U);  // and the other question
  EXPECT_EQ(report.total.sure, 2U);
  EXPECT_EQ(report.total.sure_right, 0U);
  EXPECT_EQ(report.by_language.at("de").all, 1U);
  constexpr auto qa = static_cast<std::size_t>(TaskType::qa);
  EXPECT_EQ(report.confusion[qa][qa], 1U);
  EXPECT_EQ(report.confusion[qa][static_cast<std::size_t>(TaskType::chat)], 1U);
  EXPECT_EQ(report.calibration[7].count, 2U);
  EXPECT_NEAR(report.calibration_error, (0.5 + 1.5) / 4, 1e-6);  // bins: 2 at 0.25 with 1 right, 2 at 0.75 with none
}

}  // namespace
}  // namespace triaged::learn
