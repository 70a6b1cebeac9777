#include "learn/curve_svg.hpp"

#include "learn/report_numbers.hpp"

#include <algorithm>
#include <cmath>

namespace triaged::learn {

namespace {

constexpr double left = 60;
constexpr double top = 40;
constexpr double width = 520;
constexpr double height = 320;
constexpr std::size_t most_points = 400;  // of a curve: more cannot be seen

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '<')
      out += "&lt;";
    else if (c == '&')
      out += "&amp;";
    else
      out += c;
  }
  return out;
}

std::string label(double x, double y, const char* anchor, std::string_view text) {
  return "<text x=\"" + fixed(x, 0) + "\" y=\"" + fixed(y, 0) + "\" text-anchor=\"" + anchor + "\">" + escaped(text) +
         "</text>\n";
}

struct Range {
  double low = 1;
  double high = 0;
  double y(double quality) const { return top + height * (1 - (quality - low) / (high - low)); }
};

Range range_of(const std::vector<NamedCurve>& curves) {
  Range range;
  for (const NamedCurve& curve : curves) {
    for (const CurvePoint& point : curve.points) {
      range.low = std::min(range.low, point.quality);
      range.high = std::max(range.high, point.quality);
    }
  }
  range.low = std::floor(range.low * 20 - 1e-9) / 20;
  range.high = std::max(std::ceil(range.high * 20 + 1e-9) / 20, range.low + 0.05);
  return range;
}

std::string line_of(const NamedCurve& curve, const Range& range) {
  std::string out = "<polyline fill=\"none\" stroke-width=\"2\" stroke=\"" + curve.colour + "\" points=\"";
  const std::size_t step = std::max<std::size_t>(1, curve.points.size() / most_points);
  for (std::size_t i = 0; i < curve.points.size(); ++i) {
    if (i % step != 0 && i + 1 != curve.points.size()) continue;
    out += fixed(left + width * curve.points[i].share, 1) + "," + fixed(range.y(curve.points[i].quality), 1) + " ";
  }
  return out + "\"/>\n";
}

}  // namespace

std::string draw_curves(std::string_view title, const std::vector<NamedCurve>& curves) {
  const Range range = range_of(curves);
  std::string out =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 620 420\" font-family=\"sans-serif\" font-size=\"12\">\n"
      "<rect width=\"620\" height=\"420\" fill=\"white\"/>\n";
  out += label(left + width / 2, 22, "middle", title);
  constexpr int lines = 5;
  for (int i = 0; i <= lines; ++i) {
    const double part = static_cast<double>(i) / lines;
    const double quality = range.low + part * (range.high - range.low);
    const std::string y = fixed(range.y(quality), 1);
    out += "<path stroke=\"#ddd\" d=\"M" + fixed(left, 0) + " " + y + "h" + fixed(width, 0) + "\"/>\n";
    out += label(left - 8, range.y(quality) + 4, "end", fixed(quality, 2));
    out += label(left + width * part, top + height + 18, "middle", fixed(100 * part, 0) + " %");
  }
  out += label(left + width / 2, top + height + 40, "middle", "calls that the strong model gets; height: mean quality");
  double y = top + height - 12 - 18 * static_cast<double>(curves.size());
  for (const NamedCurve& curve : curves) {
    y += 18;
    out += line_of(curve, range);
    out += "<path stroke-width=\"3\" stroke=\"" + curve.colour + "\" d=\"M" + fixed(left + width - 110, 0) + " " +
           fixed(y - 4, 0) + "h20\"/>\n";
    out += label(left + width - 84, y, "start", curve.name);
  }
  // A router that chooses blindly walks along the straight line.
  if (!curves.empty() && !curves.front().points.empty()) {
    const std::vector<CurvePoint>& points = curves.front().points;
    out += "<path stroke=\"#444\" stroke-dasharray=\"4 4\" d=\"M" + fixed(left, 0) + " " +
           fixed(range.y(points.front().quality), 1) + "L" + fixed(left + width, 0) + " " +
           fixed(range.y(points.back().quality), 1) + "\"/>\n";
  }
  return out + "</svg>\n";
}

}  // namespace triaged::learn
