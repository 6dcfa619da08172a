// A journal that fails as it is told, for tests of whoever has to live with that.
#ifndef NETSTACKD_STORAGE_FAULTY_FAULTY_JOURNAL_H_
#define NETSTACKD_STORAGE_FAULTY_FAULTY_JOURNAL_H_

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "storage/journal.h"
#include "storage/memory/memory_store.h"

namespace netstackd::storage {

// One failing write.
struct Fault {
  enum class Call : std::uint8_t { kAppend, kCheckpoint, kCompact };
  // What Reopen, or a new process after Crash, will find.
  enum class Data : std::uint8_t {
    kKept,  // the write was durable; only its answer went wrong
    kLost,  // neither the write nor any chunk or compaction since the newest Append
    kTorn,  // what came before the write; of itself a part, which recovery drops
  };
  enum class Cause : std::uint8_t { kInputOutput, kDiskFull };

  Call call = Call::kAppend;
  int nth = 1;  // 1: the first such call from now on
  Data data = Data::kLost;
  Cause cause = Cause::kInputOutput;
  int failing_reopens = 0;  // how often Reopen is refused before it works
};

struct FaultPlan {
  std::vector<Fault> faults;
};

// Keeps two stores in memory: what the process sees, and what the medium would give back after a
// power loss, which lacks the chunks and compactions since the newest Append.
//
// Threads  as Journal; Inject, Crash and OnAppend from any thread. One lock, held for a whole call,
//          but not for the hook.
class FaultyJournal final : public Journal {
 public:
  explicit FaultyJournal(const FaultPlan& plan = {});

  // One more fault, counted from now on.
  void Inject(const Fault& fault);
  // Called in every Append before anything happens: to watch it, or to hold the writer up.
  void OnAppend(std::function<void()> hook);
  // The process died and the power went: from now on the journal is what a new process opens.
  void Crash();
  // How many calls of this kind were tried, failed ones included.
  int calls(Fault::Call call) const;

  Extent extent() const override;
  Usage usage() const override;
  std::string store_id() const override;

 private:
  using Step = std::function<void(MemoryStore*)>;

  absl::Status AppendImpl(Revision expected_head, std::span<const Record> records) override;
  absl::Status CheckpointImpl(std::span<const Object> objects, Revision floor) override;
  absl::StatusOr<std::int64_t> CompactImpl(Revision keep_from, std::int64_t limit) override;
  absl::Status LoadImpl(const LoadSink& sink) override;
  absl::StatusOr<Extent> ReopenImpl() override;
  absl::Status IdleImpl() override;
  absl::StatusOr<std::vector<Record>> HistoryImpl(Revision from, Revision to,
                                                  std::int64_t limit) override;
  absl::StatusOr<Revision> BackupImpl(const std::string& path) override;

  // Counts a call, and says whether it is to fail.
  std::optional<Fault> Due(Fault::Call call) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // Leaves on the medium what the fault says of `step`, and closes the journal.
  absl::Status Fail(const Fault& fault, const Step& step) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void SyncTail() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  mutable Mutex mu_;  // leaf lock
  MemoryStore live_ ABSL_GUARDED_BY(mu_);
  MemoryStore medium_ ABSL_GUARDED_BY(mu_);
  std::vector<Step> tail_ ABSL_GUARDED_BY(mu_);  // done to live_, not yet to medium_
  std::vector<Fault> faults_ ABSL_GUARDED_BY(mu_);
  std::array<int, 3> calls_ ABSL_GUARDED_BY(mu_) = {};
  std::function<void()> on_append_ ABSL_GUARDED_BY(mu_);
  absl::Status closed_ ABSL_GUARDED_BY(mu_);
  int failing_reopens_ ABSL_GUARDED_BY(mu_) = 0;
};

}  // namespace netstackd::storage

#endif  // NETSTACKD_STORAGE_FAULTY_FAULTY_JOURNAL_H_
