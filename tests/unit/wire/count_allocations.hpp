// Replaces operator new and delete of the test executable by ones that count.
#pragma once

#include <cstddef>

namespace triaged::wire {

std::size_t allocations_so_far();

}  // namespace triaged::wire
