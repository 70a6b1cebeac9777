// The rows of `passthrough`.
#include "config/schema.hpp"

namespace triaged::config {

namespace {

constexpr double gib = 1024.0 * 1024 * 1024;

constexpr std::string_view as_provider = "that of `provider`";

template <auto Member>
Key family(std::string_view name, std::string_view meaning) {
  return key<Member>(name, Type::text, meaning).by_default(as_provider).like("openai");
}

}  // namespace

const Section& passthrough_section() {
  static const Section section{
      "passthrough",
      "Endpoints that are handed to one provider unread: audio, images, files, uploads, batches, moderations. Each key "
      "names a provider of the dialect `openai`, or `none` to close what it stands for.",
      {
          key<&PassthroughEntry::provider>("provider", Type::text, "Who answers what has no key of its own below.")
              .by_default("none; see `by_request`")
              .like("openai"),
          family<&PassthroughEntry::audio>("audio", "`/v1/audio/...`: speech, transcriptions, translations."),
          family<&PassthroughEntry::images>("images", "`/v1/images/...`: generations, edits, variations."),
          family<&PassthroughEntry::files>("files", "`/v1/files` and below."),
          family<&PassthroughEntry::uploads>("uploads", "`/v1/uploads` and below: large files in parts."),
          family<&PassthroughEntry::batches>("batches", "`/v1/batches` and below."),
          family<&PassthroughEntry::moderations>("moderations", "`/v1/moderations`."),
          key<&PassthroughEntry::by_request>(
              "by_request", Type::boolean,
              "Whether a request may name the provider itself, with the header `x-triaged-provider`. Then every client "
              "can use, list and delete what the accounts of all these providers hold."),
          key<&PassthroughEntry::body>("body", Type::bytes,
                                       "The largest request body, in place of `server.limits.body`: it is never held, "
                                       "only passed on.")
              .between(1024, 64 * gib),
      },
      blank<PassthroughEntry>};
  return section;
}

}  // namespace triaged::config
