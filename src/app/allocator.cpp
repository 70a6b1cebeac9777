#include "app/allocator.hpp"

#include <malloc.h>

namespace triaged::app {

void limit_kept_memory() {
  constexpr int kept = 512 << 10;     // enough for what comes and goes with requests
  constexpr int mapped = 1024 << 10;  // larger blocks are mapped each by itself
  mallopt(M_TRIM_THRESHOLD, kept);
  mallopt(M_MMAP_THRESHOLD, mapped);
}

}  // namespace triaged::app
