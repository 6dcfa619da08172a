#include "tests/bench/load.h"

#include <time.h>

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "base/status_macros.h"
#include "tests/bench/connections.h"

namespace netstackd::bench {
namespace {

constexpr int kCallersOfConnection = 64;

absl::Duration Now() { return Clock::Real().Steady(); }

double PercentileOf(const std::vector<double>& sorted, double part) {
  if (sorted.empty()) return 0;
  return sorted[static_cast<std::size_t>(part * static_cast<double>(sorted.size() - 1))];
}

// One caller: at most one call at a time.
class Caller {
 public:
  Caller(const Load& load, int number, grpc::GenericStub* stub, grpc::CompletionQueue* queue)
      : load_(load), number_(number), stub_(stub), queue_(queue) {}

  void Begin() {
    const Call call = load_.next(number_);
    const grpc::Slice slice(call.request);
    const grpc::ByteBuffer request(&slice, 1);
    context_.emplace();
    response_.Clear();
    begin_ = Now();
    reader_ = stub_->PrepareUnaryCall(&*context_, *call.method, request, queue_);
    reader_->StartCall();
    reader_->Finish(&response_, &status_, this);
  }
  const grpc::Status& status() const { return status_; }
  absl::Duration latency() const { return Now() - begin_; }

 private:
  const Load& load_;
  const int number_;
  grpc::GenericStub* const stub_;
  grpc::CompletionQueue* const queue_;
  absl::Duration begin_;
  std::optional<grpc::ClientContext> context_;
  std::unique_ptr<grpc::GenericClientAsyncResponseReader> reader_;
  grpc::ByteBuffer response_;
  grpc::Status status_;
};

}  // namespace

Stopwatch::Stopwatch(absl::Duration length)
    : warm_(Now() + length / 5), end_(Now() + length), first_(warm_), last_(warm_) {}

bool Stopwatch::Running() const { return last_ < end_; }

void Stopwatch::Add(absl::Duration latency, int operations) {
  last_ = Now();
  all_operations_ += operations;
  if (last_ < warm_) {
    first_ = last_;
    return;
  }
  operations_ += operations;
  latencies_us_.push_back(absl::ToDoubleMicroseconds(latency));
}

Figures Stopwatch::Result() const {
  std::vector<double> sorted = latencies_us_;
  std::sort(sorted.begin(), sorted.end());
  Figures figures;
  if (last_ > first_) {
    figures.ops_s = static_cast<double>(operations_) / absl::ToDoubleSeconds(last_ - first_);
  }
  figures.p50_us = PercentileOf(sorted, 0.50);
  figures.p99_us = PercentileOf(sorted, 0.99);
  return figures;
}

absl::Duration CpuOf(pid_t pid) {
  clockid_t clock = 0;
  timespec used = {};
  if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &used) != 0) return {};
  return absl::DurationFromTimespec(used);
}

double Median(std::vector<double> numbers) {
  std::sort(numbers.begin(), numbers.end());
  return PercentileOf(numbers, 0.5);
}

Row RowOf(const std::string& name, const std::vector<Figures>& rounds) {
  std::vector<double> rates;
  std::vector<double> p50;
  std::vector<double> p99;
  std::vector<double> cpu;
  for (const Figures& round : rounds) {
    rates.push_back(round.ops_s);
    p50.push_back(round.p50_us);
    p99.push_back(round.p99_us);
    cpu.push_back(round.cpu_us);
  }
  Row row;
  row.name = name;
  row.ops_s = Median(std::move(rates));
  row.p50_us = Median(std::move(p50));
  row.p99_us = Median(std::move(p99));
  const double cpu_us = Median(std::move(cpu));
  if (cpu_us > 0) {
    row.value = cpu_us;
    row.unit = "us of CPU";
  }
  return row;
}

absl::StatusOr<Figures> Run(const Load& load) {
  NSD_ASSIGN_OR_RETURN(const auto stubs, Connect(load.target, load.callers, kCallersOfConnection));
  grpc::CompletionQueue queue;
  std::vector<std::unique_ptr<Caller>> callers;
  for (int i = 0; i < load.callers; ++i) {
    grpc::GenericStub* stub = stubs[static_cast<std::size_t>(i / kCallersOfConnection)].get();
    callers.push_back(std::make_unique<Caller>(load, i, stub, &queue));
  }
  const absl::Duration cpu = CpuOf(load.server);
  Stopwatch watch(load.length);
  absl::Status failed;
  for (const auto& caller : callers) caller->Begin();
  int running = load.callers;
  void* tag = nullptr;
  bool ok = false;
  while (running > 0 && queue.Next(&tag, &ok)) {
    auto* caller = static_cast<Caller*>(tag);
    if (!caller->status().ok()) {
      failed = absl::UnknownError("a call failed: " + caller->status().error_message());
    }
    if (failed.ok() && watch.Running()) {
      watch.Add(caller->latency(), load.operations);
      caller->Begin();
    } else {
      --running;
    }
  }
  queue.Shutdown();
  while (queue.Next(&tag, &ok)) {
  }
  if (!failed.ok()) return failed;
  Figures figures = watch.Result();
  figures.cpu_us = absl::ToDoubleMicroseconds(CpuOf(load.server) - cpu) /
                   static_cast<double>(watch.operations());
  return figures;
}

}  // namespace netstackd::bench
