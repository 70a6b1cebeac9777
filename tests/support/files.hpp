// Files of a test: a folder that is removed in the end.
#pragma once

#include <string>

namespace triaged::test {

class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string file(const std::string& name) const { return path_ + "/" + name; }
  std::string write(const std::string& name, const std::string& content) const;  // its path

 private:
  std::string path_;
};

std::string read_file(const std::string& path);  // "" if there is none

}  // namespace triaged::test
