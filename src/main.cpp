#include "triaged/app/command_line.hpp"

int main(int argc, char** argv) { return triaged::app::run(argc, argv); }
