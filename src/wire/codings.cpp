// Which content coding is meant, and which one is chosen.
#include "triaged/base/text.hpp"
#include "triaged/wire/compression.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace triaged::wire {
namespace {

struct Wish {
  std::string_view token;
  double weight = 1;
};

Wish read_wish(std::string_view text) {
  Wish wish;
  const std::size_t semicolon = text.find(';');
  wish.token = trim(text.substr(0, semicolon));
  if (semicolon == std::string_view::npos) return wish;
  const std::string_view parameter = trim(text.substr(semicolon + 1));
  if (parameter.size() < 3 || lower(parameter[0]) != 'q' || parameter[1] != '=') return wish;
  const std::string_view number = parameter.substr(2);
  if (std::from_chars(number.data(), number.data() + number.size(), wish.weight).ec != std::errc()) wish.weight = 0;
  return wish;
}

}  // namespace

std::string_view name(Coding coding) {
  switch (coding) {
    case Coding::identity: return "identity";
    case Coding::gzip: return "gzip";
    case Coding::deflate: return "deflate";
    case Coding::br: return "br";
    case Coding::zstd: return "zstd";
  }
  return "identity";
}

std::optional<Coding> coding_of(std::string_view token) {
  if (iequals(token, "x-gzip")) return Coding::gzip;
  for (const Coding coding : {Coding::identity, Coding::gzip, Coding::deflate, Coding::br, Coding::zstd}) {
    if (iequals(token, name(coding))) return coding;
  }
  return std::nullopt;
}

Coding choose_coding(std::string_view accept_encoding) {
  constexpr std::array<Coding, 3> ours{Coding::zstd, Coding::br, Coding::gzip};
  std::array<double, ours.size()> weights{-1, -1, -1};
  double others = 0;
  for (const std::string_view each : split(accept_encoding, ',')) {
    const Wish wish = read_wish(each);
    if (wish.token == "*") others = wish.weight;
    const auto coding = coding_of(wish.token);
    for (std::size_t i = 0; i < ours.size(); ++i) {
      if (coding == ours[i]) weights[i] = wish.weight;
    }
  }
  Coding best = Coding::identity;
  double most = 0;
  for (std::size_t i = 0; i < ours.size(); ++i) {
    const double weight = weights[i] < 0 ? others : weights[i];
    if (weight <= most) continue;
    most = weight;
    best = ours[i];
  }
  return best;
}

Result<std::vector<Coding>> codings_in(std::string_view content_encoding) {
  constexpr std::size_t most_codings = 3;
  std::vector<Coding> codings;
  for (const std::string_view each : split(content_encoding, ',')) {
    const std::string_view token = trim(each);
    if (token.empty()) continue;
    const auto coding = coding_of(token);
    if (!coding || codings.size() == most_codings) {
      return client_error(ErrorKind::unsupported_media_type, 415,
                          "Content-Encoding: use gzip, deflate, br or zstd, not " + std::string(token.substr(0, 40)),
                          "unsupported_content_encoding");
    }
    if (*coding != Coding::identity) codings.push_back(*coding);
  }
  return codings;
}

Unpacker::Unpacker(const std::vector<Coding>& codings) {
  for (auto coding = codings.rbegin(); coding != codings.rend(); ++coding) stages_.emplace_back(*coding);
}

Result<void> Unpacker::put(std::string_view bytes, std::string& out, std::size_t most) {
  if (bytes.empty()) return {};
  fed_ = true;
  if (stages_.empty()) {
    out.append(bytes);
    return {};
  }
  for (std::size_t i = 0; i + 1 < stages_.size(); ++i) {
    next_.clear();
    if (Result<void> put = stages_[i].put(bytes, next_, most); !put) return put;
    between_.swap(next_);
    bytes = between_;
    if (bytes.empty()) return {};
  }
  return stages_.back().put(bytes, out, out.size() + most);
}

Result<void> Unpacker::end() const {
  for (const Decompressor& stage : stages_) {
    if (Result<void> end = stage.end(); !end) return end;
  }
  return {};
}

Result<std::string> decompressed(std::string_view body, std::string_view content_encoding, std::size_t most) {
  const Result<std::vector<Coding>> codings = codings_in(content_encoding);
  if (!codings) return codings.error();
  Unpacker unpacker(*codings);
  std::string text;
  if (Result<void> put = unpacker.put(body, text, most); !put) return put.error();
  if (Result<void> end = unpacker.end(); !end) return end.error();
  return text;
}

}  // namespace triaged::wire
