#pragma once

#include "actors/registry.hpp"
#include "persistence/journal.hpp"

#include <string>

namespace skald {

/// Which entities of a type a person wants to see.
class status_filter {
public:
  /// Takes every entity if `status` is empty.
  /// @throws user_error if no entity of the type can have it, naming those that there are.
  status_filter(const entity_type& type, std::string status);

  bool takes(const stream_head& head) const;

private:
  std::string status_;
  bool by_saga_ = false; ///< wanted are those whose saga has not ended
};

} // namespace skald
