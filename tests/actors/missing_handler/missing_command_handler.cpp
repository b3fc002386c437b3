#include "parcel.hpp"

namespace shop {

void evolve(parcel&, const parcel_lost&) {}

} // namespace shop

template class skald::typed_aggregate_state<shop::parcel>;
