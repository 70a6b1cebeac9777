// What a fuzz target checks: a false claim ends the run and leaves the input behind.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace triaged::fuzz {

inline void require(bool claim, const char* what) {
  if (claim) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

}  // namespace triaged::fuzz
