// The rows of `server`.
#include "config/schema.hpp"

namespace triaged::config {

namespace {

constexpr double kib = 1024;
constexpr double gib = kib * kib * kib;
constexpr double day = 86400;

const Section& tls_section() {
  static const Section section{
      "server.tls",
      "With both files the listener for clients speaks HTTPS, else plain HTTP.",
      {
          key<&ServerTls::certificate_file>("certificate", Type::text,
                                            "The certificate chain, PEM, relative to this file."),
          key<&ServerTls::key_file>("key", Type::text, "Its private key, PEM, relative to this file."),
      },
      blank<ServerTls>};
  return section;
}

const Section& limits_section() {
  static const Section section{
      "server.limits",
      "What is larger is refused with a clear error.",
      {
          key<&Limits::body>("body", Type::bytes, "A request body.").between(kib, gib),
          key<&Limits::head>("head", Type::bytes, "Request line and header fields.").between(kib, kib * kib),
          key<&Limits::header_count>("header_count", Type::integer, "Number of header fields.").between(8, 1000),
          key<&Limits::connections>("connections", Type::integer, "Open client connections of the whole process.")
              .between(1, 1'000'000),
          key<&Limits::answer>("answer", Type::bytes, "An upstream answer that is not streamed.").between(kib, 4 * gib),
          key<&Limits::event>("event", Type::bytes, "One event of an upstream stream.").between(kib, gib),
      },
      blank<Limits>};
  return section;
}

const Section& clocks_section() {
  static const Section section{
      "server.clocks",
      "How long a client may take. `0` is no limit.",
      {
          key<&ClientClocks::head>("head", Type::duration, "From the first byte of a request to the end of its head.")
              .between(0, day),
          key<&ClientClocks::body>("body", Type::duration, "To the end of its body.").between(0, day),
          key<&ClientClocks::keep_alive>("keep_alive", Type::duration, "Idle between two requests.").between(0, day),
          key<&ClientClocks::write>("write", Type::duration, "A write that makes no progress.").between(0, day),
      },
      blank<ClientClocks>};
  return section;
}

}  // namespace

const Section& server_section() {
  static const Section section{
      "server",
      "Addresses are IP literals (or `localhost`) with a port; port `0` takes any free one.",
      {
          key<&Server::listen>("listen", Type::address, "Where clients connect."),
          key<&Server::admin>("admin", Type::address,
                              "Where health, metrics and the operators' endpoints are. Anything but loopback needs "
                              "`admin_token`."),
          key<&Server::workers>("workers", Type::integer, "Worker threads.")
              .between(0, 256)
              .by_default("`0`: one per core"),
          subsection<&Server::tls>("tls", tls_section, "HTTPS for clients."),
          subsection<&Server::limits>("limits", limits_section, "How much a client or an upstream may send."),
          subsection<&Server::clocks>("clocks", clocks_section, "How long a client may take."),
          key<&Server::compression>(
              "compression", Type::boolean,
              "Whether answers are packed (zstd, br or gzip) for clients that accept it. Worth its "
              "processor time where they are far away. Packed requests are always taken."),
          key<&Server::drain>("drain", Type::duration, "How long a shutdown waits for requests in flight.")
              .between(0, 86400),
          key<&Server::api_keys>("api_keys", Type::secrets,
                                 "Keys that clients must send, as `Authorization: Bearer KEY`. Entries that come out "
                                 "empty are ignored.")
              .by_default("none: no key is asked for"),
          key<&Server::admin_token>("admin_token", Type::secret, "The bearer token of the admin listener.")
              .by_default("none"),
      },
      blank<Server>};
  return section;
}

}  // namespace triaged::config
