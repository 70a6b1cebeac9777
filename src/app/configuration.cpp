#include "app/configuration.hpp"

#include "triaged/base/embedded.hpp"

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <sstream>
#include <system_error>

namespace triaged::app {
namespace {

std::optional<std::string> environment_variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr) return std::nullopt;
  return std::string(value);
}

std::optional<std::string> file_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) return std::nullopt;
  return text.str();
}

}  // namespace

Read read_configuration(const std::string& file) {
  const config::Sources sources{environment_variable, file_text};
  if (file.empty()) return {config::load(embedded_config(), sources, "."), "built-in configuration", true};
  errno = 0;
  const std::optional<std::string> text = file_text(file);
  if (!text)
    return {{}, file + ": cannot be read: " + std::generic_category().message(errno != 0 ? errno : EISDIR), false};
  const std::filesystem::path directory = std::filesystem::absolute(file).parent_path();
  return {config::load(*text, sources, directory.string()), file, true};
}

bool told_problems(const Read& read) {
  if (!read.readable) {
    std::cerr << "triaged: " << read.name << '\n';
    return false;
  }
  for (const config::Problem& problem : read.loaded.problems) std::cerr << config::format(problem, read.name) << '\n';
  return read.loaded.settings != nullptr;
}

}  // namespace triaged::app
