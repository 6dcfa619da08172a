// Flipped bits: what a journal gives is what was written, or nothing.
#ifndef NETSTACKD_TESTS_POWER_FLIPS_H_
#define NETSTACKD_TESTS_POWER_FLIPS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "storage/faulty/simulated_disk.h"
#include "storage/journal.h"
#include "storage/testing/journal_content.h"

namespace netstackd::power {

enum class FlipKind : std::uint8_t { kDatabase, kWal, kRevision, kBackup };
const char* NameOf(FlipKind kind);

struct FlipReport {
  int same = 0;     // nothing that a reader sees was changed
  int refused = 0;  // as damaged
  int other = 0;    // refused for another reason: newer, not a journal, not to be opened
  std::vector<std::string> findings;  // a change that a reader would see, and no refusal
};

// Owns a disk with a journal as a kill leaves it, and a backup of it. One thread.
class Flips {
 public:
  Flips();

  // Flips `count` bits of the file, each in a fresh copy, all parts of it alike and its first bytes
  // in particular; opens, loads and compares. Bits and places follow from the seed.
  FlipReport Run(FlipKind kind, int count, std::uint64_t seed) const;

 private:
  void Judge(storage::SimulatedDisk* disk, const std::string& dir, bool same_store,
             const std::string& where, FlipReport* report) const;

  std::unique_ptr<storage::SimulatedDisk> killed_;
  storage::testing_support::Content content_;
  storage::Extent extent_;
  std::string store_id_;
};

}  // namespace netstackd::power

#endif  // NETSTACKD_TESTS_POWER_FLIPS_H_
