#include "triaged/learn/outcome_training.hpp"

#include "triaged/learn/calibration.hpp"
#include "triaged/learn/cost_evaluation.hpp"
#include "triaged/learn/router_report.hpp"

#include "unit/learn/support.hpp"

#include <cmath>
#include <numeric>

namespace triaged::learn {
namespace {

using test::TestFile;

struct Trial {
  OutcomeData data;
  std::vector<Pair> pairs;
};

Trial read(const TestFile& file) {
  Trial trial;
  trial.data = *read_outcomes({file.path()}, test::classifier());
  trial.pairs = *pairs_of(trial.data, {"big"}, {"small"});
  return trial;
}

double apgr_of(const Trial& trial, const routing::OutcomeWeights& weights, const std::vector<std::size_t>& rows) {
  return report_on(trial.data, trial.pairs, rows, gains_of(weights, trial.data, trial.pairs, rows), 1).router.apgr;
}

// For tests of a few dozen rows: they would hardly move what is held as fast as by default.
OutcomeTraining loose() {
  OutcomeTraining options;
  options.length_prior = 0;
  options.text_penalty = 1;
  return options;
}

TEST(OutcomeTraining, SendsLongerPromptsUpBeforeItSawAny) {
  const TestFile file(test::made_up_outcomes(20));
  const Trial trial = read(file);
  const routing::OutcomeWeights prior = train_outcomes(trial.data, trial.pairs, {}, {});
  const OutcomeExample shorter = read_prompt("Explain this", test::classifier());
  const OutcomeExample longer =
      read_prompt("Explain this and that and these and those and some more", test::classifier());
  EXPECT_GT(gain_of(prior, longer.point), gain_of(prior, shorter.point));
}

TEST(OutcomeTraining, KeepsPromptsOfOneKindInTheOrderOfTheirLength) {
  const TestFile file(test::made_up_outcomes(200));
  const Trial trial = read(file);
  const routing::OutcomeWeights weights = train_outcomes(trial.data, trial.pairs, all_rows(trial.pairs), {});
  const OutcomeExample hard = read_prompt("Explain the zanter of unit 4", test::classifier());
  const OutcomeExample longer = read_prompt("Explain the snorp with unit 4 and more and more", test::classifier());
  EXPECT_GT(gain_of(weights, longer.point), gain_of(weights, hard.point)) << "one file's words are not another's";
}

TEST(OutcomeTraining, LearnsFromLabelsWhichWordsAreHard) {
  const TestFile file(test::made_up_outcomes(200));
  const Trial trial = read(file);
  const routing::OutcomeWeights prior = train_outcomes(trial.data, trial.pairs, {}, {});
  const std::vector<std::size_t> labels = sample_pairs(trial.data, trial.pairs, 100, 1);
  const std::vector<std::size_t> rest = others_than(labels, trial.pairs.size());
  const routing::OutcomeWeights adapted = adapt_outcomes(prior, trial.data, trial.pairs, labels, {});
  EXPECT_LT(apgr_of(trial, prior, rest), 0.65);
  EXPECT_GT(apgr_of(trial, adapted, rest), 0.7);  // 0.75 is perfect
}

TEST(OutcomeTraining, MakesTheSameBytesForTheSameData) {
  const TestFile file(test::made_up_outcomes(60));
  const Trial one = read(file);
  const Trial two = read(file);
  const auto bytes = [](const Trial& trial) {
    routing::OutcomeWeights weights = train_outcomes(trial.data, trial.pairs, all_rows(trial.pairs), {});
    weights.output = train_output_lengths(trial.data);
    return routing::encode_estimate_model(weights);
  };
  EXPECT_EQ(bytes(one), bytes(two));
}

TEST(OutcomeTraining, LeavesAModelAloneForAHandfulOfLabels) {
  const TestFile file(test::made_up_outcomes(60));
  const Trial trial = read(file);
  const routing::OutcomeWeights base = train_outcomes(trial.data, trial.pairs, all_rows(trial.pairs), {});
  const std::vector<std::size_t> few{0, 1, 2};
  EXPECT_EQ(adapt_outcomes(base, trial.data, trial.pairs, few, {}).gain.dense, base.gain.dense);
}

TEST(OutcomeTraining, KnowsWhichModelWritesMore) {
  const TestFile file(test::made_up_outcomes(200));
  const Trial trial = read(file);
  const routing::OutputTable table = train_output_lengths(trial.data);
  ASSERT_EQ(table.models.size(), 2U);
  EXPECT_EQ(table.models[0].model, "big");
  EXPECT_GT(table.models[0].factor / table.models[1].factor, 2.5F);
  EXPECT_LT(table.models[0].factor / table.models[1].factor, 4.0F);
}

TEST(OutcomeTraining, TrustsAModelAsMuchAsItsErrorsAllow) {
  const std::vector<KindError> far{{0.9, 0.5}, {0.1, 0.5}};
  const std::vector<KindError> near{{0.52, 0.5}, {0.49, 0.5}};
  EXPECT_LT(prior_weight_of(far), prior_weight_of(near));
  EXPECT_GE(prior_weight_of(far), 2);
  EXPECT_LE(prior_weight_of(near), 200);
}

TEST(OutcomeTraining, SamplesTheSameRowsWhateverTheirOrder) {
  const TestFile file(test::made_up_outcomes(50));
  const Trial trial = read(file);
  const auto sample = sample_pairs(trial.data, trial.pairs, 10, 7);
  EXPECT_EQ(sample.size(), 10U);
  EXPECT_TRUE(std::is_sorted(sample.begin(), sample.end()));
  EXPECT_EQ(sample, sample_pairs(trial.data, trial.pairs, 10, 7));
  EXPECT_NE(sample, sample_pairs(trial.data, trial.pairs, 10, 8));
  EXPECT_EQ(sample_pairs(trial.data, trial.pairs, 500, 7).size(), 50U);
}

TEST(RouterReport, PutsControlsBesideTheRouter) {
  const TestFile file(test::made_up_outcomes(200));
  const Trial trial = read(file);
  const std::vector<std::size_t> rows = all_rows(trial.pairs);
  std::vector<double> best;
  for (const Pair& pair : trial.pairs) best.push_back(static_cast<double>(pair.gain()));
  const RouterReport report = report_on(trial.data, trial.pairs, rows, best, 1);
  EXPECT_DOUBLE_EQ(report.router.apgr, 0.75);
  EXPECT_DOUBLE_EQ(report.oracle.apgr, 0.75);
  EXPECT_NEAR(report.shuffled, 0.5, 0.03);
  EXPECT_GT(report.above_words.low, 0.1);
  EXPECT_NE(report_text(report).find("200 prompts; mean outcome 1.000 strong, 0.500 weak"), std::string::npos);
  const std::string svg = curve_svg(trial.data, trial.pairs, rows, best, "a < b");
  EXPECT_TRUE(svg.starts_with("<svg "));
  EXPECT_NE(svg.find("a &lt; b"), std::string::npos);
}

TEST(RouterReport, LeavesEachKindOutInTurn) {
  const TestFile file(test::made_up_outcomes(60, "a") + test::made_up_outcomes(80, "b") +
                      test::made_up_outcomes(10, "c"));
  const Trial trial = read(file);
  int told = 0;
  const CrossEvaluation cross =
      leave_out(trial.data, trial.pairs, Part::kind, 0, loose(), [&](std::string_view) { ++told; });
  ASSERT_EQ(cross.parts.size(), 2U);  // ten rows say nothing
  EXPECT_EQ(told, 2);
  EXPECT_EQ(cross.parts[0].report.rows, 60U);
  EXPECT_EQ(cross.parts[1].report.rows, 80U);
  EXPECT_GT(cross.router, 0.7);  // the other kind has the same hard words
  EXPECT_TRUE(cross.parts[0].report.untaught.has_value());

  std::size_t answers = 0;
  double good = 0;
  for (std::size_t tenth = 0; tenth < cross.reliability.size(); ++tenth) {
    const ExpectedAnswers& bin = cross.reliability[tenth];
    answers += bin.count;
    good += bin.good;
    if (bin.count == 0) continue;
    const double expected = 10 * bin.expected / static_cast<double>(bin.count);
    EXPECT_GE(expected, static_cast<double>(tenth) - 1e-9);
    EXPECT_LE(expected, static_cast<double>(tenth) + 1 + 1e-9);
  }
  EXPECT_EQ(answers, 2 * (60U + 80U)) << "of the weak and of the strong model";
  EXPECT_NEAR(good,
              60 * (cross.parts[0].report.strong + cross.parts[0].report.weak) +
                  80 * (cross.parts[1].report.strong + cross.parts[1].report.weak),
              1e-3);
}

TEST(RouterReport, TheCalibrationErrorIsTheMeanDistance) {
  Reliability reliability{};
  EXPECT_EQ(calibration_error(reliability), 0);
  reliability[2] = {10, 2.5, 3.5};  // ten answers, 0.1 away
  reliability[8] = {30, 25.5, 19.5};
  EXPECT_NEAR(calibration_error(reliability), (1.0 + 6.0) / 40, 1e-12);
}

TEST(RouterReport, DealsOutcomesToOtherPromptsAndLosesNone) {
  const TestFile file(test::made_up_outcomes(100));
  const Trial trial = read(file);
  const std::vector<Pair> dealt = deal_out(trial.data, trial.pairs, 3);
  double before = 0;
  double after = 0;
  int moved = 0;
  for (std::size_t i = 0; i < dealt.size(); ++i) {
    EXPECT_EQ(dealt[i].example, trial.pairs[i].example);
    before += static_cast<double>(trial.pairs[i].weak);
    after += static_cast<double>(dealt[i].weak);
    moved += dealt[i].weak != trial.pairs[i].weak ? 1 : 0;
  }
  EXPECT_EQ(before, after);
  EXPECT_GT(moved, 20);
}

TEST(Calibration, FindsThresholdsAndTiesThemToTheModel) {
  const TestFile file(test::made_up_outcomes(200));
  const Trial trial = read(file);
  const auto decode = [&](const routing::OutcomeWeights& weights) {
    return *routing::EstimateModel::decode(routing::encode_estimate_model(weights), "m");
  };
  const auto model = decode(train_outcomes(trial.data, trial.pairs, all_rows(trial.pairs), loose()));
  CalibrationOptions options;
  options.quality = 0.75;
  options.extra_cost = 0.01;

  const Result<routing::Thresholds> found = calibrate(trial.data, trial.pairs, *model, options);

  ASSERT_TRUE(found);
  EXPECT_EQ(found->rows, 200U);
  EXPECT_NEAR(found->strong_share, 0.25, 0.05);  // half of the hard half
  const std::string yaml = routing::thresholds_yaml(*found);
  const auto again = routing::parse_thresholds(yaml, *model, "t.yaml");
  ASSERT_TRUE(again);
  EXPECT_EQ(again->quality_floor, found->quality_floor);
  EXPECT_EQ(again->gain_cutoff, found->gain_cutoff);
  const auto other = decode(train_outcomes(trial.data, trial.pairs, {}, {}));
  const auto refused = routing::parse_thresholds(yaml, *other, "t.yaml");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().detail, "t.yaml was calibrated for " + model->version() + ", but the model is " +
                                        other->version() + ": run triaged calibrate with this model");
}

TEST(Calibration, RefusesTooFewRowsAndAnotherClassifier) {
  const TestFile file(test::made_up_outcomes(60));
  Trial trial = read(file);
  const auto model = *routing::EstimateModel::decode(
      routing::encode_estimate_model(train_outcomes(trial.data, trial.pairs, {}, {})), "m");
  const std::vector<Pair> few(trial.pairs.begin(), trial.pairs.begin() + 10);
  EXPECT_NE(calibrate(trial.data, few, *model, {}).error().detail.find("only 10 rows"), std::string::npos);
  trial.data.classifier = "tasks-other";
  EXPECT_NE(calibrate(trial.data, trial.pairs, *model, {}).error().detail.find("not with tasks-other"),
            std::string::npos);
}

TEST(CostEvaluation, SavesWhereTheCheapModelIsKnownToBeRight) {
  const TestFile file(test::made_up_outcomes(300));
  const Trial trial = read(file);
  PricedOutcomes outcomes;
  outcomes.models = {*trial.data.find_model("small"), *trial.data.find_model("big")};
  for (std::size_t i = 0; i < trial.data.examples.size(); ++i) outcomes.rows.push_back({i, {0.001, 0.1}});
  CostTraining training;
  training.dense_penalty = 10;
  training.text_penalty = 10;

  const CostReport report = evaluate_costs(trial.data, outcomes, training, [](std::string_view) {});

  ASSERT_EQ(report.models.size(), 2U);
  EXPECT_EQ(report.models[report.best].name, "big");
  EXPECT_NEAR(*report.savings[0].mix, 9.9, 1);      // a tenth of the gap, at random
  EXPECT_NEAR(*report.savings[2].oracle, 49.5, 1);  // half of the prompts need the big one
  EXPECT_GT(*report.savings[0].router, 40);
  EXPECT_LE(*report.savings[2].router, *report.savings[2].oracle + 1e-9);
  EXPECT_NE(report_text(report).find("300 prompts"), std::string::npos);
}

TEST(CostEvaluation, PrunesWhatMixesOfOthersBeat) {
  const TestFile file(test::made_up_outcomes(100));
  Trial trial = read(file);
  trial.data.models.push_back("poor");
  PricedOutcomes outcomes;
  outcomes.models = {*trial.data.find_model("small"), *trial.data.find_model("big"), 2};
  for (std::size_t i = 0; i < trial.data.examples.size(); ++i) {
    trial.data.examples[i].scores.push_back(0.1F);
    outcomes.rows.push_back({i, {0.001, 0.1, 0.05}});
  }
  const CostReport report = evaluate_costs(trial.data, outcomes, {}, [](std::string_view) {});
  EXPECT_EQ(report.models[0].kept, 5U);
  EXPECT_EQ(report.models[2].kept, 0U);
}

}  // namespace
}  // namespace triaged::learn
