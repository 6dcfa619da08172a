// Every call to the disk fails once, in every way: nothing is lost, and the answers are true.
#include <gtest/gtest.h>

#include <cerrno>
#include <random>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "storage/faulty/simulated_disk.h"
#include "tests/power/life.h"

namespace netstackd::power {
namespace {

using storage::DiskCall;
using storage::DiskFault;
using storage::SimulatedDisk;

struct Way {
  DiskCall call;
  DiskFault::Data data;
  bool stays_cached;
  int times;
  int error_number;
  int from;    // the first such call that fails
  int stride;  // and then every so many
};

std::string NameOf(const Way& way) {
  constexpr const char* kData[] = {"all", "half", "none"};
  std::string name =
      absl::StrCat(storage::NameOf(way.call), "_", kData[static_cast<std::size_t>(way.data)],
                   way.stays_cached ? "_cached" : "",
                   way.times > 1 ? absl::StrCat("_", way.times, "_times") : "",
                   way.error_number == ENOSPC ? "_full" : "");
  for (char& c : name) {
    if (c == '-') c = '_';
  }
  return name;
}

class IoErrorTest : public testing::TestWithParam<Way> {
 protected:
  static LifeOptions OptionsOf(const std::string& name, int steps) {
    LifeOptions options;
    options.seed = 3;
    options.name = name;
    options.steps = steps;
    options.patient = true;
    return options;
  }
  // True if the fault has struck.
  bool FailAt(int nth) {
    SimulatedDisk disk;
    Ledger ledger;
    const Way& way = GetParam();
    DiskFault fault;
    fault.file = std::nullopt;
    fault.call = way.call;
    fault.nth = nth;
    fault.times = way.times;
    fault.data = way.data;
    fault.stays_cached = way.stays_cached;
    fault.error_number = way.error_number;
    disk.Set(fault);
    Life(&disk, &ledger, OptionsOf("failing", 14)).Run();
    const bool struck = disk.struck() > 0;
    disk.Set(std::nullopt);
    // The next process, and the one after a power loss, find the same.
    std::mt19937_64 random(static_cast<std::uint64_t>(nth));
    const auto after = disk.AfterPowerLoss(random);
    Ledger told(ledger);
    Life(after.get(), &told, OptionsOf("after", 1)).Run();
    Life(&disk, &ledger, OptionsOf("next", 1)).Run();
    EXPECT_TRUE(ledger.findings().empty()) << absl::StrJoin(ledger.findings(), "\n");
    EXPECT_TRUE(told.findings().empty()) << absl::StrJoin(told.findings(), "\n");
    return struck;
  }
};

TEST_P(IoErrorTest, LosesNothing) {
  int failures = 0;
  for (int nth = GetParam().from; FailAt(nth) && !HasFailure(); nth += GetParam().stride) {
    ++failures;
  }
  EXPECT_FALSE(HasFailure()) << "call " << GetParam().from + failures * GetParam().stride;
  EXPECT_GT(failures, 1);
}

using Data = DiskFault::Data;
INSTANTIATE_TEST_SUITE_P(Ways, IoErrorTest,
                         testing::Values(Way{DiskCall::kRead, Data::kNone, false, 1, EIO, 1, 3},
                                         Way{DiskCall::kWrite, Data::kNone, false, 1, EIO, 1, 4},
                                         Way{DiskCall::kWrite, Data::kHalf, false, 1, EIO, 2, 5},
                                         Way{DiskCall::kWrite, Data::kAll, false, 1, EIO, 3, 7},
                                         Way{DiskCall::kWrite, Data::kNone, false, 9, ENOSPC, 1, 7},
                                         Way{DiskCall::kTruncate, Data::kNone, false, 1, EIO, 1, 1},
                                         Way{DiskCall::kSync, Data::kNone, false, 1, EIO, 1, 2},
                                         Way{DiskCall::kSync, Data::kHalf, false, 1, EIO, 1, 3},
                                         Way{DiskCall::kSync, Data::kAll, false, 1, EIO, 1, 4},
                                         Way{DiskCall::kSync, Data::kNone, true, 1, EIO, 1, 2},
                                         Way{DiskCall::kSync, Data::kHalf, true, 3, EIO, 2, 3},
                                         Way{DiskCall::kOpen, Data::kNone, false, 1, EIO, 1, 3},
                                         Way{DiskCall::kDelete, Data::kNone, false, 1, EIO, 1, 1},
                                         Way{DiskCall::kSyncDirectory, Data::kNone, false, 1, EIO,
                                             1, 1},
                                         Way{DiskCall::kLock, Data::kNone, false, 1, EIO, 1, 1}),
                         [](const auto& way) { return NameOf(way.param); });

}  // namespace
}  // namespace netstackd::power
