// Watches over real gRPC: what a client sees that is cut off, does not read, or is one of many.
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/mutex.h"
#include "netstackd/client.h"
#include "netstackd/v1/watch.grpc.pb.h"
#include "server/watch/testing/watch_model.h"
#include "storage/sqlite/restore.h"
#include "tests/integration/served.h"

namespace netstackd::integration {
namespace {

using watch::testing_support::AllOf;
using watch::testing_support::Known;
using watch::testing_support::WatchModel;

// One call of Watch, read by the test's own thread.
class Watching {
 public:
  Watching(const std::shared_ptr<grpc::Channel>& channel, const v1::WatchRequest& request)
      : stub_(v1::WatchService::NewStub(channel)) {
    context_.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(120));
    context_.set_wait_for_ready(true);
    reader_ = stub_->Watch(&context_, request);
  }
  ~Watching() { Cancel(); }

  // False at the end of the stream.
  bool Read(WatchModel* model) {
    v1::WatchResponse response;
    if (!reader_->Read(&response)) return false;
    EXPECT_LE(response.ByteSizeLong(), std::size_t{1} << 20);
    model->Apply(response);
    return true;
  }
  // Reads until the model has come to `revision`; false if the stream ends before.
  bool ReadTo(std::int64_t revision, WatchModel* model) {
    while (!model->synced || model->position < revision) {
      if (!Read(model)) return false;
    }
    return true;
  }
  Failure Finish() {
    if (finished_) return {};
    finished_ = true;
    return TakeApart(reader_->Finish());
  }
  void Cancel() {
    context_.TryCancel();
    v1::WatchResponse rest;
    while (!finished_ && reader_->Read(&rest)) {
    }
    (void)Finish();
  }

 private:
  const std::unique_ptr<v1::WatchService::Stub> stub_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<v1::WatchResponse>> reader_;
  bool finished_ = false;
};

v1::WatchRequest After(const WatchModel& model) {
  v1::WatchRequest request;
  request.set_store_id(model.store_id);
  request.set_after_revision(model.position);
  return request;
}

class WatchTest : public Served {
 protected:
  explicit WatchTest(Store store = Store::kMemory) : Served(store) {}

  void Label(const std::string& group, const std::string& value) {
    const auto set =
        Ipmp(&IpmpStub::UpdateGroup, "group { name: 'zones/global/groups/" + group +
                                         "' meta { labels { key: 'test' value: '" + value +
                                         "' } } } update_mask { paths: 'meta.labels' }");
    ASSERT_TRUE(set.ok()) << set.status.error_message();
  }
  // Makes the group 16 KB large.
  void LabelMuch(const std::string& group, int number) {
    v1::UpdateGroupRequest request;
    request.mutable_group()->set_name("zones/global/groups/" + group);
    for (int i = 0; i < 64; ++i) {
      (*request.mutable_group()->mutable_meta()->mutable_labels())["key" + std::to_string(i)] =
          std::to_string(number) + std::string(250, 'x');
    }
    request.mutable_update_mask()->add_paths("meta.labels");
    const auto set = Send(*ipmp_, &IpmpStub::UpdateGroup, request);
    ASSERT_TRUE(set.ok()) << set.status.error_message();
  }
  Known State() {
    return executor_->Read(
        [](const core::State& state, executor::Revision) { return AllOf(state); });
  }
  Failure Refused(const std::string& request) {
    Watching watching(channel_, Text<v1::WatchRequest>(request));
    WatchModel model;
    while (watching.Read(&model)) {
    }
    return watching.Finish();
  }
};

TEST_F(WatchTest, SnapshotThenNews) {
  MakeGroup("ipmp0");
  MakeInterface("net0", "ipv4: true group: 'ipmp0'");
  MakeAddress("groups/ipmp0", "192.0.2.10/24");
  Watching watching(channel_, {});
  WatchModel model;
  ASSERT_TRUE(watching.ReadTo(3, &model));
  EXPECT_EQ(model.known(), State());
  EXPECT_EQ(model.objects.size(), 3u);
  MakeAddress("groups/ipmp0", "192.0.2.11/24");
  ASSERT_TRUE(watching.ReadTo(4, &model));
  EXPECT_EQ(model.known(), State());
}

TEST_F(WatchTest, WrongRequestsAreRefused) {
  EXPECT_EQ(Refused("filter: 'spec.nothing = 1'").reason, "INVALID_FILTER");
  EXPECT_EQ(Refused("kinds: KIND_GROUP filter: 'spec.standby = true'").reason, "INVALID_FILTER");
  EXPECT_EQ(Refused("after_revision: 5").fields, std::vector<std::string>{"store_id"});
  EXPECT_EQ(Refused("kinds: KIND_TRANSACTION latest_only: true").fields,
            std::vector<std::string>{"latest_only"});
  EXPECT_EQ(Refused("bookmark_interval { seconds: 61 }").fields,
            std::vector<std::string>{"bookmark_interval"});
}

TEST_F(WatchTest, AFilterIsForTheKindsThatHaveItsFields) {
  MakeGroup("ipmp0");
  MakeInterface("net0", "ipv4: true standby: true");
  MakeInterface("net1", "ipv4: true");
  Watching watching(channel_, Text<v1::WatchRequest>("filter: 'spec.standby = true'"));
  WatchModel model;
  ASSERT_TRUE(watching.ReadTo(3, &model));
  ASSERT_EQ(model.objects.size(), 1u);
  EXPECT_EQ(model.objects.begin()->second.ip_interface().name(), "zones/global/interfaces/net0");
  ASSERT_TRUE(Ipmp(&IpmpStub::UpdateInterface,
                   "ip_interface { name: 'zones/global/interfaces/net0' spec { standby: false } } "
                   "update_mask { paths: 'spec.standby' }")
                  .ok());
  ASSERT_TRUE(watching.ReadTo(4, &model));
  EXPECT_EQ(model.events.back().second.type(), v1::Event::TYPE_DELETED);
  EXPECT_TRUE(model.objects.empty());
}

// NETSTACKD_WATCH_REVISIONS asks for a longer run.
TEST_F(WatchTest, AWatcherCutOffAtEveryEventMissesNothing) {
  const char* const asked = std::getenv("NETSTACKD_WATCH_REVISIONS");
  const int count = asked == nullptr ? 300 : std::atoi(asked);
  MakeGroup("ipmp0");
  std::atomic<bool> failed{false};
  std::thread writer([&] {
    for (int i = 0; i < count && !failed; ++i) {
      Label("ipmp0", std::to_string(i));
      if (testing::Test::HasFatalFailure()) failed = true;
    }
  });
  WatchModel model;
  int calls = 0;
  while (model.position < count + 1 && !testing::Test::HasFailure()) {
    Watching watching(channel_, model.synced ? After(model) : v1::WatchRequest());
    const std::int64_t before = model.position;
    const bool fresh = !model.synced;
    ++calls;
    // Cut off as soon as anything came.
    while (model.position == before && (!fresh || !model.synced)) {
      if (!watching.Read(&model)) break;
    }
  }
  failed = true;
  writer.join();
  EXPECT_GT(calls, count / 50);
  const std::int64_t first = model.revisions.empty() ? 0 : model.revisions.front();
  ASSERT_EQ(static_cast<std::int64_t>(model.revisions.size()), count + 1 - first + 1);
  for (std::size_t i = 0; i < model.revisions.size(); ++i) {
    ASSERT_EQ(model.revisions[i], first + static_cast<std::int64_t>(i));
  }
  EXPECT_EQ(model.known(), State());
}

TEST_F(WatchTest, WhoDoesNotReadIsToldWhereToGoOn) {
  server_options_.watch.pending_events_max = 100;
  Restart();
  MakeGroup("ipmp0");
  Watching watching(channel_, {});
  WatchModel model;
  ASSERT_TRUE(watching.ReadTo(1, &model));
  // 10 MB are more than lies between the two and under way.
  for (int i = 0; i < 600; ++i) LabelMuch("ipmp0", i);
  while (watching.Read(&model)) {
  }
  const Failure end = watching.Finish();
  ASSERT_EQ(end.reason, "WATCHER_TOO_SLOW") << end.status.error_message();
  EXPECT_EQ(end.status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(end.metadata.at("lastRevision"), std::to_string(model.position));
  EXPECT_LT(model.position, 601);
  Watching again(channel_, After(model));
  ASSERT_TRUE(again.ReadTo(601, &model));
  EXPECT_EQ(model.revisions.size(), 600u);
  EXPECT_EQ(model.known(), State());
}

TEST_F(WatchTest, AServerThatStopsEndsWatchesAtOnce) {
  MakeGroup("ipmp0");
  Watching watching(channel_, {});
  WatchModel model;
  ASSERT_TRUE(watching.ReadTo(1, &model));
  Watching silent(channel_, {});  // never read
  const absl::Duration begin = Clock::Real().Steady();
  std::thread stop([this] { server_->Stop(absl::Seconds(30)); });
  while (watching.Read(&model)) {
  }
  EXPECT_EQ(watching.Finish().reason, "SERVER_DRAINING");
  stop.join();
  EXPECT_LT(Clock::Real().Steady() - begin, absl::Seconds(10));
}

class DurableWatchTest : public WatchTest {
 protected:
  DurableWatchTest() : WatchTest(Store::kSqlite) {}
};

TEST_F(DurableWatchTest, AWatchGoesOnAfterARestart) {
  MakeGroup("ipmp0");
  MakeInterface("net0", "ipv4: true group: 'ipmp0'");
  WatchModel model;
  {
    Watching watching(channel_, {});
    ASSERT_TRUE(watching.ReadTo(2, &model));
  }
  MakeAddress("groups/ipmp0", "192.0.2.10/24");
  Label("ipmp0", "x");
  Restart();
  Label("ipmp0", "y");
  Watching watching(channel_, After(model));
  ASSERT_TRUE(watching.ReadTo(5, &model));
  EXPECT_EQ(model.revisions, (std::vector<std::int64_t>{3, 4, 5}));
  EXPECT_TRUE(model.resets.empty());
  EXPECT_EQ(model.known(), State());
}

TEST_F(DurableWatchTest, ARestoredStoreResets) {
  MakeGroup("ipmp0");
  const std::string backup = directory_.path() + "/backup.db";
  std::atomic<bool> done{false};
  executor_->Backup(backup, [&](const absl::StatusOr<executor::Revision>& revision) {
    EXPECT_TRUE(revision.ok()) << revision.status();
    done = true;
    done.notify_all();
  });
  done.wait(false);
  MakeGroup("lost");
  WatchModel model;
  {
    Watching watching(channel_, {});
    ASSERT_TRUE(watching.ReadTo(2, &model));
  }
  server_.reset();
  executor_.reset();
  journal_.reset();
  std::filesystem::remove_all(directory_.path() + "/state");
  ASSERT_TRUE(storage::sqlite::Restore(backup, directory_.path() + "/state").ok());
  Restart();
  MakeGroup("other");
  Watching watching(channel_, After(model));
  model.synced = false;
  ASSERT_TRUE(watching.ReadTo(2, &model));
  EXPECT_EQ(model.resets, std::vector<int>{v1::WatchResponse::Reset::REASON_STORE_CHANGED});
  EXPECT_EQ(model.known(), State());
}

// A program as a user would write it: it holds what the server has, across a restart of that.
TEST_F(DurableWatchTest, TheLibraryGoesOnByItself) {
  MakeGroup("ipmp0");
  auto client = Client::Connect({.endpoint = server_->addresses().front()});
  ASSERT_TRUE(client.ok()) << client.status();
  Stopper stopper;
  Mutex mu;
  CondVar changed;
  WatchMirror mirror;
  std::thread program([&] {
    const auto take = [&](const v1::WatchResponse& message) {
      MutexLock lock(&mu);
      mirror.Apply(message, Clock::Real().Steady());
      changed.NotifyAll();
      return absl::OkStatus();
    };
    const absl::Status end = (*client)->watch().Watch({}, {.message = take}, &stopper);
    EXPECT_TRUE(end.ok()) << end;
  });
  const auto await = [&](std::int64_t revision) {
    MutexLock lock(&mu);
    while (!mirror.synced() || mirror.revision() < revision) changed.Wait(&mu);
  };
  await(1);
  MakeInterface("net0", "ipv4: true group: 'ipmp0'");
  await(2);
  Restart();
  MakeAddress("groups/ipmp0", "192.0.2.10/24");
  await(3);
  stopper.Stop();
  program.join();
  Known known;
  for (const auto& [uid, resource] : mirror.objects()) known[uid] = resource.ShortDebugString();
  EXPECT_EQ(known, State());
}

// One of many watches, driven by a completion queue.
struct OneOfMany {
  grpc::ClientContext context;
  std::unique_ptr<grpc::ClientAsyncReader<v1::WatchResponse>> reader;
  v1::WatchResponse message;
  WatchModel model;
  bool reads = true;
  bool begun = false;
};

class Crowd {
 public:
  Crowd(const std::string& target, int count) {
    for (int i = 0; i < count; ++i) {
      if (i % 90 == 0) {  // a connection carries at most 100 streams
        grpc::ChannelArguments arguments;
        arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
        stubs_.push_back(v1::WatchService::NewStub(
            grpc::CreateCustomChannel(target, grpc::InsecureChannelCredentials(), arguments)));
      }
      auto one = std::make_unique<OneOfMany>();
      one->context.set_wait_for_ready(true);
      one->reader = stubs_.back()->PrepareAsyncWatch(&one->context, {}, &queue_);
      one->reader->StartCall(one.get());
      all_.push_back(std::move(one));
    }
    all_.front()->reads = false;
  }
  ~Crowd() {
    for (const auto& one : all_) one->context.TryCancel();
    queue_.Shutdown();
    void* tag = nullptr;
    bool ok = false;
    while (queue_.Next(&tag, &ok)) {
    }
  }

  // Serves the watches until all that read have come to `revision`; false if that takes too long.
  bool AllReach(std::int64_t revision) {
    const auto deadline = std::chrono::system_clock::now() + std::chrono::seconds(60);
    while (CountAt(revision) < all_.size() - 1) {
      void* tag = nullptr;
      bool ok = false;
      if (queue_.AsyncNext(&tag, &ok, deadline) != grpc::CompletionQueue::GOT_EVENT || !ok) {
        return false;
      }
      auto* one = static_cast<OneOfMany*>(tag);
      if (one->begun) one->model.Apply(one->message);
      one->begun = true;
      if (one->model.synced && one->model.position >= revision) reached_.insert(one);
      if (one->reads) one->reader->Read(&one->message, one);
    }
    return true;
  }
  const std::vector<std::unique_ptr<OneOfMany>>& all() const { return all_; }

 private:
  std::size_t CountAt(std::int64_t revision) {
    if (revision != counted_) reached_.clear();
    counted_ = revision;
    return reached_.size();
  }

  std::vector<std::unique_ptr<v1::WatchService::Stub>> stubs_;
  grpc::CompletionQueue queue_;
  std::vector<std::unique_ptr<OneOfMany>> all_;
  std::set<OneOfMany*> reached_;
  std::int64_t counted_ = 0;
};

TEST_F(WatchTest, AThousandWatchersOneOfWhichNeverReads) {
  MakeGroup("ipmp0");
  Crowd crowd(server_->addresses().front(), 1000);
  ASSERT_TRUE(crowd.AllReach(1));
  for (int i = 0; i < 5; ++i) {
    for (int j = 0; j < 20; ++j) Label("ipmp0", std::to_string(i * 20 + j));
    ASSERT_TRUE(crowd.AllReach(1 + 20 * (i + 1)));
  }
  const Known state = State();
  for (std::size_t i = 1; i < crowd.all().size(); ++i) {
    const WatchModel& model = crowd.all()[i]->model;
    ASSERT_EQ(model.revisions.size(), 100u);
    ASSERT_EQ(model.known(), state);
  }
}

}  // namespace
}  // namespace netstackd::integration
