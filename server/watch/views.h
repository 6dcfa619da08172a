// Objects as watchers see them: which one, and everything its message is rendered from.
#ifndef NETSTACKD_SERVER_WATCH_VIEWS_H_
#define NETSTACKD_SERVER_WATCH_VIEWS_H_

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>

#include "core/state.h"
#include "netstackd/v1/config.pb.h"
#include "server/codec/api_views.h"

namespace netstackd::watch {

// In the order of a snapshot: what owns others comes first.
enum class Kind : std::uint8_t { kGroup, kInterface, kAddress };

struct Key {
  Kind kind = Kind::kGroup;
  std::uint64_t uid = 0;
  auto operator<=>(const Key&) const = default;
};

// Holds images only, so it stays what it is when the state moves on. Monostate: no such object.
using View =
    std::variant<std::monostate, codec::GroupView, codec::InterfaceView, codec::AddressView>;

inline bool Exists(const View& view) { return !std::holds_alternative<std::monostate>(view); }

View ViewOf(const core::State& state, const Key& key);
// Both exist, and the image of the object itself is the same one.
bool SameImage(const View& a, const View& b);
// Full name of an object that exists.
std::string NameOf(const View& view);
// `to` is empty; the object exists.
void Render(const View& view, v1::Resource* to);
// Images held.
std::size_t CostOf(const View& view);

}  // namespace netstackd::watch

#endif  // NETSTACKD_SERVER_WATCH_VIEWS_H_
