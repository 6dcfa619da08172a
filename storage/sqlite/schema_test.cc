#include "storage/sqlite/schema.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "storage/sqlite/meta.h"
#include "storage/store_id.h"
#include "storage/testing/temporary_directory.h"

namespace netstackd::storage::sqlite {
namespace {

class SchemaTest : public testing::Test {
 protected:
  Connection Open() {
    return *Connection::Open(directory_.path() + "/db", OpenMode::kCreate, "",
                             absl::ZeroDuration());
  }

  const testing_support::TemporaryDirectory directory_;
  const std::string store_id_ = NewStoreId();
};

// A made-up future: two versions on.
const Migration kSteps[] = {
    {2, {"CREATE TABLE second (a)", "INSERT INTO second VALUES (7)"}},
    {3, {"CREATE TABLE third (a)"}},
};

TEST_F(SchemaTest, WhatIsCreatedIsWhatIsChecked) {
  const Connection connection = Open();
  EXPECT_TRUE(*IsBlank(connection));
  ASSERT_TRUE(CreateSchema(connection, store_id_).ok());
  EXPECT_FALSE(*IsBlank(connection));
  EXPECT_EQ(*ReadVersion(connection), kSchemaVersion);
  EXPECT_TRUE(CheckSchema(connection).ok());
  EXPECT_EQ(ReadMeta(connection)->store_id, store_id_);
}

TEST_F(SchemaTest, AForeignDatabaseIsRefused) {
  const Connection connection = Open();
  ASSERT_TRUE(connection.Execute("CREATE TABLE t (a)").ok());
  EXPECT_EQ(ReasonOf(ReadVersion(connection).status()), ErrorReason::kJournalCorrupt);
}

TEST_F(SchemaTest, AnythingAddedOrMissingIsRefused) {
  const Connection connection = Open();
  ASSERT_TRUE(CreateSchema(connection, store_id_).ok());
  ASSERT_TRUE(connection
                  .Execute("CREATE TRIGGER t AFTER INSERT ON revisions BEGIN "
                           "DELETE FROM revisions; END")
                  .ok());
  EXPECT_EQ(ReasonOf(CheckSchema(connection)), ErrorReason::kJournalCorrupt);
  ASSERT_TRUE(connection.Execute("DROP TRIGGER t").ok());
  EXPECT_TRUE(CheckSchema(connection).ok());
  ASSERT_TRUE(connection.Execute("DROP INDEX tombstones").ok());
  EXPECT_EQ(ReasonOf(CheckSchema(connection)), ErrorReason::kJournalCorrupt);
}

TEST_F(SchemaTest, ANewerVersionIsRefusedWithBothNumbers) {
  const Connection connection = Open();
  ASSERT_TRUE(CreateSchema(connection, store_id_).ok());
  ASSERT_TRUE(connection.Execute("PRAGMA user_version = 7").ok());
  const absl::Status status = ReadVersion(connection).status();
  EXPECT_EQ(ReasonOf(status), ErrorReason::kNotSupported);
  EXPECT_EQ(DetailsOf(status)->metadata.at("schemaVersion"), "7");
  EXPECT_EQ(DetailsOf(status)->metadata.at("newestKnownVersion"), std::to_string(kSchemaVersion));
}

TEST_F(SchemaTest, AMigrationBacksUpOnceAndThenTakesEveryStep) {
  const Connection connection = Open();
  ASSERT_TRUE(CreateSchema(connection, store_id_).ok());
  int backups = 0;
  const auto backup = [&] {
    ++backups;
    EXPECT_EQ(*ReadVersion(connection, 3), 1);
    return absl::OkStatus();
  };
  ASSERT_TRUE(Migrate(connection, 1, kSteps, backup).ok());
  EXPECT_EQ(backups, 1);
  EXPECT_EQ(*ReadVersion(connection, 3), 3);
  EXPECT_EQ(*connection.QueryInteger("SELECT a FROM second"), 7);
  EXPECT_EQ(*connection.QueryInteger("SELECT count(*) FROM third"), 0);
  ASSERT_TRUE(Migrate(connection, 3, kSteps, backup).ok());
  EXPECT_EQ(backups, 1);
}

TEST_F(SchemaTest, AMigrationTakesOnlyTheStepsItNeeds) {
  const Connection connection = Open();
  ASSERT_TRUE(CreateSchema(connection, store_id_).ok());
  ASSERT_TRUE(connection.Execute("PRAGMA user_version = 2").ok());
  ASSERT_TRUE(Migrate(connection, 2, kSteps, [] { return absl::OkStatus(); }).ok());
  EXPECT_EQ(*ReadVersion(connection, 3), 3);
  EXPECT_EQ(*connection.QueryInteger("SELECT count(*) FROM sqlite_schema WHERE name = 'second'"),
            0);
}

TEST_F(SchemaTest, AMigrationThatFailsLeavesTheOldVersion) {
  const Connection connection = Open();
  ASSERT_TRUE(CreateSchema(connection, store_id_).ok());
  const Migration broken[] = {{2, {"CREATE TABLE second (a)", "INSERT INTO nowhere VALUES (1)"}}};
  EXPECT_FALSE(Migrate(connection, 1, broken, [] { return absl::OkStatus(); }).ok());
  EXPECT_EQ(*ReadVersion(connection), 1);
  EXPECT_TRUE(CheckSchema(connection).ok());
}

TEST_F(SchemaTest, WithoutABackupThereIsNoMigration) {
  const Connection connection = Open();
  ASSERT_TRUE(CreateSchema(connection, store_id_).ok());
  const absl::Status full = absl::ResourceExhaustedError("no room");
  EXPECT_EQ(Migrate(connection, 1, kSteps, [&] { return full; }), full);
  EXPECT_EQ(*ReadVersion(connection), 1);
}

}  // namespace
}  // namespace netstackd::storage::sqlite
