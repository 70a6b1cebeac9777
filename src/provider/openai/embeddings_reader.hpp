// Answers to requests for embeddings: what they cost; the vectors pass through as they came.
#pragma once

#include "triaged/chat/delta.hpp"

#include <memory>

namespace triaged::provider {

std::unique_ptr<chat::AnswerReader> make_embeddings_reader();

}  // namespace triaged::provider
