// The processor's time of this process in seconds: what bounds work, however busy the machine is.
#pragma once

#include <ctime>

namespace triaged::test {

inline double processor_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

}  // namespace triaged::test
