// A small strict parser of the Prometheus text format, written from its specification alone.
#pragma once

#include <cstdlib>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace triaged::observe::test {

struct Parsed {
  std::map<std::string, std::string> types;  // family -> type
  std::map<std::string, std::string> helps;  // family -> help
  std::vector<std::string> families;         // in order
  std::map<std::string, double> samples;     // as written, labels unescaped: name{a="x",b="y"}
  double at(const std::string& sample) const {
    const auto found = samples.find(sample);
    return found == samples.end() ? -1e300 : found->second;
  }
};

class ExpositionParser {
 public:
  static Parsed parse(std::string_view text) {
    ExpositionParser parser(text);
    return parser.run();
  }

 private:
  explicit ExpositionParser(std::string_view text) : text_(text) {}

  Parsed run() {
    if (text_.empty() || text_.back() != '\n') fail("the last line must end with a line feed");
    while (!text_.empty()) {
      line_ = text_.substr(0, text_.find('\n'));
      text_.remove_prefix(line_.size() + 1);
      if (line_.starts_with("# HELP ")) {
        help();
      } else if (line_.starts_with("# TYPE ")) {
        type();
      } else {
        sample();
      }
    }
    return std::move(parsed_);
  }

  [[noreturn]] void fail(const std::string& why) const { throw std::runtime_error(why + ": " + std::string(line_)); }

  static bool name_char(char c, bool first) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':' || (!first && c >= '0' && c <= '9');
  }
  std::string name(std::string_view& rest) {
    std::size_t size = 0;
    while (size < rest.size() && name_char(rest[size], size == 0)) ++size;
    if (size == 0) fail("a name is missing");
    std::string out(rest.substr(0, size));
    rest.remove_prefix(size);
    return out;
  }
  void expect(std::string_view& rest, std::string_view what) {
    if (!rest.starts_with(what)) fail("expected " + std::string(what));
    rest.remove_prefix(what.size());
  }

  void help() {
    std::string_view rest = line_.substr(7);
    const std::string family = name(rest);
    expect(rest, " ");
    if (!parsed_.helps.emplace(family, rest).second) fail("a second HELP");
    family_ = family;
    parsed_.families.push_back(family);
  }

  void type() {
    std::string_view rest = line_.substr(7);
    const std::string family = name(rest);
    expect(rest, " ");
    if (family != family_) fail("TYPE without its HELP");
    if (rest != "counter" && rest != "gauge" && rest != "histogram") fail("an unknown type");
    parsed_.types[family] = rest;
  }

  void sample() {
    std::string_view rest = line_;
    const std::string metric = name(rest);
    const bool histogram = parsed_.types[family_] == "histogram";
    const std::set<std::string> allowed =
        histogram ? std::set<std::string>{family_ + "_bucket", family_ + "_sum", family_ + "_count"}
                  : std::set<std::string>{family_};
    if (!allowed.contains(metric)) fail("a sample outside its family");
    std::string key = metric;
    if (rest.starts_with("{")) key += labels(rest);
    expect(rest, " ");
    const std::string number(rest);
    char* end = nullptr;
    const double value = std::strtod(number.c_str(), &end);
    if (number.empty() || *end != '\0') fail("not a number");
    if (!parsed_.samples.emplace(key, value).second) fail("a second sample of the same series");
  }

  std::string labels(std::string_view& rest) {
    std::string out = "{";
    std::set<std::string> seen;
    expect(rest, "{");
    while (!rest.starts_with("}")) {
      if (out.size() > 1) {
        expect(rest, ",");
        out += ',';
      }
      const std::string label = name(rest);
      if (!seen.insert(label).second) fail("a label twice");
      expect(rest, "=\"");
      out += label + "=\"" + value(rest) + "\"";
    }
    expect(rest, "}");
    return out + "}";
  }

  std::string value(std::string_view& rest) {
    std::string out;
    while (!rest.starts_with("\"")) {
      if (rest.empty()) fail("a label value without its end");
      char c = rest.front();
      rest.remove_prefix(1);
      if (c == '\\') {
        if (rest.empty()) fail("an escape without its end");
        const char escaped = rest.front();
        rest.remove_prefix(1);
        if (escaped != '\\' && escaped != '"' && escaped != 'n') fail("an unknown escape");
        c = escaped == 'n' ? '\n' : escaped;
      }
      out += c;
    }
    expect(rest, "\"");
    return out;
  }

  std::string_view text_;
  std::string_view line_;
  std::string family_;
  Parsed parsed_;
};

}  // namespace triaged::observe::test
