#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <unordered_set>
#include <utility>
#include <vector>

namespace skald {

/// A set that mostly has a handful of elements, and then costs no allocation for each, but may grow
/// large. In no order.
template <class T, class Hash = std::hash<T>>
class small_set {
public:
  bool empty() const { return size() == 0; }
  std::size_t size() const { return few_.size() + many_.size(); }

  bool contains(const T& x) const {
    return many_.empty() ? std::ranges::find(few_, x) != few_.end() : many_.contains(x);
  }

  void insert(T x) {
    if (contains(x))
      return;
    if (many_.empty() && few_.size() < few_max) {
      few_.push_back(std::move(x));
      return;
    }
    for (auto& each : std::exchange(few_, {}))
      many_.insert(std::move(each));
    many_.insert(std::move(x));
  }

  /// Returns whether it was there.
  bool erase(const T& x) {
    if (!many_.empty())
      return many_.erase(x) > 0;
    const auto found = std::ranges::find(few_, x);
    if (found == few_.end())
      return false;
    if (&*found != &few_.back())
      *found = std::move(few_.back());
    few_.pop_back();
    return true;
  }

  /// Calls `visit` with every element.
  template <class Visit>
  void for_each(Visit&& visit) const {
    std::ranges::for_each(few_, visit);
    std::ranges::for_each(many_, visit);
  }

  /// Calls `visit` with the elements until it returns true. Returns whether it did.
  template <class Visit>
  bool any_of(Visit&& visit) const {
    return std::ranges::any_of(few_, visit) || std::ranges::any_of(many_, visit);
  }

private:
  static constexpr std::size_t few_max = 32;

  std::vector<T> few_; ///< empty if there are `many_`
  std::unordered_set<T, Hash> many_;
};

} // namespace skald
