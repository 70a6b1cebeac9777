#include "config/yaml_tree.hpp"

#include "triaged/base/text.hpp"

#include "config/report.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <exception>
#include <set>
#include <sstream>
#include <unordered_map>
#include <utility>

namespace triaged::config {

namespace {

Mark mark_of(const YAML::Mark& mark) { return mark.is_null() ? Mark{} : Mark{mark.line + 1, mark.column + 1}; }

std::size_t count_nodes(const Node& node) {
  std::size_t count = 1;
  for (const Node& item : node.items) count += count_nodes(item);
  return count;
}

std::size_t depth_of(const Node& node) {
  std::size_t deepest = 0;
  for (const Node& item : node.items) deepest = std::max(deepest, depth_of(item));
  return deepest + 1;
}

// Builds the tree from yaml-cpp's events and stops it with an exception at the limits, before its own recursion is
// deep.
class TreeBuilder final : public YAML::EventHandler {
 public:
  explicit TreeBuilder(Report& report) : report_(report) {}

  Node take_root() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& /*mark*/) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { finish(leaf(Node::Kind::null, mark), anchor); }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) throw YAML::ParserException(mark, "an alias may not refer to what it is a part of");
    count(mark, count_nodes(found->second));
    if (frames_.size() + depth_of(found->second) > max_depth) throw YAML::ParserException(mark, too_deep);
    finish(found->second, YAML::NullAnchor);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    check_tag(mark, tag, "tag:yaml.org,2002:str");
    Node node = leaf(Node::Kind::scalar, mark);
    node.text = value;
    finish(std::move(node), anchor);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    check_tag(mark, tag, "tag:yaml.org,2002:seq");
    open(Node::Kind::sequence, mark, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    check_tag(mark, tag, "tag:yaml.org,2002:map");
    open(Node::Kind::mapping, mark, anchor);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Frame {
    Node node;
    YAML::anchor_t anchor = YAML::NullAnchor;
    bool has_key = false;  // of a mapping: the key is read, its value comes next
    bool drop = false;     // the key was refused: its value is left out
    KeyText key;
    std::set<std::string> seen;
  };

  static constexpr const char* too_deep = "nested too deeply: a configuration has no use for more than 24 levels";

  Node leaf(Node::Kind kind, const YAML::Mark& mark) {
    count(mark, 1);
    Node node;
    node.kind = kind;
    node.mark = mark_of(mark);
    return node;
  }

  void count(const YAML::Mark& mark, std::size_t more) {
    nodes_ += more;
    if (nodes_ > max_nodes) throw YAML::ParserException(mark, "more than 50000 values, counting what aliases repeat");
  }

  void check_tag(const YAML::Mark& mark, const std::string& tag, std::string_view core) {
    if (tag.empty() || tag == "?" || tag == "!" || tag == core) return;
    report_.error_at(mark_of(mark), "", "YAML tags are not supported", "remove the tag that begins with '!'");
  }

  void open(Node::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (frames_.size() >= max_depth) throw YAML::ParserException(mark, too_deep);
    Frame frame;
    frame.node = leaf(kind, mark);
    frame.anchor = anchor;
    frames_.push_back(std::move(frame));
  }

  void close() {
    Frame frame = std::move(frames_.back());
    frames_.pop_back();
    finish(std::move(frame.node), frame.anchor);
  }

  void finish(Node node, YAML::anchor_t anchor) {
    if (anchor != YAML::NullAnchor) anchors_[anchor] = node;
    if (frames_.empty()) {
      root_ = std::move(node);
      return;
    }
    Frame& parent = frames_.back();
    if (parent.node.kind == Node::Kind::sequence) {
      parent.node.items.push_back(std::move(node));
    } else if (!parent.has_key) {
      take_key(parent, node);
    } else {
      parent.has_key = false;
      if (parent.drop) return;
      parent.node.keys.push_back(std::move(parent.key));
      parent.node.items.push_back(std::move(node));
    }
  }

  void take_key(Frame& parent, const Node& node) {
    parent.has_key = true;
    parent.drop = true;
    if (node.kind != Node::Kind::scalar) {
      report_.error_at(node.mark, "", "a key must be plain text");
    } else if (node.text == "<<") {
      report_.error_at(node.mark, "<<", "merge keys are not supported", "write the settings out, or use an alias");
    } else if (!parent.seen.insert(node.text).second) {
      report_.error_at(node.mark, printable(node.text), "this key stands twice in the same mapping",
                       "keep one of the two");
    } else {
      parent.drop = false;
      parent.key = KeyText{node.text, node.mark};
    }
  }

  Report& report_;
  Node root_;
  std::vector<Frame> frames_;
  std::unordered_map<YAML::anchor_t, Node> anchors_;
  std::size_t nodes_ = 0;
};

Mark position(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const std::size_t line_start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  return Mark{static_cast<int>(std::count(before.begin(), before.end(), '\n')) + 1,
              static_cast<int>(offset - line_start) + 1};
}

bool plausible_text(std::string_view text, Report& report) {
  if (text.size() > max_text_bytes) {
    report.error_at(Mark{}, "", "the file is larger than 1 MiB", "is this the right file?");
    return false;
  }
  const auto odd = std::find_if(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\n' && c != '\r' && c != '\t') || byte == 0x7f;
  });
  if (odd != text.end()) {
    const auto offset = static_cast<std::size_t>(odd - text.begin());
    report.error_at(position(text, offset), "", "the file holds a control character, so it is no YAML text",
                    "is this the right file?");
    return false;
  }
  if (!valid_utf8(text)) {
    report.error_at(Mark{}, "", "the file is not valid UTF-8", "save it as UTF-8");
    return false;
  }
  return true;
}

std::string_view line_at(std::string_view text, int line) {
  for (int current = 1; current < line && !text.empty(); ++current) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  return text.substr(0, text.find('\n'));
}

// The slips that YAML itself explains badly.
std::string hint(std::string_view text, int line) {
  for (int near = line; near >= 1 && near >= line - 1; --near) {
    const std::string_view content = line_at(text, near);
    if (content.find(": >") != std::string_view::npos) return "quote values that begin with '>': \">=0.6\"";
    if (content.find_first_of('\t') < content.find_first_not_of(" \t")) return "indent with spaces, not tabs";
    if (content.find(": @") != std::string_view::npos || content.find(": %") != std::string_view::npos ||
        content.find(": `") != std::string_view::npos) {
      return "quote values that begin with '@', '%' or '`'";
    }
  }
  return "check indentation, quotes and brackets here and on the line before";
}

}  // namespace

const Node* Node::find(std::string_view key) const {
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (keys[i].text == key) return &items[i];
  }
  return nullptr;
}

std::optional<Node> parse_yaml(std::string_view text, Report& report) {
  if (!plausible_text(text, report)) return std::nullopt;
  // yaml-cpp takes an open quote before a last line break for a closed one.
  const std::string_view content = text.substr(0, text.find_last_not_of(" \r\n") + 1);
  try {
    std::istringstream stream{std::string(content)};
    YAML::Parser parser(stream);
    TreeBuilder builder(report);
    if (!parser.HandleNextDocument(builder)) return Node{};
    TreeBuilder second(report);
    if (parser.HandleNextDocument(second)) {
      report.error_at(Mark{}, "", "the file holds more than one YAML document", "remove what follows the second '---'");
      return std::nullopt;
    }
    return builder.take_root();
  } catch (const YAML::Exception& error) {
    const Mark mark = mark_of(error.mark);
    report.error_at(mark, "", "YAML syntax: " + printable(error.msg), hint(text, mark.line));
  } catch (const std::exception&) {
    report.error_at(Mark{}, "", "the file cannot be read as YAML");
  }
  return std::nullopt;
}

}  // namespace triaged::config
