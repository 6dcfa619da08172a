// The journals that the contract suite runs on.
#ifndef NETSTACKD_TESTS_CONTRACT_BACKENDS_H_
#define NETSTACKD_TESTS_CONTRACT_BACKENDS_H_

#include <memory>
#include <string>
#include <vector>

#include "storage/journal.h"
#include "storage/testing/temporary_directory.h"

namespace netstackd::storage {

// One journal under test, in a directory of its own.
class Backend {
 public:
  virtual ~Backend() = default;
  virtual Journal& journal() = 0;
  // Ends the process cleanly and starts the next one, as far as this backend knows processes.
  virtual void Restart() = 0;
  // A journal made from a backup of this kind.
  virtual absl::StatusOr<std::unique_ptr<Journal>> Restore(const std::string& file) = 0;

  std::string PathOf(const std::string& name) const { return directory_.path() + "/" + name; }

 private:
  testing_support::TemporaryDirectory directory_;
};

struct BackendKind {
  std::string name;
  std::unique_ptr<Backend> (*make)();
};
const std::vector<BackendKind>& AllBackends();

}  // namespace netstackd::storage

#endif  // NETSTACKD_TESTS_CONTRACT_BACKENDS_H_
