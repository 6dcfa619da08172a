// Single values: core types <-> fields of netstackd/v1.
#ifndef NETSTACKD_SERVER_CODEC_API_VALUES_H_
#define NETSTACKD_SERVER_CODEC_API_VALUES_H_

#include <map>

#include "absl/time/time.h"
#include "core/model.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "netstackd/v1/address.pb.h"
#include "netstackd/v1/detection.pb.h"
#include "netstackd/v1/interface.pb.h"
#include "netstackd/v1/link.pb.h"

namespace netstackd::codec {

// Nanoseconds are kept; what a message cannot hold becomes its nearest limit.
google::protobuf::Duration ToProto(absl::Duration duration);
google::protobuf::Timestamp ToProto(absl::Time time);
v1::Family ToProto(core::Family family);
v1::MacType ToProto(core::MacType type);
v1::UsesrcRole ToProto(core::UsesrcRole role);
v1::Address::ManagedBy ToProto(core::ManagedBy managed_by);
v1::Interface::Link ToProto(core::LinkState link);
v1::Cause ToProto(core::Cause cause);
v1::TargetState ToProto(core::TargetState state);
v1::Capabilities ToProto(const core::Capabilities& capabilities);
v1::Counters ToProto(const core::Counters& counters);

// Of messages that passed validation: enumerations have a known value, which is not UNSPECIFIED
// unless said otherwise.
absl::Duration FromProto(const google::protobuf::Duration& duration);
absl::Time FromProto(const google::protobuf::Timestamp& time);
core::Family FromProto(v1::Family family);
core::MacType FromProto(v1::MacType type);
core::UsesrcRole FromProto(v1::UsesrcRole role);
core::ManagedBy FromProto(v1::Address::ManagedBy managed_by);  // UNSPECIFIED is nobody
core::LinkState FromProto(v1::Interface::Link link);
core::Capabilities FromProto(const v1::Capabilities& capabilities);
// Those that are present.
std::map<core::Counter, std::uint64_t> FromProto(const v1::Counters& counters);

}  // namespace netstackd::codec

#endif  // NETSTACKD_SERVER_CODEC_API_VALUES_H_
