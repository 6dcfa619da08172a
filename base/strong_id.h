// Identifiers of different kinds that cannot be mixed up.
#ifndef NETSTACKD_BASE_STRONG_ID_H_
#define NETSTACKD_BASE_STRONG_ID_H_

#include <compare>
#include <cstdint>
#include <functional>
#include <string>

namespace netstackd {

// A 64-bit identifier of one kind. Zero means "none"; numbers are never reused.
template <typename Tag>
class StrongId {
 public:
  constexpr StrongId() = default;
  constexpr explicit StrongId(std::uint64_t value) : value_(value) {}
  constexpr std::uint64_t value() const { return value_; }
  constexpr explicit operator bool() const { return value_ != 0; }
  constexpr auto operator<=>(const StrongId&) const = default;

 private:
  std::uint64_t value_ = 0;
};

template <typename Tag>
std::string ToString(StrongId<Tag> id) {
  return std::to_string(id.value());
}

}  // namespace netstackd

template <typename Tag>
struct std::hash<netstackd::StrongId<Tag>> {
  std::size_t operator()(netstackd::StrongId<Tag> id) const noexcept {
    return std::hash<std::uint64_t>{}(id.value());
  }
};

#endif  // NETSTACKD_BASE_STRONG_ID_H_
