#include "tests/contract/backends.h"

#include <utility>

#include "base/check.h"
#include "base/status_macros.h"
#include "storage/faulty/faulty_journal.h"
#include "storage/memory/memory_journal.h"
#include "storage/sqlite/restore.h"
#include "storage/sqlite/sqlite_journal.h"

namespace netstackd::storage {
namespace {

class MemoryBackend : public Backend {
 public:
  Journal& journal() override { return journal_; }
  void Restart() override {}
  absl::StatusOr<std::unique_ptr<Journal>> Restore(const std::string& file) override {
    NSD_ASSIGN_OR_RETURN(std::unique_ptr<Journal> restored, MemoryJournal::FromBackup(file));
    return restored;
  }

 private:
  MemoryJournal journal_;
};

class SqliteBackend : public Backend {
 public:
  SqliteBackend() { Open(); }
  Journal& journal() override { return *journal_; }
  void Restart() override {
    journal_.reset();
    Open();
  }
  absl::StatusOr<std::unique_ptr<Journal>> Restore(const std::string& file) override {
    NSD_RETURN_IF_ERROR(sqlite::Restore(file, PathOf("restored")).status());
    return sqlite::Open(PathOf("restored"));
  }

 private:
  void Open() {
    auto journal = sqlite::Open(PathOf("journal"));
    NSD_CHECK(journal.ok());
    journal_ = *std::move(journal);
  }
  std::unique_ptr<Journal> journal_;
};

class FaultyBackend : public Backend {
 public:
  Journal& journal() override { return journal_; }
  // A clean end leaves nothing unsynced.
  void Restart() override {
    NSD_CHECK(journal_.Idle().ok());
    journal_.Crash();
  }
  absl::StatusOr<std::unique_ptr<Journal>> Restore(const std::string& file) override {
    NSD_ASSIGN_OR_RETURN(std::unique_ptr<Journal> restored, MemoryJournal::FromBackup(file));
    return restored;
  }

 private:
  FaultyJournal journal_;
};

template <typename T>
std::unique_ptr<Backend> Make() {
  return std::make_unique<T>();
}

}  // namespace

const std::vector<BackendKind>& AllBackends() {
  static const std::vector<BackendKind> kinds = {{"Memory", &Make<MemoryBackend>},
                                                 {"Sqlite", &Make<SqliteBackend>},
                                                 {"Faulty", &Make<FaultyBackend>}};
  return kinds;
}

}  // namespace netstackd::storage
