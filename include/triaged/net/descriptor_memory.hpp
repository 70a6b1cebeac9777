// What Asio keeps of descriptors that were closed. Its event loop never frees the record of one, so that ten thousand
// closed connections leave as many small pieces, each of which holds on to the page that it shares with others.
#pragma once

#include "triaged/net/task.hpp"

#include <cstddef>

namespace triaged::net {

// Frees the records of closed descriptors, in the loop's next turn; how many. On the thread of `context`.
std::size_t free_closed_descriptors(asio::io_context& context);

}  // namespace triaged::net
