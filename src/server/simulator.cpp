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

Simulator::Simulator(net::Executor executor, config::Simulation options, SimulatorDesk& desk)
    : executor_(executor), options_(options), desk_(desk) {}

void Simulator::refused(const Error&) {}

net::Task<void> Simulator::handle(Turn& turn) {
  const wire::RequestParser& request = turn.request();
  const std::string body = turn.take_body();
  const std::optional<SimulatorDesk::Answer> told = desk_.answer(request.method(), request.target(), body);
  if (told) {
    std::string fields;
    wire::append_field(fields, "Content-Type", "application/json");
    const Result<void> ignored = co_await turn.respond(told->status, fields, told->body);
    static_cast<void>(ignored);
    co_return;
  }
  const std::string_view fault = request.headers().find("x-simulate-fault").value_or(std::string_view());
  const provider::SimulatedCall call{request.method(), request.target(), fault, body,
                                     desk_.uptime(),   &desk_.standing()};
  const provider::Script script = provider::simulate(options_, call);
  const bool played = co_await play(turn, script);
  turn.on_client_gone(nullptr);
  const SimulatedRequestEnd end{request.method(),
                                request.target(),
                                request.headers(),
                                script,
                                played && !turn.client_gone(),
                                turn.bytes_sent(),
                                turn.clock().now() - turn.received()};
  desk_.note(end);
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

net::Task<bool> Simulator::play(Turn& turn, const provider::Script& script) {
  const bool there = co_await wait(turn, script.wait_before_head);
  if (!there) co_return false;
  std::string fields;
  for (const auto& [name, value] : script.headers) wire::append_field(fields, name, value);

  if (!script.streamed && script.end == provider::ScriptEnd::complete) {
    std::string body;
    for (const provider::ScriptStep& step : script.steps) {
      const bool still_there = co_await wait(turn, step.wait);
      if (!still_there) co_return false;
      body += step.bytes;
    }
    const Result<void> sent = co_await turn.respond(script.status, fields, body);
    co_return sent.has_value();
  }
  if (script.status != 0 && script.streamed) turn.begin_stream(script.status, fields);
  if (script.status != 0 && !script.streamed) turn.begin_with_length(script.status, fields);
  for (std::size_t i = 0; i < script.steps.size(); ++i) {
    const provider::ScriptStep& step = script.steps[i];
    const bool still_there = co_await wait(turn, step.wait);
    if (!still_there) co_return false;
    const bool last = i + 1 == script.steps.size() && script.end == provider::ScriptEnd::complete;
    const Result<void> sent = co_await turn.send(step.bytes, last);
    if (!sent) co_return false;
  }
  switch (script.end) {
    case provider::ScriptEnd::complete: break;
    case provider::ScriptEnd::cut: turn.close_after(); break;
    case provider::ScriptEnd::reset: turn.abort(); break;
    case provider::ScriptEnd::hang: {
      const bool stayed = co_await wait(turn, longest_hang);
      turn.close_after();
      co_return stayed;
    }
  }
  co_return true;
}

}  // namespace triaged::server
