// The limit of everything durable: a small append and fdatasync on the same disk.
#include <fcntl.h>
#include <unistd.h>

#include <string>

#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "storage/files.h"
#include "tests/bench/load.h"
#include "tests/bench/rows.h"

namespace netstackd::bench {
namespace {

constexpr std::size_t kAppendBytes = 4096;

}  // namespace

absl::StatusOr<std::vector<Row>> DiskRows(const Setup& setup) {
  if (!setup.only.Has("fdatasync")) return std::vector<Row>();
  std::vector<Figures> rounds;
  for (int i = 0; i < setup.rounds; ++i) {
    NSD_ASSIGN_OR_RETURN(Figures figures, Fdatasync(setup.directory, setup.round));
    rounds.push_back(figures);
  }
  return std::vector<Row>{RowOf("fdatasync", rounds)};
}

absl::StatusOr<Figures> Fdatasync(const std::string& directory, absl::Duration duration) {
  const std::string path = directory + "/fdatasync";
  NSD_ASSIGN_OR_RETURN(const storage::FileDescriptor file,
                       storage::OpenFile(path, O_WRONLY | O_CREAT | O_TRUNC));
  const std::string bytes(kAppendBytes, 'x');
  Stopwatch watch(duration);
  while (watch.Running()) {
    const absl::Time begin = absl::Now();
    if (write(file.get(), bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()) ||
        fdatasync(file.get()) != 0) {
      return absl::UnavailableError("cannot append to " + path);
    }
    watch.Add(absl::Now() - begin);
  }
  return watch.Result();
}

}  // namespace netstackd::bench
