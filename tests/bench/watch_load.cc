#include "tests/bench/watch_load.h"

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/mutex.h"
#include "base/status_macros.h"
#include "tests/bench/connections.h"

namespace netstackd::bench {
namespace {

// Less than a server allows on one connection, and the same for every server.
constexpr int kWatchersOfConnection = 50;

absl::Duration Now() { return Clock::Real().Steady(); }

// Whoever waits for something on the queue.
class Waiting {
 public:
  virtual ~Waiting() = default;
  virtual void Proceed(bool ok) = 0;
};

// What the thread of the watchers and that of the writers share.
class Scene {
 public:
  explicit Scene(const WatchLoad& watch_load) : load(watch_load) {}

  const WatchLoad& load;

  void Fail(const std::string& what) {
    MutexLock lock(&mu_);
    if (failed_.ok()) failed_ = absl::UnknownError(what);
    ending_ = true;
    changed_.NotifyAll();
  }
  void End() {
    MutexLock lock(&mu_);
    ending_ = true;
    changed_.NotifyAll();
  }
  bool ending() {
    MutexLock lock(&mu_);
    return ending_;
  }
  absl::Status failed() {
    MutexLock lock(&mu_);
    return failed_;
  }
  // True, and a change is counted, if the watchers are not too far behind.
  bool MayWrite() {
    MutexLock lock(&mu_);
    if (ending_ || Behind()) return false;
    ++written_;
    newest_write_ = Now();
    return true;
  }
  // Until MayWrite, or the end.
  void AwaitWatchers() {
    MutexLock lock(&mu_);
    while (!ending_ && Behind()) changed_.Wait(&mu_);
  }
  // Returns when the newest change was begun.
  absl::Duration Received(int events) {
    MutexLock lock(&mu_);
    received_ += events;
    changed_.NotifyAll();
    return newest_write_;
  }

 private:
  bool Behind() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
    return (written_ - load.behind_max + 1) * load.watchers > received_;
  }

  Mutex mu_;
  CondVar changed_;
  std::int64_t written_ ABSL_GUARDED_BY(mu_) = 0;   // changes that were begun
  std::int64_t received_ ABSL_GUARDED_BY(mu_) = 0;  // events, by all watchers
  absl::Duration newest_write_ ABSL_GUARDED_BY(mu_);
  bool ending_ ABSL_GUARDED_BY(mu_) = false;
  absl::Status failed_ ABSL_GUARDED_BY(mu_);
};

// What one of the two threads waits for.
struct Turns {
  grpc::CompletionQueue queue{};
  std::optional<Stopwatch> watch{};  // from the moment all watches stand
  int ready = 0;                     // watches that stand
  int open = 0;                      // calls

  // One event; none if none comes for a while: the other thread may have ended it all.
  void Step() {
    void* tag = nullptr;
    bool ok = false;
    const auto until = absl::ToChronoTime(absl::Now() + absl::Milliseconds(50));
    if (queue.AsyncNext(&tag, &ok, until) == grpc::CompletionQueue::GOT_EVENT) {
      static_cast<Waiting*>(tag)->Proceed(ok);
    }
  }
  void Finish() {
    while (open > 0) Step();
    queue.Shutdown();
    void* tag = nullptr;
    bool ok = false;
    while (queue.Next(&tag, &ok)) {
    }
  }
};

class Watcher final : public Waiting {
 public:
  Watcher(Scene* scene, Turns* turns, grpc::GenericStub* stub) : scene_(scene), turns_(turns) {
    ++turns_->open;
    call_ = stub->PrepareCall(&context_, scene_->load.method, &turns_->queue);
    call_->StartCall(this);
  }

  void Cancel() { context_.TryCancel(); }

  void Proceed(bool ok) override {
    if (step_ == Step::kFinish) {
      --turns_->open;
      if (!scene_->ending()) scene_->Fail("a watch has ended: " + status_.error_message());
      return;
    }
    if (!ok) {
      step_ = Step::kFinish;
      call_->Finish(&status_, this);
    } else if (step_ == Step::kStart) {
      step_ = Step::kAsk;
      const grpc::Slice slice(scene_->load.request);
      grpc::WriteOptions options;
      if (scene_->load.half_close) options.set_last_message();
      call_->Write(grpc::ByteBuffer(&slice, 1), options, this);
    } else {
      if (step_ == Step::kRead) Look();
      step_ = Step::kRead;
      call_->Read(&bytes_, this);
    }
  }

 private:
  enum class Step : std::uint8_t { kStart, kAsk, kRead, kFinish };

  void Look() {
    grpc::Slice slice;
    if (!bytes_.DumpToSingleSlice(&slice).ok()) return scene_->Fail("a message cannot be read");
    const Seen seen = scene_->load.look(reinterpret_cast<const char*>(slice.begin()), slice.size());
    if (seen.ready) ++turns_->ready;
    if (seen.events == 0 || !turns_->watch) return;
    const absl::Duration written = scene_->Received(seen.events);
    turns_->watch->Add(Now() - written, seen.events);
  }

  Scene* const scene_;
  Turns* const turns_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call_;
  grpc::ByteBuffer bytes_;
  grpc::Status status_;
  Step step_ = Step::kStart;
};

class Writer final : public Waiting {
 public:
  Writer(Scene* scene, Turns* turns, grpc::GenericStub* stub, int number)
      : scene_(scene), turns_(turns), stub_(stub), number_(number) {}

  bool idle() const { return idle_; }
  void Begin() {
    idle_ = false;
    ++turns_->open;
    const Call call = scene_->load.next(number_);
    const grpc::Slice slice(call.request);
    context_.emplace();
    response_.Clear();
    begin_ = Now();
    reader_ = stub_->PrepareUnaryCall(&*context_, *call.method, grpc::ByteBuffer(&slice, 1),
                                      &turns_->queue);
    reader_->StartCall();
    reader_->Finish(&response_, &status_, this);
  }

  void Proceed(bool) override {
    idle_ = true;
    --turns_->open;
    if (!status_.ok()) return scene_->Fail("a write failed: " + status_.error_message());
    turns_->watch->Add(Now() - begin_);
  }

 private:
  Scene* const scene_;
  Turns* const turns_;
  grpc::GenericStub* const stub_;
  const int number_;
  bool idle_ = true;
  absl::Duration begin_;
  std::optional<grpc::ClientContext> context_;
  std::unique_ptr<grpc::GenericClientAsyncResponseReader> reader_;
  grpc::ByteBuffer response_;
  grpc::Status status_;
};

// The thread of the writers, until the end.
void Write(Scene* scene, Turns* turns, grpc::GenericStub* stub) {
  std::vector<std::unique_ptr<Writer>> writers;
  for (int i = 0; i < scene->load.writers; ++i) {
    writers.push_back(std::make_unique<Writer>(scene, turns, stub, i));
  }
  while (!scene->ending()) {
    for (const auto& writer : writers) {
      if (writer->idle() && scene->MayWrite()) writer->Begin();
    }
    turns->open > 0 ? turns->Step() : scene->AwaitWatchers();
    if (!turns->watch->Running()) scene->End();
  }
  turns->Finish();
}

}  // namespace

absl::StatusOr<WatchFigures> Run(const WatchLoad& load) {
  NSD_ASSIGN_OR_RETURN(const auto stubs,
                       Connect(load.target, load.watchers, kWatchersOfConnection));
  NSD_ASSIGN_OR_RETURN(const auto writer_stubs, Connect(load.target, 1, 1));
  Scene scene(load);
  Turns watching;
  std::vector<std::unique_ptr<Watcher>> watchers;
  for (int i = 0; i < load.watchers; ++i) {
    grpc::GenericStub* stub = stubs[static_cast<std::size_t>(i / kWatchersOfConnection)].get();
    watchers.push_back(std::make_unique<Watcher>(&scene, &watching, stub));
  }
  while (watching.ready < load.watchers && !scene.ending()) watching.Step();

  const absl::Duration cpu = CpuOf(load.server);
  Turns writing;
  writing.watch.emplace(load.length);
  watching.watch.emplace(load.length);
  std::thread writer(Write, &scene, &writing, writer_stubs.front().get());
  while (!scene.ending()) {
    watching.Step();
    if (!watching.watch->Running()) scene.End();
  }
  const absl::Duration used = CpuOf(load.server) - cpu;
  for (const auto& watcher : watchers) watcher->Cancel();
  watching.Finish();
  writer.join();
  if (!scene.failed().ok()) return scene.failed();
  WatchFigures figures{watching.watch->Result(), writing.watch->Result()};
  figures.events.cpu_us =
      absl::ToDoubleMicroseconds(used) / static_cast<double>(watching.watch->operations());
  return figures;
}

}  // namespace netstackd::bench
