// The SDK against a gRPC server in the same process: what a fake stub cannot show.
#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <thread>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "netstackd/client.h"
#include "netstackd/v1/admin.grpc.pb.h"
#include "netstackd/v1/ipmp_service.grpc.pb.h"
#include "netstackd/v1/watch.grpc.pb.h"

namespace netstackd {
namespace {

grpc::Status Refusal() {
  google::rpc::ErrorInfo info;
  info.set_domain("netstackd");
  info.set_reason("INTERFACE_HAS_UP_ADDRESSES");
  (*info.mutable_metadata())["family"] = "ipv4";
  google::rpc::Status status;
  status.set_code(9);
  status.add_details()->PackFrom(info);
  return {grpc::StatusCode::FAILED_PRECONDITION, "an address is up", status.SerializeAsString()};
}

class FakeIpmp final : public v1::IpmpService::Service {
 public:
  grpc::Status JoinGroup(grpc::ServerContext*, const v1::JoinGroupRequest*,
                         v1::JoinGroupResponse*) override {
    return Refusal();
  }
  // Fails twice as a server that is starting does.
  grpc::Status LeaveGroup(grpc::ServerContext* context, const v1::LeaveGroupRequest* request,
                          v1::LeaveGroupResponse* response) override {
    user_agent = std::string(context->client_metadata().find("user-agent")->second.data(),
                             context->client_metadata().find("user-agent")->second.size());
    ids.push_back(request->options().request_id());
    if (++attempts < 3) return {grpc::StatusCode::UNAVAILABLE, "starting"};
    response->mutable_result()->set_revision(12);
    return grpc::Status::OK;
  }
  // Answers when the caller has given up.
  grpc::Status GetGroup(grpc::ServerContext* context, const v1::GetGroupRequest*,
                        v1::GetGroupResponse*) override {
    while (!context->IsCancelled()) std::this_thread::yield();
    return grpc::Status::OK;
  }

  std::atomic<int> attempts = 0;
  std::vector<std::string> ids;  // one call at a time
  std::string user_agent;
};

class FakeAdmin final : public v1::AdminService::Service {
 public:
  grpc::Status Backup(grpc::ServerContext*, const v1::BackupRequest*,
                      grpc::ServerWriter<v1::BackupResponse>* writer) override {
    v1::BackupResponse part;
    part.set_total_bytes(3);
    for (const char* byte : {"a", "b", "c"}) {
      part.set_chunk(byte);
      writer->Write(part);
    }
    return {grpc::StatusCode::DATA_LOSS, "the disk died"};
  }
};

// Says one thing, then nothing until the caller has given up.
class FakeWatch final : public v1::WatchService::Service {
 public:
  grpc::Status Watch(grpc::ServerContext* context, const v1::WatchRequest* request,
                     grpc::ServerWriter<v1::WatchResponse>* writer) override {
    v1::WatchResponse message;
    message.mutable_synced()->set_store_id("s");
    message.mutable_synced()->set_revision(request->after_revision() + 1);
    writer->Write(message);
    while (!context->IsCancelled()) std::this_thread::yield();
    return grpc::Status::OK;
  }
};

class ChannelTest : public ::testing::Test {
 protected:
  ChannelTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "nsd-XXXXXX").string();
    directory_ = mkdtemp(pattern.data());
    endpoint_ = "unix:" + directory_ + "/s";
    grpc::EnableDefaultHealthCheckService(true);
    grpc::ServerBuilder builder;
    builder.AddListeningPort(endpoint_, grpc::InsecureServerCredentials());
    builder.RegisterService(&ipmp_);
    builder.RegisterService(&admin_);
    builder.RegisterService(&watch_);
    server_ = builder.BuildAndStart();
    auto client = Client::Connect(
        {.endpoint = endpoint_, .wait = absl::Seconds(10), .user_agent = "channel-test"});
    EXPECT_TRUE(client.ok()) << client.status();
    client_ = *std::move(client);
  }
  ~ChannelTest() override {
    client_.reset();
    server_->Shutdown();
    std::filesystem::remove_all(directory_);
  }

  std::string directory_;
  std::string endpoint_;
  FakeIpmp ipmp_;
  FakeAdmin admin_;
  FakeWatch watch_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<Client> client_;
};

TEST_F(ChannelTest, ARefusalArrivesWithReasonAndMetadata) {
  const auto joined = client_->ipmp().JoinGroup("zones/global/interfaces/net0", "ipmp0");
  const auto details = DetailsOf(joined.status());
  ASSERT_TRUE(details.has_value()) << joined.status();
  EXPECT_EQ(details->reason, ErrorReason::kInterfaceHasUpAddresses);
  EXPECT_EQ(details->metadata.at("family"), "ipv4");
  EXPECT_EQ(joined.status().message(), "an address is up");
}

TEST_F(ChannelTest, AServerThatIsStartingIsAskedAgainWithTheSameId) {
  const auto left = client_->ipmp().LeaveGroup("zones/global/interfaces/net0");
  ASSERT_TRUE(left.ok()) << left.status();
  EXPECT_EQ(left->result.revision(), 12);
  ASSERT_EQ(ipmp_.ids.size(), 3U);
  EXPECT_EQ(ipmp_.ids[0], ipmp_.ids[2]);
  EXPECT_THAT(ipmp_.user_agent, ::testing::StartsWith("channel-test"));
}

TEST_F(ChannelTest, ACallEndsAtItsDeadline) {
  const auto group =
      client_->ipmp().GetGroup("zones/global/groups/g", {.deadline = absl::Milliseconds(50)});
  EXPECT_EQ(group.status().code(), absl::StatusCode::kDeadlineExceeded);
}

TEST_F(ChannelTest, AStreamGivesItsPartsAndThenItsError) {
  std::string bytes;
  const auto summary = client_->admin().Backup([&](const std::string& chunk) {
    bytes += chunk;
    return absl::OkStatus();
  });
  EXPECT_EQ(bytes, "abc");
  EXPECT_EQ(summary.status(), absl::DataLossError("the disk died"));
}

TEST_F(ChannelTest, AStreamEndsEarlyWhenTheVisitorFails) {
  int parts = 0;
  const auto summary = client_->admin().Backup([&](const std::string&) {
    ++parts;
    return absl::AbortedError("enough");
  });
  EXPECT_EQ(parts, 1);
  EXPECT_EQ(summary.status(), absl::AbortedError("enough"));
}

TEST_F(ChannelTest, ASilentWatchIsOpenedAgainAndStopsWhenItIsTold) {
  Stopper stopper;
  std::vector<std::int64_t> revisions;
  std::vector<absl::Status> broken;
  std::thread other;
  WatchOptions options;
  options.bookmark_interval = absl::Milliseconds(300);
  options.backoff.backoff_first = absl::Milliseconds(1);
  const absl::Status end =
      client_->watch().Watch(options,
                             {.message =
                                  [&](const v1::WatchResponse& message) {
                                    revisions.push_back(message.synced().revision());
                                    // The second stream is silent, too; another thread ends it.
                                    if (revisions.size() == 2)
                                      other = std::thread([&] { stopper.Stop(); });
                                    return absl::OkStatus();
                                  },
                              .broken = [&](const absl::Status& why) { broken.push_back(why); }},
                             &stopper);
  other.join();
  EXPECT_TRUE(end.ok()) << end;
  EXPECT_EQ(revisions, (std::vector<std::int64_t>{1, 2}));
  ASSERT_EQ(broken.size(), 1U);
  EXPECT_EQ(broken[0].code(), absl::StatusCode::kDeadlineExceeded);
}

TEST_F(ChannelTest, HealthIsReadWithoutItsProto) {
  EXPECT_EQ(client_->admin().CheckHealth("").value(), Health::kServing);
  EXPECT_EQ(client_->admin().CheckHealth("no.such.Service").value(), Health::kServiceUnknown);
}

TEST_F(ChannelTest, WaitingForNobodyEndsInTime) {
  const auto client = Client::Connect(
      {.endpoint = "unix:" + directory_ + "/nobody", .wait = absl::Milliseconds(50)});
  EXPECT_EQ(client.status().code(), absl::StatusCode::kUnavailable);
}

TEST_F(ChannelTest, WithoutAServerACallIsUnavailable) {
  auto client = Client::Connect({.endpoint = "unix:" + directory_ + "/nobody"});
  ASSERT_TRUE(client.ok());
  EXPECT_EQ((*client)->admin().GetServerInfo().status().code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace netstackd
