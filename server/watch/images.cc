#include "server/watch/images.h"

namespace netstackd::watch {

void SetImage(core::State& state, const codec::ObjectKey& key, const codec::AnyImage& image) {
  const auto set = [&](const auto& after) {
    using T = std::remove_const_t<typename std::decay_t<decltype(after)>::element_type>;
    const auto before = state.image<T>(decltype(T::uid)(key.uid));
    if (before != after) core::Fold(state, core::Change<T>{before, after});
  };
  std::visit(set, image);
}

}  // namespace netstackd::watch
