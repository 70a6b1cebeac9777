#include "observe/exposition.hpp"

#include "triaged/base/money.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace triaged::observe {
namespace {

std::string number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  // Plain digits where people expect them ("0.00005"), an exponent only beyond.
  const double size = std::abs(value);
  const bool plain = size == 0 || (size >= 1e-9 && size < 1e15);
  std::array<char, 64> digits;
  const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), value,
                                     plain ? std::chars_format::fixed : std::chars_format::scientific);
  return {digits.data(), written.ptr};
}

double seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

void append_label_value(std::string& out, std::string_view value) {
  for (const char c : value) {
    switch (c) {
      case '\\': out += "\\\\"; break;
      case '"': out += "\\\""; break;
      case '\n': out += "\\n"; break;
      default: out += c;
    }
  }
}

void append_help(std::string& out, std::string_view help) {
  for (const char c : help) {
    switch (c) {
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      default: out += c;
    }
  }
}

std::string label_list(const Family& family, const Values& values) {
  std::string out;
  const std::size_t count = std::min(family.labels.size(), values.size());
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) out += ',';
    out += family.labels[i];
    out += "=\"";
    append_label_value(out, values[i]);
    out += '"';
  }
  return out;
}

void append_sample(std::string& out, std::string_view name, std::string_view labels, std::string_view value) {
  out += name;
  if (!labels.empty()) {
    out += '{';
    out += labels;
    out += '}';
  }
  out += ' ';
  out += value;
  out += '\n';
}

std::string_view type_name(Kind kind) {
  switch (kind) {
    case Kind::counter: return "counter";
    case Kind::gauge: return "gauge";
    case Kind::histogram: return "histogram";
  }
  return "untyped";
}

void append_head(std::string& out, std::string_view name, std::string_view help, Kind kind) {
  out += "# HELP ";
  out += name;
  out += ' ';
  append_help(out, help);
  out += "\n# TYPE ";
  out += name;
  out += ' ';
  out += type_name(kind);
  out += '\n';
}

void append_histogram(std::string& out, std::string_view name, const std::string& labels, Bounds bounds,
                      const HistogramSum& sum) {
  const std::string bucket = std::string(name) + "_bucket";
  const std::string before = labels.empty() ? "" : labels + ",";
  std::int64_t so_far = 0;
  for (std::size_t i = 0; i < sum.counts.size(); ++i) {
    so_far += sum.counts[i];
    const std::string bound = i < bounds.size() ? number(seconds(bounds[i])) : "+Inf";
    std::string with_bound = before;
    with_bound.append("le=\"").append(bound).append("\"");
    append_sample(out, bucket, with_bound, std::to_string(so_far));
  }
  append_sample(out, std::string(name) + "_sum", labels, number(static_cast<double>(sum.nanoseconds) * 1e-9));
  append_sample(out, std::string(name) + "_count", labels, std::to_string(so_far));
}

}  // namespace

void Exposition::declare(const Family& family) {
  Samples& samples = families_[std::string(family.name)];
  samples.family = family;
  if (family.labels.empty() && family.kind != Kind::histogram) samples.series[Values()];
}

Exposition::Sample& Exposition::sample(std::string_view family, Values labels) {
  return families_.find(family)->second.series[std::move(labels)];
}

void Exposition::add(std::string_view family, Values labels, std::int64_t amount) {
  sample(family, std::move(labels)).amount += amount;
}

void Exposition::add_nano(std::string_view family, Values labels, std::int64_t nano) {
  Sample& to = sample(family, std::move(labels));
  to.amount += nano;
  to.nano = true;
}

void Exposition::raise_to(std::string_view family, Values labels, std::int64_t least) {
  Sample& to = sample(family, std::move(labels));
  to.amount = std::max(to.amount, least);
}

void Exposition::raise_to_nano(std::string_view family, Values labels, std::int64_t least) {
  Sample& to = sample(family, std::move(labels));
  to.amount = std::max(to.amount, least);
  to.nano = true;
}

void Exposition::add_histogram(std::string_view family, Values labels, const Histogram& histogram) {
  Sample& to = sample(family, std::move(labels));
  to.bounds = histogram.bounds();
  histogram.add_to(to.histogram);
}

void Exposition::add_ready(std::string_view name, std::string_view help, double value) {
  const std::string family(name.substr(0, name.find('{')));
  Ready& ready = ready_[family];
  if (ready.help.empty()) ready.help = help;
  ready.samples[std::string(name)] = value;
}

std::string Exposition::text() const {
  std::map<std::string_view, std::string> blocks;  // sorted by family
  for (const auto& [name, samples] : families_) {
    std::string& out = blocks[name];
    append_head(out, name, samples.family.help, samples.family.kind);
    for (const auto& [values, sample] : samples.series) {
      const std::string labels = label_list(samples.family, values);
      if (samples.family.kind == Kind::histogram) {
        append_histogram(out, name, labels, sample.bounds, sample.histogram);
      } else {
        const std::string value =
            sample.nano ? format_dollars(NanoDollars(sample.amount)) : std::to_string(sample.amount);
        append_sample(out, name, labels, value);
      }
    }
  }
  for (const auto& [name, ready] : ready_) {
    std::string& out = blocks[name];
    if (out.empty()) append_head(out, name, ready.help, Kind::gauge);
    for (const auto& [sample, value] : ready.samples) append_sample(out, sample, "", number(value));
  }
  std::string out;
  for (const auto& [name, block] : blocks) out += block;
  return out;
}

}  // namespace triaged::observe
