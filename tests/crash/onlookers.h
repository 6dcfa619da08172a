// Clients beside the writers: one kind reads, the other makes backups and compacts.
#ifndef NETSTACKD_TESTS_CRASH_ONLOOKERS_H_
#define NETSTACKD_TESTS_CRASH_ONLOOKERS_H_

#include <cstdint>
#include <random>

#include "tests/crash/findings.h"
#include "tests/crash/gate.h"
#include "tests/crash/writer.h"

namespace netstackd::crash {

// Reads, and tells whether an answer is older than what somebody was told before it was asked for.
// Threads  Run in a thread of its own; counts while that one waits at the gate.
class Reader {
 public:
  Reader(std::uint64_t seed, int writers, Gate* gate, Told* told, Findings* findings);
  void Run();
  std::int64_t reads() const { return reads_; }

 private:
  bool Read(Stub* stub);

  const int writers_;
  Gate* const gate_;
  Told* const told_;
  Findings* const findings_;
  std::mt19937_64 random_;
  std::int64_t reads_ = 0;
};

// Makes backups and compacts: now and then, or surely in every life.
// Threads  as Reader.
class Operator {
 public:
  Operator(std::uint64_t seed, bool surely, Gate* gate, Told* told, Findings* findings);
  void Run();
  std::int64_t backups() const { return backups_; }
  std::int64_t compactions() const { return compactions_; }

 private:
  bool Act(const Connections& life);
  bool Backup(Stub* stub);

  const bool surely_;
  Gate* const gate_;
  Told* const told_;
  Findings* const findings_;
  std::mt19937_64 random_;
  std::int64_t backups_ = 0;
  std::int64_t compactions_ = 0;
};

}  // namespace netstackd::crash

#endif  // NETSTACKD_TESTS_CRASH_ONLOOKERS_H_
