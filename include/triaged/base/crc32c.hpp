// CRC-32C (Castagnoli), in hardware where the processor has it.
#pragma once

#include <cstdint>
#include <string_view>

namespace triaged {

std::uint32_t crc32c(std::string_view bytes);
std::uint32_t crc32c_in_software(std::string_view bytes);  // the same value, for processors without it

}  // namespace triaged
