#include "triaged/routing/estimates.hpp"

#include "triaged/base/embedded.hpp"
#include "triaged/routing/outcomes.hpp"
#include "triaged/routing/task_model.hpp"
#include "triaged/routing/thresholds.hpp"

#include "unit/routing/support.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <thread>
#include <vector>

namespace triaged::routing {
namespace {

using test::user;

std::string message_of(std::string_view bytes) {
  const auto model = EstimateModel::decode(bytes, "x.model");
  return model ? "" : model.error().detail;
}

OutcomeWeights some_weights() {
  OutcomeWeights weights;
  for (OutcomeHead* head : {&weights.level, &weights.gain}) {
    head->dense.assign(outcome_feature_count(), 0.0F);
    head->text.assign(outcome_buckets, 0.0F);
  }
  weights.classifier = "tasks-1";
  return weights;
}

struct Look {
  Outlook outlook;
  OutputLength length;
};

Look look(const EstimateModel& model, const std::string& prompt, std::int64_t most = 0, std::string_view name = {}) {
  static const auto classifier = make_trained_classifier(*TaskModel::decode(embedded_task_model(), "built in"));
  const test::Conversation conversation = user(prompt);
  Features features = extract_features(conversation.request);
  features.max_output_tokens = most;
  const TaskScores task = classify(conversation.request, features, *classifier);
  const Complexity complexity = score_complexity(features, task.best);
  TaskFeatures text;
  extract_task_features(conversation.request, features, text);
  const EstimateInput input{features, task, complexity, text};
  return {model.look(input), model.output_length(input, name)};
}

TEST(EstimateModel, SaysWhatIsWrongWithAFile) {
  const std::string good = encode_estimate_model(some_weights());
  EXPECT_EQ(message_of(good), "");
  EXPECT_EQ(message_of(""), "x.model is not an outcome model of triaged");
  EXPECT_EQ(message_of(embedded_task_model()), "x.model is not an outcome model of triaged");
  EXPECT_EQ(message_of(good.substr(0, good.size() / 2)), "x.model is damaged: its checksum does not match");
  for (const std::size_t at : {std::size_t{30}, good.size() / 3, good.size() - 1}) {
    std::string damaged = good;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    EXPECT_EQ(message_of(damaged), "x.model is damaged: its checksum does not match") << at;
  }
}

TEST(EstimateModel, RefusesOtherVersionsAndNumbersThatAreNone) {
  OutcomeWeights weights = some_weights();
  weights.level.dense.pop_back();
  weights.gain.dense.pop_back();
  EXPECT_NE(message_of(encode_estimate_model(weights)).find("its number of features is"), std::string::npos);
  weights = some_weights();
  weights.gain.intercept = std::numeric_limits<float>::infinity();
  EXPECT_EQ(message_of(encode_estimate_model(weights)), "x.model has a constant that is no number");
  weights = some_weights();
  weights.prior_weight = 0;
  EXPECT_EQ(message_of(encode_estimate_model(weights)), "x.model has a prior weight that is not positive");
}

TEST(EstimateModel, KeepsItsNumbersThroughAFile) {
  OutcomeWeights weights = some_weights();
  weights.level.intercept = 0.75F;
  weights.gain.intercept = 0.25F;
  weights.gain.dense[0] = 0.125F;
  weights.gain.text[77] = -0.5F;
  weights.output.models = {{"a", 2.0F}, {"b", 0.5F}};
  const auto model = EstimateModel::decode(encode_estimate_model(weights), "x");
  ASSERT_TRUE(model);
  EXPECT_EQ((*model)->weights().gain.dense, weights.gain.dense);
  EXPECT_NEAR((*model)->weights().gain.text[77], -0.5F, 1e-6);
  EXPECT_EQ((*model)->classifier(), "tasks-1");
  EXPECT_TRUE((*model)->version().starts_with("outcomes-"));
  weights.gain.intercept = 0.26F;
  EXPECT_NE((*EstimateModel::decode(encode_estimate_model(weights), "x"))->version(), (*model)->version());
}

TEST(EstimateModel, SpreadsTiersBetweenWeakAndStrong) {
  const Outlook outlook{0.6, 0.4};
  EXPECT_DOUBLE_EQ(outlook.good(0), 0.4);
  EXPECT_DOUBLE_EQ(outlook.good(0.5), 0.6);
  EXPECT_DOUBLE_EQ(outlook.good(1), 0.8);
  EXPECT_DOUBLE_EQ((Outlook{0.95, 0.4}.good(1)), 0.99);
  EXPECT_DOUBLE_EQ((Outlook{-3, 0}.good(1)), 0.01);
  EXPECT_DOUBLE_EQ((Outlook{0.5, -0.4}.good(0)), (Outlook{0.5, -0.4}.good(1))) << "a weaker tier is never better";
  EXPECT_DOUBLE_EQ(tier_strength(0, 1), 1);
  EXPECT_DOUBLE_EQ(tier_strength(1, 3), 0.5);
  EXPECT_DOUBLE_EQ(tier_strength(2, 3), 1);
}

TEST(EstimateModel, IsBuiltInAndFitsTheBuiltInClassifier) {
  const auto model = EstimateModel::built_in();
  const auto tasks = *TaskModel::decode(embedded_task_model(), "built in");
  EXPECT_EQ(model->classifier(), make_trained_classifier(tasks)->version());
  EXPECT_GE(model->prior_weight(), 2);
}

TEST(EstimateModel, ExpectsMoreOfStrongTiersOfLongerQuestions) {
  const auto model = EstimateModel::built_in();
  const std::string question = "A shop sells 12 apples a day at 3 dollars each. How much does it take in a week?";
  const Look shorter = look(*model, question);
  const Look longer = look(*model, "Tom has a shop, his sister has another, and both open six days. " + question +
                                       " His sister sells twice as many at half the price, and gives a third away. " +
                                       "How much more does one of them take in a month of four weeks than the other?");
  EXPECT_GT(longer.outlook.gain, shorter.outlook.gain);
  EXPECT_GT(shorter.outlook.good(1), shorter.outlook.good(0));
}

TEST(EstimateModel, ExpectsMoreOfStrongTiersForProgramsThanForTalk) {
  const auto model = EstimateModel::built_in();
  const double program = look(*model, "Write a Python function that merges two sorted lists.").outlook.gain;
  EXPECT_GT(program, look(*model, "Write a haiku about two lists of things to do.").outlook.gain);
  EXPECT_GT(program, look(*model, "Who was the first to sail around the world?").outlook.gain);
}

TEST(EstimateModel, IsSafeForAnyText) {
  const auto model = EstimateModel::built_in();
  for (const std::string& prompt : {std::string(), std::string(1'000'000, 'a'), std::string("\xff\xfe\x80 \xc3"),
                                    std::string(5000, '\n'), std::string("\0x", 2)}) {
    const Look seen = look(*model, prompt);
    EXPECT_GE(seen.outlook.good(0), 0.01);
    EXPECT_LE(seen.outlook.good(1), 0.99);
    EXPECT_TRUE(std::isfinite(seen.length.expected));
  }
}

TEST(EstimateModel, KnowsHowLongAnswersGetAndWhatTheRequestAllows) {
  OutcomeWeights weights = some_weights();
  for (auto& row : weights.output.log_tokens) row.fill(std::log(200.0F));
  weights.output.deviation = 0.5F;
  weights.output.models = {{"terse", 0.5F}, {"thinker", 8.0F}};
  const auto model = *EstimateModel::decode(encode_estimate_model(weights), "x");
  const OutputLength plain = look(*model, "Why?").length;
  EXPECT_NEAR(plain.median, 200, 0.1);
  EXPECT_GT(plain.expected, plain.median);
  EXPECT_GT(plain.p90, plain.expected);
  EXPECT_NEAR(look(*model, "Why?", 0, "thinker").length.median, 1600, 1);
  EXPECT_NEAR(look(*model, "Why?", 0, "terse").length.median, 100, 0.1);
  EXPECT_EQ(look(*model, "Why?", 50).length.p90, 50);
}

TEST(EstimateModel, ExpectsTheLengthThatIsAskedFor) {
  OutcomeWeights weights = some_weights();
  for (auto& row : weights.output.log_tokens) row.fill(std::log(200.0F));
  weights.output.models = {{"terse", 0.5F}, {"thinker", 8.0F}};
  const auto model = *EstimateModel::decode(encode_estimate_model(weights), "x");
  const OutputLength essay = look(*model, "Write an essay of 3,000 words").length;
  EXPECT_NEAR(essay.median, 4200, 1);
  EXPECT_GT(essay.expected, essay.median);
  EXPECT_LT(essay.p90, 2 * essay.median) << "less open than where no length is asked for";
  EXPECT_NEAR(look(*model, "Write an essay of 3,000 words", 0, "terse").length.median, 4200, 1);
  EXPECT_NEAR(look(*model, "Write an essay of 3,000 words", 0, "thinker").length.median, 4200 + 7 * 200, 1);
  EXPECT_LT(look(*model, "Answer in one word: is water wet?").length.p90, 10);
  EXPECT_EQ(look(*model, "Write an essay of 3,000 words", 500).length.expected, 500);
}

// The dense features of a text that the classifier finds to be mathematics with this probability.
std::vector<float> features_of_mathematics(float probability) {
  const test::Conversation conversation = user("What is twelve times twelve?");
  const Features features = extract_features(conversation.request);
  TaskFeatures text;
  extract_task_features(conversation.request, features, text);
  TaskScores task;
  task.probability[static_cast<std::size_t>(TaskType::math)] = probability;
  const Complexity complexity;
  OutcomeVector dense;
  outcome_features({features, task, complexity, text}, dense);
  return {dense.begin(), dense.begin() + static_cast<std::ptrdiff_t>(outcome_feature_count())};
}

TEST(Estimates, CountATaskOnlyAsFarAsItIsCertain) {
  const auto& names = outcome_feature_names();
  const auto at = static_cast<std::size_t>(std::find(names.begin(), names.end(), "task math") - names.begin());
  ASSERT_LT(at, names.size());
  EXPECT_EQ(features_of_mathematics(0.2F), features_of_mathematics(0.5F)) << "doubt orders nothing";
  EXPECT_NEAR(features_of_mathematics(0.7F)[at], 0.5F, 1e-6);
  EXPECT_EQ(features_of_mathematics(0.95F)[at], 1.0F);
  EXPECT_EQ(features_of_mathematics(0.95F), features_of_mathematics(1.0F));
}

TEST(Estimates, BandsCoverEverything) {
  EXPECT_EQ(complexity_band(-1), 0U);
  EXPECT_EQ(complexity_band(0.24), 0U);
  EXPECT_EQ(complexity_band(0.25), 1U);
  EXPECT_EQ(complexity_band(1), complexity_bands - 1);
  EXPECT_EQ(length_band(0), 0U);
  EXPECT_EQ(length_band(50), 0U);
  EXPECT_EQ(length_band(51), 1U);
  EXPECT_EQ(length_band(1'000'000), length_bands - 1);
}

Outcome found(double good, double expected, std::size_t tier = 0, std::size_t band = 1) {
  Outcome outcome;
  outcome.task = TaskType::qa;
  outcome.band = band;
  outcome.tier = tier;
  outcome.good = good;
  outcome.expected = expected;
  return outcome;
}

TEST(Outcomes, ChangeNothingBeforeThereAreAny) {
  const Outcomes outcomes(2, {});
  const TierEstimate estimate = outcomes.estimate(TaskType::qa, 1, 0, 0.7);
  EXPECT_DOUBLE_EQ(estimate.good, 0.7);
  EXPECT_LT(estimate.lower, 0.6);
  EXPECT_EQ(estimate.seen, 0);
  EXPECT_EQ(estimate.token_factor, 1);
}

TEST(Outcomes, MoveEstimatesTowardsWhatHappensAndNarrowThem) {
  Outcomes outcomes(2, {});
  double before = 0.7;
  for (int i = 0; i < 200; ++i) {
    outcomes.update(found(0, 0.7));
    const double now = outcomes.estimate(TaskType::qa, 1, 0, 0.7).good;
    EXPECT_LE(now, before);
    before = now;
  }
  EXPECT_LT(before, 0.1);
  const TierEstimate near = outcomes.estimate(TaskType::qa, 1, 0, 0.7);
  EXPECT_LT(near.good - near.lower, 0.05);
  EXPECT_DOUBLE_EQ(outcomes.estimate(TaskType::qa, 1, 1, 0.7).good, 0.7) << "another tier";
  EXPECT_DOUBLE_EQ(outcomes.estimate(TaskType::code, 1, 0, 0.7).good, 0.7) << "another task";
  const double neighbour = outcomes.estimate(TaskType::qa, 3, 0, 0.7).good;
  EXPECT_LT(neighbour, 0.3) << "what its task showed counts where a band has nothing of its own";
}

TEST(Outcomes, ForgetWhatIsLongAgo) {
  Outcomes::Options options;
  options.memory = 50;
  Outcomes outcomes(1, options);
  for (int i = 0; i < 500; ++i) outcomes.update(found(0, 0.5));
  EXPECT_LT(outcomes.estimate(TaskType::qa, 1, 0, 0.5).good, 0.1);
  for (int i = 0; i < 200; ++i) outcomes.update(found(1, 0.5));
  EXPECT_GT(outcomes.estimate(TaskType::qa, 1, 0, 0.5).good, 0.85);
  EXPECT_LE(outcomes.estimate(TaskType::qa, 1, 0, 0.5).seen, 50.5);
}

TEST(Outcomes, LeaveOutWhatMakesNoSense) {
  Outcomes outcomes(2, {});
  outcomes.update(found(std::nan(""), 0.5));
  outcomes.update(found(0, std::numeric_limits<double>::infinity()));
  outcomes.update(found(0, 0.5, 2));
  outcomes.update(found(0, 0.5, 0, complexity_bands));
  EXPECT_EQ(outcomes.estimate(TaskType::qa, 1, 0, 0.5).seen, 0);
  EXPECT_DOUBLE_EQ(outcomes.estimate(TaskType::qa, 1, 9, 0.5).good, 0.5);
}

TEST(Outcomes, LearnHowLongAnswersReallyGet) {
  Outcomes outcomes(1, {});
  Outcome outcome = found(1, 0.9);
  outcome.output_tokens = 3000;
  outcome.expected_tokens = 300;
  for (int i = 0; i < 300; ++i) outcomes.update(outcome);
  EXPECT_NEAR(outcomes.estimate(TaskType::qa, 1, 0, 0.9).token_factor, 10, 0.5);
}

TEST(Outcomes, CountEveryOutcomeOfManyThreads) {
  Outcomes::Options options;
  options.memory = 1e9;
  Outcomes outcomes(1, options);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&outcomes] {
      for (int i = 0; i < 2000; ++i) outcomes.update(found(1, 0.5));
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_NEAR(outcomes.estimate(TaskType::qa, 1, 0, 0.5).seen, 8000, 1);
}

TEST(Thresholds, AreRefusedWithWhatIsWrong) {
  const auto model = *EstimateModel::decode(encode_estimate_model(some_weights()), "x");
  const std::string version = "model: " + model->version() + "\n";
  const std::string rest = "rows: 100\nquality: 0.95\nquality_floor: 0.8\ngain_cutoff: 0.1\n";
  const auto problem = [&](const std::string& yaml) {
    const auto parsed = parse_thresholds(yaml, *model, "t");
    return parsed ? std::string() : parsed.error().detail;
  };
  EXPECT_EQ(problem("# note\n\n" + version + rest + "strong_share: 0.4\r\n"), "");
  EXPECT_EQ(problem(version + rest), "t has no \"strong_share\"");
  EXPECT_EQ(problem(rest), "t has no \"model\": made by triaged calibrate?");
  EXPECT_EQ(problem(version + "quality: high\n"), "t:2: quality is no number from 0 to 1");
  EXPECT_EQ(problem(version + "quality: 1.5\n"), "t:2: quality is no number from 0 to 1");
  EXPECT_EQ(problem(version + "floor: 1\n"), "t:2: \"floor\" is not known");
  EXPECT_EQ(problem("nonsense"), "t:1: is not \"name: value\"");
  EXPECT_NE(problem("model: outcomes-00000000\n" + rest).find("was calibrated for outcomes-00000000"),
            std::string::npos);
}

}  // namespace
}  // namespace triaged::routing
