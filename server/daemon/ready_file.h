// Tells scripts that the server serves, and where.
#ifndef NETSTACKD_SERVER_DAEMON_READY_FILE_H_
#define NETSTACKD_SERVER_DAEMON_READY_FILE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace netstackd::daemon {

// Removes the file when it goes.
class ReadyFile {
 public:
  // Removes what an earlier server left; the file is there only after Write. `path` empty: none.
  explicit ReadyFile(const std::string& path);
  ~ReadyFile();
  ReadyFile(const ReadyFile&) = delete;
  ReadyFile& operator=(const ReadyFile&) = delete;

  // One address a line; appears at once and whole. Errors: STORAGE_UNAVAILABLE.
  absl::Status Write(const std::vector<std::string>& addresses);

 private:
  const std::string path_;
};

}  // namespace netstackd::daemon

#endif  // NETSTACKD_SERVER_DAEMON_READY_FILE_H_
