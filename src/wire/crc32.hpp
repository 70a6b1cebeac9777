// CRC-32 (IEEE 802.3), as zlib computes it.
#pragma once

#include <cstdint>
#include <string_view>

namespace triaged::wire {

std::uint32_t crc32(std::string_view bytes);

}  // namespace triaged::wire
