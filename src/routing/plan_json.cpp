#include "triaged/base/text.hpp"
#include "triaged/routing/plan.hpp"

#include "routing/plan_words.hpp"

#include <cmath>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace triaged::routing {

namespace {

// Writes one JSON value into a string: no tree, no parser.
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  void open(char bracket) {
    out_ += bracket;
    fresh_ = true;
  }
  void close(char bracket) {
    out_ += bracket;
    fresh_ = false;
  }
  void key(std::string_view name) {
    next();
    append_json_string(out_, name);
    out_ += ':';
    fresh_ = true;
  }
  void next() {
    if (!fresh_) out_ += ',';
    fresh_ = false;
  }

  void text(std::string_view name, std::string_view value) {
    key(name);
    append_json_string(out_, value);
    fresh_ = false;
  }
  void number(std::string_view name, double value) {
    key(name);
    append_fixed(out_, value, 4);
    fresh_ = false;
  }
  void integer(std::string_view name, std::int64_t value) {
    key(name);
    append_integer(out_, value);
    fresh_ = false;
  }
  void boolean(std::string_view name, bool value) {
    key(name);
    out_ += value ? "true" : "false";
    fresh_ = false;
  }
  void raw(std::string_view number) {
    out_ += number;
    fresh_ = false;
  }
  void null(std::string_view name) {
    key(name);
    out_ += "null";
    fresh_ = false;
  }

 private:
  std::string& out_;
  bool fresh_ = true;  // nothing stands before the next element
};

std::string_view format_name(chat::OutputFormat format) {
  switch (format) {
    case chat::OutputFormat::text: return "text";
    case chat::OutputFormat::json_object: return "json_object";
    case chat::OutputFormat::json_schema: return "json_schema";
  }
  return "text";
}

void write_task(JsonWriter& json, const TaskScores& task, std::string_view llm) {
  json.text("task", name(task.best));
  json.number("task_probability", static_cast<double>(task.confidence));
  json.key("task_probabilities");
  json.open('{');
  for (std::size_t i = 0; i < task_type_count; ++i) {
    json.number(task_type_names[i], static_cast<double>(task.probability[i]));
  }
  json.close('}');
  if (llm.empty()) {
    json.null("llm");
  } else {
    json.text("llm", llm);
  }
}

void write_complexity(JsonWriter& json, const Complexity& complexity) {
  json.number("complexity", complexity.value);
  json.key("complexity_reasons");
  json.open('[');
  for (const Contribution& contribution : complexity.contributions) {
    if (contribution.name.empty()) continue;
    json.next();
    json.open('{');
    json.text("name", contribution.name);
    json.number("value", contribution.value);
    json.close('}');
  }
  json.close(']');
}

void write_dollars(JsonWriter& json, std::string_view key, const std::optional<NanoDollars>& amount) {
  if (!amount) return json.null(key);
  json.key(key);
  json.raw(format_dollars(*amount));
}

void write_choice(JsonWriter& json, const Plan& plan, const config::Settings& settings) {
  json.text("tier", settings.tier_name(plan.tier));
  json.text("model", plan.candidates.empty() ? "" : settings.targets[plan.candidates.front().target].name);
  json.key("candidates");
  json.open('[');
  for (const Candidate& candidate : plan.candidates) {
    json.next();
    json.open('{');
    json.text("tier", settings.tier_name(candidate.tier));
    json.text("model", settings.targets[candidate.target].name);
    json.boolean("above_price", candidate.above_price);
    json.close('}');
  }
  json.close(']');
  json.key("removed");
  json.open('[');
  for (const Removed& removed : plan.removed) {
    json.next();
    json.open('{');
    json.text("model", settings.targets[removed.target].name);
    json.text("constraint", removed.constraint);
    json.text("detail", removed.detail);
    json.close('}');
  }
  json.close(']');
  if (plan.rule) {
    json.integer("table_row", static_cast<std::int64_t>(*plan.rule + 1));
  } else {
    json.null("table_row");
  }
  json.boolean("raised_for_doubt", plan.raised_for_doubt);
  if (plan.gate) {
    json.text("gate", settings.quality.gates[*plan.gate].name);
  } else {
    json.null("gate");
  }
  if (plan.strategy) {
    json.text("strategy", name(*plan.strategy));
  } else {
    json.null("strategy");
  }
  json.boolean("kept_warm", plan.kept_warm);
  write_dollars(json, "stay_cost_usd", plan.stay_cost);
  write_dollars(json, "move_cost_usd", plan.move_cost);
}

void write_match(JsonWriter& json, const SemanticMatch& match, const config::Settings& settings) {
  json.open('{');
  json.text("name", settings.routing.semantic.routes[match.route].name);
  json.number("similarity", match.similarity);
  json.number("threshold", match.threshold);
  json.close('}');
}

void write_routes(JsonWriter& json, const Plan& plan, const config::Settings& settings) {
  if (plan.route && plan.route->near_enough()) {
    json.key("route");
    write_match(json, *plan.route, settings);
  } else {
    json.null("route");
  }
  json.key("routes");
  json.open('[');
  for (const SemanticMatch& match : plan.routes) {
    json.next();
    write_match(json, match, settings);
  }
  json.close(']');
  if (plan.embedder.empty()) {
    json.null("embedder");
  } else {
    json.text("embedder", plan.embedder);
  }
  if (!plan.embedding.empty()) {
    json.text("upstream_embedder", plan.embedding);
  } else {
    json.null("upstream_embedder");
  }
}

// Only where past prompts are configured. Their texts are not known here.
void write_past(JsonWriter& json, const PastView& past, const config::Settings& settings) {
  json.key("neighbours");
  json.open('[');
  for (const PastNeighbour& neighbour : past.neighbours) {
    json.next();
    json.open('{');
    json.text("id", neighbour.id);
    json.number("similarity", neighbour.similarity);
    json.key("scores");
    json.open('{');
    for (std::size_t target = 0; target < neighbour.scores.size(); ++target) {
      if (!std::isnan(neighbour.scores[target])) {
        json.number(settings.targets[target].name, static_cast<double>(neighbour.scores[target]));
      }
    }
    json.close('}');
    json.close('}');
  }
  json.close(']');
  json.boolean("neighbours_decided", past.choice.has_value() || past.moved);
}

// Each tier's estimates, and what the others differ from the chosen one.
void write_outlooks(JsonWriter& json, const Plan& plan, const config::Settings& settings) {
  json.key("estimates");
  json.open('[');
  for (const TierOutlook& outlook : plan.outlooks) {
    json.next();
    json.open('{');
    json.text("tier", settings.tier_name(outlook.tier));
    if (outlook.target) {
      json.text("model", settings.targets[*outlook.target].name);
    } else {
      json.null("model");
    }
    json.boolean("chosen", outlook.tier == plan.tier);
    json.number("good", outlook.quality.good);
    json.number("good_at_least", outlook.quality.lower);
    json.number("outcomes_seen", outlook.quality.seen);
    json.integer("output_tokens", std::llround(outlook.output_tokens));
    write_dollars(json, "cost_usd", outlook.cost);
    json.close('}');
  }
  json.close(']');
  json.key("alternatives");
  json.open('[');
  const TierOutlook* chosen = plan.tier < plan.outlooks.size() ? &plan.outlooks[plan.tier] : nullptr;
  for (const TierOutlook& outlook : plan.outlooks) {
    if (&outlook == chosen || chosen == nullptr || !outlook.target) continue;
    json.next();
    json.open('{');
    json.text("tier", settings.tier_name(outlook.tier));
    json.number("good_difference", outlook.quality.good - chosen->quality.good);
    const bool priced = outlook.cost && chosen->cost;
    write_dollars(json, "cost_difference_usd", priced ? std::optional(*outlook.cost - *chosen->cost) : std::nullopt);
    json.close('}');
  }
  json.close(']');
}

void write_features(JsonWriter& json, const Features& features) {
  json.key("features");
  json.open('{');
  json.integer("input_tokens", features.input_tokens);
  json.integer("last_turn_tokens", features.last_turn_tokens);
  json.integer("task_tokens", features.task_tokens);
  json.integer("max_output_tokens", features.max_output_tokens);
  json.integer("turns", features.turns);
  json.boolean("is_follow_up", features.is_follow_up);
  json.text("language", name(features.language));
  json.integer("tools", features.tools);
  json.integer("tool_results", features.tool_results);
  json.boolean("assistant_called_tools", features.assistant_called_tools);
  json.integer("images", features.images);
  json.integer("audios", features.audios);
  json.integer("files", features.files);
  json.text("format", format_name(features.format));
  json.integer("words", features.words);
  json.integer("sentences", features.sentences);
  json.integer("questions", features.questions);
  json.integer("numbers", features.numbers);
  json.integer("constraints", features.constraints);
  json.integer("reasoning_cues", features.reasoning_cues);
  json.integer("domain_cues", features.domain_cues);
  json.integer("mentioned_tokens", features.mentioned_tokens);
  json.integer("asked_output_tokens", features.asked_output_tokens);
  json.integer("list_items", features.list_items);
  json.number("code_density", features.code_density);
  json.number("math_density", features.math_density);
  json.number("table_density", features.table_density);
  json.boolean("has_code_fence", features.has_code_fence);
  json.close('}');
}

}  // namespace

std::string plan_json(const Plan& plan, const config::Settings& settings) {
  constexpr std::size_t usual_size = 2048;
  std::string out;
  out.reserve(usual_size);
  JsonWriter json(out);
  json.open('{');
  write_task(json, plan.task, plan.llm);
  write_complexity(json, plan.complexity);
  write_choice(json, plan, settings);
  write_routes(json, plan, settings);
  if (plan.past) write_past(json, *plan.past, settings);
  write_outlooks(json, plan, settings);
  json.text("reason", plan.reason);
  json.text("requested_model", plan.wanted.model);
  json.text("kind", name(plan.wanted.kind));
  json.text("baseline_model", plan.baseline_model.empty()
                                  ? std::string_view(settings.targets[plan.baseline_target].name)
                                  : plan.baseline_model);
  write_features(json, plan.features);
  json.close('}');
  return out;
}

}  // namespace triaged::routing
