// A directory that goes with the test that made it.
#ifndef NETSTACKD_STORAGE_TESTING_TEMPORARY_DIRECTORY_H_
#define NETSTACKD_STORAGE_TESTING_TEMPORARY_DIRECTORY_H_

#include <filesystem>
#include <string>
#include <system_error>

#include "storage/store_id.h"

namespace netstackd::storage::testing_support {

// Under the system's directory for temporary files. Removed with all that is in it.
class TemporaryDirectory {
 public:
  TemporaryDirectory()
      : path_((std::filesystem::temp_directory_path() / ("netstackd-test-" + NewStoreId()))
                  .string()) {
    std::filesystem::create_directory(path_);
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::string& path() const { return path_; }

 private:
  const std::string path_;
};

}  // namespace netstackd::storage::testing_support

#endif  // NETSTACKD_STORAGE_TESTING_TEMPORARY_DIRECTORY_H_
