#include "netstackd/change_stream.h"

#include <map>
#include <string>

#include "base/error.h"
#include "client/sdk/testing/fake_stub.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "netstackd/config_client.h"

namespace netstackd {
namespace {

std::string Acknowledge(std::int64_t sequence, std::int64_t revision) {
  v1::TransactStreamResponse answer;
  answer.set_sequence(sequence);
  answer.set_revision(revision);
  return answer.SerializeAsString();
}

std::string AcknowledgeButFail(std::int64_t sequence, std::int64_t failed) {
  v1::TransactStreamResponse answer;
  answer.set_sequence(sequence);
  auto* failure = answer.add_failures();
  failure->set_sequence(failed);
  failure->mutable_status()->set_code(5);
  failure->mutable_status()->set_message("gone");
  google::rpc::ErrorInfo info;
  info.set_domain("netstackd");
  info.set_reason("GROUP_NOT_FOUND");
  failure->mutable_status()->add_details()->PackFrom(info);
  return answer.SerializeAsString();
}

class ChangeStreamTest : public ::testing::Test {
 protected:
  std::vector<std::string> NamesOf(const std::vector<v1::TransactRequest>& requests) {
    std::vector<std::string> names;
    for (const auto& request : requests) names.push_back(request.operations(0).remove());
    return names;
  }

  sdk::FakeServer server_;
  const std::unique_ptr<Stub> stub_ = server_.NewStub();
  ConfigClient config_{stub_.get(), absl::Seconds(1)};
};

TEST_F(ChangeStreamTest, WaitsWhenTooManyAreInFlight) {
  server_.OnStream("TransactStream", {Acknowledge(1, 7), Acknowledge(3, 9)}, absl::OkStatus());
  const auto stream = config_.OpenStream({.in_flight_max = 2});
  ASSERT_EQ(*stream->Send(ChangeSet().Remove("a")), 1);
  ASSERT_EQ(*stream->Send(ChangeSet().Remove("b")), 2);
  EXPECT_EQ(stream->acknowledged(), 0);
  ASSERT_EQ(*stream->Send(ChangeSet().Remove("c")), 3);
  EXPECT_EQ(stream->acknowledged(), 1);
  EXPECT_EQ(stream->revision(), 7);
  ASSERT_TRUE(stream->WaitFor(2).ok());
  EXPECT_EQ(stream->acknowledged(), 3);
  EXPECT_TRUE(stream->Close().ok());
}

TEST_F(ChangeStreamTest, EveryRequestHasAnIdOfItsOwn) {
  server_.OnStream("TransactStream", {Acknowledge(2, 2)}, absl::OkStatus());
  const auto stream = config_.OpenStream();
  ASSERT_TRUE(stream->Send(ChangeSet().Remove("a")).ok());
  const auto first = server_.LastRequest<v1::TransactRequest>().options().request_id();
  ASSERT_TRUE(stream->Send(ChangeSet().Remove("a")).ok());
  EXPECT_EQ(first.size(), 36u);
  EXPECT_NE(server_.LastRequest<v1::TransactRequest>().options().request_id(), first);
}

TEST_F(ChangeStreamTest, FailuresAreTheErrorsOfTransact) {
  server_.OnStream("TransactStream", {AcknowledgeButFail(3, 2)}, absl::OkStatus());
  std::map<std::int64_t, absl::Status> failures;
  const auto stream =
      config_.OpenStream({.on_failure = [&](std::int64_t sequence, const absl::Status& error) {
        failures[sequence] = error;
      }});
  for (const char* name : {"a", "b", "c"}) ASSERT_TRUE(stream->Send(ChangeSet().Remove(name)).ok());
  ASSERT_TRUE(stream->Close().ok());
  ASSERT_EQ(failures.size(), 1u);
  EXPECT_EQ(failures.begin()->first, 2);
  EXPECT_EQ(ReasonOf(failures.begin()->second), ErrorReason::kGroupNotFound);
}

TEST_F(ChangeStreamTest, WhatIsOpenWhenItBreaksCanBeSentAgain) {
  server_.OnStream("TransactStream", {Acknowledge(1, 1)}, absl::UnavailableError("gone"));
  const auto stream = config_.OpenStream();
  for (const char* name : {"a", "b", "c"}) ASSERT_TRUE(stream->Send(ChangeSet().Remove(name)).ok());
  EXPECT_EQ(stream->WaitFor(3).code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(NamesOf(stream->Unacknowledged()), ::testing::ElementsAre("b", "c"));
}

TEST_F(ChangeStreamTest, AnEndBeforeTheLastAnswerIsAnError) {
  server_.OnStream("TransactStream", {Acknowledge(1, 1)}, absl::OkStatus());
  const auto stream = config_.OpenStream();
  for (const char* name : {"a", "b"}) ASSERT_TRUE(stream->Send(ChangeSet().Remove(name)).ok());
  EXPECT_EQ(stream->Close().code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace netstackd
