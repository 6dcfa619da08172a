#include "server/daemon/ready_file.h"

#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "base/error.h"

namespace netstackd::daemon {

ReadyFile::ReadyFile(const std::string& path) : path_(path) {
  if (!path_.empty()) unlink(path_.c_str());
}

ReadyFile::~ReadyFile() {
  if (!path_.empty()) unlink(path_.c_str());
}

absl::Status ReadyFile::Write(const std::vector<std::string>& addresses) {
  if (path_.empty()) return absl::OkStatus();
  const std::string temporary = path_ + ".tmp";
  std::ofstream file(temporary, std::ios::trunc);
  for (const std::string& address : addresses) file << address << "\n";
  file.close();
  if (file && std::rename(temporary.c_str(), path_.c_str()) == 0) return absl::OkStatus();
  unlink(temporary.c_str());
  return MakeError(ErrorReason::kStorageUnavailable, "cannot write the ready file " + path_,
                   {{"path", path_}});
}

}  // namespace netstackd::daemon
