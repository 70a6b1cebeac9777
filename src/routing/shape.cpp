#include "routing/shape.hpp"

#include "triaged/base/text.hpp"

#include "routing/unicode.hpp"
#include "routing/words.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace triaged::routing {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// What is looked for in a line, by single characters.
namespace mark {
constexpr std::uint8_t code = 1;  // the lowest bit, so that it can be added up
constexpr std::uint8_t operation = 2;
constexpr std::uint8_t backslash = 4;
constexpr std::uint8_t percent = 8;
constexpr std::uint8_t bar = 16;
constexpr std::uint8_t tab = 32;
constexpr std::uint8_t comma = 64;
constexpr std::uint8_t wide = 128;  // not ASCII
}  // namespace mark

constexpr std::array<std::uint8_t, 256> marks_of = [] {
  std::array<std::uint8_t, 256> marks{};
  const auto set = [&marks](std::string_view characters, std::uint8_t kind) {
    for (const char c : characters) {
      std::uint8_t& entry = marks[static_cast<unsigned char>(c)];
      entry = static_cast<std::uint8_t>(entry | kind);
    }
  };
  set("{}()[];=<>_", mark::code);
  set("+*/^=-<>", mark::operation);
  set("\\", mark::backslash);
  set("%", mark::percent);
  set("|", mark::bar);
  set("\t", mark::tab);
  set(",", mark::comma);
  for (std::size_t i = 0x80; i < marks.size(); ++i) marks[i] = mark::wide;
  return marks;
}();

#ifdef __SSE2__
// Whether sixteen bytes are nothing but letters, digits, spaces and full stops, as most of most texts is.
bool is_prose(const char* at) {
  const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
  const auto within = [](__m128i bytes, char first, char size) {
    const __m128i from_first = _mm_sub_epi8(bytes, _mm_set1_epi8(first));
    return _mm_cmpeq_epi8(_mm_min_epu8(from_first, _mm_set1_epi8(size)), from_first);
  };
  const __m128i letters = within(_mm_or_si128(block, _mm_set1_epi8(0x20)), 'a', 25);
  const __m128i digits = within(block, '0', 9);
  const __m128i spaces = _mm_cmpeq_epi8(block, _mm_set1_epi8(' '));
  const __m128i stops = _mm_cmpeq_epi8(block, _mm_set1_epi8('.'));
  return _mm_movemask_epi8(_mm_or_si128(_mm_or_si128(letters, digits), _mm_or_si128(spaces, stops))) == 0xFFFF;
}
#endif

std::uint32_t marks_in(std::string_view line) {
  std::uint32_t seen = 0;
  std::size_t at = 0;
#ifdef __SSE2__
  for (; at + 16 <= line.size(); at += 16) {
    if (is_prose(line.data() + at)) continue;
    for (std::size_t i = at; i < at + 16; ++i) seen |= marks_of[static_cast<unsigned char>(line[i])];
  }
#endif
  for (; at < line.size(); ++at) seen |= marks_of[static_cast<unsigned char>(line[at])];
  return seen;
}

// A line with what it has at all, found in advance: most tests below need not look any further.
struct Line {
  explicit Line(std::string_view line) : text(line) {
    seen = marks_in(line);
    if (!has(mark::code)) return;
    for (const char c : line) code_marks += marks_of[static_cast<unsigned char>(c)] & mark::code;
  }
  bool has(std::uint8_t kind) const { return (seen & kind) != 0; }

  std::string_view text;
  std::uint32_t seen = 0;
  std::uint32_t code_marks = 0;
};

bool is_operator(char c) { return (marks_of[static_cast<unsigned char>(c)] & mark::operation) != 0; }

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

bool is_list_item(std::string_view line) {
  if (line.size() < 3) return false;
  if ((line[0] == '-' || line[0] == '*' || line[0] == '+') && line[1] == ' ') return true;
  if (line.substr(0, 3) == "\xE2\x80\xA2") return true;  // bullet
  std::size_t digits = 0;
  while (digits < 3 && digits < line.size() && is_digit(line[digits])) ++digits;
  return digits > 0 && digits + 1 < line.size() && (line[digits] == '.' || line[digits] == ')') &&
         line[digits + 1] == ' ';
}

bool is_table_row(const Line& line) {
  const auto count = [&line](char c) { return std::count(line.text.begin(), line.text.end(), c); };
  if (line.has(mark::bar) && count('|') >= 2) return true;
  if (line.has(mark::tab) && count('\t') >= 2) return true;
  return line.has(mark::comma) && !contains(line.text, ", ") && count(',') >= 3;
}

bool starts_like_code(std::string_view line) {
  constexpr std::array<std::string_view, 36> starts{
      "import ",      "#include",  "def ",    "class ",     "public ", "private ", "const ",  "let ",
      "var ",         "function ", "return ", "async ",     "await ",  "if (",     "for (",   "while (",
      "} else",       "else:",     "elif ",   "try:",       "except",  "SELECT ",  "INSERT ", "UPDATE ",
      "CREATE TABLE", "<?php",     "#!/",     "//",         "/*",      "@",        "print(",  "using namespace",
      "package ",     "$ ",        ">>> ",    "from typing"};
  const char first = line.front();
  return std::any_of(starts.begin(), starts.end(), [line, first](std::string_view start) {
    return start.front() == first && line.substr(0, start.size()) == start;
  });
}

bool is_markup(std::string_view line) {
  if (line.size() < 3 || line[0] != '<') return false;
  return (is_letter(line[1]) || line[1] == '/' || line[1] == '!') && contains(line, ">");
}

bool is_code_line(const Line& in) {
  const std::string_view line = in.text;
  if (starts_like_code(line) || is_markup(line)) return true;
  const char last = line.back();
  if (last == ';' || last == '{' || last == '}') return line.size() > 1 || last != ';';
  if (line.size() >= 2 && line.substr(line.size() - 2) == "):") return true;
  const std::size_t marks = in.code_marks;
  if (marks < 3) return false;
  const bool operators = contains(line, "=>") || contains(line, "==") || contains(line, "!=") || contains(line, "::") ||
                         contains(line, "->") || contains(line, "();") || contains(line, "+=") || contains(line, "()");
  return operators || (marks * 7 > line.size() && contains(line, "="));
}

bool is_latex(const Line& line) {
  if (!line.has(mark::backslash)) return false;
  constexpr std::array<std::string_view, 8> commands{"\\frac", "\\sum",  "\\int",    "\\(",
                                                     "\\[",    "\\sqrt", "\\mathbb", "\\leq"};
  return std::any_of(commands.begin(), commands.end(),
                     [&line](std::string_view command) { return contains(line.text, command); });
}

// "3x + 5 = 20", "12 * 7", "x^2", "15% of 240".
bool is_math_line(const Line& in) {
  const std::string_view line = in.text;
  const bool percent = in.has(mark::percent);
  if (percent && (contains(line, "% of ") || contains(line, "% von ") || contains(line, "% de "))) {
    return line.size() < 80;
  }
  for (const std::string_view sign : {"\xE2\x88\x9A", "\xE2\x88\x91", "\xE2\x88\xAB", "\xE2\x89\xA4", "\xE2\x89\xA5",
                                      "\xC2\xB2", "\xE2\x88\x88", "\xE2\x88\x80", "\xC3\xB7"}) {
    if (in.has(mark::wide) && contains(line, sign)) return true;
  }
  if (!in.has(mark::operation)) return false;
  std::size_t operators = 0;
  for (std::size_t i = 1; i + 1 < line.size(); ++i) {
    if (!is_operator(line[i])) continue;
    const std::size_t left = line[i - 1] == ' ' && i >= 2 ? i - 2 : i - 1;
    const std::size_t right = line[i + 1] == ' ' && i + 2 < line.size() ? i + 2 : i + 1;
    const bool single_left = is_letter(line[left]) && (left == 0 || !is_letter(line[left - 1]));
    const bool single_right = is_letter(line[right]) && (right + 1 == line.size() || !is_letter(line[right + 1]));
    const bool numeric = is_digit(line[left]) || is_digit(line[right]);
    const bool operand_left = is_digit(line[left]) || single_left || line[left] == ')';
    const bool operand_right = is_digit(line[right]) || single_right || line[right] == '(';
    if (operand_left && operand_right && (numeric || line[i] == '=' || line[i] == '^')) ++operators;
  }
  return operators >= 1 && operators * 24 > line.size();
}

class Scanner {
 public:
  void scan(std::string_view part) {
    while (!part.empty()) {
      const std::size_t end = part.find('\n');
      add_line(trim(part.substr(0, end)));
      if (end == std::string_view::npos) return;
      part.remove_prefix(end + 1);
    }
  }

  // Behind the head only proportions count: items seen in a tail would come and go as the text grows.
  void end_head() {
    in_tail_ = true;
    in_fence_ = false;
  }

  Shape result() const {
    Shape shape;
    const double all = static_cast<double>(std::max<std::size_t>(bytes_, 1));
    shape.code_density = static_cast<double>(code_) / all;
    shape.math_density = static_cast<double>(math_) / all;
    shape.table_density = static_cast<double>(table_) / all;
    shape.list_items = list_items_;
    shape.has_code_fence = fenced_;
    shape.starts_with_code = starts_with_code_;
    return shape;
  }

 private:
  void add_line(std::string_view line) {
    if (line.empty()) return;
    const bool first = bytes_ == 0;
    bytes_ += line.size();
    if (line.substr(0, 3) == "```") {
      fenced_ = true;
      in_fence_ = !in_fence_;
      return;
    }
    if (!in_tail_ && is_list_item(line)) ++list_items_;
    if (in_fence_) {
      code_ += line.size();
      return;
    }
    const Line looked_at(line);
    const bool code = is_code_line(looked_at);
    if (first) starts_with_code_ = code;
    if (is_latex(looked_at)) {
      math_ += line.size();
    } else if (code) {
      code_ += line.size();
    } else if (is_math_line(looked_at)) {
      math_ += line.size();
    } else if (is_table_row(looked_at)) {
      table_ += line.size();
    }
  }

  std::size_t bytes_ = 0;
  std::size_t code_ = 0;
  std::size_t math_ = 0;
  std::size_t table_ = 0;
  std::uint32_t list_items_ = 0;
  bool starts_with_code_ = false;
  bool fenced_ = false;
  bool in_fence_ = false;
  bool in_tail_ = false;
};

}  // namespace

Shape scan_shape(std::string_view text) {
  Scanner scanner;
  if (text.size() <= head_bytes + tail_bytes) {
    scanner.scan(text);
  } else {
    scanner.scan(text.substr(0, next_character_start(text, head_bytes)));
    scanner.end_head();
    scanner.scan(text.substr(next_character_start(text, text.size() - tail_bytes)));
  }
  return scanner.result();
}

}  // namespace triaged::routing
