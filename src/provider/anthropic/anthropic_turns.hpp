// The turns of a conversation as Anthropic demands them: users and assistants take turns, every call has its result
// right behind it, and nothing is empty.
#pragma once

#include "triaged/chat/conversation.hpp"

#include "provider/unsaid.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace triaged::provider {

class AnthropicTurns {
 public:
  // Both outlive it.
  AnthropicTurns(const chat::Conversation& conversation, Unsaid& unsaid);

  bool has_calls() const { return has_calls_; }
  // The last thing an assistant did was to call tools, and there is no thought of it.
  bool in_unthought_tool_loop() const;

  // The elements of `system`, without brackets; "" for none.
  std::string system() const { return system_; }
  // The elements of `messages`. `prefill`: an assistant's turn may end the conversation, to be gone on with.
  void append_messages(std::string& out, bool prefill);
  // Definitions for the tools that the history names, in case the request brings none.
  std::string stub_tools() const;

 private:
  struct Item {
    const chat::Part* part = nullptr;
    std::size_t turn = 0, index = 0;  // where it stands in the conversation
    std::string id;                   // of a call: as it is written
    bool used = false;                // a result that stands with its call
  };
  struct Result {
    const Item* item = nullptr;  // null: none was given
    std::string id;
  };
  struct Group {
    bool assistant = false;
    std::vector<Result> results;
    std::vector<Item> items;
  };
  class Blocks;

  void add_turn(const chat::Turn& turn, std::size_t number);
  void add_system(const chat::Turn& turn, std::size_t number);
  void match_results();
  std::string contents_of(const Group& group, bool strip_end);
  void write_part(const Item& item, bool strip_end, Blocks& blocks);
  void write_result(const Result& result, Blocks& blocks);
  void write_contents(const Item& item, Blocks& blocks);
  void write_media(const Item& item, const chat::Part& part, Blocks& blocks);

  const chat::Conversation& conversation_;
  Unsaid& unsaid_;
  std::vector<Group> groups_;
  std::string system_;
  bool has_calls_ = false;
};

void append_cache_mark(std::string& out, chat::CacheLife life);

}  // namespace triaged::provider
