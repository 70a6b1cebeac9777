#include "provider/token_probabilities.hpp"

#include <algorithm>
#include <charconv>

namespace triaged::provider {

void add_token_probabilities(JsonReader& reader, chat::AnswerDetail& detail) {
  if (!reader.enter_array_or_skip()) return;
  while (reader.next_element()) {
    if (!reader.enter_object_or_skip()) continue;
    JsonString key;
    while (reader.next_member(key)) {
      if (!key.equals("logprob") || reader.peek() != JsonType::number) {
        reader.skip();
        continue;
      }
      const std::string_view number = reader.take_number();
      double value = 0;
      if (std::from_chars(number.data(), number.data() + number.size(), value).ec != std::errc()) continue;
      detail.logprob_sum += std::min(value, 0.0);
      ++detail.logprob_tokens;
    }
  }
}

}  // namespace triaged::provider
