// ConfigService.TransactStream over real gRPC.
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/mutex.h"
#include "gmock/gmock.h"
#include "server/rpc/limits.h"
#include "storage/faulty/faulty_journal.h"
#include "tests/integration/served.h"

namespace netstackd::integration {
namespace {

using Stream = grpc::ClientReaderWriter<v1::TransactRequest, v1::TransactStreamResponse>;

std::string Create(const std::string& group, const std::string& options = "") {
  return absl::StrCat("operations { create { group { name: 'zones/global/groups/", group,
                      "' spec { ipv4: true } } } } options { ", options, " }");
}

std::string Remove(const std::string& group) {
  return absl::StrCat("operations { remove: 'zones/global/groups/", group, "' }");
}

std::string Id(int number) {
  return absl::StrCat("request_id: '01234567-89ab-cdef-0123-", 100000000000 + number, "'");
}

// All answers of one stream, added up.
struct Sum {
  std::int64_t sequence = 0;
  std::int64_t revision = 0;
  std::int64_t replayed = 0;
  std::map<std::int64_t, Failure> failures;

  void Add(const v1::TransactStreamResponse& answer) {
    EXPECT_GT(answer.sequence(), sequence);
    EXPECT_GE(answer.revision(), revision);
    for (const auto& failure : answer.failures()) {
      EXPECT_GT(failure.sequence(), sequence);
      EXPECT_LE(failure.sequence(), answer.sequence());
      const auto& status = failure.status();
      failures[failure.sequence()] =
          TakeApart(grpc::Status(static_cast<grpc::StatusCode>(status.code()), status.message(),
                                 status.SerializeAsString()));
    }
    sequence = answer.sequence();
    revision = answer.revision();
    replayed += answer.replayed();
  }
};

class TransactStreamTest : public Served {
 protected:
  explicit TransactStreamTest(Store store = Store::kMemory) : Served(store) {}

  std::unique_ptr<Stream> Open() {
    context_ = std::make_unique<grpc::ClientContext>();
    SetDeadline(context_.get());
    return config_->TransactStream(context_.get());
  }

  static void Write(Stream* stream, const std::string& request) {
    EXPECT_TRUE(stream->Write(Text<v1::TransactRequest>(request)));
  }

  // Reads to the end, which must be `code`.
  static Sum Rest(Stream* stream, grpc::StatusCode code = grpc::StatusCode::OK) {
    Sum sum;
    v1::TransactStreamResponse answer;
    while (stream->Read(&answer)) sum.Add(answer);
    const grpc::Status end = stream->Finish();
    EXPECT_EQ(end.error_code(), code) << end.error_message();
    return sum;
  }

  static Sum Close(Stream* stream) {
    stream->WritesDone();
    return Rest(stream);
  }

  // From here on the writer waits in the journal until Release.
  storage::FaultyJournal* Hold() {
    server_.reset();
    executor_.reset();
    auto journal = std::make_unique<storage::FaultyJournal>();
    storage::FaultyJournal* held = journal.get();
    held->OnAppend([this] {
      MutexLock lock(&mu_);
      ++appends_;
      changed_.NotifyAll();
      while (holds_) changed_.Wait(&mu_);
    });
    journal_ = std::move(journal);
    Start();
    return held;
  }
  void Release() {
    MutexLock lock(&mu_);
    holds_ = false;
    changed_.NotifyAll();
  }
  void HoldAgain() {
    MutexLock lock(&mu_);
    holds_ = true;
    appends_ = 0;
  }
  void AwaitAppend() {
    MutexLock lock(&mu_);
    while (appends_ == 0) changed_.Wait(&mu_);
  }

  Mutex mu_;
  CondVar changed_;
  int appends_ ABSL_GUARDED_BY(mu_) = 0;
  bool holds_ ABSL_GUARDED_BY(mu_) = true;
  std::unique_ptr<grpc::ClientContext> context_;
};

TEST_F(TransactStreamTest, FailuresInTheMiddleStopNobody) {
  const auto stream = Open();
  Write(stream.get(), Create("a"));
  Write(stream.get(), Create("not a name"));
  Write(stream.get(), Create("b"));
  Write(stream.get(), Remove("missing"));
  Write(stream.get(), Create("c"));
  const Sum sum = Close(stream.get());
  EXPECT_EQ(sum.sequence, 5);
  EXPECT_EQ(sum.revision, 3);
  EXPECT_EQ(Revision(), 3);
  ASSERT_EQ(sum.failures.size(), 2u);
  EXPECT_EQ(sum.failures.at(2).reason, "INVALID_REQUEST");
  EXPECT_FALSE(sum.failures.at(2).fields.empty());
  EXPECT_EQ(sum.failures.at(4).reason, "GROUP_NOT_FOUND");
  EXPECT_EQ(sum.failures.at(4).status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(sum.failures.at(4).domain, "netstackd");
  for (const char* group : {"a", "b", "c"}) EXPECT_TRUE(Group(group).spec().ipv4());
}

TEST_F(TransactStreamTest, FailuresAreThoseOfTransact) {
  MakeGroup("a");
  for (const std::string& request :
       {Create("a"), Create("a") + " guards { name: 'zones/global/groups/x' exists: true }",
        Create("b") + " operations { remove: 'zones/global/groups/x' }", std::string(),
        Remove("zones/global/groups/a")}) {
    const auto alone = Config(&ConfigStub::Transact, request);
    const auto stream = Open();
    Write(stream.get(), request);
    const Sum sum = Close(stream.get());
    ASSERT_EQ(sum.failures.size(), 1u) << request;
    const Failure& failure = sum.failures.at(1);
    EXPECT_EQ(failure.reason, alone.reason) << request;
    EXPECT_EQ(failure.metadata, alone.metadata) << request;
    EXPECT_EQ(failure.fields, alone.fields) << request;
    EXPECT_EQ(failure.status.error_message(), alone.status.error_message()) << request;
  }
}

TEST_F(TransactStreamTest, OrderOfTheStreamIsKept) {
  const auto stream = Open();
  // Each can only be done after the one before it.
  for (int i = 0; i < 100; ++i) {
    Write(stream.get(), Create("a"));
    Write(stream.get(), Remove("a"));
  }
  const Sum sum = Close(stream.get());
  EXPECT_EQ(sum.sequence, 200);
  EXPECT_TRUE(sum.failures.empty());
  EXPECT_EQ(Revision(), 200);
}

TEST_F(TransactStreamTest, AStreamWithoutRequestsHasNoAnswer) {
  const Sum sum = Close(Open().get());
  EXPECT_EQ(sum.sequence, 0);
  EXPECT_EQ(Revision(), 0);
}

TEST_F(TransactStreamTest, DryRunsAndNoOpsAreAcknowledgedWithoutARevision) {
  const auto stream = Open();
  Write(stream.get(), Create("a", "validate_only: true"));
  const Sum sum = Close(stream.get());
  EXPECT_EQ(sum.sequence, 1);
  EXPECT_EQ(sum.revision, 0);
  EXPECT_TRUE(sum.failures.empty());
  EXPECT_EQ(Revision(), 0);
}

TEST_F(TransactStreamTest, WhatBecomesDurableTogetherIsAnsweredTogether) {
  Hold();
  const auto stream = Open();
  Write(stream.get(), Create("g0"));
  AwaitAppend();
  for (int i = 1; i < 20; ++i) Write(stream.get(), Create(absl::StrCat("g", i)));
  while (executor_->GetStatus().queued < 19) std::this_thread::yield();
  Release();
  v1::TransactStreamResponse answer;
  ASSERT_TRUE(stream->Read(&answer));
  EXPECT_EQ(answer.sequence(), 1);
  ASSERT_TRUE(stream->Read(&answer));
  EXPECT_EQ(answer.sequence(), 20);
  EXPECT_EQ(answer.revision(), 20);
  EXPECT_EQ(Close(stream.get()).sequence, 0);
}

// The thread that looks after all calls writes the change of a lonely caller itself.
TEST_F(TransactStreamTest, OtherCallsAreAnsweredWhileTheDiskStands) {
  Hold();
  for (int i = 0; i < 3; ++i) {
    const std::string group = absl::StrCat("g", i);
    std::thread caller([&] { MakeGroup(group); });
    AwaitAppend();
    EXPECT_TRUE(Admin(&AdminStub::Ping, "").ok());
    EXPECT_EQ(Ipmp(&IpmpStub::GetGroup, "name: 'zones/global/groups/" + group + "'").reason,
              "GROUP_NOT_FOUND");
    Release();
    caller.join();
    EXPECT_TRUE(Ipmp(&IpmpStub::GetGroup, "name: 'zones/global/groups/" + group + "'").ok());
    HoldAgain();
  }
  Release();
}

TEST_F(TransactStreamTest, TheServerReadsNoFurtherThanItsBound) {
  Hold();
  const auto stream = Open();
  Write(stream.get(), Create("a"));
  AwaitAppend();  // the writer has taken one, and stands still
  constexpr std::size_t kWait = rpc::kTransactsInFlightMax - 1;
  constexpr int kMore = rpc::kTransactsInFlightMax + 300;
  for (int i = 0; i < kMore; ++i) Write(stream.get(), Remove("missing"));
  stream->WritesDone();
  while (executor_->GetStatus().queued < kWait) std::this_thread::yield();
  // Behind the requests, on the same connection: those have come.
  EXPECT_TRUE(Admin(&AdminStub::Ping, "").ok());
  EXPECT_EQ(executor_->GetStatus().queued, kWait);
  Release();
  const Sum sum = Rest(stream.get());
  EXPECT_EQ(sum.sequence, 1 + kMore);
  EXPECT_EQ(sum.failures.size(), static_cast<std::size_t>(kMore));
}

TEST_F(TransactStreamTest, TheEndOfTheServerEndsTheStreamAfterItsAnswers) {
  Hold();
  const auto stream = Open();
  Write(stream.get(), Create("a"));
  AwaitAppend();
  server_->Close();
  Release();
  const Sum sum = Rest(stream.get(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(sum.sequence, 1);
  EXPECT_EQ(sum.revision, 1);
}

TEST_F(TransactStreamTest, AnIdleStreamDoesNotHoldTheServerUp) {
  const auto stream = Open();
  Write(stream.get(), Create("a"));
  v1::TransactStreamResponse answer;
  ASSERT_TRUE(stream->Read(&answer));
  server_->Close();
  EXPECT_FALSE(stream->Read(&answer));
  EXPECT_EQ(TakeApart(stream->Finish()).reason, "SERVER_DRAINING");
  const auto late = Open();
  EXPECT_EQ(Rest(late.get(), grpc::StatusCode::UNAVAILABLE).sequence, 0);
}

TEST_F(TransactStreamTest, ACallerWhoGoesAwayLeavesNothingBehind) {
  Hold();
  {
    const auto stream = Open();
    for (int i = 0; i < 10; ++i) Write(stream.get(), Create(absl::StrCat("g", i)));
    AwaitAppend();
    context_->TryCancel();
    v1::TransactStreamResponse answer;
    while (stream->Read(&answer)) {
    }
    EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::CANCELLED);
  }
  Release();
  executor_->Flush();
  EXPECT_TRUE(Group("g0").spec().ipv4());  // was on its way to the journal
  server_->Stop(absl::Seconds(20));        // waits for every stream
}

class SqliteTransactStreamTest : public TransactStreamTest {
 protected:
  SqliteTransactStreamTest() : TransactStreamTest(Store::kSqlite) {}
};

TEST_F(SqliteTransactStreamTest, WhatIsSentAgainIsDoneOnce) {
  auto stream = Open();
  for (int i = 0; i < 10; ++i) Write(stream.get(), Create(absl::StrCat("g", i), Id(i)));
  EXPECT_EQ(Close(stream.get()).replayed, 0);
  Restart();
  stream = Open();
  for (int i = 5; i < 15; ++i) Write(stream.get(), Create(absl::StrCat("g", i), Id(i)));
  Write(stream.get(), Create("other", Id(3)));
  const Sum sum = Close(stream.get());
  EXPECT_EQ(sum.sequence, 11);
  EXPECT_EQ(sum.replayed, 5);
  EXPECT_EQ(sum.revision, 15);
  ASSERT_EQ(sum.failures.size(), 1u);
  EXPECT_EQ(sum.failures.at(11).reason, "REQUEST_ID_REUSED");
  EXPECT_EQ(Revision(), 15);
}

TEST_F(SqliteTransactStreamTest, TransactGivesTheAnswerOfWhatCameOverAStream) {
  const std::string request =
      absl::StrCat(Create("a", Id(1)), " operations { create { ip_interface { name: ",
                   "'zones/global/interfaces/net0' spec { group: 'a' ipv4: true } } } }");
  auto stream = Open();
  Write(stream.get(), request);
  EXPECT_EQ(Close(stream.get()).revision, 1);
  for (int round = 0; round < 2; ++round) {
    const auto again = Config(&ConfigStub::Transact, request);
    ASSERT_TRUE(again.ok()) << again.status.error_message();
    const v1::WriteResult& result = again.response.result();
    EXPECT_TRUE(result.replayed());
    EXPECT_TRUE(result.changed());
    EXPECT_EQ(result.revision(), 1);
    const auto kept = Config(&ConfigStub::GetTransaction, "revision: 1");
    EXPECT_GT(kept.response.transaction().plan().steps_size(), 1);
    EXPECT_EQ(result.plan().SerializeAsString(),
              kept.response.transaction().plan().SerializeAsString());
    Restart();
  }
}

TEST_F(SqliteTransactStreamTest, WhatCameToTransactIsAcknowledgedByAStream) {
  ASSERT_TRUE(Config(&ConfigStub::Transact, Create("a", Id(1))).ok());
  const auto stream = Open();
  Write(stream.get(), Create("a", Id(1)));
  const Sum sum = Close(stream.get());
  EXPECT_EQ(sum.replayed, 1);
  EXPECT_EQ(sum.revision, 1);
  EXPECT_EQ(Revision(), 1);
}

}  // namespace
}  // namespace netstackd::integration
