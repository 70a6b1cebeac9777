// The coroutine types of the whole program. One thread runs one io_context(1), so nothing here needs a strand.
// Never write a braced aggregate or a capturing lambda inside a statement that awaits: GCC 12 destroys it twice.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/error_code.hpp>

namespace triaged::net {

namespace asio = boost::asio;
using boost::system::error_code;

using Executor = asio::io_context::executor_type;
template <class T>
using Task = asio::awaitable<T, Executor>;

// auto [error, n] = co_await socket.async_read_some(buffer, as_result);
constexpr auto as_result = asio::as_tuple(asio::use_awaitable_t<Executor>{});

}  // namespace triaged::net
