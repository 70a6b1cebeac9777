// The golden files: tests/data/FOLDER/NAME.ENDING, where names have no dot.
#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace triaged::test {

using Json = nlohmann::ordered_json;

// The files in a folder that have this ending, in their order.
std::vector<std::string> golden_files(std::string_view folder, std::string_view ending);

// Names without ending of the files in a folder that have exactly this ending: "x.steps.json" is no ".json".
std::vector<std::string> golden_names(std::string_view folder, std::string_view ending);

// The file's content. The test fails if there is none.
std::string golden_text(std::string_view folder, std::string_view file);
Json golden_json(std::string_view folder, std::string_view file);

// JSON as Conversations and steps stand in golden files: what fits on a line stands on one, but for the whole.
std::string pretty(const Json& json);

}  // namespace triaged::test
