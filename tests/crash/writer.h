// A client that changes things, and remembers what it was told.
#ifndef NETSTACKD_TESTS_CRASH_WRITER_H_
#define NETSTACKD_TESTS_CRASH_WRITER_H_

#include <atomic>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/crash/call.h"
#include "tests/crash/findings.h"
#include "tests/crash/gate.h"
#include "tests/crash/operations.h"

namespace netstackd::crash {

// The newest revision that anybody was told of: none of them may ever be missing again.
class Told {
 public:
  std::int64_t revision() const { return revision_.load(); }
  void Raise(std::int64_t revision) {
    std::int64_t now = revision_.load();
    while (now < revision && !revision_.compare_exchange_weak(now, revision)) {
    }
  }

 private:
  std::atomic<std::int64_t> revision_{0};
};

struct WriterCounts {
  std::int64_t done = 0;        // changes acknowledged
  std::int64_t refused = 0;     // by the rules
  std::int64_t unanswered = 0;  // attempts
  std::int64_t replayed = 0;    // unanswered attempts that turned out to have been done
  std::int64_t repeated = 0;    // requests sent again although they had been answered
};

// Sends one request at a time. One without an answer is sent again, byte for byte, until it has
// one.
//
// Threads  Run in a thread of its own; everything else while that one waits at the gate.
class Writer {
 public:
  Writer(std::uint64_t seed, int number, Gate* gate, Told* told, Findings* findings);

  void Run();

  // A change that was acknowledged.
  struct Done {
    std::int64_t revision = 0;
    std::string request_id;
    v1::Plan plan;
  };

  const std::string& prefix() const { return operations_.prefix(); }
  const Objects& objects() const { return objects_; }
  // Sent, and without an answer so far. Null: none.
  const Operation* pending() const { return pending_ ? &*pending_ : nullptr; }
  // Those since the last call.
  std::vector<Done> TakeDone() { return std::exchange(done_, {}); }
  std::vector<std::string> TakeBegun() { return std::exchange(begun_, {}); }
  // Request ids that were answered without a change.
  std::vector<std::string> TakeNotDone() { return std::exchange(not_done_, {}); }
  // What the history says of the pending request: its revision, 0: it is not there.
  void ExpectPending(std::int64_t revision) { expected_ = revision; }
  void Learn(const std::string& name, Known known) { objects_[name] = std::move(known); }
  // The oldest revision whose request may still be repeated, or is not answered.
  std::int64_t needs_from() const;
  const WriterCounts& counts() const { return counts_; }

 private:
  struct Answered {
    Call call;
    std::string bytes;
    std::int64_t revision = 0;
  };

  // Until an attempt gets no answer, or nothing is left to do.
  void Live(const Connections& life);
  bool Attempt(Stub* stub);
  bool Repeat(Stub* stub);
  void Accept(const google::protobuf::Message& answer);
  void CheckReplay(const v1::WriteResult& result);
  void Apply(const google::protobuf::Message& answer, const v1::WriteResult& result);
  void Report(Wrong wrong, const std::string& what) const;

  const int number_;
  Gate* const gate_;
  Told* const told_;
  Findings* const findings_;
  Operations operations_;
  Objects objects_;
  std::optional<Operation> pending_;
  int attempts_ = 0;                      // of the pending one
  std::optional<std::int64_t> expected_;  // as ExpectPending, until the next attempt
  std::int64_t newest_ = 0;               // revision that was acknowledged
  std::deque<Answered> answered_;         // may be repeated
  std::vector<Done> done_;
  std::vector<std::string> begun_;
  std::vector<std::string> not_done_;
  WriterCounts counts_;
};

}  // namespace netstackd::crash

#endif  // NETSTACKD_TESTS_CRASH_WRITER_H_
