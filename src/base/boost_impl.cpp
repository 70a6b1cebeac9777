// Compiles the sources of Asio once for the whole program; every other file sees declarations only.
#include <boost/asio/impl/src.hpp>
