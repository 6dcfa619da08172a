#include "tests/bench/watch_load.h"

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <memory>
#include <optional>
#include <vector>

#include "base/clock.h"
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

// What they share.
struct Scene {
  const WatchLoad& load;
  grpc::CompletionQueue queue{};
  std::optional<Stopwatch> writes{};  // this and the next: from the moment all watches stand
  std::optional<Stopwatch> events{};
  int ready = 0;
  int open_watches = 0;
  int open_writes = 0;
  std::int64_t written = 0;   // changes that were begun
  std::int64_t received = 0;  // events, by all watchers
  absl::Duration newest_write{};
  bool ending = false;
  absl::Status failed{};

  void Fail(const std::string& what) {
    if (failed.ok()) failed = absl::UnknownError(what);
    ending = true;
  }
  bool MayWrite() const {
    return !ending && (written - load.behind_max + 1) * load.watchers <= received;
  }
};

class Watcher final : public Waiting {
 public:
  Watcher(Scene* scene, grpc::GenericStub* stub) : scene_(scene) {
    ++scene_->open_watches;
    call_ = stub->PrepareCall(&context_, scene_->load.method, &scene_->queue);
    call_->StartCall(this);
  }

  void Cancel() { context_.TryCancel(); }

  void Proceed(bool ok) override {
    if (step_ == Step::kFinish) {
      --scene_->open_watches;
      if (!scene_->ending) scene_->Fail("a watch has ended: " + status_.error_message());
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
    if (seen.ready) ++scene_->ready;
    scene_->received += seen.events;
    if (seen.events > 0 && scene_->events) {
      scene_->events->Add(Now() - scene_->newest_write, seen.events);
    }
  }

  Scene* const scene_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call_;
  grpc::ByteBuffer bytes_;
  grpc::Status status_;
  Step step_ = Step::kStart;
};

class Writer final : public Waiting {
 public:
  Writer(Scene* scene, grpc::GenericStub* stub, int number)
      : scene_(scene), stub_(stub), number_(number) {}

  bool idle() const { return idle_; }
  void Begin() {
    idle_ = false;
    ++scene_->open_writes;
    ++scene_->written;
    const Call call = scene_->load.next(number_);
    const grpc::Slice slice(call.request);
    context_.emplace();
    response_.Clear();
    begin_ = scene_->newest_write = Now();
    reader_ = stub_->PrepareUnaryCall(&*context_, *call.method, grpc::ByteBuffer(&slice, 1),
                                      &scene_->queue);
    reader_->StartCall();
    reader_->Finish(&response_, &status_, this);
  }

  void Proceed(bool) override {
    idle_ = true;
    --scene_->open_writes;
    if (!status_.ok()) return scene_->Fail("a write failed: " + status_.error_message());
    scene_->writes->Add(Now() - begin_);
  }

 private:
  Scene* const scene_;
  grpc::GenericStub* const stub_;
  const int number_;
  bool idle_ = true;
  absl::Duration begin_;
  std::optional<grpc::ClientContext> context_;
  std::unique_ptr<grpc::GenericClientAsyncResponseReader> reader_;
  grpc::ByteBuffer response_;
  grpc::Status status_;
};

void Step(Scene* scene) {
  void* tag = nullptr;
  bool ok = false;
  if (scene->queue.Next(&tag, &ok)) static_cast<Waiting*>(tag)->Proceed(ok);
}

}  // namespace

absl::StatusOr<WatchFigures> Run(const WatchLoad& load) {
  NSD_ASSIGN_OR_RETURN(const auto stubs,
                       Connect(load.target, load.watchers, kWatchersOfConnection));
  NSD_ASSIGN_OR_RETURN(const auto writer_stubs, Connect(load.target, 1, 1));
  Scene scene{.load = load};
  std::vector<std::unique_ptr<Watcher>> watchers;
  for (int i = 0; i < load.watchers; ++i) {
    grpc::GenericStub* stub = stubs[static_cast<std::size_t>(i / kWatchersOfConnection)].get();
    watchers.push_back(std::make_unique<Watcher>(&scene, stub));
  }
  while (scene.ready < load.watchers && !scene.ending) Step(&scene);

  std::vector<std::unique_ptr<Writer>> writers;
  for (int i = 0; i < load.writers; ++i) {
    writers.push_back(std::make_unique<Writer>(&scene, writer_stubs.front().get(), i));
  }
  const absl::Duration cpu = CpuOf(load.server);
  scene.writes.emplace(load.length);
  scene.events.emplace(load.length);
  scene.received = 0;
  while (!scene.ending) {
    for (const auto& writer : writers) {
      if (writer->idle() && scene.MayWrite()) writer->Begin();
    }
    Step(&scene);
    if (!scene.writes->Running() || !scene.events->Running()) scene.ending = true;
  }
  const absl::Duration used = CpuOf(load.server) - cpu;
  for (const auto& watcher : watchers) watcher->Cancel();
  while (scene.open_watches > 0 || scene.open_writes > 0) Step(&scene);
  scene.queue.Shutdown();
  void* tag = nullptr;
  bool ok = false;
  while (scene.queue.Next(&tag, &ok)) {
  }
  if (!scene.failed.ok()) return scene.failed;
  WatchFigures figures{scene.events->Result(), scene.writes->Result()};
  figures.events.cpu_us =
      absl::ToDoubleMicroseconds(used) / static_cast<double>(scene.events->operations());
  return figures;
}

}  // namespace netstackd::bench
