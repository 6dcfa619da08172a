#include "gmock/gmock.h"
#include "tests/integration/served.h"

namespace netstackd::integration {
namespace {

constexpr char kId[] = "01234567-89ab-cdef-0123-456789abcdef";
constexpr char kCapitals[] = "01234567-89AB-CDEF-0123-456789ABCDEF";

// Both journals: what is remembered must come back from either.
class ReplayTest : public Served {
 protected:
  explicit ReplayTest(Store store = Store::kMemory) : Served(store) {}

  Answer<v1::CreateGroupResponse> Create(const std::string& group, const std::string& options) {
    return Ipmp(&IpmpStub::CreateGroup, "parent: 'zones/global' group_id: '" + group +
                                            "' group { spec { ipv4: true } } options { " + options +
                                            " }");
  }
  void CheckReplay() {
    const std::string options = std::string("comment: 'first' request_id: '") + kId + "'";
    auto first = Create("ipmp0", options);
    ASSERT_TRUE(first.ok()) << first.status.error_message();
    MakeInterface("net0", "ipv4: true group: 'ipmp0'");  // the group looks different by now
    const std::int64_t revision = Revision();
    for (int round = 0; round < 2; ++round) {
      auto again = Create("ipmp0", options);
      ASSERT_TRUE(again.ok()) << again.status.error_message();
      EXPECT_TRUE(again.response.result().replayed());
      EXPECT_TRUE(again.response.result().changed());
      again.response.mutable_result()->set_replayed(false);
      EXPECT_EQ(again.response.SerializeAsString(), first.response.SerializeAsString());
      EXPECT_EQ(Create("other", options).reason, "REQUEST_ID_REUSED");
      EXPECT_EQ(Revision(), revision);
      Restart();
    }
  }
};

TEST_F(ReplayTest, RepeatedRequestGetsTheFirstAnswer) { CheckReplay(); }

class SqliteReplayTest : public ReplayTest {
 protected:
  SqliteReplayTest() : ReplayTest(Store::kSqlite) {}
};

TEST_F(SqliteReplayTest, RepeatedRequestGetsTheFirstAnswer) { CheckReplay(); }

TEST_F(ReplayTest, CapitalsMakeNoOtherUuid) {
  ASSERT_TRUE(Create("ipmp0", std::string("request_id: '") + kId + "'").ok());
  const auto again = Create("ipmp0", std::string("request_id: '") + kCapitals + "'");
  ASSERT_TRUE(again.ok()) << again.status.error_message();
  EXPECT_TRUE(again.response.result().replayed());
}

TEST_F(ReplayTest, SameIdForAnotherMethodIsAnotherRequest) {
  ASSERT_TRUE(Create("ipmp0", std::string("request_id: '") + kId + "'").ok());
  const auto other =
      Ipmp(&IpmpStub::DeleteGroup,
           std::string("name: 'zones/global/groups/ipmp0' options { request_id: '") + kId + "' }");
  EXPECT_EQ(other.reason, "REQUEST_ID_REUSED");
  EXPECT_EQ(other.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(ReplayTest, SyntaxComesBeforeTheReplay) {
  ASSERT_TRUE(Create("ipmp0", std::string("request_id: '") + kId + "'").ok());
  EXPECT_EQ(Create("not a name", std::string("request_id: '") + kId + "'").reason,
            "INVALID_GROUP_NAME");
}

TEST_F(ReplayTest, RejectedRequestsAndDryRunsAreNotRemembered) {
  const std::string id = std::string("request_id: '") + kId + "'";
  MakeGroup("ipmp0");
  EXPECT_EQ(Create("ipmp0", id).reason, "GROUP_EXISTS");
  ASSERT_TRUE(Ipmp(&IpmpStub::DeleteGroup, "name: 'zones/global/groups/ipmp0'").ok());
  const auto dry = Create("ipmp0", id + " validate_only: true");
  ASSERT_TRUE(dry.ok());
  const auto made = Create("ipmp0", id);
  ASSERT_TRUE(made.ok()) << made.status.error_message();
  EXPECT_FALSE(made.response.result().replayed());
}

TEST_F(ReplayTest, TransactionsAreReplayedAsWholes) {
  const std::string request =
      "operations { create { group { name: 'zones/global/groups/a' spec { ipv4: true } } } } "
      "operations { create { group { name: 'zones/global/groups/b' spec { ipv4: true } } } } "
      "options { request_id: '" +
      std::string(kId) + "' }";
  const auto first = Config(&ConfigStub::Transact, request);
  ASSERT_TRUE(first.ok()) << first.status.error_message();
  Restart();
  const auto again = Config(&ConfigStub::Transact, request);
  ASSERT_TRUE(again.ok()) << again.status.error_message();
  EXPECT_TRUE(again.response.result().replayed());
  EXPECT_EQ(again.response.result().plan().steps_size(), 2);
  EXPECT_EQ(Revision(), 1);
}

}  // namespace
}  // namespace netstackd::integration
