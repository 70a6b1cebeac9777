#include "triaged/ledger/entry.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>

// The binary form: a version byte, then the fields in the order of the struct, new ones of later versions at the end of
// the attempt's part. Whole numbers are variable-length (seven
// bits a byte, signed ones zigzag), texts a length and bytes, real numbers eight bytes, optional fields bits of a flag
// byte. A field is never moved or dropped: a change gets a new version, and decode() keeps reading the old ones.
namespace triaged::ledger {
namespace {

constexpr std::uint8_t form_version = 2;
constexpr std::uint8_t form_without_purpose = 1;

// Texts come from clients and providers: a row of the ledger keeps enough to tell them, and stays small.
constexpr std::size_t longest_text = 512;

enum Flag : std::uint8_t {
  has_cost = 1,
  has_settled = 2,
  is_stream = 4,
  is_complete = 8,
  has_baseline_cost = 16,
  all_flags = 31,
};

std::string_view shortened(std::string_view text) {
  if (text.size() <= longest_text) return text;
  std::size_t end = longest_text;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;  // not inside a character
  return text.substr(0, end);
}

// Writes into room made beforehand (most_bytes()): an entry is encoded on the request path.
class Writer {
 public:
  explicit Writer(char* at) : at_(at) {}

  char* end() const { return at_; }
  void byte(std::uint8_t value) { *at_++ = static_cast<char>(value); }
  void bytes(const void* data, std::size_t size) {
    if (size == 0) return;
    std::memcpy(at_, data, size);
    at_ += size;
  }
  void unsigned_number(std::uint64_t value) {
    while (value >= 0x80U) {
      byte(static_cast<std::uint8_t>(value | 0x80U));
      value >>= 7U;
    }
    byte(static_cast<std::uint8_t>(value));
  }
  void number(std::int64_t value) {
    const auto bits = static_cast<std::uint64_t>(value);
    unsigned_number((bits << 1U) ^ (value < 0 ? ~std::uint64_t{0} : 0));
  }
  void real(double value) {
    auto bits = std::bit_cast<std::uint64_t>(value);
    for (int i = 0; i < 8; ++i, bits >>= 8U) byte(static_cast<std::uint8_t>(bits));
  }
  void text(std::string_view value) {
    value = shortened(value);
    unsigned_number(value.size());
    bytes(value.data(), value.size());
  }
  void duration(Duration value) { number(value.count()); }

 private:
  char* at_;
};

// Reads past the end give zeros and make at_end() false; the caller asks once, at the end.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  bool at_end() const { return ok_ && bytes_.empty(); }

  std::uint8_t byte() {
    if (bytes_.empty()) {
      ok_ = false;
      return 0;
    }
    const auto value = static_cast<std::uint8_t>(bytes_.front());
    bytes_.remove_prefix(1);
    return value;
  }
  std::uint64_t unsigned_number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const std::uint8_t part = byte();
      if (shift == 63 && part > 1) break;
      value |= static_cast<std::uint64_t>(part & 0x7FU) << shift;
      if ((part & 0x80U) == 0) return value;
    }
    ok_ = false;
    return 0;
  }
  std::int64_t number() {
    const std::uint64_t value = unsigned_number();
    return static_cast<std::int64_t>((value >> 1U) ^ (~(value & 1U) + 1U));
  }
  int small_number() {
    const std::int64_t value = number();
    if (value < std::numeric_limits<int>::min() || value > std::numeric_limits<int>::max()) ok_ = false;
    return ok_ ? static_cast<int>(value) : 0;
  }
  double real() {
    std::uint64_t bits = 0;
    for (unsigned i = 0; i < 8; ++i) bits |= static_cast<std::uint64_t>(byte()) << (8U * i);
    return std::bit_cast<double>(bits);
  }
  std::string text() {
    const std::uint64_t size = unsigned_number();
    if (size > longest_text || size > bytes_.size()) ok_ = false;
    if (!ok_) return {};
    std::string value(bytes_.substr(0, static_cast<std::size_t>(size)));
    bytes_.remove_prefix(static_cast<std::size_t>(size));
    return value;
  }
  Duration duration() { return Duration(number()); }
  template <class Enum>
  Enum enumerator(Enum last) {
    const std::uint8_t value = byte();
    if (value > static_cast<std::uint8_t>(last)) ok_ = false;
    return ok_ ? static_cast<Enum>(value) : Enum{};
  }

 private:
  std::string_view bytes_;
  bool ok_ = true;
};

constexpr std::array<std::int64_t chat::Usage::*, 8> usage_classes{
    &chat::Usage::input,       &chat::Usage::cached_input, &chat::Usage::cache_write_5m, &chat::Usage::cache_write_1h,
    &chat::Usage::audio_input, &chat::Usage::output,       &chat::Usage::reasoning,      &chat::Usage::audio_output};

std::uint8_t flags_of(const Entry& entry) {
  unsigned flags = 0;
  if (entry.cost) flags |= has_cost;
  if (!entry.settled) return static_cast<std::uint8_t>(flags);
  flags |= has_settled;
  if (entry.settled->stream) flags |= is_stream;
  if (entry.settled->complete) flags |= is_complete;
  if (entry.settled->baseline_cost) flags |= has_baseline_cost;
  return static_cast<std::uint8_t>(flags);
}

// What encode() may need at the most: texts and, at ten bytes each, the lengths and numbers.
std::size_t most_bytes(const Entry& entry) {
  constexpr std::size_t numbers = 40;
  std::size_t bytes = 64 + 10 * numbers;
  for (const std::string* text : {&entry.provider, &entry.model, &entry.answered_model, &entry.tier, &entry.error}) {
    bytes += std::min(text->size(), longest_text);
  }
  if (!entry.settled) return bytes;
  const Settled& settled = *entry.settled;
  for (const std::string* text : {&settled.requested_model, &settled.key, &settled.task, &settled.tier,
                                  &settled.baseline_model, &settled.config_hash}) {
    bytes += std::min(text->size(), longest_text);
  }
  return bytes;
}

void write_settled(Writer& writer, const Settled& settled) {
  writer.text(settled.requested_model);
  writer.text(settled.key);
  writer.text(settled.task);
  writer.real(settled.task_probability);
  writer.real(settled.complexity);
  writer.text(settled.tier);
  writer.number(settled.status);
  writer.text(settled.baseline_model);
  if (settled.baseline_cost) writer.number(settled.baseline_cost->value);
  writer.duration(settled.total);
  writer.duration(settled.overhead);
  writer.text(settled.config_hash);
}

Settled read_settled(Reader& reader, unsigned flags) {
  Settled settled;
  settled.requested_model = reader.text();
  settled.key = reader.text();
  settled.task = reader.text();
  settled.task_probability = reader.real();
  settled.complexity = reader.real();
  settled.tier = reader.text();
  settled.status = reader.small_number();
  settled.stream = (flags & is_stream) != 0;
  settled.complete = (flags & is_complete) != 0;
  settled.baseline_model = reader.text();
  if ((flags & has_baseline_cost) != 0) settled.baseline_cost = NanoDollars(reader.number());
  settled.total = reader.duration();
  settled.overhead = reader.duration();
  settled.config_hash = reader.text();
  return settled;
}

RequestId read_id(Reader& reader) {
  std::array<std::uint8_t, 16> bytes{};
  for (std::uint8_t& byte : bytes) byte = reader.byte();
  return RequestId::from_bytes(bytes);
}

}  // namespace

std::string_view name(Purpose purpose) {
  switch (purpose) {
    case Purpose::answer: return "answer";
    case Purpose::classifier: return "classifier";
    case Purpose::judge: return "judge";
    case Purpose::embedder: return "embedder";
  }
  return "answer";
}

std::optional<Purpose> find_purpose(std::string_view text) {
  for (const Purpose purpose : {Purpose::answer, Purpose::classifier, Purpose::judge, Purpose::embedder}) {
    if (name(purpose) == text) return purpose;
  }
  return std::nullopt;
}

std::string_view name(Outcome outcome) {
  switch (outcome) {
    case Outcome::answered: return "answered";
    case Outcome::escalated: return "escalated";
    case Outcome::failed: return "failed";
    case Outcome::cancelled: return "cancelled";
    case Outcome::rejected: return "rejected";
    case Outcome::rescued: return "rescued";
  }
  return "failed";
}

void encode(const Entry& entry, std::string& out) {
  const std::size_t start = out.size();
  out.resize(start + most_bytes(entry));
  Writer writer(out.data() + start);
  writer.byte(form_version);
  writer.byte(flags_of(entry));
  writer.bytes(entry.id.bytes().data(), entry.id.bytes().size());
  writer.unsigned_number(entry.attempt);
  writer.number(entry.at.time_since_epoch().count());
  writer.text(entry.provider);
  writer.text(entry.model);
  writer.text(entry.answered_model);
  writer.text(entry.tier);
  writer.byte(static_cast<std::uint8_t>(entry.outcome));
  writer.text(entry.error);
  writer.number(entry.upstream_status);
  for (const auto member : usage_classes) writer.number(entry.usage.*member);
  writer.byte(static_cast<std::uint8_t>(entry.usage.certainty));
  if (entry.cost) writer.number(entry.cost->value);
  writer.duration(entry.first_content);
  writer.duration(entry.duration);
  writer.byte(static_cast<std::uint8_t>(entry.purpose));
  if (entry.settled) write_settled(writer, *entry.settled);
  out.resize(static_cast<std::size_t>(writer.end() - out.data()));
}

std::optional<Entry> decode(std::string_view bytes) {
  Reader reader(bytes);
  const std::uint8_t version = reader.byte();
  if (version != form_version && version != form_without_purpose) return std::nullopt;
  const unsigned flags = reader.byte();
  if ((flags & ~unsigned{all_flags}) != 0) return std::nullopt;
  if ((flags & has_settled) == 0 && (flags & (is_stream | is_complete | has_baseline_cost)) != 0) return std::nullopt;

  Entry entry;
  entry.id = read_id(reader);
  const std::uint64_t attempt = reader.unsigned_number();
  if (attempt > std::numeric_limits<std::uint32_t>::max()) return std::nullopt;
  entry.attempt = static_cast<std::uint32_t>(attempt);
  entry.at = WallTime(WallTime::duration(reader.number()));
  entry.provider = reader.text();
  entry.model = reader.text();
  entry.answered_model = reader.text();
  entry.tier = reader.text();
  entry.outcome = reader.enumerator(Outcome::rescued);
  entry.error = reader.text();
  entry.upstream_status = reader.small_number();
  for (const auto member : usage_classes) entry.usage.*member = reader.number();
  entry.usage.certainty = reader.enumerator(chat::Certainty::unknown);
  if ((flags & has_cost) != 0) entry.cost = NanoDollars(reader.number());
  entry.first_content = reader.duration();
  entry.duration = reader.duration();
  if (version != form_without_purpose) entry.purpose = reader.enumerator(Purpose::embedder);
  if ((flags & has_settled) != 0) entry.settled = read_settled(reader, flags);
  if (!reader.at_end()) return std::nullopt;
  return entry;
}

}  // namespace triaged::ledger
