// The client of `./dev bench soak`: many requests over kept-alive connections, and what became of each of them.
//
//   soak_load PORT REQUESTS CONNECTIONS LIMIT_S MODEL...
//
// Request i asks for the model i modulo their number, every second round as a stream. Prints "done N" whenever a
// twentieth is done, at last one line of JSON: requests by outcome. What has not ended by the limit counts as
// "hanging".
#include "triaged/base/text.hpp"
#include "triaged/wire/response_parser.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

struct Work {
  std::vector<std::string> models;
  std::size_t requests = 0;
  std::size_t begun = 0;
  std::size_t ended = 0;
  std::map<std::string, std::size_t> outcomes;
};

struct Answer {
  bool stream = false;  // was asked for
  int status = 0;       // 0: none came
  bool whole = false;   // by its framing
  std::string body;
};

// "truncated ..." is what must never be: a client would take it for the whole answer.
std::string outcome_of(const Answer& answer) {
  if (answer.status == 0) return "no response";
  if (answer.status != 200) return (answer.whole ? "error " : "cut error ") + std::to_string(answer.status);
  const bool error_event = answer.body.find("data: {\"error\"") != std::string::npos;
  if (!answer.stream) return answer.whole && answer.body.ends_with("}") ? "answered" : "truncated answer";
  if (!answer.whole) return error_event ? "stream broken, told so" : "stream broken, not told";
  return answer.body.ends_with("data: [DONE]\n\n") && !error_event ? "streamed" : "truncated stream";
}

std::string request_of(const std::string& model, bool stream) {
  std::string body = R"({"model":")" + model + R"(",)" + (stream ? R"("stream":true,)" : "");
  body += R"("messages":[{"role":"user","content":"What are your opening hours?"}]})";
  return "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body;
}

void count(Work& work, const Answer& answer) {
  ++work.outcomes[outcome_of(answer)];
  ++work.ended;
  const std::size_t step = std::max<std::size_t>(work.requests / 20, 1);
  if (work.ended % step != 0) return;
  std::printf("done %zu\n", work.ended);
  std::fflush(stdout);
}

// The connection stays usable where `answer.whole` and the parser say so.
asio::awaitable<void> receive(tcp::socket& socket, triaged::wire::ResponseParser& parser, Answer& answer) {
  std::string buffer(16384, '\0');
  std::size_t held = 0;
  parser.reset();
  while (!parser.done()) {
    if (held == buffer.size()) buffer.resize(2 * held);
    const auto [error, size] =
        co_await socket.async_read_some(asio::buffer(buffer.data() + held, buffer.size() - held), as_result);
    if (error) break;
    held += size;
    const auto used = parser.put(std::string_view(buffer.data(), held), answer.body);
    if (!used) break;
    buffer.erase(0, *used);
    held -= *used;
    buffer.resize(16384 + held);
  }
  if (parser.head_done()) answer.status = parser.status();
  answer.whole = parser.done();
}

asio::awaitable<void> keep_asking(tcp::endpoint server, Work& work) {
  tcp::socket socket(co_await asio::this_coro::executor);
  triaged::wire::ResponseParser parser;
  while (work.begun < work.requests) {
    const std::size_t number = work.begun++;
    const std::string& model = work.models[number % work.models.size()];
    Answer answer;
    answer.stream = number / work.models.size() % 2 == 1;
    const std::string request = request_of(model, answer.stream);
    if (!socket.is_open()) {
      const auto [refused] = co_await socket.async_connect(server, as_result);
      static_cast<void>(refused);  // sending will fail
    }
    const auto [unsent, sent] = co_await asio::async_write(socket, asio::buffer(request), as_result);
    static_cast<void>(sent);
    if (!unsent) co_await receive(socket, parser, answer);
    if (!answer.whole || !parser.keep_alive()) {
      boost::system::error_code ignored;
      socket.close(ignored);
    }
    count(work, answer);
  }
}

std::size_t number(const char* text) { return triaged::parse_uint(text).value_or(0); }

}  // namespace

int main(int argc, char** argv) {
  if (argc < 6) {
    std::fputs("usage: soak_load PORT REQUESTS CONNECTIONS LIMIT_S MODEL...\n", stderr);
    return 2;
  }
  Work work;
  work.requests = number(argv[2]);
  work.models.assign(argv + 5, argv + argc);
  asio::io_context context(1);
  const tcp::endpoint server(asio::ip::address_v4::loopback(), static_cast<std::uint16_t>(number(argv[1])));
  for (std::size_t i = 0; i < number(argv[3]); ++i) asio::co_spawn(context, keep_asking(server, work), asio::detached);
  context.run_for(std::chrono::seconds(number(argv[4])));
  if (work.ended < work.requests) work.outcomes["hanging"] = work.requests - work.ended;
  std::string json;
  for (const auto& [outcome, times] : work.outcomes) {
    json.append(json.empty() ? "{\"" : ", \"").append(outcome).append("\": ").append(std::to_string(times));
  }
  std::printf("%s}\n", json.c_str());
  return 0;
}
