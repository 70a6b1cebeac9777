// Prometheus text format 0.0.4: sums samples of the same series and writes all of them sorted.
#pragma once

#include "observe/cells.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace triaged::observe {

enum class Kind : std::uint8_t { counter, gauge, histogram };

struct Family {
  std::string_view name;
  std::string_view help;
  Kind kind;
  std::vector<std::string_view> labels;  // names
};

using Values = std::vector<std::string>;  // of the labels, in the order of the family

class Exposition {
 public:
  // A family without samples is written too, with its HELP and TYPE; one without labels starts at zero.
  void declare(const Family& family);
  void add(std::string_view family, Values labels, std::int64_t amount);
  void add_nano(std::string_view family, Values labels, std::int64_t nano);  // written with nine decimals
  void raise_to(std::string_view family, Values labels, std::int64_t least);
  void raise_to_nano(std::string_view family, Values labels, std::int64_t least);
  void add_histogram(std::string_view family, Values labels, const Histogram& histogram);
  // Ready-made: `name` may carry labels of its own, name{label="value"}.
  void add_ready(std::string_view name, std::string_view help, double value);
  std::string text() const;

 private:
  struct Sample {
    std::int64_t amount = 0;
    bool nano = false;
    HistogramSum histogram;
    Bounds bounds;
  };
  struct Samples {
    Family family;
    std::map<Values, Sample> series;
  };
  struct Ready {
    std::string help;
    std::map<std::string, double> samples;
  };
  Sample& sample(std::string_view family, Values labels);

  std::map<std::string, Samples, std::less<>> families_;
  std::map<std::string, Ready, std::less<>> ready_;
};

}  // namespace triaged::observe
