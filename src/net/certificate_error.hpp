// Why a certificate was refused, as an error_code whose message says so ("certificate verify failed: hostname
// mismatch").
#pragma once

#include <boost/system/error_code.hpp>

namespace triaged::net {

boost::system::error_code certificate_error(int verify_result);  // an X509_V_ERR_ value

}  // namespace triaged::net
