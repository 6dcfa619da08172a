#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "client/sdk/error_mapping.h"
#include "client/sdk/testing/fake_stub.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "netstackd/client.h"

namespace netstackd {
namespace {

using ::testing::ElementsAre;
using ::testing::Not;

constexpr absl::Duration kMs = absl::Milliseconds(1);

absl::Status Unavailable() { return absl::UnavailableError("nobody there"); }

absl::Status AskToWait(absl::Duration delay) {
  google::rpc::RetryInfo retry;
  retry.mutable_retry_delay()->set_seconds(delay / absl::Seconds(1));
  retry.mutable_retry_delay()->set_nanos(
      static_cast<std::int32_t>((delay % absl::Seconds(1)) / absl::Nanoseconds(1)));
  google::rpc::Status status;
  status.add_details()->PackFrom(retry);
  return sdk::StatusFromWire(14, "later", status.SerializeAsString());
}

// A client whose server answers the statuses of a list, then OK; time passes only in waits.
class RetryTest : public ::testing::Test {
 protected:
  RetryTest() : clock_(absl::UnixEpoch()) {}

  std::unique_ptr<Client> NewClient(std::vector<absl::Status> answers,
                                    absl::Duration call_takes = absl::ZeroDuration()) {
    server_.On<v1::JoinGroupRequest, v1::JoinGroupResponse>(
        "JoinGroup", [this, answers = std::move(answers), call_takes](const auto&, auto*) {
          clock_.Advance(call_takes);
          const std::size_t n = server_.calls().size() - 1;
          return n < answers.size() ? answers[n] : absl::OkStatus();
        });
    RetryEnvironment environment;
    environment.clock = &clock_;
    environment.sleep = [this](absl::Duration wait) {
      waits_.push_back(wait);
      clock_.Advance(wait);
    };
    environment.random = [this] { return random_; };
    return std::make_unique<Client>(
        MakeRetryingStub(server_.NewStub(), RetryPolicy{}, environment));
  }

  absl::Status Join(Client* client, const CallOptions& options = {}) {
    return client->ipmp().JoinGroup("zones/global/interfaces/net0", "ipmp0", options).status();
  }

  double random_ = 0.5;  // the middle: no jitter
  FakeClock clock_;
  sdk::FakeServer server_;
  std::vector<absl::Duration> waits_;
};

TEST_F(RetryTest, ThreeUnavailableAnswersThenOkIsOk) {
  auto client = NewClient({Unavailable(), Unavailable(), Unavailable()});
  EXPECT_TRUE(Join(client.get()).ok());
  EXPECT_EQ(server_.calls().size(), 4U);
  EXPECT_THAT(waits_, ElementsAre(100 * kMs, 200 * kMs, 400 * kMs));
}

TEST_F(RetryTest, TheFourthFailureIsReturned) {
  auto client = NewClient(std::vector<absl::Status>(9, Unavailable()));
  EXPECT_EQ(Join(client.get()).code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(server_.calls().size(), 4U);
}

TEST_F(RetryTest, TheRequestIdIsMadeOnceAndKept) {
  auto client = NewClient({Unavailable(), Unavailable()});
  EXPECT_TRUE(Join(client.get()).ok());
  ASSERT_EQ(server_.calls().size(), 3U);
  EXPECT_EQ(server_.calls()[0].request, server_.calls()[1].request);
  EXPECT_EQ(server_.calls()[0].request, server_.calls()[2].request);
  const std::string id = server_.LastRequest<v1::JoinGroupRequest>().options().request_id();
  EXPECT_THAT(id, ::testing::MatchesRegex(
                      "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
  EXPECT_TRUE(Join(client.get()).ok());
  EXPECT_THAT(server_.LastRequest<v1::JoinGroupRequest>().options().request_id(), Not(id));
}

TEST_F(RetryTest, OnlyUnavailableIsRepeated) {
  for (const absl::StatusCode code :
       {absl::StatusCode::kDeadlineExceeded, absl::StatusCode::kAborted,
        absl::StatusCode::kResourceExhausted, absl::StatusCode::kInternal}) {
    sdk::FakeServer server;
    server.OnOthers([code](const std::string&) { return absl::Status(code, "no"); });
    Client client(MakeRetryingStub(server.NewStub(), RetryPolicy{}));
    EXPECT_EQ(Join(&client).code(), code);
    EXPECT_EQ(server.calls().size(), 1U);
  }
}

TEST_F(RetryTest, WaitsAsLongAsTheServerAsks) {
  auto client = NewClient({AskToWait(absl::Milliseconds(1500))});
  EXPECT_TRUE(Join(client.get()).ok());
  EXPECT_THAT(waits_, ElementsAre(1500 * kMs));
}

TEST_F(RetryTest, AShorterDelayOfTheServerDoesNotShortenTheBackoff) {
  auto client = NewClient({AskToWait(absl::Milliseconds(10))});
  EXPECT_TRUE(Join(client.get()).ok());
  EXPECT_THAT(waits_, ElementsAre(100 * kMs));
}

TEST_F(RetryTest, NeverWaitsBeyondTheDeadline) {
  auto client = NewClient({Unavailable(), Unavailable()});
  EXPECT_EQ(Join(client.get(), {.deadline = absl::Milliseconds(250)}).code(),
            absl::StatusCode::kUnavailable);
  EXPECT_THAT(waits_, ElementsAre(100 * kMs));  // the second would end at 300 ms
}

TEST_F(RetryTest, EveryAttemptGetsTheTimeThatIsLeft) {
  auto client = NewClient({Unavailable(), Unavailable()}, absl::Milliseconds(50));
  EXPECT_TRUE(Join(client.get(), {.deadline = absl::Seconds(1)}).ok());
  std::vector<absl::Duration> timeouts;
  for (const auto& call : server_.calls()) timeouts.push_back(call.timeout);
  EXPECT_THAT(timeouts, ElementsAre(1000 * kMs, 850 * kMs, 600 * kMs));
}

TEST_F(RetryTest, JitterStaysWithinAFifth) {
  random_ = 0.0;
  auto low = NewClient({Unavailable()});
  EXPECT_TRUE(Join(low.get()).ok());
  EXPECT_THAT(waits_, ElementsAre(80 * kMs));
}

TEST_F(RetryTest, TheDefaultDeadlineIsThirtySeconds) {
  auto client = NewClient({});
  EXPECT_TRUE(Join(client.get()).ok());
  EXPECT_EQ(server_.calls()[0].timeout, absl::Seconds(30));
}

}  // namespace
}  // namespace netstackd
