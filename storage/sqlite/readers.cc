#include "storage/sqlite/readers.h"

#include <algorithm>

#include "base/clock.h"
#include "base/status_macros.h"
#include "storage/sqlite/pragmas.h"

namespace netstackd::storage::sqlite {
namespace {

// A reader waits only while the log's index is rebuilt.
constexpr absl::Duration kBusy = absl::Seconds(1);

}  // namespace

absl::Status Readers::Enter() {
  MutexLock lock(&mu_);
  NSD_RETURN_IF_ERROR(refused_);
  ++inside_;
  return absl::OkStatus();
}

void Readers::Leave() {
  MutexLock lock(&mu_);
  --inside_;
  left_.NotifyAll();
}

absl::Status Readers::Run(const std::function<absl::Status(const Connection&)>& work) {
  NSD_RETURN_IF_ERROR(Enter());
  absl::Status done;
  {
    const absl::StatusOr<Connection> connection =
        Connection::Open(path_, OpenMode::kReadOnly, vfs_, kBusy);
    done = connection.ok() ? PrepareForReading(*connection) : connection.status();
    if (done.ok()) done = RunOn(*connection, work);
  }
  Leave();
  return done;
}

absl::Status Readers::RunOn(const Connection& connection,
                            const std::function<absl::Status(const Connection&)>& work) {
  {
    MutexLock lock(&mu_);
    NSD_RETURN_IF_ERROR(refused_);
    working_.insert(&connection);
  }
  const absl::Status done = work(connection);
  MutexLock lock(&mu_);
  working_.erase(&connection);
  return !done.ok() && !refused_.ok() ? refused_ : done;
}

void Readers::Refuse(const absl::Status& why) {
  MutexLock lock(&mu_);
  refused_ = why;
  for (const Connection* connection : working_) connection->Interrupt();
}

bool Readers::Drain(absl::Duration within) {
  const absl::Duration until = Clock::Real().Steady() + within;
  MutexLock lock(&mu_);
  while (inside_ > 0) {
    const absl::Duration left = until - Clock::Real().Steady();
    if (left <= absl::ZeroDuration()) return false;
    // An interruption counts only for statements that run at that moment.
    for (const Connection* connection : working_) connection->Interrupt();
    left_.WaitFor(&mu_, std::min(left, absl::Milliseconds(10)));
  }
  return true;
}

void Readers::Admit() {
  MutexLock lock(&mu_);
  refused_ = absl::OkStatus();
}

}  // namespace netstackd::storage::sqlite
