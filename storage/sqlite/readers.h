// Read-only connections, which must all be gone before a failed journal can be reopened.
#ifndef NETSTACKD_STORAGE_SQLITE_READERS_H_
#define NETSTACKD_STORAGE_SQLITE_READERS_H_

#include <functional>
#include <set>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "base/mutex.h"
#include "storage/sqlite/connection.h"

namespace netstackd::storage::sqlite {

// Threads  all of it from any thread. The lock is a leaf and never held while SQLite works, but for
//          the interruption of a connection, which only sets a flag.
class Readers {
 public:
  Readers(std::string path, std::string vfs) : path_(std::move(path)), vfs_(std::move(vfs)) {}

  // Calls `work` with a connection of its own, which is closed before this returns. Errors: that of
  // `work`, or what Refuse was told if that came first.
  absl::Status Run(const std::function<absl::Status(const Connection&)>& work);

  // From now on every Run gives `why`; those under way are interrupted.
  void Refuse(const absl::Status& why);
  // Waits until the last connection is closed; false if that takes longer. After Refuse.
  bool Drain(absl::Duration within);
  void Admit();

 private:
  absl::Status Enter();
  void Leave();
  absl::Status RunOn(const Connection& connection,
                     const std::function<absl::Status(const Connection&)>& work);

  const std::string path_;
  const std::string vfs_;
  Mutex mu_;
  CondVar left_;
  absl::Status refused_ ABSL_GUARDED_BY(mu_);
  int inside_ ABSL_GUARDED_BY(mu_) = 0;  // threads that have, open or close a connection
  std::set<const Connection*> working_ ABSL_GUARDED_BY(mu_);
};

}  // namespace netstackd::storage::sqlite

#endif  // NETSTACKD_STORAGE_SQLITE_READERS_H_
