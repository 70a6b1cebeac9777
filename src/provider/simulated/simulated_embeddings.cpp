#include "provider/simulated/simulated_embeddings.hpp"

#include "triaged/base/ids.hpp"
#include "triaged/base/json.hpp"

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace triaged::provider {
namespace {

using nlohmann::json;
using ordered = nlohmann::ordered_json;

constexpr std::size_t usual_dimensions = 256;
constexpr std::size_t most_dimensions = 4096;
constexpr std::size_t most_inputs = 2048;

Error invalid(std::string sentence, std::string param) {
  return client_error(ErrorKind::invalid_request, 400, std::move(sentence), {}, std::move(param));
}

std::uint64_t hash_of(std::string_view text, std::uint64_t seed) {
  std::uint64_t hash = 1469598103934665603ULL ^ seed;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return hash;
}

std::vector<float> vector_of(std::uint64_t seed, std::size_t dimensions) {
  Random random(seed);
  std::vector<float> vector(dimensions);
  double square = 0;
  for (float& value : vector) {
    value = static_cast<float>(2 * random.unit() - 1);
    square += static_cast<double>(value) * static_cast<double>(value);
  }
  const auto length = static_cast<float>(std::sqrt(square));
  for (float& value : vector) value /= length;
  return vector;
}

std::string base64_of(const std::vector<float>& vector) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes(vector.size() * sizeof(float), '\0');
  std::memcpy(bytes.data(), vector.data(), bytes.size());
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      group = (group << 8U) | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0U);
    }
    const std::size_t given = std::min<std::size_t>(3, bytes.size() - i);
    for (std::size_t j = 0; j < 4; ++j) {
      out += j <= given ? digits[(group >> (18U - 6U * static_cast<unsigned>(j))) & 63U] : '=';
    }
  }
  return out;
}

// The texts to embed, or lists of tokens as text.
Result<std::vector<std::string>> inputs_of(const json& body) {
  const auto input = body.find("input");
  if (input == body.end()) return invalid("'input' is missing.", "input");
  if (input->is_string()) return std::vector<std::string>{input->get<std::string>()};
  if (!input->is_array() || input->empty()) return invalid("'input' must be a string or a list.", "input");
  if (input->front().is_number()) return std::vector<std::string>{input->dump()};
  if (input->size() > most_inputs) return invalid("'input' may hold at most 2048 texts.", "input");
  std::vector<std::string> texts;
  for (const json& each : *input) {
    if (!each.is_string() && !each.is_array()) return invalid("'input' must hold strings or lists of tokens.", "input");
    texts.push_back(each.is_string() ? each.get<std::string>() : each.dump());
  }
  return texts;
}

}  // namespace

Result<std::string> simulated_embeddings(const config::Simulation& options, const std::string& body,
                                         std::string& model) {
  JsonReader reader(body);  // bounds the depth, which the tree below does not
  reader.skip();
  const json request = reader.at_end() ? json::parse(body, nullptr, false) : json(json::value_t::discarded);
  if (!request.is_object()) return invalid("The body is no JSON object.", "");
  const auto named = request.find("model");
  if (named == request.end() || !named->is_string()) return invalid("'model' must be a string.", "model");
  model = named->get<std::string>();
  const Result<std::vector<std::string>> texts = inputs_of(request);
  if (!texts) return texts.error();
  std::size_t dimensions = usual_dimensions;
  if (const auto wanted = request.find("dimensions"); wanted != request.end() && !wanted->is_null()) {
    if (!wanted->is_number_integer() || *wanted < 1 || *wanted > most_dimensions) {
      return invalid("'dimensions' must be between 1 and 4096.", "dimensions");
    }
    dimensions = wanted->get<std::size_t>();
  }
  const bool base64 = request.value("encoding_format", json("float")) == "base64";

  ordered data = ordered::array();
  std::size_t tokens = 0;
  for (std::size_t i = 0; i < texts->size(); ++i) {
    tokens += (*texts)[i].size() / 4 + 1;
    const std::vector<float> vector = vector_of(hash_of(model + '\n' + (*texts)[i], options.seed), dimensions);
    ordered embedding = base64 ? ordered(base64_of(vector)) : ordered(vector);
    data.push_back({{"object", "embedding"}, {"index", i}, {"embedding", std::move(embedding)}});
  }
  const ordered answer{{"object", "list"},
                       {"data", std::move(data)},
                       {"model", model},
                       {"usage", {{"prompt_tokens", tokens}, {"total_tokens", tokens}}},
                       {"simulated", true}};
  return answer.dump();
}

}  // namespace triaged::provider
