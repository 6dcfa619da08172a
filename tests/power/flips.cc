#include "tests/power/flips.h"

#include <random>

#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "base/error.h"
#include "storage/sqlite/restore.h"
#include "storage/sqlite/sqlite_journal.h"

namespace netstackd::power {
namespace {

using storage::Object;
using storage::Record;
using storage::Revision;
using storage::SimulatedDisk;
using storage::testing_support::ContentOf;
using storage::testing_support::MakeRecords;

constexpr char kJournal[] = "/journal";
constexpr char kBackup[] = "/backup";
constexpr char kRestored[] = "/restored";

storage::sqlite::Options On(SimulatedDisk* disk) {
  storage::sqlite::Options options;
  options.files = disk;
  return options;
}

// Records with and without overflow pages, images, tombstones, a compaction, an emptied log.
Revision Fill(storage::Journal& journal) {
  Revision head = 0;
  for (int batch = 0; batch < 12; ++batch) {
    std::vector<Record> records = MakeRecords(head + 1, 5);
    if (batch % 4 == 0) records[2].deltas.assign(9000, 'o');
    NSD_CHECK(journal.Append(head, records).ok());
    head += 5;
    std::vector<Object> objects;
    for (int i = 0; i < 6; ++i) {
      objects.push_back({"key" + std::to_string(i + batch * 3), head,
                         std::string(static_cast<std::size_t>(100 + 300 * i), 'b')});
    }
    objects[5].body.reset();
    NSD_CHECK(journal.Checkpoint(objects, head - 7 > 0 ? head - 7 : 0).ok());
    if (batch == 6) NSD_CHECK(journal.Compact(8, 100).ok());
    if (batch == 8) NSD_CHECK(journal.Idle().ok());
  }
  NSD_CHECK(journal.Append(head, MakeRecords(head + 1, 1)).ok());
  return head + 1;
}

std::string PathOf(FlipKind kind) {
  switch (kind) {
    case FlipKind::kDatabase:
      return "/journal/journal.db";
    case FlipKind::kWal:
      return "/journal/journal.db-wal";
    case FlipKind::kRevision:
      return "/journal/REVISION";
    case FlipKind::kBackup:
      break;
  }
  return kBackup;
}

void Refused(const absl::Status& status, const std::string& where, FlipReport* report) {
  const auto reason = ReasonOf(status);
  ++(reason == ErrorReason::kJournalCorrupt ? report->refused : report->other);
  if (!reason) report->findings.push_back(absl::StrCat(where, ": ", status.ToString()));
}

}  // namespace

const char* NameOf(FlipKind kind) {
  constexpr const char* kNames[] = {"database", "wal", "revision", "backup"};
  return kNames[static_cast<std::size_t>(kind)];
}

Flips::Flips() {
  SimulatedDisk disk;
  auto opened = storage::sqlite::Open(kJournal, On(&disk));
  NSD_CHECK(opened.ok());
  storage::Journal& journal = **opened;
  Fill(journal);
  extent_ = journal.extent();
  store_id_ = journal.store_id();
  auto content = ContentOf(journal);
  NSD_CHECK(content.ok() && journal.Backup(kBackup).ok());
  content_ = *std::move(content);
  killed_ = disk.AfterKill();
}

void Flips::Judge(SimulatedDisk* disk, const std::string& dir, bool same_store,
                  const std::string& where, FlipReport* report) const {
  const auto journal = storage::sqlite::Open(dir, On(disk));
  if (!journal.ok()) return Refused(journal.status(), where, report);
  const auto content = ContentOf(**journal);
  if (!content.ok()) return Refused(content.status(), where, report);
  ++report->same;
  const storage::Extent extent = (*journal)->extent();
  const bool same = *content == content_ && extent.head == extent_.head &&
                    extent.floor == extent_.floor && extent.first == extent_.first &&
                    ((*journal)->store_id() == store_id_) == same_store;
  if (!same) report->findings.push_back(absl::StrCat(where, ": opens with other content"));
}

FlipReport Flips::Run(FlipKind kind, int count, std::uint64_t seed) const {
  std::mt19937_64 random(seed);
  FlipReport report;
  const std::string path = PathOf(kind);
  const std::string whole = killed_->Peek(path);
  for (int i = 0; i < count; ++i) {
    const auto spread =
        whole.size() * static_cast<std::size_t>(i) / static_cast<std::size_t>(count);
    const std::size_t offset =
        i % 10 == 0 ? random() % 112 : (spread + random() % 97) % whole.size();
    const unsigned bit = random() % 8;
    const std::string where = absl::StrCat(path, " byte ", offset, " bit ", bit);
    const auto disk = killed_->AfterKill();
    std::string bytes = whole;
    bytes[offset] = static_cast<char>(bytes[offset] ^ (1 << bit));
    disk->Poke(path, bytes);
    if (kind != FlipKind::kBackup) {
      Judge(disk.get(), kJournal, true, where, &report);
      continue;
    }
    const auto restored = storage::sqlite::Restore(kBackup, kRestored, *disk);
    if (restored.ok()) {
      Judge(disk.get(), kRestored, false, where, &report);
    } else {
      Refused(restored.status(), where, &report);
      if (disk->Exists(kRestored)) report.findings.push_back(where + ": something is left");
    }
  }
  return report;
}

}  // namespace netstackd::power
