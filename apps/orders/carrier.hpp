#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace skald {

/// What a carrier does when it is asked to take a parcel, or to call one off.
enum class carrier_answer : std::uint8_t {
  done,
  failed_for_now,
  refused, ///< for good
  silent,  ///< no answer ever comes
};

/// A carrier, asked on behalf of the shipment with the given id. May take its time, on the thread
/// that calls it; any number of threads may.
struct carrier {
  std::function<carrier_answer(const std::string& shipment)> take;
  std::function<carrier_answer(const std::string& shipment)> call_off;
};

/// Does whatever it is asked, at once.
carrier reliable_carrier();

/// With probability `chaos` slow, silent, failing for now or refusing, each of them as likely. A
/// parcel is always called off in the end: that is never refused, nor met with silence.
carrier carrier_of_chance(double chaos, std::uint64_t seed);

} // namespace skald
