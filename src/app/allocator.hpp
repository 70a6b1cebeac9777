// How much freed memory the C library's allocator keeps for itself. By itself it keeps ever more at the end of each
// thread's arena the larger the blocks are that were freed once (twice the largest, mallopt(3)), and malloc_trim() does
// not give that back.
#pragma once

namespace triaged::app {

// Before any thread is started.
void limit_kept_memory();

}  // namespace triaged::app
