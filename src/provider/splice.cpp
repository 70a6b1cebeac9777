#include "provider/splice.hpp"

#include "triaged/base/json.hpp"
#include "triaged/base/text.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

namespace triaged::provider {

std::string_view Splice::own(std::string text) {
  return *outgoing_.owned.emplace_back(std::make_shared<const std::string>(std::move(text)));
}

void Splice::apply(std::string_view body) {
  // By end too: an insertion stands before a cut that begins at the same place.
  std::sort(edits_.begin(), edits_.end(), [](const Edit& a, const Edit& b) {
    return std::pair(a.range.begin, a.range.end) < std::pair(b.range.begin, b.range.end);
  });
  outgoing_.body.reserve(2 * edits_.size() + 1);
  std::size_t at = 0;
  for (const Edit& edit : edits_) {
    add(body.substr(at, edit.range.begin - at));
    add(edit.replacement);
    at = edit.range.end;
  }
  add(body.substr(at));
}

void Splice::add(std::string_view piece) {
  if (piece.empty()) return;
  outgoing_.body.push_back(piece);
  outgoing_.body_bytes += piece.size();
}

void splice_model(const chat::Request& request, bool wanted, const config::Target& target, Splice& splice,
                  std::string& inserted) {
  std::string model;
  append_json_string(model, target.model);
  if (request.model_values.empty()) {
    if (wanted) inserted.append(R"("model":)").append(model).append(",");
    return;
  }
  const std::string_view replacement = splice.own(std::move(model));
  for (const chat::ByteRange range : request.model_values) splice.replace(range, replacement);
}

void cut_members(std::string_view body, std::initializer_list<std::string_view> names, Splice& splice) {
  JsonReader reader(body, 256);
  if (!reader.enter_object_or_skip()) return;
  bool any_kept = false;
  std::optional<chat::ByteRange> open;  // a cut first member still has to take the comma behind it
  JsonString key;
  while (reader.next_member(key)) {
    if (open) splice.replace({open->begin, reader.comma_position() + 1}, {});
    open.reset();
    const std::size_t key_begin = reader.key_position();
    const std::size_t comma = reader.comma_position();
    reader.skip();
    const bool cut =
        std::any_of(names.begin(), names.end(), [&key](std::string_view name) { return key.equals(name); });
    if (!cut) {
      any_kept = true;
    } else if (any_kept) {
      splice.replace({comma, reader.position()}, {});
    } else {
      open = chat::ByteRange{key_begin, reader.position()};
    }
  }
  if (open) splice.replace(*open, {});
}

}  // namespace triaged::provider
