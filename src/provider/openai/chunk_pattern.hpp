// The chunks of one stream are the same bytes but for their text. One that is what an earlier chunk was, with another
// text in its place, says the same with another text: its JSON need not be read again.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace triaged::provider {

class ChunkPattern {
 public:
  // `data` is valid JSON and valid UTF-8, `text` the inside of a string in it, without escapes, and `model` (may be
  // empty) stands before that. Returns false, and learns nothing, when they are not parts of `data` in this way.
  bool learn(std::string_view data, std::string_view text, std::string_view model);
  // The text of `data`, never empty; nothing if it is no such chunk, or its text needs a full reading.
  std::optional<std::string_view> match(std::string_view data) const;
  // Of a chunk that matched.
  std::string_view model(std::string_view data) const { return data.substr(model_begin_, model_size_); }

 private:
  std::string before_;  // up to the text, with its opening quote; "" while nothing was learnt
  std::string behind_;  // from the text's closing quote on; up to the padding's opening quote where there is one
  std::string last_;    // from the padding's closing quote on
  bool padded_ = false;
  std::size_t model_begin_ = 0;
  std::size_t model_size_ = 0;
};

}  // namespace triaged::provider
