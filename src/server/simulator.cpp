#include "triaged/server/simulator.hpp"

#include "triaged/wire/head_writer.hpp"

#include <string>

namespace triaged::server {
namespace {

using Timer = net::asio::basic_waitable_timer<std::chrono::steady_clock,
                                              net::asio::wait_traits<std::chrono::steady_clock>, net::Executor>;

// How long a script that hangs is held open, should neither side ever close.
constexpr Duration longest_hang = std::chrono::hours(1);

}  // namespace

Simulator::Simulator(net::Executor executor, config::Simulation options) : executor_(executor), options_(options) {}

void Simulator::refused(const Error&) {}

net::Task<void> Simulator::handle(Turn& turn) {
  const wire::RequestParser& request = turn.request();
  const std::string body = turn.take_body();
  const auto fault = request.headers().find("x-simulate-fault");
  const provider::Script script =
      provider::simulate(options_, request.method(), request.target(), fault.value_or(std::string_view()), body);
  co_await play(turn, script);
  turn.on_client_gone(nullptr);
}

net::Task<bool> Simulator::wait(Turn& turn, Duration time) {
  if (turn.client_gone()) co_return false;
  if (time <= Duration::zero()) co_return true;
  Timer timer(executor_, std::chrono::duration_cast<std::chrono::steady_clock::duration>(time));
  turn.on_client_gone([&timer] { timer.cancel(); });
  co_await timer.async_wait(net::as_result);
  turn.on_client_gone(nullptr);
  co_return !turn.client_gone();
}

net::Task<void> Simulator::play(Turn& turn, const provider::Script& script) {
  const bool there = co_await wait(turn, script.wait_before_head);
  if (!there) co_return;
  std::string fields;
  for (const auto& [name, value] : script.headers) wire::append_field(fields, name, value);

  if (!script.streamed && script.end == provider::ScriptEnd::complete) {
    std::string body;
    for (const provider::ScriptStep& step : script.steps) {
      const bool still_there = co_await wait(turn, step.wait);
      if (!still_there) co_return;
      body += step.bytes;
    }
    const Result<void> ignored = co_await turn.respond(script.status, fields, body);
    static_cast<void>(ignored);
    co_return;
  }
  if (script.status != 0 && script.streamed) turn.begin_stream(script.status, fields);
  if (script.status != 0 && !script.streamed) turn.begin_with_length(script.status, fields);
  for (std::size_t i = 0; i < script.steps.size(); ++i) {
    const provider::ScriptStep& step = script.steps[i];
    const bool still_there = co_await wait(turn, step.wait);
    if (!still_there) co_return;
    const bool last = i + 1 == script.steps.size() && script.end == provider::ScriptEnd::complete;
    const Result<void> sent = co_await turn.send(step.bytes, last);
    if (!sent) co_return;
  }
  switch (script.end) {
    case provider::ScriptEnd::complete: co_return;
    case provider::ScriptEnd::cut: turn.close_after(); co_return;
    case provider::ScriptEnd::reset: turn.abort(); co_return;
    case provider::ScriptEnd::hang: {
      const bool ignored = co_await wait(turn, longest_hang);
      static_cast<void>(ignored);
      turn.close_after();
      co_return;
    }
  }
}

}  // namespace triaged::server
