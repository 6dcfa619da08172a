// The journal and everything that follows it: what is durable, published, remembered and kept.
#ifndef NETSTACKD_SERVER_EXECUTOR_STORE_H_
#define NETSTACKD_SERVER_EXECUTOR_STORE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/delta.h"
#include "server/executor/batch.h"
#include "server/executor/kept_history.h"
#include "server/executor/object_trail.h"
#include "server/executor/options.h"
#include "server/executor/published.h"
#include "server/executor/recent_records.h"
#include "server/executor/request_memory.h"
#include "server/executor/write_gate.h"
#include "storage/journal.h"

namespace netstackd::executor {

// What became of a batch.
enum class Fate : std::uint8_t {
  kPublished,  // durable and visible
  kDropped,    // not in the journal, and never will be
  kUnknown,    // the journal does not tell; it is asked again by Probe
};

// Ownership  Borrows everything it is made with.
// Threads    The writer thread only; `published`, `recent` and `gate` are read by others.
// Order      A batch is durable before it is published. After any write that failed the journal is
//            reopened and asked what is there before anything else is written.
class Store {
 public:
  // Revisions deleted at a time.
  static constexpr std::int64_t kCompactChunk = 2000;

  Store(const Options& options, storage::Journal* journal, Published* published,
        RecentRecords* recent, WriteGate* gate, storage::Revision floor);

  // A kept revision found at recovery, oldest first; `deltas` is empty at and below the floor.
  void Remember(std::shared_ptr<const storage::Record> record,
                const std::vector<core::Delta>& deltas);
  // The state as of `revision` is recovered; nothing was published before.
  void Begin(core::State state, storage::Revision revision);

  // Makes the batch durable and publishes it. `batch` has records, and begins at head() + 1.
  // If it is not published `*error` says what its callers get.
  Fate Commit(Batch* batch, absl::Status* error);
  // Asks a journal that failed what is there, if it is time for that; decides the fate of
  // `undecided`, which may be null. One that works again, but had no room, or failed twice in a
  // row, is given rest first: writes are refused meanwhile.
  Fate Probe(Batch* undecided);

  // Writes the next objects of the trail; true if there was something to write.
  bool TrailStep();
  // Deletes some of the revisions that may go; true if there was one. Those below `asked` may go
  // for no other reason.
  bool CompactStep(storage::Revision asked);
  // How many revisions one CompactStep would delete.
  std::int64_t Deletable(storage::Revision asked) const;
  void Idle();

  storage::Revision head() const { return head_; }
  const RequestMemory& memory() const { return memory_; }
  const ObjectTrail& trail() const { return trail_; }
  const KeptHistory& kept() const { return kept_; }
  bool HistoryFull() const { return kept_.Full(options_.clock->Now()); }
  bool TrailBehind() const { return trail_.size() > 0 || trail_.floor() < head_; }
  // Time until Probe has something to do.
  absl::Duration ProbeIn() const;

 private:
  void Remember(std::shared_ptr<const storage::Record> record,
                const std::optional<RequestMark>& mark);
  void Publish(Batch* batch);
  // After a failed write. `batch` may be null.
  Fate Resolve(Batch* batch);
  bool LastIsOurs(const storage::Record& record);
  // Marks what the revisions above `floor` changed, and nothing else: what of it is in the table is
  // not known after a failed write.
  absl::Status MarkAgain(storage::Revision floor);
  // The revisions below `first` are not in the journal any more.
  void ForgetBelow(storage::Revision first);
  // A write of about `bytes` has failed because of `cause`, and the journal is open again.
  void Rest(const absl::Status& cause, std::int64_t bytes);
  void ProbeLater();
  // The journal stays closed, for now or until the server is restarted.
  Fate Close(const std::string& reason, bool for_ever);
  // A write that is not a commit has failed.
  void MaintenanceFailed(const absl::Status& status, std::int64_t bytes);

  const Options& options_;
  storage::Journal* const journal_;
  Published* const published_;
  RecentRecords* const recent_;
  WriteGate* const gate_;

  storage::Revision head_ = 0;
  RequestMemory memory_;
  KeptHistory kept_;
  ObjectTrail trail_;
  absl::Duration probe_at_ = absl::InfiniteDuration();  // Clock::Steady
  absl::Duration probe_wait_;
  int failures_ = 0;         // writes since the newest commit that did not fail
  bool resting_ = false;     // the journal is open, and not to be written before probe_at_
  std::int64_t needed_ = 0;  // room that there has to be then
};

}  // namespace netstackd::executor

#endif  // NETSTACKD_SERVER_EXECUTOR_STORE_H_
