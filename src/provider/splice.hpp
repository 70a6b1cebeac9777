// A request that is passed on as its client wrote it, but for a few ranges.
#pragma once

#include "triaged/provider/provider.hpp"

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace triaged::provider {

// Collects edits, then cuts the body into pieces around them.
class Splice {
 public:
  explicit Splice(Outgoing& outgoing) : outgoing_(outgoing) {}

  std::string_view own(std::string text);  // lives as long as the request
  void replace(chat::ByteRange range, std::string_view replacement) { edits_.push_back({range, replacement}); }
  // Ranges must not overlap; an insertion may stand where a cut begins.
  void apply(std::string_view body);

 private:
  struct Edit {
    chat::ByteRange range;
    std::string_view replacement;
  };
  void add(std::string_view piece);

  Outgoing& outgoing_;
  std::vector<Edit> edits_;
};

// Every `model` becomes the target's. Where the body has none, and it is wanted, it is added to `inserted`.
void splice_model(const chat::Request& request, bool wanted, const config::Target& target, Splice& splice,
                  std::string& inserted);
// Cuts the top-level members of these names, each with one comma.
void cut_members(std::string_view body, std::initializer_list<std::string_view> names, Splice& splice);

}  // namespace triaged::provider
