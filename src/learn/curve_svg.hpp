// Routing curves as an SVG image: quality against the share of strong calls.
#pragma once

#include "triaged/learn/router_metrics.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace triaged::learn {

struct NamedCurve {
  std::string name;
  std::string colour;
  std::vector<CurvePoint> points;
};

std::string draw_curves(std::string_view title, const std::vector<NamedCurve>& curves);

}  // namespace triaged::learn
