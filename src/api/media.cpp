#include "api/media.hpp"

#include "triaged/base/text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace triaged::api {
namespace {

JsonString whole(std::string_view plain) { return JsonString{plain, plain.find('\\') != std::string_view::npos}; }

// data:image/png;charset=x;base64,TEXT
bool set_data_url(std::string_view url, chat::Media& media) {
  constexpr std::string_view scheme = "data:", encoding = ";base64";
  if (!iequals(url.substr(0, scheme.size()), scheme)) return false;
  const std::size_t comma = url.find(',');
  if (comma == std::string_view::npos) return false;
  const std::string_view head = url.substr(scheme.size(), comma - scheme.size());
  if (head.size() < encoding.size() || !iequals(head.substr(head.size() - encoding.size()), encoding)) return false;
  media.media_type = whole(head.substr(0, head.find(';')));
  media.data = whole(url.substr(comma + 1));
  return true;
}

}  // namespace

void set_url(chat::Conversation& conversation, const JsonString& url, chat::Media& media) {
  // Some write "\/" for "/". A data: URL of which nothing has to be escaped otherwise is read from its plain form.
  const bool data = iequals(url.raw.substr(0, 5), "data:");
  const std::string_view plain = data && url.escaped ? conversation.keep_json(url.resolved()) : url.raw;
  const bool clean = plain.find_first_of("\"\\\n\r\t") == std::string_view::npos;
  if (data && clean && set_data_url(plain, media)) return;
  media.url = url;
}

void set_file_data(chat::Conversation& conversation, const JsonString& data, const JsonString& file_name,
                   chat::Media& media) {
  chat::Media read;
  set_url(conversation, data, read);
  if (!read.data.empty()) {
    media.media_type = read.media_type;
    media.data = read.data;
    return;
  }
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 5> types{{{".pdf", "application/pdf"},
                                                                                       {".txt", "text/plain"},
                                                                                       {".md", "text/markdown"},
                                                                                       {".csv", "text/csv"},
                                                                                       {".json", "application/json"}}};
  const std::string name = to_lower(file_name.raw);
  const auto* const known =
      std::find_if(types.begin(), types.end(), [&name](const auto& type) { return name.ends_with(type.first); });
  media.data = data;
  if (known != types.end()) media.media_type = whole(known->second);
}

}  // namespace triaged::api
