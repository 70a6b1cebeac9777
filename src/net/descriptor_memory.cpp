#include "triaged/net/descriptor_memory.hpp"

#include <boost/asio/detail/epoll_reactor.hpp>
#include <boost/asio/post.hpp>

#include <utility>

namespace triaged::net {
namespace {

using asio::detail::object_pool_access;
using Mutex = asio::detail::conditionally_enabled_mutex;
using Reactor = asio::detail::epoll_reactor;
using Record = Reactor::descriptor_state;
using Records = asio::detail::object_pool<Record>;

// Asio has no public way to these members; access to names is not checked in an explicit instantiation.
Mutex& mutex_of(Reactor& reactor);
Records& records_of(Reactor& reactor);
Record*& unused_of(Records& records);

template <Mutex Reactor::*member>
struct OpenMutex {
  friend Mutex& mutex_of(Reactor& reactor) { return reactor.*member; }
};
template <Records Reactor::*member>
struct OpenRecords {
  friend Records& records_of(Reactor& reactor) { return reactor.*member; }
};
template <Record* Records::*member>
struct OpenUnused {
  friend Record*& unused_of(Records& records) { return records.*member; }
};
template struct OpenMutex<&Reactor::registered_descriptors_mutex_>;
template struct OpenRecords<&Reactor::registered_descriptors_>;
template struct OpenUnused<&Records::free_list_>;

// A list of records that nobody will use again.
class Unused {
 public:
  explicit Unused(Record* first) : first_(first) {}
  Unused(Unused&& other) noexcept : first_(std::exchange(other.first_, nullptr)) {}
  Unused& operator=(Unused&&) = delete;
  ~Unused() {
    while (first_ != nullptr) object_pool_access::destroy(std::exchange(first_, object_pool_access::next(first_)));
  }

  std::size_t count() const {
    std::size_t count = 0;
    for (Record* each = first_; each != nullptr; each = object_pool_access::next(each)) ++count;
    return count;
  }
  void operator()() const {}  // as a handler it does its work by being destroyed

 private:
  Record* first_;
};

}  // namespace

// A closed descriptor's record may still stand in the loop's queue, for events that came with those of others. The
// queue is worked off in order, so what is posted now runs after it.
std::size_t free_closed_descriptors(asio::io_context& context) {
  auto& reactor = asio::use_service<Reactor>(context);
  Mutex::scoped_lock lock(mutex_of(reactor));
  Unused unused(std::exchange(unused_of(records_of(reactor)), nullptr));
  lock.unlock();
  const std::size_t count = unused.count();
  asio::post(context, std::move(unused));
  return count;
}

}  // namespace triaged::net
