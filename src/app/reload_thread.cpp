#include "app/reload_thread.hpp"

#include "triaged/base/log.hpp"
#include "triaged/base/text.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace triaged::app {

namespace {

void append_list(std::string& out, std::string_view name, const std::vector<std::string>& lines) {
  out += ",\"";
  out += name;
  out += "\":[";
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i > 0) out += ',';
    append_json_string(out, lines[i]);
  }
  out += ']';
}

std::string to_json(const Reloaded& reloaded) {
  std::string out = "{\"configuration\":";
  append_json_string(out, reloaded.hash);
  append_list(out, "changed", reloaded.changed);
  append_list(out, "needs_restart", reloaded.needs_restart);
  out += "}\n";
  return out;
}

Error stopping_error() { return gateway_error(ErrorKind::internal, 503, "the daemon is stopping"); }

}  // namespace

ReloadThread::ReloadThread(std::function<Result<Reloaded>()> reload)
    : reload_(std::move(reload)), thread_([this] { run(); }) {}

void ReloadThread::ask(server::ReloadDone done) {
  {
    const std::scoped_lock lock(mutex_);
    if (!stopping_) {
      asked_.push_back(std::move(done));
      wanted_.notify_one();
      return;
    }
  }
  done(stopping_error());
}

void ReloadThread::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
    wanted_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
  // Nobody takes them any more, and nobody adds to them.
  for (const server::ReloadDone& done : std::exchange(asked_, {})) done(stopping_error());
}

void ReloadThread::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wanted_.wait(lock, [this] { return stopping_ || !asked_.empty(); });
    if (stopping_) return;
    const server::ReloadDone done = std::move(asked_.front());
    asked_.pop_front();
    lock.unlock();
    const Result<Reloaded> outcome = reload_();
    log_reload(outcome);
    if (outcome) {
      done(to_json(*outcome));
    } else {
      done(outcome.error());
    }
    lock.lock();
  }
}

void log_reload(const Result<Reloaded>& outcome) {
  if (!outcome) {
    log_error("configuration not reloaded, nothing has changed", {{"problem", outcome.error().detail}});
    return;
  }
  for (const std::string& line : outcome->changed) log_info("configuration changed", {{"key", line}});
  for (const std::string& line : outcome->needs_restart) {
    log_warn("configuration differs, but only a restart changes it", {{"key", line}});
  }
  log_info("configuration reloaded", {{"configuration", outcome->hash}});
}

}  // namespace triaged::app
