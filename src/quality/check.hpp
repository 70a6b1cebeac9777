// The checks, one function and one file each. Every one says what it found against the answer, "" for nothing.
// All are linear in the text.
#pragma once

#include "triaged/quality/checks.hpp"

#include <string>

namespace triaged::quality {

// Neither text nor tool call, although it is the end. An answer that the client's own limit ended is none of ours.
std::string check_empty(const Asked& asked, const Given& given);
// Ended for its length, and not by the client's limit.
std::string check_cut_off(const Asked& asked, const Given& given);
// Says first of all that it will not do it, or uses the dialect's own field.
std::string check_refusal(const Asked& asked, const Given& given);

// Whether the answer ended where the client's limit on tokens ends it; also where that cannot be told.
bool ended_by_client_limit(const Asked& asked, const Given& given);

}  // namespace triaged::quality
