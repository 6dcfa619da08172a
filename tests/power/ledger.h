// What clients were told, and whether what recovery finds agrees with it.
#ifndef NETSTACKD_TESTS_POWER_LEDGER_H_
#define NETSTACKD_TESTS_POWER_LEDGER_H_

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "base/mutex.h"
#include "server/codec/journal_codec.h"
#include "server/executor/executor.h"
#include "server/executor/request.h"
#include "storage/journal.h"

namespace netstackd::power {

using storage::Revision;
using Objects = std::map<codec::ObjectKey, codec::AnyImage>;

// Everything in a state, by key.
Objects ObjectsOf(const core::State& state);

// One request id, as its client sees it.
struct Asked {
  std::shared_ptr<const executor::Request> request;
  enum class Told : std::uint8_t {
    kNothing,  // no answer, or one that says that nobody knows
    kDone,     // in `revision`, with `answer`
    kNotDone,  // refused, failed for certain, or nothing to do
  } told = Told::kNothing;
  bool unknown = false;  // an attempt was answered so; a later one that is not even looked at does
                         // not change that
  Revision revision = 0;
  std::string answer;
};

// What a journal was told to write as one revision.
struct Attempt {
  std::shared_ptr<const storage::Record> record;
  std::vector<codec::ObjectKey> keys;
  std::vector<codec::AnyImage> after;  // of each key; holds null: deleted
};

// What a new life finds.
struct Found {
  storage::Extent extent;
  std::vector<storage::Record> records;  // all that are kept
  Objects objects;
  Revision published = 0;
};

// Everything that a server which has just recovered shows.
absl::StatusOr<Found> Look(storage::Journal& journal, const executor::Executor& executor);

// Outlives the server that it watches. Thread-safe; one leaf lock.
class Ledger {
 public:
  Ledger() = default;
  Ledger(const Ledger& other);
  Ledger& operator=(const Ledger&) = delete;

  // A client asks for the first time, or again.
  void Ask(const std::shared_ptr<const executor::Request>& request);
  void Tell(const std::string& request_id, const absl::StatusOr<executor::Outcome>& outcome);
  // The writer wants these to be durable.
  void Attempted(std::span<const storage::Record> records);
  // A client was told that everything up to `revision` is durable.
  void Promise(Revision revision);

  // Compares, and settles what was open: a request without an answer whose row is there was done.
  // Call it before anybody asks for anything in the new life.
  void Check(const Found& found);

  // Requests to repeat: all without an answer, and some of the others that are still kept.
  std::vector<std::shared_ptr<const executor::Request>> ToRepeat(std::uint64_t salt) const;
  bool promised() const;  // anything at all
  Revision head() const;  // newest attempted or found
  std::size_t asked() const;

  void Complain(const std::string& what);
  std::vector<std::string> findings() const;

 private:
  struct Content {
    std::map<std::string, Asked> asked;  // by request id
    std::map<Revision, Attempt> attempts;
    std::map<std::string, Revision> rows;  // request ids that the newest recovery found
    Revision first_kept = 1;
    Revision promised = 0;
    std::vector<std::string> findings;
  };
  Content content() const;

  void CheckRows(const Found& found) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void CheckAsked(const Found& found) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void CheckObjects(const Found& found) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void TellDone(const executor::Outcome& outcome, const std::string& id, Asked* asked)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void Add(const std::string& what) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  mutable Mutex mu_;
  Content own_ ABSL_GUARDED_BY(mu_);
};

}  // namespace netstackd::power

#endif  // NETSTACKD_TESTS_POWER_LEDGER_H_
