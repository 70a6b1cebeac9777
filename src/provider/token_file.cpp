#include "provider/token_file.hpp"

#include "triaged/base/text.hpp"

#include <fstream>
#include <iterator>

namespace triaged::provider {

const std::string& TokenFile::token(std::optional<WallTime> now) {
  const bool fresh = now && *now >= read_at_ && *now - read_at_ < std::chrono::minutes(1);
  if (!token_.empty() && fresh) return token_;
  if (now) read_at_ = *now;
  std::ifstream file(path_, std::ios::binary);
  if (!file) return token_;
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const std::string_view token = trim(text);
  constexpr std::size_t longest = 16U << 10U;
  const bool sound =
      !token.empty() && token.size() <= longest && token.find_first_of("\r\n\t ") == std::string_view::npos;
  if (sound) token_ = token;
  return token_;
}

}  // namespace triaged::provider
