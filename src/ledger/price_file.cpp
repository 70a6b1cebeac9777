#include "ledger/price_file.hpp"

#include "triaged/base/counted.hpp"
#include "triaged/base/text.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace triaged::ledger {
namespace {

struct RateKey {
  std::string_view key;
  std::int64_t Rates::*rate;
};

// In this order a class can take its default from one before it.
constexpr std::array<RateKey, 8> rate_keys{{{"input", &Rates::input},
                                            {"cached_input", &Rates::cached_input},
                                            {"cache_write", &Rates::cache_write_5m},
                                            {"cache_write_1h", &Rates::cache_write_1h},
                                            {"audio_input", &Rates::audio_input},
                                            {"output", &Rates::output},
                                            {"reasoning", &Rates::reasoning},
                                            {"audio_output", &Rates::audio_output}}};

using Given = std::array<bool, rate_keys.size()>;

void fill_defaults(Rates& rates, const Given& given) {
  const auto missing = [&](std::int64_t Rates::*rate) {
    for (std::size_t i = 0; i < rate_keys.size(); ++i) {
      if (rate_keys[i].rate == rate) return !given[i];
    }
    return false;
  };
  if (missing(&Rates::cached_input)) rates.cached_input = rates.input;
  if (missing(&Rates::cache_write_5m)) rates.cache_write_5m = rates.input;
  if (missing(&Rates::cache_write_1h)) rates.cache_write_1h = rates.cache_write_5m;
  if (missing(&Rates::audio_input)) rates.audio_input = rates.input;
  if (missing(&Rates::reasoning)) rates.reasoning = rates.output;
  if (missing(&Rates::audio_output)) rates.audio_output = rates.output;
}

std::string quoted(std::string_view text) { return "'" + std::string(text) + "'"; }

struct Problem {
  int line = 0;
  std::string text;
};

class Reader {
 public:
  std::vector<PriceProvider> read(const YAML::Node& root) {
    std::vector<PriceProvider> providers;
    if (!entries(root, "the price file", {"date", "providers"})) return providers;
    date_ = date_of(root, "the price file", "");
    const YAML::Node list = child(root, "providers");
    if (!list) {
      problem(root, "the price file", "has no 'providers': list at least one");
      return providers;
    }
    if (!entries(list, "providers", {})) return providers;
    provider_names_ = keys_of(list);
    for (const auto& item : list) providers.push_back(provider(item.first.Scalar(), item.second));
    return providers;
  }

  // In the order of the file.
  std::vector<Problem> problems() const {
    std::vector<Problem> sorted = problems_;
    std::stable_sort(sorted.begin(), sorted.end(), [](const Problem& a, const Problem& b) { return a.line < b.line; });
    return sorted;
  }

 private:
  void problem(const YAML::Node& node, const std::string& where, const std::string& what) {
    problems_.push_back({std::max(node.Mark().line, 0) + 1, where + ": " + what});
  }

  // A map whose keys are scalars, each there once and, unless `known` is empty, one of `known`.
  bool entries(const YAML::Node& node, const std::string& where, const std::vector<std::string_view>& known) {
    if (!node.IsMap()) {
      problem(node, where, "must be a map of keys and values");
      return false;
    }
    std::unordered_set<std::string> seen;
    for (const auto& item : node) {
      if (!item.first.IsScalar() || item.first.Scalar().empty()) {
        problem(item.first, where, "has a key that is not a name");
        return false;
      }
      check_key(item.first, where, known, seen);
    }
    return true;
  }

  void check_key(const YAML::Node& key, const std::string& where, const std::vector<std::string_view>& known,
                 std::unordered_set<std::string>& seen) {
    const std::string& name = key.Scalar();
    if (!seen.insert(name).second) problem(key, where, quoted(name) + " is there twice: remove one");
    if (known.empty()) return;
    for (const std::string_view candidate : known) {
      if (name == candidate) return;
    }
    const std::string_view near = nearest(name, known);
    problem(key, where, "unknown key " + quoted(name) + (near.empty() ? "" : ": did you mean " + quoted(near) + "?"));
  }

  // operator[] of yaml-cpp compares values by conversion; this one compares the text, and finds the first of
  // duplicates.
  static YAML::Node child(const YAML::Node& map, std::string_view key) {
    for (const auto& item : map) {
      if (item.first.IsScalar() && item.first.Scalar() == key) return item.second;
    }
    return YAML::Node(YAML::NodeType::Undefined);
  }

  static std::unordered_set<std::string> keys_of(const YAML::Node& map) {
    std::unordered_set<std::string> keys;
    for (const auto& item : map) keys.insert(item.first.Scalar());
    return keys;
  }

  PriceProvider provider(const std::string& name, const YAML::Node& node) {
    PriceProvider result;
    result.names.push_back(name);
    if (!entries(node, name, {"source", "date", "aliases", "models"})) return result;
    for (std::string& alias : names_in(node, "aliases", name, provider_names_))
      result.names.push_back(std::move(alias));
    const std::string source = text_of(node, "source", name, "");
    const std::string date = date_of(node, name, date_);
    const YAML::Node models = child(node, "models");
    if (!models) {
      problem(node, name, "has no 'models': list at least one");
      return result;
    }
    if (!entries(models, name + ".models", {})) return result;
    model_names_ = keys_of(models);
    for (const auto& item : models) {
      PriceRow row = model(name, item.first.Scalar(), item.second);
      if (row.price.source.empty()) row.price.source = source;
      if (row.price.date.empty()) row.price.date = date;
      check_origin(item.second, row.price);
      result.rows.push_back(std::move(row));
    }
    return result;
  }

  void check_origin(const YAML::Node& node, const Price& price) {
    const std::string where = price.provider + "." + price.model;
    if (price.source.empty()) problem(node, where, "has no source: set 'source' here or at the provider");
    if (price.date.empty()) problem(node, where, "has no date: set 'date' here, at the provider or at the top");
  }

  PriceRow model(const std::string& provider_name, const std::string& name, const YAML::Node& node) {
    PriceRow row;
    row.names.push_back(name);
    row.price.provider = provider_name;
    row.price.model = name;
    const std::string where = provider_name + "." + name;
    std::vector<std::string_view> known = rate_names();
    known.insert(known.end(), {"long_context", "per_request", "context_window", "also", "source", "date"});
    if (!entries(node, where, known)) return row;

    Given given{};
    row.price.rates = rates_of(node, where, given);
    for (std::string& also : names_in(node, "also", where, model_names_)) row.names.push_back(std::move(also));
    if (const YAML::Node value = child(node, "per_request"))
      row.price.per_request = price_of(value, where, "per_request");
    if (const YAML::Node value = child(node, "context_window")) {
      row.price.context_window = count_of(value, where, "context_window");
    }
    row.price.source = text_of(node, "source", where, "");
    row.price.date = date_of(node, where, "");
    if (const YAML::Node tier = child(node, "long_context")) long_context(tier, where, given, row.price);
    return row;
  }

  void long_context(const YAML::Node& node, const std::string& row, const Given& base, Price& price) {
    const std::string where = row + ".long_context";
    std::vector<std::string_view> known = rate_names();
    known.push_back("above");
    if (!entries(node, where, known)) return;
    Given given{};
    price.long_context = rates_of(node, where, given);
    // Were it left out, a cheap class would silently jump to the plain price, or the other way round.
    for (std::size_t i = 0; i < rate_keys.size(); ++i) {
      if (base[i] == given[i]) continue;
      problem(node, where,
              quoted(rate_keys[i].key) + (base[i] ? " is missing: the row lists it" : " is not in the row"));
    }
    const YAML::Node above = child(node, "above");
    if (!above) return problem(node, where, "has no 'above': the number of input tokens from which it applies");
    price.long_context_above = count_of(above, where, "above");
  }

  Rates rates_of(const YAML::Node& node, const std::string& where, Given& given) {
    Rates rates;
    for (std::size_t i = 0; i < rate_keys.size(); ++i) {
      const YAML::Node value = child(node, rate_keys[i].key);
      given[i] = value.IsDefined();
      if (given[i]) rates.*rate_keys[i].rate = price_of(value, where, rate_keys[i].key);
    }
    for (const std::string_view key : {"input", "output"}) {
      if (!child(node, key)) problem(node, where, "has no " + quoted(key) + ": a free class is written as 0");
    }
    fill_defaults(rates, given);
    return rates;
  }

  std::int64_t price_of(const YAML::Node& node, const std::string& where, std::string_view key) {
    const auto value = node.IsScalar() ? parse_price(node.Scalar()) : std::nullopt;
    if (value) return *value;
    problem(node, where + "." + std::string(key),
            (node.IsScalar() ? quoted(node.Scalar()) : "this") +
                " is not a price: dollars, not negative, at most six decimals, as in 0.0375");
    return 0;
  }

  std::int64_t count_of(const YAML::Node& node, const std::string& where, std::string_view key) {
    constexpr std::uint64_t limit = 1'000'000'000'000;
    const auto value = node.IsScalar() ? parse_uint(node.Scalar()) : std::nullopt;
    if (value && *value > 0 && *value < limit) return static_cast<std::int64_t>(*value);
    problem(node, where + "." + std::string(key), "must be a count of tokens above zero, as in 128000");
    return 0;
  }

  std::string text_of(const YAML::Node& map, std::string_view key, const std::string& where,
                      const std::string& otherwise) {
    const YAML::Node node = child(map, key);
    if (!node) return otherwise;
    if (node.IsScalar() && !node.Scalar().empty()) return node.Scalar();
    problem(node, where + "." + std::string(key), "must be a text");
    return otherwise;
  }

  std::string date_of(const YAML::Node& map, const std::string& where, const std::string& otherwise) {
    std::string date = text_of(map, "date", where, otherwise);
    if (date.empty() || valid_date(date)) return date;
    problem(child(map, "date"), where, quoted(date) + " is not a date: write YYYY-MM-DD");
    return otherwise;
  }

  // Each name must be new in `taken`: two rows of one name would hide each other.
  std::vector<std::string> names_in(const YAML::Node& map, std::string_view key, const std::string& where,
                                    std::unordered_set<std::string>& taken) {
    std::vector<std::string> names;
    const YAML::Node list = child(map, key);
    if (!list) return names;
    if (!list.IsSequence()) {
      problem(list, where + "." + std::string(key), "must be a list of names");
      return names;
    }
    for (const YAML::Node& item : list) {
      if (!item.IsScalar() || item.Scalar().empty()) {
        problem(item, where + "." + std::string(key), "must be a list of names");
      } else if (!taken.insert(item.Scalar()).second) {
        problem(item, where + "." + std::string(key), quoted(item.Scalar()) + " is taken already: remove one");
      } else {
        names.push_back(item.Scalar());
      }
    }
    return names;
  }

  static std::vector<std::string_view> rate_names() {
    std::vector<std::string_view> names;
    names.reserve(rate_keys.size());
    for (const RateKey& rate : rate_keys) names.push_back(rate.key);
    return names;
  }

  std::string date_;
  std::unordered_set<std::string> provider_names_;
  std::unordered_set<std::string> model_names_;  // of the provider that is read
  std::vector<Problem> problems_;
};

Error unusable(const std::string& what) { return gateway_error(ErrorKind::internal, 500, what); }

}  // namespace

Result<std::vector<PriceProvider>> read_price_file(std::string_view yaml) {
  try {
    const YAML::Node root = YAML::Load(std::string(yaml));
    Reader reader;
    std::vector<PriceProvider> providers = reader.read(root);
    const std::vector<Problem> problems = reader.problems();
    if (problems.empty()) return providers;
    std::string message = "the price file has " + counted(problems.size(), "problem") + ":";
    for (const Problem& problem : problems) message += "\n  line " + std::to_string(problem.line) + ": " + problem.text;
    return unusable(message);
  } catch (const YAML::Exception& error) {
    return unusable("the price file is not YAML: line " + std::to_string(error.mark.line + 1) + ": " + error.msg);
  }
}

}  // namespace triaged::ledger
