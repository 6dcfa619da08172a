// Any image <-> deltas.
#ifndef NETSTACKD_SERVER_WATCH_IMAGES_H_
#define NETSTACKD_SERVER_WATCH_IMAGES_H_

#include <variant>

#include "core/state.h"
#include "server/codec/journal_codec.h"

namespace netstackd::watch {

// May hold null.
inline codec::AnyImage BeforeOf(const core::Delta& delta) {
  return std::visit([](const auto& change) -> codec::AnyImage { return change.before; }, delta);
}
inline codec::AnyImage AfterOf(const core::Delta& delta) {
  return std::visit([](const auto& change) -> codec::AnyImage { return change.after; }, delta);
}

// Makes the object in `state` what `image` says, which may hold null: no such object.
void SetImage(core::State& state, const codec::ObjectKey& key, const codec::AnyImage& image);

}  // namespace netstackd::watch

#endif  // NETSTACKD_SERVER_WATCH_IMAGES_H_
