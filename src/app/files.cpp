#include "app/files.hpp"

#include <cerrno>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <system_error>

namespace triaged::app {

namespace {

Error file_error(const std::string& path, std::string_view what) {
  return gateway_error(ErrorKind::storage, 500,
                       path + ": " + std::string(what) + ": " + std::generic_category().message(errno));
}

}  // namespace

Result<std::string> read_file(const std::string& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) return file_error(path, "cannot be opened");
  std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (file.bad()) return file_error(path, "cannot be read");
  return bytes;
}

Result<void> write_file(const std::string& path, std::string_view bytes) {
  const std::string beside = path + ".new";
  errno = 0;
  std::ofstream file(beside, std::ios::binary | std::ios::trunc);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (!file) return file_error(beside, "cannot be written");
  if (std::rename(beside.c_str(), path.c_str()) != 0) return file_error(path, "cannot be replaced");
  return {};
}

int failed(std::string_view command, const Error& error) {
  std::cerr << "triaged " << command << ": " << error.detail << '\n';
  return 1;
}

}  // namespace triaged::app
