// Both ends of `./dev bench streams`: an upstream whose streams bring an event a second, and a client that holds many
// streams open at once. Plain HTTP on loopback, one thread each; run.py starts them.
//
//   streams_load upstream EVENTS INTERVAL_MS         prints its port, then serves until its standard input ends
//   streams_load client PORT STREAMS EVENTS LIMIT_S  prints "open" when all have begun, then one line of JSON; streams
//                                                    that have not ended by the limit have failed
#include "triaged/base/text.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <chrono>
#include <cstdio>
#include <string>
#include <string_view>
#include <unistd.h>

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

std::string chunk(std::string_view bytes) {
  char size[20];
  std::snprintf(size, sizeof size, "%zx\r\n", bytes.size());
  return std::string(size).append(bytes).append("\r\n");
}

std::string event(std::string_view delta, std::string_view finish) {
  std::string json = R"(data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m","choices":[)";
  json.append(R"({"index":0,"delta":)").append(delta).append(R"(,"finish_reason":)").append(finish).append("}]}\n\n");
  return chunk(json);
}

std::size_t content_length(std::string_view head) {
  for (const std::string_view name : {"Content-Length: ", "content-length: "}) {
    const std::size_t at = head.find(name);
    if (at != std::string_view::npos) {
      const std::string_view rest = head.substr(at + name.size());
      return triaged::parse_uint(rest.substr(0, rest.find('\r'))).value_or(0);
    }
  }
  return 0;
}

asio::awaitable<void> serve(tcp::socket socket, int events, std::chrono::milliseconds interval) {
  std::string in;
  while (true) {
    const auto [error, head] = co_await asio::async_read_until(socket, asio::dynamic_buffer(in), "\r\n\r\n", as_result);
    if (error) co_return;
    const std::size_t size = head + content_length(std::string_view(in).substr(0, head));
    if (in.size() < size) {
      const auto [broken, more] = co_await asio::async_read(socket, asio::dynamic_buffer(in),
                                                            asio::transfer_exactly(size - in.size()), as_result);
      static_cast<void>(more);
      if (broken) co_return;
    }
    in.erase(0, size);
    std::string out = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
    out += event(R"({"role":"assistant","content":""})", "null");
    asio::steady_timer timer(socket.get_executor());
    timer.expires_after(interval);
    for (int i = 0; i < events; ++i) {
      out += event(R"({"content":"a few words of the answer "})", "null");
      const auto [failed, sent] = co_await asio::async_write(socket, asio::buffer(out), as_result);
      static_cast<void>(sent);
      if (failed) co_return;
      out.clear();
      co_await timer.async_wait(as_result);
      timer.expires_at(timer.expiry() + interval);
    }
    out = event("{}", R"("stop")") + chunk("data: [DONE]\n\n") + "0\r\n\r\n";
    const auto [failed, sent] = co_await asio::async_write(socket, asio::buffer(out), as_result);
    static_cast<void>(sent);
    if (failed) co_return;
  }
}

asio::awaitable<void> accept_all(tcp::acceptor& acceptor, int events, std::chrono::milliseconds interval) {
  while (true) {
    auto [error, socket] = co_await acceptor.async_accept(as_result);
    if (error) continue;
    asio::co_spawn(acceptor.get_executor(), serve(std::move(socket), events, interval), asio::detached);
  }
}

struct Totals {
  int begun = 0;
  int whole = 0;
  int failed = 0;
  long events = 0;
};

long count(std::string_view text, std::string_view what) {
  long found = 0;
  for (std::size_t at = text.find(what); at != std::string_view::npos; at = text.find(what, at + what.size())) ++found;
  return found;
}

asio::awaitable<void> hold_stream(tcp::endpoint server, int streams, int events, Totals& totals) {
  tcp::socket socket(co_await asio::this_coro::executor);
  const auto [refused] = co_await socket.async_connect(server, as_result);
  const std::string body =
      R"({"model":"auto","stream":true,"messages":[{"role":"user","content":"Tell me a long story."}]})";
  std::string request = "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
  request.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n\r\n").append(body);
  const auto [unsent, sent] = co_await asio::async_write(socket, asio::buffer(request), as_result);
  static_cast<void>(sent);
  std::string buffer(4096, '\0');
  std::string tail;  // the end of what came, so that nothing is missed where it was cut
  long seen = 0;
  bool begun = false;
  bool whole = false;
  while (!refused && !unsent && !whole) {
    const auto [error, size] = co_await socket.async_read_some(asio::buffer(buffer), as_result);
    if (error) break;
    if (!begun) {
      begun = true;
      if (++totals.begun == streams) {
        std::puts("open");
        std::fflush(stdout);
      }
    }
    constexpr std::string_view mark = "\"content\":\"a few";
    tail.append(buffer.data(), size);
    seen += count(tail, mark);
    whole = tail.find("data: [DONE]") != std::string::npos && tail.find("\r\n0\r\n\r\n") != std::string::npos;
    // What is kept is shorter than a mark, unless the end has begun to come.
    const std::size_t last = tail.rfind("\n\n");
    if (!whole && last != std::string::npos && tail.find("[DONE]") == std::string::npos) tail.erase(0, last);
  }
  totals.events += seen;
  if (whole && seen == events) ++totals.whole;
}

// So that nothing is left running when whoever started it is gone.
asio::awaitable<void> stop_with_input(asio::io_context& context) {
  asio::posix::stream_descriptor input(context, ::dup(STDIN_FILENO));
  std::array<char, 64> ignored{};
  while (true) {
    const auto [error, size] = co_await input.async_read_some(asio::buffer(ignored), as_result);
    static_cast<void>(size);
    if (error) break;
  }
  context.stop();
}

int serve_streams(int events, int interval_ms) {
  asio::io_context context(1);
  tcp::acceptor acceptor(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  acceptor.listen(4096);
  std::printf("%u\n", static_cast<unsigned>(acceptor.local_endpoint().port()));
  std::fflush(stdout);
  asio::co_spawn(context, accept_all(acceptor, events, std::chrono::milliseconds(interval_ms)), asio::detached);
  asio::co_spawn(context, stop_with_input(context), asio::detached);
  context.run();
  return 0;
}

int hold_streams(int port, int streams, int events, std::chrono::seconds limit) {
  asio::io_context context(1);
  Totals totals;
  const tcp::endpoint server(asio::ip::address_v4::loopback(), static_cast<unsigned short>(port));
  for (int i = 0; i < streams; ++i) {
    asio::co_spawn(context, hold_stream(server, streams, events, totals), asio::detached);
  }
  context.run_for(limit);
  totals.failed = streams - totals.whole;
  std::printf(R"({"whole": %d, "failed": %d, "events": %ld})"
              "\n",
              totals.whole, totals.failed, totals.events);
  return 0;
}

int number(const char* text) { return static_cast<int>(triaged::parse_uint(text).value_or(0)); }

}  // namespace

int main(int argc, char** argv) {
  const std::string_view role = argc > 1 ? argv[1] : "";
  if (role == "upstream" && argc == 4) return serve_streams(number(argv[2]), number(argv[3]));
  if (role == "client" && argc == 6) {
    const std::chrono::seconds limit(number(argv[5]));
    return hold_streams(number(argv[2]), number(argv[3]), number(argv[4]), limit);
  }
  std::fputs("usage: streams_load upstream EVENTS INTERVAL_MS | client PORT STREAMS EVENTS LIMIT_S\n", stderr);
  return 2;
}
