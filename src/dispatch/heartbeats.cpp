#include "dispatch/heartbeats.hpp"

#include <algorithm>

namespace triaged::dispatch {

void Heartbeat::start(Reply& reply, TimePoint now) {
  last_ = now;
  if (reply_ != nullptr) return;
  reply_ = &reply;
  owner_.add(*this);
}

void Heartbeat::stop() {
  if (reply_ == nullptr) return;
  owner_.remove(*this);
  reply_ = nullptr;
}

net::Task<void> Heartbeat::quiet() {
  while (writing_) co_await owner_.written_.async_wait(net::as_result);
}

Heartbeats::Heartbeats(net::Executor executor, const Clock& clock, Duration interval)
    : executor_(executor),
      clock_(clock),
      interval_(interval),
      timer_(executor),
      written_(executor, std::chrono::steady_clock::time_point::max()),
      tasks_(executor) {}

void Heartbeats::add(Heartbeat& stream) {
  if (interval_ <= Duration::zero()) return;
  stream.place_ = streams_.size();
  streams_.push_back(&stream);
  if (watching_) return;
  watching_ = true;
  tasks_.spawn("heartbeats", watch());
}

void Heartbeats::remove(Heartbeat& stream) {
  if (interval_ <= Duration::zero()) return;
  streams_.back()->place_ = stream.place_;
  streams_[stream.place_] = streams_.back();
  streams_.pop_back();
}

// Looks four times per interval, so that a comment comes at most a quarter late; ends when there is no stream.
net::Task<void> Heartbeats::watch() {
  const auto pause = std::chrono::duration_cast<std::chrono::steady_clock::duration>(interval_ / 4);
  while (!streams_.empty()) {
    timer_.expires_after(std::max(pause, std::chrono::steady_clock::duration(1)));
    co_await timer_.async_wait(net::as_result);
    beat_all();
  }
  watching_ = false;
}

void Heartbeats::beat_all() {
  const TimePoint now = clock_.now();
  for (Heartbeat* stream : streams_) {
    if (stream->paused_ || stream->writing_ || now - stream->last_ < interval_) continue;
    stream->writing_ = true;
    tasks_.spawn("heartbeat", beat(*stream));
  }
}

net::Task<void> Heartbeats::beat(Heartbeat& stream) {
  const Result<void> ignored = co_await stream.reply_->comment();  // a client that left is noticed by its own watch
  static_cast<void>(ignored);
  stream.writing_ = false;
  stream.last_ = clock_.now();
  written_.cancel();
}

net::Task<void> Heartbeats::stopped() {
  timer_.cancel();
  return tasks_.wait();
}

}  // namespace triaged::dispatch
