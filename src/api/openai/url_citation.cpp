#include "api/openai/url_citation.hpp"

namespace triaged::api {

std::string url_citation(std::string_view citation, const TextSpan& part) {
  JsonReader reader(citation, 256);
  std::string_view url, title, begin, end;  // JSON values
  if (!reader.enter_object_or_skip()) return {};
  JsonString key;
  while (reader.next_member(key)) {
    const JsonType type = reader.peek();
    const std::string_view value = reader.skip();
    if (key.equals("url_citation")) return std::string(citation);
    if ((key.equals("url") || key.equals("uri")) && type == JsonType::string) url = value;
    if (key.equals("title") && type == JsonType::string) title = value;
    if (key.equals("start_index") && type == JsonType::number) begin = value;
    if (key.equals("end_index") && type == JsonType::number) end = value;
  }
  if (url.empty()) return {};
  std::string out = R"({"type":"url_citation","url_citation":{"start_index":)";
  out.append(begin.empty() ? std::to_string(part.begin) : begin).append(R"(,"end_index":)");
  out.append(end.empty() ? std::to_string(part.end) : end).append(R"(,"url":)").append(url).append(R"(,"title":)");
  out.append(title.empty() ? R"("")" : title).append("}}");
  return out;
}

}  // namespace triaged::api
