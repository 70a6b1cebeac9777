#include "support/load.hpp"

#include <exception>
#include <utility>

namespace triaged::test {
namespace {

// A complete answer: framing, status, and for a stream its last event.
bool is_whole(const Response& response) {
  if (response.status != 200 || !response.whole) return false;
  const bool stream = response.header("content-type").starts_with("text/event-stream");
  return !stream || response.body.ends_with("data: [DONE]\n\n");
}

std::string summary(const Response& response) {
  return std::to_string(response.status) + (response.whole ? " whole: " : " cut: ") + response.body.substr(0, 200);
}

}  // namespace

Load::Load(std::uint16_t port, std::size_t clients, std::size_t each, std::string request)
    : port_(port), each_(each), request_(std::move(request)) {
  for (std::size_t i = 0; i < clients; ++i) threads_.emplace_back([this] { run(); });
}

Outcomes Load::join() {
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  return outcomes_;
}

void Load::run() {
  try {
    std::size_t done = 0;
    while (done < each_) {
      Client client(port_);
      while (done < each_) {
        // What is closed before anything was sent on it is no request that failed.
        if (done > 0 && client.socket().wait_readable(0ms) && client.at_end()) break;
        if (!exchange(client)) break;
        ++done;
      }
    }
  } catch (const PeerLeft&) {
    // Refused: nobody listens any more.
  } catch (const std::exception& problem) {
    const std::lock_guard lock(mutex_);
    outcomes_.cut.emplace_back(problem.what());
  }
}

// True when the connection may be used again.
bool Load::exchange(Client& client) {
  Response response;
  std::string problem;
  try {
    response = client.ask(request_);
  } catch (const std::exception& failed) {
    problem = failed.what();
  }
  const std::lock_guard lock(mutex_);
  if (!is_whole(response)) {
    outcomes_.cut.push_back(problem.empty() ? summary(response) : problem);
    return false;
  }
  ++outcomes_.answered;
  ++answered_;
  outcomes_.ids.insert(response.header("x-triaged-id"));
  return response.keep_alive;
}

}  // namespace triaged::test
