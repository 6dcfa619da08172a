// Flags that several commands understand in the same way.
#ifndef NETSTACKD_CLIENT_CLI_FLAGS_H_
#define NETSTACKD_CLIENT_CLI_FLAGS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/cli/arguments.h"
#include "netstackd/v1/common.pb.h"
#include "netstackd/v1/link.pb.h"

namespace netstackd::cli {

// --label KEY=VALUE and --unlabel KEY.
std::vector<Flag> LabelFlags();
// Applies both to `meta`; true if either is given. Errors: a usage error.
absl::StatusOr<bool> ApplyLabels(const Arguments& arguments, v1::Meta* meta);

// --family ipv4|ipv6; not given: FAMILY_UNSPECIFIED.
Flag FamilyFlag();
absl::StatusOr<v1::Family> FamilyOf(const Arguments& arguments);

// --filter.
std::vector<Flag> ListFlags();

// The value of a flag that names an value of `type`; 0 if it is not given.
absl::StatusOr<int> EnumFlag(const Arguments& arguments, const std::string& flag,
                             const google::protobuf::EnumDescriptor& type);

}  // namespace netstackd::cli

#endif  // NETSTACKD_CLIENT_CLI_FLAGS_H_
