// Which provider a pass-through endpoint goes to: checks of what the file says, and what becomes of it.
#include "triaged/config/passthrough.hpp"

#include "config/check.hpp"
#include "config/leave_out.hpp"
#include "config/resolve.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace triaged::config {

namespace {

constexpr std::string_view closed = "none";

using Named = std::pair<std::string_view, std::string PassthroughEntry::*>;
constexpr std::array<Named, pass_family_count> families{{{"audio", &PassthroughEntry::audio},
                                                         {"images", &PassthroughEntry::images},
                                                         {"files", &PassthroughEntry::files},
                                                         {"uploads", &PassthroughEntry::uploads},
                                                         {"batches", &PassthroughEntry::batches},
                                                         {"moderations", &PassthroughEntry::moderations}}};
constexpr Named of_all{"provider", &PassthroughEntry::provider};

template <class Visit>
void for_each_name(Visit visit) {
  visit(of_all);
  std::for_each(families.begin(), families.end(), visit);
}

std::string path_of(std::string_view name) { return "passthrough." + std::string(name); }

}  // namespace

std::string_view name(PassFamily family) { return families[static_cast<std::size_t>(family)].first; }

bool passes_to(const PassthroughEntry& entry, std::string_view provider) {
  bool found = false;
  for_each_name([&](const Named& each) { found = found || entry.*each.second == provider; });
  return found;
}

void check_passthrough(const Document& document, Report& report) {
  const std::vector<std::string_view> names = provider_names(document);
  for_each_name([&](const Named& each) {
    const std::string& wanted = document.passthrough.*each.second;
    const std::string path = path_of(each.first);
    if (wanted.empty() || wanted == closed || report.failed(path)) return;
    const auto found = std::find_if(document.providers.begin(), document.providers.end(),
                                    [&wanted](const Provider& provider) { return provider.name == wanted; });
    if (found == document.providers.end()) {
      report.error(path, "there is no provider " + report.quoted(path, wanted), did_you_mean(wanted, names));
    } else if (found->dialect != ProviderDialect::openai) {
      report.error(path, "the provider " + report.quoted(path, wanted) + " does not speak OpenAI's dialect",
                   "name one with `dialect: openai`, or `none`");
    }
  });
}

// What it was to answer nobody else does: whoever stores files may only be asked for them.
void note_left_out(const PassthroughEntry& entry, const std::vector<Provider>& left, std::vector<std::string>& notes) {
  for_each_name([&](const Named& each) {
    const std::string& wanted = entry.*each.second;
    const bool there = std::any_of(left.begin(), left.end(), [&](const Provider& p) { return p.name == wanted; });
    if (there || wanted.empty() || wanted == closed) return;
    notes.push_back(path_of(each.first) + " has no provider: " + wanted + " is left out");
  });
}

Passthrough resolve_passthrough(const PassthroughEntry& entry, const Settings& settings) {
  Passthrough resolved;
  resolved.by_request = entry.by_request;
  resolved.body = entry.body;
  for (std::size_t i = 0; i < families.size(); ++i) {
    const std::string& own = entry.*families[i].second;
    const std::string& wanted = own.empty() ? entry.provider : own;
    resolved.ways[i].open = wanted != closed;
    resolved.ways[i].provider = settings.find_provider(wanted);
  }
  return resolved;
}

}  // namespace triaged::config
