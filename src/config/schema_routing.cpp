// The rows of `tiers` and `routing`.
#include "config/schema.hpp"

namespace triaged::config {

namespace {

constexpr double day = 86400;
constexpr double most_tokens = 100'000'000;

const Section& target_clocks_section() {
  static const Section section{
      "tiers[].targets[].clocks",
      "Clocks of this target where they differ from its provider's.",
      {
          key<&ClocksEntry::connect>("connect", Type::duration, "Until connected, name look-up and TLS included.")
              .between(0, day)
              .by_default("the provider's"),
          key<&ClocksEntry::head>("head", Type::duration, "From the request sent to the head of the response.")
              .between(0, day)
              .by_default("the provider's"),
          key<&ClocksEntry::first_content>("first_content", Type::duration,
                                           "From the request sent to the first content of its answer.")
              .between(0, day)
              .by_default("the provider's"),
          key<&ClocksEntry::idle>("idle", Type::duration, "Between two pieces of an answer.")
              .between(0, day)
              .by_default("the provider's"),
          key<&ClocksEntry::total>("total", Type::duration, "The whole attempt.")
              .between(0, day)
              .by_default("the provider's"),
          key<&ClocksEntry::min_rate>("min_rate", Type::number, "Tokens a second that a stream must bring.")
              .between(0, 1'000'000)
              .by_default("the provider's"),
          key<&ClocksEntry::rate_window>("rate_window", Type::duration, "What `min_rate` is measured over.")
              .between(0.1, day)
              .by_default("the provider's"),
      },
      blank<ClocksEntry>};
  return section;
}

}  // namespace

const std::vector<std::string_view>& task_names() {
  static const std::vector<std::string_view> names{"qa",   "summarize", "extract", "classify", "rewrite", "code",
                                                   "math", "analysis",  "writing", "chat",     "agent"};
  return names;
}

const Section& target_section() {
  static const Section section{
      "tiers[].targets[]",
      "A model at a provider. `openai/gpt-4o` alone is short for `{target: openai/gpt-4o}`. A target that stands in "
      "several tiers is described in one of them.",
      {
          key<&TargetEntry::target>("target", Type::text, "`provider/model`; the model as the provider calls it.")
              .needed()
              .like("openai/gpt-4o")
              .matching("^[^/]+/."),
          key<&TargetEntry::settings, &Target::weight>(
              "weight", Type::integer, "Its share among the targets of its tier, where `balance.policy` looks at it.")
              .between(1, 1000),
          key<&TargetEntry::settings, &Target::rpm>("rpm", Type::integer,
                                                    "Requests per minute that its provider allows. For the policy "
                                                    "`usage`; a target that has used them up is asked last.")
              .between(0, 10'000'000)
              .by_default("`0`: not known"),
          key<&TargetEntry::settings, &Target::tpm>("tpm", Type::tokens, "Tokens per minute, likewise.")
              .between(0, 1'000'000'000'000)
              .by_default("`0`: not known"),
          key<&TargetEntry::settings, &Target::context_window>(
              "context_window", Type::tokens,
              "Tokens that prompt and answer may have together. Longer requests go to "
              "other targets.")
              .between(0, most_tokens)
              .by_default("`0`: not known, not a constraint"),
          key<&TargetEntry::settings, &Target::max_output>("max_output", Type::tokens,
                                                           "Tokens that an answer may have.")
              .between(0, most_tokens)
              .by_default("`0`: not known, not a constraint"),
          key<&TargetEntry::settings, &Target::images>("images", Type::boolean, "Whether it reads images."),
          key<&TargetEntry::settings, &Target::audio>("audio", Type::boolean, "Whether it hears audio."),
          key<&TargetEntry::settings, &Target::tools>("tools", Type::boolean, "Whether it calls tools."),
          key<&TargetEntry::settings, &Target::json_schema>("json_schema", Type::boolean,
                                                            "Whether it keeps to a JSON schema asked for."),
          key<&TargetEntry::settings, &Target::prefill>("prefill", Type::boolean,
                                                        "Whether it continues an assistant message that ends the "
                                                        "conversation (Claude up to 4.5, vLLM, llama.cpp). "
                                                        "Others are told in words to go on."),
          key<&TargetEntry::tokenizer>("tokenizer", Type::choice,
                                       "Whose tokenizer its model has, for estimates before a call. `auto`: by the "
                                       "model's name, else by its provider. For names of your own.")
              .one_of({"auto", "o200k", "cl100k", "claude", "claude_4_7", "gemini", "llama", "qwen", "mistral",
                       "deepseek"}),
          subsection<&TargetEntry::clocks>("clocks", target_clocks_section, "Clocks that differ from the provider's."),
      },
      blank<TargetEntry>,
      "target"};
  return section;
}

const Section& tier_section() {
  static const Section section{
      "tiers[]",
      "One tier. Its targets are alternatives of about the same strength.",
      {
          key<&TierEntry::name>("name", Type::text, "Its name: `model: tier:NAME` pins it.").needed().like("light"),
          list_of<&TierEntry::targets>("targets", Type::sections, target_section, "Its targets, the preferred first.")
              .needed()
              .between(1, 100),
          key<&TierEntry::policy>("policy", Type::choice, "How its targets share its requests: see `balance.policy`.")
              .one_of({"inherit", "order", "weighted", "least_busy", "latency", "usage", "cheapest"})
              .by_default("`inherit`: that of `balance`"),
      },
      blank<TierEntry>};
  return section;
}

const Section& rule_section() {
  static const Section section{
      "routing.table[]",
      "A row of the routing table. The first row that matches decides.",
      {
          key<&RuleEntry::tasks>("task", Type::texts, "The task types it is for.")
              .one_of(task_names())
              .by_default("every task"),
          key<&RuleEntry::complexity>("complexity", Type::text,
                                      "The complexity it is for, within 0 and 1. Quote what begins with `>`.")
              .by_default("every complexity")
              .like("\"<0.35\", \">=0.6\" or \"0.2..0.5\""),
          key<&RuleEntry::tokens>(
              "tokens", Type::text,
              "The size of the whole request it is for, in estimated input tokens. Quote what begins "
              "with `>`.")
              .by_default("every size")
              .like("\"<2000\", \">=32k\" or \"2k..8k\""),
          key<&RuleEntry::languages>("language", Type::texts, "The languages it is for.")
              .one_of({"en", "de", "fr", "es", "zh", "hi", "other", "unknown"})
              .by_default("every language"),
          key<&RuleEntry::paths>("path", Type::texts,
                                 "The paths it is for: `/v1/chat/completions`, `/v1/completions`, `/v1/responses`, "
                                 "`/v1/messages`, `/v1/route`.")
              .by_default("every path"),
          key<&RuleEntry::headers>("headers", Type::pairs,
                                   "Header fields that the request must have with this value; `*` is any value.")
              .by_default("none"),
          key<&RuleEntry::metadata>("metadata", Type::pairs,
                                    "Members of the body's `metadata` with this value; `*` is any value.")
              .by_default("none"),
          key<&RuleEntry::keys>(
              "key", Type::texts,
              "The client keys it is for, by the fingerprint that the ledger shows (`key-1a2b3c4d`): `key-` and "
              "the first 8 digits that `printf %s \"$KEY\" | sha256sum` prints.")
              .by_default("every key"),
          key<&RuleEntry::tier>("tier", Type::text, "The tier it leads to.").needed().like("light"),
          key<&RuleEntry::gate>("gate", Type::text, "What its answers are held against; `none`: nothing.")
              .by_default("`routing.gate`")
              .like("strict"),
      },
      blank<RuleEntry>};
  return section;
}

const Section& llm_classifier_section() {
  static const Section section{
      "routing.classifier.llm",
      "A model that is asked for the kind of task. What it says takes the place of the built-in classifier's word; "
      "when it is late, makes no sense or is less sure than that or than `routing.confidence`, that stands. It is "
      "asked for requests that are routed, where the task decides the "
      "tier, and its time is added to theirs. Without this section nothing is asked.",
      {
          key<&LlmClassifierEntry::tier>("tier", Type::text, "The tier whose first healthy target is asked.")
              .needed()
              .like("light"),
          key<&LlmClassifierEntry::settings, &LlmClassifier::timeout>("timeout", Type::duration,
                                                                      "How long its answer is waited for.")
              .between(0.01, 30),
          key<&LlmClassifierEntry::settings, &LlmClassifier::when>(
              "when", Type::choice,
              "When it is asked: if the built-in classifier is less sure than `routing.confidence`, or always.")
              .one_of({"unsure", "always"}),
          key<&LlmClassifierEntry::settings, &LlmClassifier::cache>(
              "cache", Type::integer, "Answers that each worker remembers, so that the same text is asked about once.")
              .between(0, 1'000'000),
      },
      blank<LlmClassifierEntry>};
  return section;
}

const Section& task_classifier_section() {
  static const Section section{
      "routing.classifier",
      "Who says what kind of task a request is.",
      {
          key<&TaskClassifierEntry::model_file>("model", Type::text,
                                                "A model made by `triaged train tasks`, relative to this file.")
              .by_default("the built-in model"),
          subsection<&TaskClassifierEntry::llm>("llm", llm_classifier_section,
                                                "A model that is asked where that one is unsure."),
      },
      blank<TaskClassifierEntry>};
  return section;
}

const Section& cost_aware_section() {
  static const Section section{
      "routing.cost_aware",
      "The strategy `cost_aware`: the cheapest tier that is good enough, by estimates of the answer's quality and "
      "cost.",
      {
          key<&CostAware::quality_floor>(
              "quality_floor", Type::number,
              "The share of the strongest tier's probability of a good answer that a cheaper "
              "tier must surely keep.")
              .between(0, 1),
          key<&CostAware::willingness_to_pay>("willingness_to_pay", Type::number,
                                              "Dollars that a good answer is worth. Set, it decides instead of the "
                                              "floor: the tier of the largest `probability * worth - cost`.")
              .between(0, 1'000'000)
              .by_default("`0`: the floor decides"),
          key<&CostAware::model_file>("model", Type::text,
                                      "A model made by `triaged train outcomes`, relative to this file.")
              .by_default("the built-in model"),
          key<&CostAware::thresholds_file>("thresholds", Type::text,
                                           "A file written by `triaged calibrate`, relative to this file. What it says "
                                           "takes the place of `quality_floor` and `willingness_to_pay`.")
              .by_default("none"),
      },
      blank<CostAware>};
  return section;
}

const Section& conversations_section() {
  static const Section section{
      "routing.conversations",
      "A conversation's earlier turns are in the prompt cache of the model that answered last. Moving to a cheaper "
      "tier "
      "loses it; a conversation stays unless moving saves more than that.",
      {
          key<&Conversations::sticky>("sticky", Type::boolean, "Whether conversations stay where their cache is warm."),
          key<&Conversations::memory>("memory", Type::duration, "How long after an answer the cache counts as warm.")
              .between(1, day),
          key<&Conversations::further_turns>("further_turns", Type::number,
                                             "Turns that a conversation is expected to have after the one decided.")
              .between(0, 1000),
      },
      blank<Conversations>};
  return section;
}

const Section& routing_section() {
  static const Section section{
      "routing",
      "A request with `model: auto`, or with a name under `intercept`, is classified, scored and looked up in `table`.",
      {
          key<&RoutingEntry::strategies>(
              "strategies", Type::texts,
              "What chooses the tier, asked in this order; the first that has an answer "
              "decides. `intent`: the routing table. `cost_aware`: the cheapest tier that is "
              "good enough; it has no answer where a price is missing. `semantic`: the route whose "
              "examples are near enough, or past prompts that are.")
              .one_of({"intent", "cost_aware", "semantic"})
              .between(1, 8)
              .by_default("`[intent]`"),
          key<&RoutingEntry::confidence>("confidence", Type::number,
                                         "Below this confidence in the task type, the next stronger tier is taken.")
              .between(0, 1),
          subsection<&RoutingEntry::classifier>("classifier", task_classifier_section,
                                                "Who says what kind of task a request is."),
          subsection<&RoutingEntry::cost_aware>("cost_aware", cost_aware_section,
                                                "The strategy `cost_aware`: the cheapest tier that is good enough."),
          subsection<&RoutingEntry::conversations>("conversations", conversations_section,
                                                   "How conversations stay where their prompt cache is warm."),
          list_of<&RoutingEntry::table>("table", Type::sections, rule_section, "The routing table, first match first.")
              .between(0, 500),
          key<&RoutingEntry::default_tier>("default_tier", Type::text, "The tier of what matches no row.")
              .by_default("the strongest tier")
              .like("standard"),
          key<&RoutingEntry::intercept>(
              "intercept", Type::texts,
              "Model names that are routed although the request names them, dated versions of "
              "them too, with the named model as ceiling and as the baseline of savings: its tier "
              "where it is a target, else its price where that is known. `*` is every other name "
              "that is no target.")
              .by_default("none"),
          key<&RoutingEntry::baseline>("baseline", Type::text,
                                       "The target whose price is what a request would have cost without routing.")
              .by_default("the first target of the strongest tier")
              .like("openai/gpt-4o"),
          key<&RoutingEntry::gate>("gate", Type::text,
                                   "The gate of `quality.gates` that answers to routed requests are held against, "
                                   "where no row or route names another.")
              .by_default("none")
              .like("strict"),
          subsection<&RoutingEntry::semantic>("semantic", semantic_section,
                                              "The strategy `semantic`: routes by example, and past prompts."),
      },
      blank<RoutingEntry>};
  return section;
}

}  // namespace triaged::config
