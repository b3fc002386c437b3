#include "apps/skald/hosted_type.hpp"

#include "apps/skald/global_options.hpp"

namespace skald {

const entity_type& hosted_type(const registry& types, const std::string& name) {
  if (const auto* found = types.find(name))
    return *found;
  throw user_error("there is no aggregate type '" + name + "'; the types are " +
                   types.type_names());
}

void require_id(const address& self) {
  if (auto wrong = id_error(self.id))
    throw user_error("the id of the " + self.type + " is not valid: " + *wrong);
}

} // namespace skald
