// Compares what clients were told with what a new process found.
#ifndef NETSTACKD_TESTS_CRASH_CHECKER_H_
#define NETSTACKD_TESTS_CRASH_CHECKER_H_

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "absl/status/status.h"
#include "netstackd/admin_client.h"
#include "netstackd/config_client.h"
#include "netstackd/ipmp_client.h"
#include "tests/crash/call.h"
#include "tests/crash/findings.h"
#include "tests/crash/writer.h"

namespace netstackd::crash {

// Looks at a server that nobody else talks to, while the writers wait.
//
// Holds for ever: every revision has one row of the history, without a gap; a row is of a request
// that was sent and not refused, and of no other row. Every acknowledged change has its row. An
// object that a writer knows is there as it knows it, or as a later row of that writer left it. A
// request without an answer has a row, and then all of its effects, or no row and none.
//
// One thread. Borrows everything it is made with.
class Checker {
 public:
  Checker(std::vector<std::unique_ptr<Writer>>* writers, Told* told, Findings* findings)
      : writers_(writers), told_(told), findings_(findings) {}

  // Errors: of a call. What was not checked then is checked the next time.
  absl::Status Check(Stub* stub);
  // Besides: all requests are answered, so every row is of an acknowledged change.
  void CheckFinished();

  std::int64_t head() const { return checked_; }

 private:
  enum class Fate : std::uint8_t { kOpen, kDone, kNotDone };
  struct Asked {
    std::size_t writer = 0;
    Fate fate = Fate::kOpen;
    std::int64_t revision = 0;  // of its row; 0: none
  };
  struct Found {
    std::int64_t head = 0;
    std::vector<v1::Transaction> rows;    // newest first; all above checked_
    std::map<std::string, Image> images;  // by full name
  };

  absl::StatusOr<Found> Look(Stub* stub) const;
  absl::Status ReadRows(ConfigClient* config, Found* found) const;
  absl::Status ReadImages(IpmpClient* ipmp, Found* found) const;
  void TakeRows(const Found& found);
  void TakeRow(const v1::Transaction& row, std::int64_t revision);
  void TakeAnswers(std::size_t writer);
  void CheckWriter(std::size_t writer, const Found& found);
  void CheckKnown(std::size_t writer, const Found& found, std::int64_t pending);
  void CheckImage(std::size_t writer, const Image& image, std::int64_t pending);
  void CheckPending(const Operation& operation, std::int64_t revision, const Found& found);
  absl::Status CheckPlans(ConfigClient* config);

  std::vector<std::unique_ptr<Writer>>* const writers_;
  Told* const told_;
  Findings* const findings_;
  std::string store_id_;
  std::int64_t checked_ = 0;          // rows up to here are known
  std::set<std::int64_t> own_;        // revisions of the server itself
  std::vector<std::string> ids_{""};  // of the rows, by revision; empty: of the server itself
  std::unordered_map<std::string, Asked> asked_;
  std::vector<Writer::Done> samples_;  // whose plans are to be compared with the history
};

}  // namespace netstackd::crash

#endif  // NETSTACKD_TESTS_CRASH_CHECKER_H_
