// The command line: triaged serve | check | explain | report | simulate. Returns the process's exit code: 0 good, 1 the
// work failed, 2 wrong use.
#pragma once

namespace triaged::app {

int run(int argc, char** argv);

}  // namespace triaged::app
