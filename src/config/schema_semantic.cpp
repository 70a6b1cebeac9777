// The rows of `routing.semantic`.
#include "config/schema.hpp"

namespace triaged::config {

const Section& semantic_route_section() {
  static const Section section{
      "routing.semantic.routes.NAME",
      "One route: what is said in the way of its examples goes to its tier.",
      {
          key<&SemanticRouteEntry::tier>("tier", Type::text, "The tier it leads to.").needed().like("light"),
          key<&SemanticRouteEntry::examples>("examples", Type::texts,
                                             "What belongs to it, as users say it. Five to twenty that differ are "
                                             "better than many that are alike.")
              .needed(),
          key<&SemanticRouteEntry::threshold>("threshold", Type::number,
                                              "The similarity from which a request belongs to it, where it differs.")
              .between(0, 1)
              .by_default("that of `routing.semantic`"),
          key<&SemanticRouteEntry::gate>("gate", Type::text, "What its answers are held against; `none`: nothing.")
              .by_default("`routing.gate`")
              .like("strict"),
      },
      blank<SemanticRouteEntry>};
  return section;
}

const Section& upstream_embedder_section() {
  static const Section section{
      "routing.semantic.upstream",
      "An embedding model at a provider, asked by `POST /v1/embeddings`, that compares requests with the examples in "
      "place of the built-in embedder. It is asked for requests that are routed, where a route could decide the tier, "
      "and its time is added to theirs. When it is late, fails, or has not told the vectors of the examples yet, the "
      "built-in one decides, with its own threshold. Without this section nothing is asked.",
      {
          key<&UpstreamEmbedderEntry::model>("model", Type::text,
                                             "`provider/model`, of a provider that speaks OpenAI's dialect. It needs "
                                             "not stand in `embeddings`.")
              .needed()
              .like("openai/text-embedding-3-small")
              .matching("^[^/]+/."),
          key<&UpstreamEmbedderEntry::settings, &UpstreamEmbedder::timeout>(
              "timeout", Type::duration, "How long the vector of a request is waited for.")
              .between(0.01, 30),
          key<&UpstreamEmbedderEntry::settings, &UpstreamEmbedder::dimensions>(
              "dimensions", Type::integer,
              "How many numbers its vectors shall have, of models that can be asked for fewer than they have.")
              .between(0, 4096)
              .by_default("`0`: as the model has it"),
          key<&UpstreamEmbedderEntry::settings, &UpstreamEmbedder::cache>(
              "cache", Type::integer,
              "Vectors of requests that each worker remembers, so that the same text is asked about once. One of 1,536 "
              "dimensions takes 6 KB.")
              .between(0, 1'000'000),
      },
      blank<UpstreamEmbedderEntry>};
  return section;
}

const Section& past_section() {
  static const Section section{
      "routing.semantic.past",
      "Past prompts whose outcomes are known. Those that are near to a request are evidence of how good each tier is "
      "for it: the estimates of `cost_aware` move with them, and after the routes `semantic` takes the weakest tier "
      "that surely did well. docs/semantic.md says how much they help. The built-in embedder compares, also with "
      "`upstream`.",
      {
          key<&PastEntry::settings, &Past::files>(
              "files", Type::texts,
              "Files of outcomes (docs/evaluation.md: JSON lines with `prompt` and `scores` by model), relative to "
              "this file. A model's scores count for the tiers that have it as a target. Read at start and at "
              "reload; of more than 100,000 prompts the last ones.")
              .needed()
              .like("outcomes.jsonl"),
          key<&PastEntry::settings, &Past::neighbours>("neighbours", Type::integer,
                                                       "How many of the nearest are looked at.")
              .between(1, static_cast<double>(Past::most_neighbours)),
          key<&PastEntry::settings, &Past::threshold>(
              "threshold", Type::number,
              "The similarity from which a past prompt is evidence; its weight grows from 0 there to 1 at the same "
              "text.")
              .between(0, 0.99)
              .by_default("what was measured for the built-in embedder"),
          key<&PastEntry::embedder>("embedder", Type::text,
                                    "The embedder that this `threshold` was measured with: it means nothing to another "
                                    "one.")
              .by_default("needed with `threshold`")
              .like("minilm-static-1"),
          key<&PastEntry::settings, &Past::quality_floor>(
              "quality_floor", Type::number,
              "For the strategy `semantic`: the share of the strongest tier's quality that a weaker tier must surely "
              "have kept on the neighbours. `cost_aware` has its own.")
              .between(0, 1),
      },
      blank<PastEntry>};
  return section;
}

const Section& semantic_section() {
  static const Section section{
      "routing.semantic",
      "The strategy `semantic`: a request goes to the tier of the route whose examples it is nearest to, if it is near "
      "enough, else to the weakest tier that surely did well on past prompts like it. docs/semantic.md says how to "
      "choose examples and thresholds.",
      {
          list_of<&SemanticEntry::routes>("routes", Type::named, semantic_route_section,
                                          "The routes, by a name of your own.")
              .between(0, 200),
          key<&SemanticEntry::threshold>("threshold", Type::number,
                                         "The similarity from which a request belongs to a route.")
              .between(0, 1)
              .by_default("what was measured for the built-in embedder; needed with `upstream`"),
          key<&SemanticEntry::embedder>("embedder", Type::text,
                                        "The embedder that thresholds written here were measured with: they mean "
                                        "nothing to another one. With `upstream` it is its `model`, followed by `@512` "
                                        "where 512 `dimensions` are asked for.")
              .by_default("needed with a threshold")
              .like("minilm-static-1"),
          subsection<&SemanticEntry::upstream>("upstream", upstream_embedder_section,
                                               "An embedding model at a provider in place of the built-in embedder."),
          subsection<&SemanticEntry::past>("past", past_section, "Past prompts with known outcomes."),
      },
      blank<SemanticEntry>};
  return section;
}

}  // namespace triaged::config
