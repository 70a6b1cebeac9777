// The rows of `balance`.
#include "config/schema.hpp"

namespace triaged::config {

const Section& balance_section() {
  static const Section section{
      "balance",
      "How the targets of a tier share its requests. Each worker measures for itself.",
      {
          key<&Balance::policy>("policy", Type::choice,
                                "`order`: the first that is healthy. `weighted`: at random, by weight. `least_busy`: "
                                "the fewest attempts in flight for its weight. `latency`: of two taken at random the "
                                "one that answers faster. `usage`: the one that has used up the least of its `rpm` and "
                                "`tpm`. `cheapest`: the lowest price for the tokens expected.")
              .one_of({"order", "weighted", "least_busy", "latency", "usage", "cheapest"}),
          key<&Balance::slow_start>("slow_start", Type::duration,
                                    "A target that comes back gets its share little by little over this time.")
              .between(0, 3600),
          key<&Balance::panic>("panic", Type::number,
                               "When more than this share of a tier's targets is out by breakers, but not all, all of "
                               "them are used again: what is left could not carry the load. `1`: never.")
              .between(0, 1),
      },
      blank<Balance>};
  return section;
}

}  // namespace triaged::config
