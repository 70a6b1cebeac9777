// Clients that keep asking over kept-alive connections, each on a thread of its own, and what became of their requests.
#pragma once

#include "support/client.hpp"

#include <atomic>
#include <cstddef>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace triaged::test {

struct Outcomes {
  std::size_t answered = 0;      // whole, with status 200
  std::set<std::string> ids;     // of those
  std::vector<std::string> cut;  // sent on an open connection, and not answered whole with 200: what came instead
};

class Load {
 public:
  // Each client sends `request` again and again until it has `each` answers, or until nobody listens any more: a
  // connection that is refused, or that was closed between two answers before a request could be sent, ends it.
  Load(std::uint16_t port, std::size_t clients, std::size_t each, std::string request);
  ~Load() { join(); }
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

  std::size_t answered() const { return answered_; }
  Outcomes join();

 private:
  void run();
  bool exchange(Client& client);

  std::uint16_t port_;
  std::size_t each_;
  std::string request_;
  std::atomic<std::size_t> answered_{0};
  std::mutex mutex_;
  Outcomes outcomes_;
  std::vector<std::thread> threads_;
};

}  // namespace triaged::test
