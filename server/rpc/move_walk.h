// Moves of addresses, newest first, out of the kept history.
#ifndef NETSTACKD_SERVER_RPC_MOVE_WALK_H_
#define NETSTACKD_SERVER_RPC_MOVE_WALK_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "core/delta.h"
#include "netstackd/v1/moves.pb.h"
#include "server/codec/api_moves.h"
#include "server/rpc/backend.h"
#include "server/rpc/name_history.h"

namespace netstackd::rpc {

// Whose moves. With an address the walk goes from each move straight to the one before it, which
// the images tell: its cost is that of the moves. Otherwise it looks at every transaction.
struct MoveScope {
  core::AddressUid address{};  // zero: all
  core::GroupUid group{};      // zero: all; not looked at with an address
};

// Where a walk goes on.
struct MovePosition {
  executor::Revision revision = 0;  // 0: there is nothing more
  std::size_t seen = 0;             // deltas of that revision that are done with
};

// One move, and what is known of its cause. Both are borrowed for the time of the call.
struct FoundMove {
  const v1::Move& move;
  const codec::MoveFacts& facts;
};

// Ownership  Keeps itself alive until `done` was called, which happens once.
// Threads    One step at a time, on the worker.
// Bounds     Looks at `looks` transactions at most.
class MoveWalk : public std::enable_shared_from_this<MoveWalk> {
 public:
  // Takes a move; false, and it is not taken: no more.
  using Visit = std::function<bool(const FoundMove& found)>;
  // The position is behind what was taken. Errors: JOURNAL_CORRUPT, QUOTA_EXCEEDED.
  using Done = std::function<void(absl::StatusOr<MovePosition>)>;

  struct Range {
    MovePosition from;
    std::size_t looks = 0;
  };

  // To be called on the worker.
  static void Start(const Backend& backend, const MoveScope& scope, const Range& range, Visit visit,
                    Done done);

 private:
  // A transaction that is looked at.
  struct Looked {
    storage::Record record;
    std::vector<core::Delta> deltas;
  };
  using Shared = std::shared_ptr<const Looked>;
  struct Wanted {
    std::size_t index;  // in the deltas
    const codec::AddressChange* change;
  };

  MoveWalk(const Backend& backend, const MoveScope& scope, const Range& range)
      : backend_(backend),
        history_(backend.names),
        scope_(scope),
        at_(range.from),
        looks_(range.looks) {}

  bool OfOneAddress() const { return static_cast<bool>(scope_.address); }
  void Step();
  // `count` transactions up to where it stands.
  void Read(std::int64_t count);
  void Take(absl::StatusOr<std::vector<storage::Record>> records);
  // Looks at the last of `waiting_`.
  void LookAtNext();
  // The moves that are wanted of those not seen yet.
  std::vector<Wanted> MovesIn(const Looked& looked) const;
  // The names at the revision, as far as they are known; sets `*all`.
  codec::Names NamesAt(const Looked& looked, bool* all) const;
  void Tell(const Looked& looked, const codec::Names& names);
  // Behind this transaction.
  void Pass(const Looked& looked);
  void GoOn(void (MoveWalk::*step)());
  void Finish(const absl::Status& status);

  const Backend backend_;
  NameHistory* const history_;
  const MoveScope scope_;
  Visit visit_;
  Done done_;
  MovePosition at_;
  std::size_t looks_;                     // left
  std::vector<storage::Record> waiting_;  // oldest first
  bool full_ = false;
};

}  // namespace netstackd::rpc

#endif  // NETSTACKD_SERVER_RPC_MOVE_WALK_H_
