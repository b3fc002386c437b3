#include "messages/cbor_writer.hpp"

namespace skald {

void cbor_writer::flush() {
  out_.insert(out_.end(), chunk_, chunk_ + used_);
  used_ = 0;
}

void cbor_writer::put_past_chunk(byte_span bytes) {
  flush();
  out_.insert(out_.end(), bytes.begin(), bytes.end());
}

void cbor_writer::set_entry_count(std::size_t at, std::size_t promised, std::size_t count) {
  auto* head = at < out_.size() ? out_.data() + at : chunk_ + (at - out_.size());
  if (promised < cbor_info::one_byte) {
    *head = std::byte{cbor_initial(cbor_major::map, count)};
  } else if (count >= cbor_info::one_byte) {
    *(head + 1) = static_cast<std::byte>(count);
  } else {
    *head = std::byte{cbor_initial(cbor_major::map, count)};
    flush();
    out_.erase(out_.begin() + static_cast<std::ptrdiff_t>(at + 1));
  }
}

} // namespace skald
