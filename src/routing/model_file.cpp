#include "routing/model_file.hpp"

#include "triaged/base/crc32c.hpp"

#include <cmath>
#include <utility>

namespace triaged::routing {

std::string ModelWriter::finish() {
  put(crc32c(bytes_));
  return std::move(bytes_);
}

ModelReader::ModelReader(std::string_view bytes, std::string_view magic, std::string_view what, std::string_view origin)
    : what_(what), origin_(origin) {
  if (bytes.substr(0, magic.size()) != magic) {
    fail("is not " + what_ + " of triaged");
    return;
  }
  if (bytes.size() < magic.size() + sizeof checksum_) {
    fail("is cut short");
    return;
  }
  std::memcpy(&checksum_, bytes.data() + bytes.size() - sizeof checksum_, sizeof checksum_);
  bytes.remove_suffix(sizeof checksum_);
  if (crc32c(bytes) != checksum_) {
    fail("is damaged: its checksum does not match");
    return;
  }
  rest_ = bytes.substr(magic.size());
}

void ModelReader::fail(std::string sentence) {
  if (problem_.empty()) problem_ = std::move(sentence);
  rest_ = {};
}

std::string_view ModelReader::take(std::size_t size) {
  if (rest_.size() < size) {
    fail("is cut short");
    return {};
  }
  const std::string_view taken = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return taken;
}

void ModelReader::expect(std::string_view name, std::size_t wanted) {
  const auto found = get<std::uint32_t>();
  if (!problem_.empty() || found == wanted) return;
  fail("was made for another version of triaged: its " + std::string(name) + " is " + std::to_string(found) + ", not " +
       std::to_string(wanted) + "; train it again");
}

float ModelReader::finite(std::string_view name) {
  const auto number = get<float>();
  if (std::isfinite(number)) return number;
  fail("has a " + std::string(name) + " that is no number");
  return 0;
}

float ModelReader::positive(std::string_view name) {
  const float number = finite(name);
  if (number > 0) return number;
  fail("has a " + std::string(name) + " that is not positive");
  return 1;
}

Result<void> ModelReader::finish() {
  if (problem_.empty() && !rest_.empty()) fail("has bytes behind its end");
  if (problem_.empty()) return {};
  return gateway_error(ErrorKind::storage, 500, origin_ + " " + problem_);
}

std::string ModelReader::checksum() const {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (int shift = 28; shift >= 0; shift -= 4) text += digits[(checksum_ >> shift) & 15U];
  return text;
}

}  // namespace triaged::routing
