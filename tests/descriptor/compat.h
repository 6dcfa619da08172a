// What of a set of .proto files others rely on, and what a change would take from them.
#ifndef NETSTACKD_TESTS_DESCRIPTOR_COMPAT_H_
#define NETSTACKD_TESTS_DESCRIPTOR_COMPAT_H_

#include <string>
#include <vector>

#include "google/protobuf/descriptor.pb.h"

namespace netstackd::descriptor {

// Our own files without comments: what the lock holds.
google::protobuf::FileDescriptorSet Strip(const google::protobuf::FileDescriptorSet& set);

// The lock as text; text format, so that a change of it can be reviewed.
std::string FormatLock(const google::protobuf::FileDescriptorSet& set);
// Ends the program if `text` is not a lock.
google::protobuf::FileDescriptorSet ParseLock(const std::string& text);

struct Differences {
  // One sentence each: something is gone or means something else now. Sorted.
  std::vector<std::string> breaking;
  // One sentence each: something is there that `locked` does not know. Sorted.
  std::vector<std::string> added;
};

// Compares messages, fields by number, enum values by number, services, rpcs and reservations.
// A field or value that is removed is breaking even if its number is reserved: it is deprecated
// instead. Which file something is in does not matter.
Differences Compare(const google::protobuf::FileDescriptorSet& locked,
                    const google::protobuf::FileDescriptorSet& now);

}  // namespace netstackd::descriptor

#endif  // NETSTACKD_TESTS_DESCRIPTOR_COMPAT_H_
