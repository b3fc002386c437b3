#include "apps/bank/bank_invariant.hpp"

#include "apps/bank/bank_books.hpp"

namespace skald {

bank_invariant::bank_invariant() : books_(std::make_unique<bank_books>()) {}

bank_invariant::bank_invariant(bank_invariant&& other) noexcept = default;

bank_invariant& bank_invariant::operator=(bank_invariant&& other) noexcept = default;

bank_invariant::~bank_invariant() = default;

void bank_invariant::see(const record& x) {
  books_->see(x);
}

std::vector<std::string> bank_invariant::violations() const {
  return books_->violations();
}

std::optional<minor_units> bank_invariant::sum_of_balances() const {
  return books_->sum_of_balances();
}

bank_invariant::counts bank_invariant::count() const {
  return books_->count();
}

std::optional<bank_invariant::holdings>
bank_invariant::holdings_of(std::string_view account_id) const {
  return books_->holdings_of(account_id);
}

} // namespace skald
