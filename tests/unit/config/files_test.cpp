// The files that are shipped: they load, they are in step with the definition table, and their models have prices.
#include "config/schema.hpp"
#include "support.hpp"

#include <nlohmann/json.hpp>
#include <yaml-cpp/yaml.h>

#include <filesystem>
#include <set>

namespace triaged::config {
namespace {

using testing::find_problem;
using testing::load_text;
using testing::noted;
using testing::printed;
using testing::read_file;

std::string source(const std::string& path) { return read_file(std::string(TRIAGED_SOURCE) + "/" + path); }

class DefaultFile : public ::testing::TestWithParam<int> {};

TEST_P(DefaultFile, LoadsWithEveryCombinationOfKeys) {
  const std::pair<const char*, const char*> keys[] = {
      {"OPENAI_API_KEY", "openai"}, {"ANTHROPIC_API_KEY", "anthropic"}, {"GEMINI_API_KEY", "gemini"}};
  testing::Texts environment;
  std::set<std::string> expected;
  for (int i = 0; i < 3; ++i) {
    if ((GetParam() >> i & 1) == 0) continue;
    environment[keys[i].first] = "key";
    expected.insert(keys[i].second);
  }
  const std::size_t notes = 4 - expected.size();  // one for each key that is missing, one for the simulated provider
  if (expected.empty()) expected.insert("simulated");

  const Loaded loaded = load_text(source("config/triaged.yaml"), environment);

  ASSERT_TRUE(loaded.settings) << printed(loaded);
  EXPECT_EQ(printed(loaded), "");
  const Settings& settings = *loaded.settings;
  std::set<std::string> left;
  for (const Provider& provider : settings.providers) left.insert(provider.name);
  EXPECT_EQ(left, expected);
  ASSERT_EQ(settings.tiers.size(), 3U);
  for (const Tier& tier : settings.tiers) EXPECT_EQ(tier.targets.size(), expected.size());
  EXPECT_EQ(settings.notes.size(), notes);
  EXPECT_TRUE(settings.server.api_keys.empty());
  EXPECT_EQ(settings.routing.default_tier, 2U);
}

INSTANTIATE_TEST_SUITE_P(AllKeys, DefaultFile, ::testing::Range(0, 8));

TEST(ShippedFiles, ExamplesLoadOnceTheirVariablesAreSet) {
  const testing::Texts environment = {{"AZURE_OPENAI_ENDPOINT", "https://r.openai.azure.com"},
                                      {"AZURE_OPENAI_API_KEY", "k"},
                                      {"OPENROUTER_API_KEY", "k"},
                                      {"OPENAI_API_KEY", "k"},
                                      {"MISTRAL_API_KEY", "k"},
                                      {"GEMINI_API_KEY", "k"},
                                      {"VERTEX_PROJECT", "p"},
                                      {"VERTEX_TOKEN_FILE", "/run/secrets/vertex"},
                                      {"AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"},
                                      {"AWS_SECRET_ACCESS_KEY", "s"},
                                      {"GROQ_API_KEY", "k"},
                                      {"TRIAGED_KEY_WEB", "k"}};
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(TRIAGED_SOURCE) + "/config/examples")) {
    const Loaded loaded = load_text(read_file(entry.path().string()), environment, {{"/run/secrets/openai", "k\n"}});
    EXPECT_TRUE(loaded.settings) << entry.path();
    EXPECT_EQ(printed(loaded), "") << entry.path();
    ++files;
  }
  EXPECT_GE(files, 6);
}

TEST(ShippedFiles, ExamplesSayWhichVariableIsMissing) {
  const Loaded loaded = load_text(source("config/examples/openrouter.yaml"));

  EXPECT_FALSE(loaded.settings);
  ASSERT_TRUE(find_problem(loaded, "providers.openrouter.api_key")) << printed(loaded);
}

TEST(ShippedFiles, ModelsOfTheDefaultFileHavePrices) {
  const YAML::Node prices = YAML::Load(source("config/prices.yaml"))["providers"];
  for (const char* keys : {"", "k"}) {
    const Loaded loaded = load_text(source("config/triaged.yaml"),
                                    {{"OPENAI_API_KEY", keys}, {"ANTHROPIC_API_KEY", keys}, {"GEMINI_API_KEY", keys}});
    ASSERT_TRUE(loaded.settings) << printed(loaded);
    for (const Target& target : loaded.settings->targets) {
      const std::string& seller = loaded.settings->providers[target.provider].price_provider;
      EXPECT_TRUE(prices[seller]["models"][target.model]) << target.name;
    }
  }
}

TEST(ShippedFiles, JsonSchemaIsInStep) {
  EXPECT_EQ(source("config/triaged.schema.json"), json_schema()) << "write json_schema() to config/triaged.schema.json";
}

TEST(ShippedFiles, ReferenceIsInStep) {
  const std::string text = source("docs/configuration.md");
  const std::string begin = "<!-- reference: begin -->\n\n";
  const std::size_t from = text.find(begin);
  const std::size_t to = text.find("<!-- reference: end -->");
  ASSERT_TRUE(from != std::string::npos && to != std::string::npos);
  EXPECT_EQ(text.substr(from + begin.size(), to - from - begin.size()), reference_markdown())
      << "write reference_markdown() between the markers of docs/configuration.md";
}

// The examples in the documentation are whole files or they are marked otherwise; the whole ones load.
TEST(ShippedFiles, WholeExamplesOfTheDocumentationLoad) {
  const testing::Texts environment = {
      {"OPENAI_API_KEY", "k"}, {"GEMINI_API_KEY", "k"}, {"AWS_ACCESS_KEY_ID", "k"}, {"AWS_SECRET_ACCESS_KEY", "k"}};
  for (const auto& [page, least] : {std::pair("docs/configuration.md", 1), std::pair("docs/providers.md", 3)}) {
    const std::string text = source(page);
    int found = 0;
    for (std::size_t at = text.find("```yaml\nversion: 1"); at != std::string::npos;
         at = text.find("```yaml\nversion: 1", at + 1)) {
      const std::size_t from = at + 8;
      const Loaded loaded = load_text(text.substr(from, text.find("\n```", from) - from + 1), environment);
      EXPECT_EQ(printed(loaded), "") << page;
      ++found;
    }
    EXPECT_GE(found, least) << page;
  }
}

void each_key(const Section& section, const std::string& path, std::vector<std::pair<std::string, const Key*>>& out) {
  for (const Key& key : section.keys) {
    const std::string name = path.empty() ? std::string(key.name) : path + "." + std::string(key.name);
    out.emplace_back(name, &key);
    if (key.section != nullptr) each_key(key.section(), name, out);
  }
}

TEST(Schema, EveryKeyHasATypeLimitsAndAMeaning) {
  std::vector<std::pair<std::string, const Key*>> keys;
  each_key(document_section(), "", keys);
  EXPECT_GT(keys.size(), 90U);
  for (const auto& [name, key] : keys) {
    EXPECT_FALSE(key->meaning.empty()) << name;
    EXPECT_TRUE(key->meaning.back() == '.') << name;
    EXPECT_EQ(key->read == nullptr, key->section != nullptr) << name;
    const bool limited = key->type == Type::integer || key->type == Type::bytes || key->type == Type::tokens ||
                         key->type == Type::number || key->type == Type::duration || key->type == Type::sections;
    if (limited) {
      EXPECT_GT(key->max, 0) << name;
    }
    if (key->type == Type::choice) {
      EXPECT_GE(key->choices.size(), 2U) << name;
    }
  }
}

// A default that its own limits refuse would be a trap for whoever writes it out.
TEST(Schema, DefaultsAreWithinTheirLimits) {
  const Loaded loaded = load_text(testing::minimal());
  ASSERT_TRUE(loaded.settings);
  const nlohmann::json schema = nlohmann::json::parse(json_schema());
  const auto& limits = schema["properties"]["server"]["properties"]["limits"]["properties"];
  std::string text = "server: {limits: {";
  for (const auto& [name, property] : limits.items()) {
    text += name + ": " +
            (property["default"].is_string() ? property["default"].get<std::string>() : property["default"].dump()) +
            ", ";
  }
  const Loaded written = load_text(testing::minimal(text + "}}\n"));
  ASSERT_TRUE(written.settings) << printed(written);
  EXPECT_EQ(written.settings->hash, loaded.settings->hash);
}

TEST(Schema, FullFileUsesEveryKey) {
  const YAML::Node full = YAML::Load(read_file(std::string(TRIAGED_TEST_DATA) + "/config/full.yaml"));
  const auto has = [](const YAML::Node& node, const Section& section) {
    for (const Key& key : section.keys) {
      const bool file = key.name == "certificate" || key.name == "key" || key.name == "ca" ||
                        (key.name == "prices" && section.title == "ledger");
      if (!file) {
        EXPECT_TRUE(node[std::string(key.name)]) << section.title << "." << key.name;
      }
    }
  };
  has(full, document_section());
  has(full["server"], server_section());
  has(full["tiers"][0]["targets"][1], target_section());
  has(full["routing"], routing_section());
  has(full["routing"]["classifier"]["llm"], llm_classifier_section());
  has(full["routing"]["table"][0], rule_section());
  has(full["routing"]["semantic"], semantic_section());
  has(full["routing"]["semantic"]["routes"]["orders"], semantic_route_section());
  has(full["routing"]["semantic"]["upstream"], upstream_embedder_section());
  has(full["retry"], retry_section());
  has(full["breaker"], breaker_section());
  has(full["balance"], balance_section());
  has(full["quality"], quality_section());
  const Section& gate = quality_section().find("gates")->section();
  has(full["quality"]["gates"]["strict"], gate);
  has(full["quality"]["gates"]["strict"]["judge"], gate.find("judge")->section());
  has(full["passthrough"], passthrough_section());
  has(full["ledger"], ledger_section());
  has(full["log"], log_section());
  has(full["providers"]["sim"]["simulation"], simulation_section());
  has(full["providers"]["up"]["clocks"], provider_clocks_section());

  const Loaded loaded =
      load_text(read_file(std::string(TRIAGED_TEST_DATA) + "/config/full.yaml"), {{"KEY", "k"}, {"TOKEN", "t"}});
  EXPECT_TRUE(loaded.settings);
  EXPECT_EQ(printed(loaded), "");
}

}  // namespace
}  // namespace triaged::config
