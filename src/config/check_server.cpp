// Checks of `server`, `retry`, `breaker` and `ledger`.
#include "config/check.hpp"
#include "config/values.hpp"

namespace triaged::config {

namespace {

bool clash(const Address& a, const Address& b) {
  if (a.port == 0 || a.port != b.port) return false;
  const auto any = [](const Address& address) { return address.host == "0.0.0.0" || address.host == "::"; };
  return a.host == b.host || any(a) || any(b);
}

void check_file(const std::string& path, const std::string& file, const Sources& sources, const std::string& directory,
                Report& report) {
  if (file.empty() || !sources.file || sources.file(resolve_path(directory, file))) return;
  report.error(path, "the file " + report.quoted(path, file) + " cannot be read",
               "relative paths begin at the folder of the configuration file");
}

void check_tls(const Document& document, const Sources& sources, const std::string& directory, Report& report) {
  const ServerTls& tls = document.server.tls;
  if (tls.certificate_file.empty() != tls.key_file.empty()) {
    report.error("server.tls", "needs both `certificate` and `key`", "or neither, for plain HTTP");
  }
  check_file("server.tls.certificate", tls.certificate_file, sources, directory, report);
  check_file("server.tls.key", tls.key_file, sources, directory, report);
}

}  // namespace

void check_server(const Document& document, const Sources& sources, const std::string& directory, Report& report) {
  const Server& server = document.server;
  check_tls(document, sources, directory, report);
  if (clash(server.listen, server.admin)) {
    report.error("server.admin", "is the same address as `server.listen`", "choose another port");
  }
  if (!is_loopback(server.admin.host) && !server.admin_token.set()) {
    report.error("server.admin", "is reachable from other machines, but there is no `server.admin_token`",
                 "set a token, or listen on 127.0.0.1");
  }
  if (!is_loopback(server.listen.host) && server.api_keys.empty()) {
    report.warning("server.listen", "is reachable from other machines, and no key is asked for",
                   "set `server.api_keys`, or listen on 127.0.0.1");
  }
  if (document.retry.backoff > document.retry.backoff_max) {
    report.error("retry.backoff_max", "is shorter than `retry.backoff`");
  }
  if (document.breaker.cooldown > document.breaker.cooldown_max) {
    report.error("breaker.cooldown_max", "is shorter than `breaker.cooldown`");
  }
  if (document.ledger.enabled && document.ledger.path.empty()) {
    report.error("ledger.path", "is empty", "name a file, or set `ledger.enabled: false`");
  }
  check_file("ledger.prices", document.ledger.prices_file, sources, directory, report);
  check_file("routing.classifier.model", document.routing.classifier.model_file, sources, directory, report);
}

}  // namespace triaged::config
