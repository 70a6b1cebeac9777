#include "support/client.hpp"

#include "triaged/base/text.hpp"
#include "triaged/wire/head_writer.hpp"

#include <algorithm>

namespace triaged::test {

std::string Response::header(std::string_view name) const {
  const auto found =
      std::find_if(headers.begin(), headers.end(), [name](const auto& field) { return iequals(field.first, name); });
  return found == headers.end() ? std::string() : found->second;
}

bool Response::has_header(std::string_view name) const {
  return std::any_of(headers.begin(), headers.end(), [name](const auto& field) { return iequals(field.first, name); });
}

nlohmann::json Response::json() const { return nlohmann::json::parse(body); }

std::string post(std::string_view path, std::string_view body, std::string_view extra_fields) {
  std::string out;
  wire::append_request_line(out, "POST", path);
  out.append("Host: gateway\r\nContent-Type: application/json\r\n").append(extra_fields);
  wire::append_length_field(out, body.size());
  wire::end_head(out);
  return out.append(body);
}

std::string get(std::string_view path, std::string_view extra_fields) {
  std::string out;
  wire::append_request_line(out, "GET", path);
  out.append("Host: gateway\r\n").append(extra_fields);
  wire::end_head(out);
  return out;
}

bool Client::feed() {
  if (parser_.done() || ended_) return false;
  if (held_.empty() || hungry_) {
    const Received received = socket_.receive();
    held_ += received.bytes;
    ended_ = received.end != Received::End::none;
    if (ended_) {
      // An end that completes the message is fine; any other shows in done().
      static_cast<void>(parser_.put_eof());
      return false;
    }
  }
  const Result<std::size_t> used = parser_.put(held_, body_);
  if (!used) throw std::runtime_error("the answer is not HTTP: " + used.error().detail);
  held_.erase(0, *used);
  hungry_ = *used == 0;
  return true;
}

Response Client::begin() {
  parser_.reset();
  events_.reset();
  body_.clear();
  hungry_ = false;
  while (!parser_.head_done() && feed()) {
  }
  Response response;
  if (!parser_.head_done()) return response;
  response.status = parser_.status();
  const wire::Headers& headers = parser_.headers();
  for (std::size_t i = 0; i < headers.size(); ++i) {
    response.headers.emplace_back(std::string(headers[i].name), std::string(headers[i].value));
  }
  if (response.header("content-type").starts_with("text/event-stream")) return response;
  while (feed()) {
  }
  response.body = std::move(body_);
  response.whole = parser_.done();
  response.keep_alive = parser_.done() && parser_.keep_alive();
  return response;
}

Response Client::read() {
  Response response = begin();
  if (!response.header("content-type").starts_with("text/event-stream")) return response;
  while (feed()) {
  }
  response.body = std::move(body_);
  response.whole = parser_.done();
  response.keep_alive = parser_.done() && parser_.keep_alive();
  return response;
}

Response Client::ask(std::string_view request) {
  send(request);
  return read();
}

std::optional<std::string> Client::next_event() {
  while (true) {
    if (!body_.empty()) {
      const Result<void> put = events_.put(body_);
      if (!put) throw std::runtime_error("not an event stream: " + put.error().detail);
      body_.clear();
    }
    if (const auto event = events_.next()) return std::string(event->data);
    const bool more = feed();
    if (!more && body_.empty()) return std::nullopt;
  }
}

std::optional<std::string> Client::next_bytes() {
  while (body_.empty()) {
    const bool more = feed();
    if (!more && body_.empty()) return std::nullopt;
  }
  return std::exchange(body_, {});
}

std::vector<std::string> Client::rest() {
  std::vector<std::string> events;
  while (auto event = next_event()) events.push_back(std::move(*event));
  return events;
}

bool Client::at_end() {
  if (!held_.empty()) return false;
  return socket_.receive().end != Received::End::none;
}

Response ask(std::uint16_t port, std::string_view request) {
  Client client(port);
  return client.ask(request);
}

}  // namespace triaged::test
