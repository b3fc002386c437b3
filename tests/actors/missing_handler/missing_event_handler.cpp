#include "parcel.hpp"

namespace shop {

skald::decision<parcel> decide(const parcel&, const lose_parcel&) {
  return parcel_lost{};
}

} // namespace shop

template class skald::typed_aggregate_state<shop::parcel>;
