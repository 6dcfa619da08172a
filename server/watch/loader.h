// Copies the published state without holding it up.
#ifndef NETSTACKD_SERVER_WATCH_LOADER_H_
#define NETSTACKD_SERVER_WATCH_LOADER_H_

#include <cstddef>
#include <utility>

#include "absl/container/btree_map.h"
#include "core/state.h"
#include "server/codec/journal_codec.h"
#include "server/executor/executor.h"
#include "server/executor/listener.h"

namespace netstackd::watch {

// Takes pointers in slices, each of which may be of a later revision than the one before, then
// brings all to the revision of the last slice by what changed meanwhile, then folds them into a
// new state.
//
// Threads  One at a time. The lock of the published state is held for at most kSlice pointers.
class Loader {
 public:
  static constexpr std::size_t kSlice = 1000;

  // Somebody listens to `executor` already.
  explicit Loader(const executor::Executor* executor) : executor_(executor) {}

  // Takes the next slice; true: that was the last one.
  bool Read();
  // Every revision above noted() and up to last() has to be told by Note, in order; older ones
  // are passed over.
  executor::Revision noted() const { return noted_; }
  executor::Revision last() const { return last_; }
  void Note(const executor::Change& change);
  // Folds the next images; true: all are folded, and state() is that of last().
  bool Fold();
  core::State TakeState() { return std::move(state_); }

 private:
  template <typename T>
  bool ReadKind(const core::State& state, codec::ObjectKind kind, std::size_t* left);

  const executor::Executor* const executor_;
  absl::btree_map<codec::ObjectKey, codec::AnyImage> images_;
  codec::ObjectKey at_{codec::ObjectKind::kGroup, 0};  // everything up to here is read
  bool begun_ = false;
  executor::Revision noted_ = 0;
  executor::Revision last_ = 0;
  core::State state_;
};

}  // namespace netstackd::watch

#endif  // NETSTACKD_SERVER_WATCH_LOADER_H_
