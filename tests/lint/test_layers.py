"""layers.py: what may be included, what not, and that CMake's lists are the truth."""
import tempfile
import pathlib
import unittest

import layers

CMAKE = """
function(triaged_layer name)
endfunction()
triaged_layer(base   LINK Boost::headers USES spdlog::spdlog)
triaged_layer(chat   LINK triaged_base)
triaged_layer(config LINK triaged_base USES yaml-cpp)   # triaged_layer(ghost LINK triaged_base)
triaged_layer(net    LINK triaged_base OpenSSL::SSL)
triaged_layer(ledger LINK triaged_chat USES yaml-cpp)
triaged_layer(store  LINK triaged_ledger USES SQLite::SQLite3)
triaged_layer(app
  LINK triaged_store triaged_net triaged_config)
"""


class Layers(unittest.TestCase):
    def setUp(self):
        self.layers = layers.read_layers(CMAKE)

    def problem(self, path, line):
        return layers.check_text(path, line + "\n", self.layers)

    def test_reads_links_to_the_end(self):
        self.assertEqual(self.layers["base"], set())
        self.assertEqual(self.layers["store"], {"ledger", "chat", "base"})
        self.assertEqual(self.layers["app"], {"store", "ledger", "chat", "base", "net", "config"})
        self.assertNotIn("ghost", self.layers)

    def test_refuses_lists_without_an_order(self):
        for text in ("triaged_layer(a LINK triaged_b)\ntriaged_layer(b LINK triaged_a)\n",
                     "triaged_layer(a LINK triaged_missing)\n", "add_library(x)\n"):
            with self.subTest(text), self.assertRaises(ValueError):
                layers.read_layers(text)

    def test_flags(self):
        for path, line in [
            ("src/chat/a.cpp", '#include "triaged/config/settings.hpp"'),
            ("include/triaged/base/a.hpp", '#include "triaged/chat/usage.hpp"'),
            ("src/ledger/a.cpp", '#  include  "triaged/store/x.hpp"'),
            ("src/chat/a.cpp", '#include "base/utf8.hpp"'),
            ("src/chat/a.cpp", '#include "utf8.hpp"'),
            ("src/chat/a.cpp", '#include "../base/utf8.hpp"'),
            ("include/triaged/base/a.hpp", '#include "base/utf8.hpp"'),
            ("src/chat/a.cpp", "#include <boost/asio/ip/tcp.hpp>"),
            ("src/ledger/a.cpp", "#include <boost/beast/http.hpp>"),
            ("src/chat/a.cpp", "#include <openssl/sha.h>"),
            ("src/net/a.cpp", "#include <spdlog/spdlog.h>"),
            ("src/chat/a.cpp", "#include <yaml-cpp/yaml.h>"),
            ("src/ledger/a.cpp", "#include <sqlite3.h>"),
            ("include/triaged/net/a.hpp", "#include <boost/beast/core.hpp>"),
            ("include/triaged/chat/a.hpp", "#include <nlohmann/json.hpp>"),
            ("include/triaged/chat/a.hpp", "#include <simdjson.h>"),
            ("include/triaged/config/a.hpp", "#include <yaml-cpp/yaml.h>"),
            ("src/ghost/a.cpp", "#include <vector>"),
        ]:
            with self.subTest(f"{path} {line}"):
                self.assertTrue(self.problem(path, line))

    def test_allows(self):
        for path, line in [
            ("src/chat/a.cpp", '#include "triaged/base/result.hpp"'),
            ("src/chat/a.cpp", '#include "triaged/chat/usage.hpp"'),
            ("src/base/a.cpp", '#include "base/utf8.hpp"'),
            ("src/store/a.cpp", '#include "triaged/base/result.hpp"'),
            ("src/store/a.cpp", "#include <sqlite3.h>"),
            ("src/base/a.cpp", "#include <spdlog/async_logger.h>"),
            ("src/base/boost_impl.cpp", "#include <boost/beast/src.hpp>"),
            ("src/net/a.cpp", "#include <boost/beast/core.hpp>"),
            ("include/triaged/net/a.hpp", "#include <boost/asio/awaitable.hpp>"),
            ("src/config/a.cpp", "#include <openssl/sha.h>"),
            ("src/chat/a.cpp", "#include <nlohmann/json.hpp>"),
            ("src/main.cpp", '#include "triaged/app/command_line.hpp"'),
            ("src/chat/a.cpp", "#include <boost/system/result.hpp>"),
        ]:
            with self.subTest(f"{path} {line}"):
                self.assertEqual(self.problem(path, line), [])

    def test_names_the_line(self):
        found = layers.check_text("src/chat/a.cpp", '\n\n#include "triaged/net/x.hpp"\n', self.layers)
        self.assertEqual(found, ['src/chat/a.cpp:3: "triaged/net/x.hpp": chat does not link net'])

    def test_checks_a_whole_tree(self):
        with tempfile.TemporaryDirectory() as name:
            root = pathlib.Path(name)
            (root / "src/chat").mkdir(parents=True)
            (root / "include/triaged/base").mkdir(parents=True)
            (root / "src/CMakeLists.txt").write_text(CMAKE)
            (root / "src/chat/a.cpp").write_text('#include "triaged/base/a.hpp"\n')
            (root / "include/triaged/base/a.hpp").write_text("#include <vector>\n")
            self.assertEqual(layers.main([name]), 0)
            (root / "include/triaged/base/a.hpp").write_text('#include "triaged/chat/a.hpp"\n')
            self.assertEqual(layers.main([name]), 1)


if __name__ == "__main__":
    unittest.main()
