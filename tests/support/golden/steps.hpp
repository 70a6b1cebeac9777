// The steps of an answer as JSON, and back: golden files list them so. Members are named as in chat/delta.hpp, where
// they are explained; those that have their default are left out. Usage is exact where it does not say otherwise.
#pragma once

#include "triaged/chat/delta.hpp"

#include <nlohmann/json.hpp>

namespace triaged::test {

using Json = nlohmann::ordered_json;

Json to_json(const chat::Usage& usage);
chat::Usage usage_of(const Json& json);

// Lists the steps that it is given.
class Steps final : public chat::DeltaSink {
 public:
  void take(const chat::Delta& delta) override;

  Json list = Json::array();
};

// Gives the steps of such a list. Throws where it has a member or a name that there is not.
void give_steps(const Json& list, chat::DeltaSink& sink);

}  // namespace triaged::test
