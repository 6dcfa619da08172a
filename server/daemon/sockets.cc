#include "server/daemon/sockets.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cstring>

#include "base/error.h"
#include "storage/files.h"

namespace netstackd::daemon {
namespace {

constexpr mode_t kMask = 0117;  // leaves 0660

absl::Status Taken(const std::string& path, const std::string& what) {
  return MakeError(ErrorReason::kStorageUnavailable, "cannot listen on unix:" + path + ": " + what,
                   {{"address", "unix:" + path}});
}

bool SomebodyListens(const std::string& path) {
  const storage::FileDescriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  return socket.valid() &&
         connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

}  // namespace

absl::Status CheckSocketPath(const std::string& path) {
  struct stat found {};
  if (lstat(path.c_str(), &found) != 0) return absl::OkStatus();  // nothing there
  if (!S_ISSOCK(found.st_mode)) return Taken(path, "a file that is no socket is in the way");
  if (SomebodyListens(path)) return Taken(path, "another server listens there");
  return absl::OkStatus();
}

SocketModeScope::SocketModeScope() : old_(umask(kMask)) {}
SocketModeScope::~SocketModeScope() { umask(old_); }

}  // namespace netstackd::daemon
