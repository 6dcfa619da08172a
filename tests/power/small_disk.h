// A disk that can be filled up: a small tmpfs, or a simulated one.
#ifndef NETSTACKD_TESTS_POWER_SMALL_DISK_H_
#define NETSTACKD_TESTS_POWER_SMALL_DISK_H_

#include <memory>
#include <string>

#include "storage/file_system.h"

namespace netstackd::power {

class SmallDisk {
 public:
  virtual ~SmallDisk() = default;
  virtual storage::FileSystem& files() = 0;
  virtual std::string directory() const = 0;  // a path to make things below
  // Leaves no room at all.
  virtual void Fill() = 0;
  // Takes that back.
  virtual void Free() = 0;
};

// A tmpfs of 4 MiB in a mount namespace of this process, and in its own user namespace if it is not
// root's. Null if the system allows neither. Before there are other threads.
std::unique_ptr<SmallDisk> MountSmallDisk();
std::unique_ptr<SmallDisk> SimulateSmallDisk();

}  // namespace netstackd::power

#endif  // NETSTACKD_TESTS_POWER_SMALL_DISK_H_
