#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <deque>
#include <memory>
#include <string>

#include "base/clock.h"
#include "netstackd/v1/config.pb.h"
#include "tests/bench/load.h"

namespace netstackd::bench {
namespace {

constexpr char kMethod[] = "/netstackd.v1.ConfigService/TransactStream";

// One thread on a completion queue, as for unary calls: one write and one read under way.
class StreamCaller {
 public:
  explicit StreamCaller(const StreamLoad& load)
      : load_(load),
        stub_(grpc::CreateChannel(load.target, grpc::InsecureChannelCredentials())),
        cpu_(CpuOf(load.server)),
        watch_(load.length) {}

  absl::StatusOr<Figures> Run() {
    call_ = stub_.PrepareCall(&context_, kMethod, &queue_);
    call_->StartCall(&start_);
    void* tag = nullptr;
    bool ok = false;
    while (!done_ && queue_.Next(&tag, &ok)) {
      if (tag == &finish_) done_ = true;
      if (tag == &start_) Begin(ok);
      if (tag == &write_) writing_ = false;
      if (tag == &read_) OnRead(ok);
      WriteIfDue();
    }
    queue_.Shutdown();
    while (queue_.Next(&tag, &ok)) {
    }
    if (!failed_.ok()) return failed_;
    if (!status_.ok()) return absl::UnknownError("the stream: " + status_.error_message());
    Figures figures = watch_.Result();
    figures.cpu_us = absl::ToDoubleMicroseconds(CpuOf(load_.server) - cpu_) /
                     static_cast<double>(watch_.operations());
    return figures;
  }

 private:
  void Begin(bool ok) {
    if (!ok) return End();
    reading_ = true;
    call_->Read(&bytes_, &read_);
  }

  void End() {
    reading_ = false;
    call_->Finish(&status_, &finish_);
  }

  void OnRead(bool ok) {
    if (!ok) return End();
    grpc::Slice slice;
    v1::TransactStreamResponse answer;
    if (!bytes_.DumpToSingleSlice(&slice).ok() ||
        !answer.ParseFromArray(slice.begin(), static_cast<int>(slice.size()))) {
      failed_ = absl::UnknownError("an answer cannot be read");
    }
    if (answer.failures_size() > 0) {
      failed_ = absl::UnknownError("a request failed: " + answer.failures(0).status().message());
    }
    for (; acknowledged_ < answer.sequence(); ++acknowledged_) {
      watch_.Add(Clock::Real().Steady() - begun_.front());
      begun_.pop_front();
    }
    call_->Read(&bytes_, &read_);
  }

  void WriteIfDue() {
    if (!reading_ || writing_ || closed_) return;
    if (!failed_.ok() || !watch_.Running()) {
      closed_ = writing_ = true;
      call_->WritesDone(&write_);
      return;
    }
    const auto in_flight = static_cast<int>(begun_.size());
    if (in_flight == load_.in_flight) return;
    const grpc::Slice slice(load_.next(static_cast<int>(sent_++ % load_.in_flight)));
    begun_.push_back(Clock::Real().Steady());
    grpc::WriteOptions options;
    if (in_flight + 1 < load_.in_flight) options.set_buffer_hint();  // the next one follows at once
    writing_ = true;
    call_->Write(grpc::ByteBuffer(&slice, 1), options, &write_);
  }

  const StreamLoad& load_;
  grpc::GenericStub stub_;
  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call_;
  const absl::Duration cpu_;
  Stopwatch watch_;
  grpc::ByteBuffer bytes_;
  grpc::Status status_;
  absl::Status failed_;
  std::deque<absl::Duration> begun_;  // of the requests in flight; Clock::Steady
  std::int64_t sent_ = 0;
  std::int64_t acknowledged_ = 0;
  bool reading_ = false;
  bool writing_ = false;
  bool closed_ = false;
  bool done_ = false;
  char start_ = 0;  // this and the next three: tags
  char read_ = 0;
  char write_ = 0;
  char finish_ = 0;
};

}  // namespace

absl::StatusOr<Figures> Run(const StreamLoad& load) { return StreamCaller(load).Run(); }

}  // namespace netstackd::bench
