// Compiles Asio's TLS sources (error categories above all) once for the whole program.
#include <boost/asio/ssl/impl/src.hpp>
