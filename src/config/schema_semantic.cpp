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

const Section& semantic_section() {
  static const Section section{
      "routing.semantic",
      "The strategy `semantic`: a request goes to the tier of the route whose examples it is nearest to, if it is near "
      "enough. docs/semantic.md says how to choose examples and thresholds.",
      {
          list_of<&SemanticEntry::routes>("routes", Type::named, semantic_route_section,
                                          "The routes, by a name of your own.")
              .between(0, 200),
          key<&SemanticEntry::threshold>("threshold", Type::number,
                                         "The similarity from which a request belongs to a route.")
              .between(0, 1)
              .by_default("what was measured for the built-in embedder"),
          key<&SemanticEntry::embedder>("embedder", Type::text,
                                        "The embedder that thresholds written here were measured with: they mean "
                                        "nothing to another one.")
              .by_default("needed with a threshold")
              .like("minilm-static-1"),
      },
      blank<SemanticEntry>};
  return section;
}

}  // namespace triaged::config
