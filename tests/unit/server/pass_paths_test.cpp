// Which paths are handed on unread, and that nothing leads out of them.
#include "server/pass_paths.hpp"

#include "server/paths.hpp"

#include <gtest/gtest.h>

#include <string>

namespace triaged::server {
namespace {

using config::PassFamily;

struct Row {
  std::string_view path;
  std::string_view name;
  PassFamily family;
  std::string_view methods;
};

constexpr Row rows[] = {
    {"/audio/speech", "audio_speech", PassFamily::audio, "POST"},
    {"/audio/transcriptions", "audio_transcriptions", PassFamily::audio, "POST"},
    {"/audio/translations", "audio_translations", PassFamily::audio, "POST"},
    {"/images/generations", "images_generations", PassFamily::images, "POST"},
    {"/images/edits", "images_edits", PassFamily::images, "POST"},
    {"/images/variations", "images_variations", PassFamily::images, "POST"},
    {"/files", "files", PassFamily::files, "GET, POST"},
    {"/files/file-abc_1.2~3", "file", PassFamily::files, "GET, DELETE"},
    {"/files/file-abc/content", "file_content", PassFamily::files, "GET"},
    {"/uploads", "uploads", PassFamily::uploads, "POST"},
    {"/uploads/upload_1/parts", "upload_parts", PassFamily::uploads, "POST"},
    {"/uploads/upload_1/complete", "upload_complete", PassFamily::uploads, "POST"},
    {"/uploads/upload_1/cancel", "upload_cancel", PassFamily::uploads, "POST"},
    {"/batches", "batches", PassFamily::batches, "GET, POST"},
    {"/batches/batch_1", "batch", PassFamily::batches, "GET"},
    {"/batches/batch_1/cancel", "batch_cancel", PassFamily::batches, "POST"},
    {"/moderations", "moderations", PassFamily::moderations, "POST"},
};

TEST(PassPaths, KnowsEveryEndpoint) {
  for (const Row& row : rows) {
    const std::optional<PassPath> found = find_pass_path(row.path);
    ASSERT_TRUE(found) << row.path;
    EXPECT_EQ(found->name, row.name);
    EXPECT_EQ(found->family, row.family) << row.path;
    EXPECT_EQ(found->methods, row.methods) << row.path;
  }
}

TEST(PassPaths, NothingElseMatches) {
  for (const std::string_view path :
       {"", "/", "files", "/file", "/files/", "/files//content", "/files/a/b", "/files/a/content/",
        "/files/a/content/x", "/audio", "/audio/speech/", "/audio/x", "/uploads/u", "/uploads/u/parts/1",
        "/batches/b/cancel/c", "/chat", "/Files", "/files*", "/files/*"}) {
    EXPECT_FALSE(find_pass_path(path)) << path;
  }
}

TEST(PassPaths, AnIdLeadsNowhereElse) {
  for (const std::string_view id : {"..", ".", "%2e%2e", "a%2fb", "a b", "a\\b", "a;b", "a:b", "a@b", "\xc3\xa9"}) {
    EXPECT_FALSE(find_pass_path("/files/" + std::string(id))) << id;
    EXPECT_FALSE(find_pass_path("/files/" + std::string(id) + "/content")) << id;
  }
}

TEST(Paths, OfWhatIsPassedOnKeepTheirQuery) {
  for (const std::string_view prefix : {"/v1", ""}) {
    const std::string target = std::string(prefix) + "/files/file-1/content?a=b&c=/d";
    const Path path = find_path(target);
    EXPECT_EQ(path.endpoint, Endpoint::pass);
    EXPECT_EQ(path.name, "file_content");
    EXPECT_EQ(path.rest, "/files/file-1/content?a=b&c=/d");
  }
}

TEST(Paths, OfDecisionsNameWhereTheRequestWouldComeIn) {
  for (const std::string prefix : {"/v1", ""}) {
    const std::string route = prefix + "/route";
    const Path bare = find_path(route);
    EXPECT_EQ(bare.endpoint, Endpoint::route);
    EXPECT_EQ(bare.dialect, chat::Dialect::openai_chat);
    EXPECT_EQ(bare.rest, "/route");

    const std::string target = prefix + "/route/messages?beta=true";
    const Path messages = find_path(target);
    EXPECT_EQ(messages.endpoint, Endpoint::route);
    EXPECT_EQ(messages.dialect, chat::Dialect::anthropic);
    EXPECT_EQ(messages.rest, "/messages");
  }
  for (const std::string_view other : {"/v1/route/", "/v1/routes", "/v1/route/embeddings", "/v1/route/models",
                                       "/v1/route/route", "/v1/v1/messages", "/v1messages"}) {
    EXPECT_EQ(find_path(other).endpoint, Endpoint::none) << other;
  }
}

TEST(Paths, TakeTheMethodsThatTheyName) {
  const Path files = find_path("/v1/files");
  EXPECT_TRUE(takes(files, "GET"));
  EXPECT_TRUE(takes(files, "POST"));
  for (const std::string_view method : {"DELETE", "PUT", "HEAD", "GET, POST", "", ","}) {
    EXPECT_FALSE(takes(files, method)) << method;
  }
  EXPECT_TRUE(takes(find_path("/v1/chat/completions"), "POST"));
  EXPECT_FALSE(takes(find_path("/v1/chat/completions"), "GET"));
}

}  // namespace
}  // namespace triaged::server
