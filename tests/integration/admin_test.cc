#include <fstream>

#include "gmock/gmock.h"
#include "server/rpc/request_hash.h"
#include "storage/memory/memory_journal.h"
#include "storage/sqlite/restore.h"
#include "tests/integration/served.h"

namespace netstackd::integration {
namespace {

class AdminTest : public Served {
 protected:
  explicit AdminTest(Store store = Store::kMemory) : Served(store) {}

  struct Backup {
    grpc::Status status;
    std::string bytes;
    std::string sha256;
    std::int64_t revision = 0;
    std::int64_t total = 0;
    std::size_t largest = 0;
  };
  Backup ReadBackup() {
    grpc::ClientContext context;
    SetDeadline(&context);
    const auto reader = admin_->Backup(&context, {});
    Backup backup;
    v1::BackupResponse part;
    while (reader->Read(&part)) {
      backup.bytes += part.chunk();
      backup.largest = std::max(backup.largest, part.chunk().size());
      backup.sha256 = part.sha256();
      backup.revision = part.revision();
      backup.total = part.total_bytes();
    }
    backup.status = reader->Finish();
    return backup;
  }
  bool ScratchIsEmpty() const {
    for (const auto& entry : std::filesystem::directory_iterator(directory_.path())) {
      if (entry.path().filename().string().find("backup-stream") == 0) return false;
    }
    return true;
  }
};

TEST_F(AdminTest, ServerTellsWhatItIs) {
  MakeGroup("ipmp0");
  MakeInterface("net0", "ipv4: true group: 'ipmp0'");
  MakeAddress("groups/ipmp0", "192.0.2.10/24");
  const auto info = Admin(&AdminStub::GetServerInfo, "");
  ASSERT_TRUE(info.ok());
  EXPECT_EQ(info.response.version(), "1.2.3");
  EXPECT_EQ(info.response.store_id(), journal_->store_id());
  EXPECT_EQ(info.response.revision(), 3);
  EXPECT_EQ(info.response.first_kept_revision(), 1);
  EXPECT_FALSE(info.response.read_only());
  EXPECT_EQ(info.response.counts().groups(), 1);
  EXPECT_EQ(info.response.counts().interfaces(), 1);
  EXPECT_EQ(info.response.counts().addresses(), 1);
  EXPECT_EQ(info.response.counts().kept_history_transactions(), 3);
  EXPECT_EQ(info.response.limits().transaction_operations(), 1000);
  EXPECT_EQ(info.response.limits().members_per_group(), 64);
  EXPECT_GT(info.response.start_time().seconds(), 0);
  Restart();
  const auto again = Admin(&AdminStub::GetServerInfo, "");
  EXPECT_EQ(again.response.revision(), 3);
  EXPECT_EQ(again.response.store_id(), info.response.store_id());
  EXPECT_EQ(again.response.recovery().objects() + again.response.recovery().transactions() > 0,
            true);
}

class SqliteAdminTest : public AdminTest {
 protected:
  SqliteAdminTest() : AdminTest(Store::kSqlite) {}
};

TEST_F(SqliteAdminTest, BackupIsWholeAndCanBeRestored) {
  MakeGroup("ipmp0");
  MakeGroup("ipmp1");
  const Backup backup = ReadBackup();
  ASSERT_TRUE(backup.status.ok()) << backup.status.error_message();
  EXPECT_EQ(backup.revision, 2);
  EXPECT_EQ(backup.total, static_cast<std::int64_t>(backup.bytes.size()));
  EXPECT_EQ(backup.sha256, rpc::Hex(rpc::Sha256(backup.bytes)));
  EXPECT_LE(backup.largest, 64u << 10);

  const std::string file = directory_.path() + "/copy.db";
  std::ofstream(file, std::ios::binary) << backup.bytes;
  const auto restored = storage::sqlite::Restore(file, directory_.path() + "/restored");
  ASSERT_TRUE(restored.ok()) << restored.status();
  EXPECT_EQ(restored->head, 2);
  EXPECT_NE(restored->store_id, journal_->store_id());
}

TEST_F(AdminTest, BackupsFollowEachOtherAndLeaveNothingBehind) {
  MakeGroup("ipmp0");
  for (int i = 0; i < 3; ++i) {
    Backup backup = ReadBackup();
    // The file of the one before may still be on its way out.
    while (TakeApart(backup.status).reason == "QUOTA_EXCEEDED") backup = ReadBackup();
    EXPECT_TRUE(backup.status.ok()) << backup.status.error_message();
    EXPECT_EQ(backup.sha256.size(), 64u);
  }
  server_.reset();  // ends the worker
  EXPECT_TRUE(ScratchIsEmpty());
}

TEST_F(AdminTest, BackupThatIsNotReadEndsWithItsCaller) {
  v1::TransactRequest request;
  for (int i = 0; i < 1000; ++i) {
    auto* group = request.add_operations()->mutable_create()->mutable_group();
    group->set_name("zones/global/groups/g" + std::to_string(i));
    group->mutable_spec()->set_ipv4(true);
  }
  ASSERT_TRUE(Send(*config_, &ConfigStub::Transact, request).ok());
  {
    grpc::ClientContext context;
    SetDeadline(&context);
    const auto reader = admin_->Backup(&context, {});
    v1::BackupResponse part;
    ASSERT_TRUE(reader->Read(&part));
    context.TryCancel();
    while (reader->Read(&part)) {
    }
    EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
  }
  Backup next = ReadBackup();
  while (TakeApart(next.status).reason == "QUOTA_EXCEEDED") next = ReadBackup();
  EXPECT_TRUE(next.status.ok()) << next.status.error_message();
  server_.reset();
  EXPECT_TRUE(ScratchIsEmpty());
}

TEST_F(AdminTest, CompactionKeepsWhatIsYoung) {
  for (const char* group : {"a", "b", "c"}) MakeGroup(group);
  const auto compact = [&](const std::string& request) {
    return Admin(&AdminStub::Compact, request);
  };
  const auto done = compact("keep_from: 3");
  ASSERT_TRUE(done.ok()) << done.status.error_message();
  EXPECT_EQ(done.response.first_kept_revision(), 1);  // younger than ten minutes
  EXPECT_FALSE(done.response.result().changed());
  EXPECT_EQ(done.response.result().revision(), 3);
  EXPECT_EQ(compact("keep_from: 4").reason, "REVISION_IN_FUTURE");
  EXPECT_EQ(compact("keep_from: 0").reason, "FIELD_INVALID");
  EXPECT_EQ(compact("keep_from: 1 options { etag: '1-1' }").reason, "FIELD_INVALID");
  EXPECT_EQ(compact("keep_from: 3 options { validate_only: true }").response.result().revision(),
            0);
}

class CompactedTest : public AdminTest {
 protected:
  void Age() {
    executor_options_.clock = &clock_;
    Restart();
  }
  FakeClock clock_{absl::FromUnixSeconds(2'000'000'000)};
};

TEST_F(CompactedTest, WhatIsCompactedIsNotFoundAnyMore) {
  Age();
  for (const char* group : {"a", "b", "c"}) MakeGroup(group);
  const auto page = Config(&ConfigStub::ListTransactions, "page { page_size: 1 }");
  ASSERT_EQ(page.response.page().next_page_token().empty(), false);
  executor_->Flush();
  clock_.Advance(absl::Hours(1));
  const auto done = Admin(&AdminStub::Compact, "keep_from: 3");
  ASSERT_TRUE(done.ok()) << done.status.error_message();
  EXPECT_EQ(done.response.first_kept_revision(), 3);
  EXPECT_TRUE(done.response.result().changed());
  const auto gone = Config(&ConfigStub::GetTransaction, "revision: 2");
  EXPECT_EQ(gone.reason, "TRANSACTION_NOT_FOUND");
  EXPECT_EQ(gone.metadata.at("firstRevision"), "3");
  EXPECT_TRUE(Config(&ConfigStub::GetTransaction, "revision: 3").ok());
  const auto next =
      Config(&ConfigStub::ListTransactions,
             "page { page_size: 1 page_token: '" + page.response.page().next_page_token() + "' }");
  EXPECT_EQ(next.reason, "WATCH_COMPACTED");
  EXPECT_EQ(next.status.error_code(), grpc::StatusCode::OUT_OF_RANGE);
  EXPECT_TRUE(Ipmp(&IpmpStub::GetGroup, "name: 'zones/global/groups/a'").ok());
}

}  // namespace
}  // namespace netstackd::integration
