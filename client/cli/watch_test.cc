// What `ipmpctl watch` prints.
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "client/cli/app.h"
#include "client/cli/failure.h"
#include "client/sdk/testing/fake_stub.h"

namespace netstackd::cli {
namespace {

// A group with a standby, of which eth1 fails at revision 59.
constexpr char kSnapshot[] = R"(
  snapshot {
    objects { resource { group { name: "zones/global/groups/ipmp0" meta { uid: "1" generation: 1 }
      status { state: STATE_OK } } } }
    objects { resource { ip_interface { name: "zones/global/interfaces/eth1" meta { uid: "2" }
      status { state: STATE_OK group: "ipmp0" active: true } } } }
    objects { resource { ip_interface { name: "zones/global/interfaces/eth3" meta { uid: "3" }
      spec { standby: true }
      status { state: STATE_OK group: "ipmp0" flags: FLAG_INACTIVE flags: FLAG_STANDBY } } } }
    objects { resource { ip_interface { name: "zones/global/interfaces/eth9" meta { uid: "4" }
      status { state: STATE_OK } } } }
    objects { resource { address { name: "zones/global/groups/ipmp0/addresses/192.0.2.10"
      meta { uid: "5" } status { bound_interface: "eth1" } } } }
  }
  synced { store_id: "s" revision: 58 }
)";
constexpr char kFailure[] = R"(
  batches {
    revision: 59 commit_time { seconds: 43207 nanos: 412000000 } principal: "local"
    events { type: TYPE_UPDATED cause: "ReportInterface" object { resource { ip_interface {
      name: "zones/global/interfaces/eth1" meta { uid: "2" }
      status { state: STATE_FAILED group: "ipmp0" flags: FLAG_FAILED } } } } }
    events { type: TYPE_UPDATED cause: "ReportInterface" object { resource { ip_interface {
      name: "zones/global/interfaces/eth3" meta { uid: "3" } spec { standby: true }
      status { state: STATE_OK group: "ipmp0" flags: FLAG_STANDBY active: true } } } } }
    events { type: TYPE_UPDATED cause: "ReportInterface" object { resource { address {
      name: "zones/global/groups/ipmp0/addresses/192.0.2.10" meta { uid: "5" }
      status { bound_interface: "eth3" } } } } }
    events { type: TYPE_UPDATED cause: "ReportInterface" object { resource { group {
      name: "zones/global/groups/ipmp0" meta { uid: "1" generation: 1 }
      status { state: STATE_DEGRADED } } } } }
    events { type: TYPE_UPDATED cause: "ReportInterface" object { resource { ip_interface {
      name: "zones/global/interfaces/eth9" meta { uid: "4" }
      status { state: STATE_FAILED } } } } }
  }
)";

std::string Bytes(const std::string& text) {
  v1::WatchResponse message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message.SerializeAsString();
}

class WatchCommandTest : public ::testing::Test {
 protected:
  WatchCommandTest() {
    io_.in = &in_;
    io_.out = &out_;
    io_.err = &err_;
    io_.environment = [](const std::string&) { return std::nullopt; };
    io_.connect = [this](const ConnectOptions&) {
      return std::make_unique<Client>(server_.NewStub());
    };
    server_.On<v1::GetGroupRequest, v1::GetGroupResponse>(
        "GetGroup", [](const auto&, auto*) { return absl::OkStatus(); });
    server_.OnFollow("Watch", {Bytes(kSnapshot), Bytes(kFailure)},
                     absl::InvalidArgumentError("that is all"));
  }
  int Run(const std::vector<std::string>& words) { return cli::Run(words, &io_); }

  std::istringstream in_;
  std::ostringstream out_;
  std::ostringstream err_;
  sdk::FakeServer server_;
  Io io_;
};

TEST_F(WatchCommandTest, PrintsAFailureAsPeopleTellIt) {
  EXPECT_EQ(Run({"watch", "ipmp0", "--limit", "4"}), kExitDone);
  EXPECT_EQ(err_.str(), "synced at revision 58, 5 objects\n");
  EXPECT_EQ(
      out_.str(),
      "12:00:07.412  interface  eth1                  ok -> failed            ReportInterface\n"
      "12:00:07.412  interface  eth3                  inactive -> active      ReportInterface\n"
      "12:00:07.412  address    ipmp0/192.0.2.10      eth1 -> eth3            ReportInterface\n"
      "12:00:07.412  group      ipmp0                 ok -> degraded          ReportInterface\n");
}

TEST_F(WatchCommandTest, EveryChangeIsADocument) {
  EXPECT_EQ(Run({"watch", "ipmp0/192.0.2.10", "--limit", "1", "-o", "jsonl"}), kExitDone);
  const auto document = Json::parse(out_.str());
  EXPECT_EQ(document["revision"], 59);
  EXPECT_EQ(document["type"], "updated");
  EXPECT_EQ(document["name"], "zones/global/groups/ipmp0/addresses/192.0.2.10");
  EXPECT_EQ(document["object"]["address"]["status"]["bound_interface"], "eth3");
}

TEST_F(WatchCommandTest, AnErrorThatAnotherCallWouldNotMendEndsIt) {
  EXPECT_EQ(Run({"watch", "--kind", "interface"}), kExitUsage);
  EXPECT_NE(out_.str().find("eth9"), std::string::npos);
  EXPECT_NE(err_.str().find("that is all"), std::string::npos);
  const auto asked = server_.LastRequest<v1::WatchRequest>();
  ASSERT_EQ(asked.kinds_size(), 1);
  EXPECT_EQ(asked.kinds(0), v1::WatchRequest::KIND_INTERFACE);
}

}  // namespace
}  // namespace netstackd::cli
