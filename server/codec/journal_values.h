// Single values of the messages of proto/netstackd/journal/v1.
#ifndef NETSTACKD_SERVER_CODEC_JOURNAL_VALUES_H_
#define NETSTACKD_SERVER_CODEC_JOURNAL_VALUES_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "core/types.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/timestamp.pb.h"

// A namespace of its own: the codec of the API has functions of the same names.
namespace netstackd::codec::journal_values {

// JOURNAL_CORRUPT that names the field.
absl::Status Corrupt(const char* field);

// Times and durations keep nanoseconds; what a message cannot hold becomes its nearest limit, also
// if a message says it.
void ToProto(absl::Time from, google::protobuf::Timestamp* to);
void ToProto(absl::Duration from, google::protobuf::Duration* to);
absl::Time FromProto(const google::protobuf::Timestamp& from);
absl::Duration FromProto(const google::protobuf::Duration& from);

// 4 or 16 bytes.
std::string ToBytes(const core::IpAddress& from);
absl::Status FromBytes(const std::string& from, core::IpAddress* to);

// Enumerations are tables: a value that has no row does not exist.
template <typename Core, typename Proto>
struct EnumRow {
  Core core;
  Proto proto;
};

template <typename Core, typename Proto, std::size_t kRows>
Proto EnumToProto(const EnumRow<Core, Proto> (&rows)[kRows], Core value) {
  for (const EnumRow<Core, Proto>& row : rows) {
    if (row.core == value) return row.proto;
  }
  return static_cast<Proto>(0);
}

template <typename Core, typename Proto, std::size_t kRows>
absl::Status EnumFromProto(const EnumRow<Core, Proto> (&rows)[kRows], Proto value,
                           const char* field, Core* to) {
  for (const EnumRow<Core, Proto>& row : rows) {
    if (row.proto == value) {
      *to = row.core;
      return absl::OkStatus();
    }
  }
  return Corrupt(field);
}

}  // namespace netstackd::codec::journal_values

#endif  // NETSTACKD_SERVER_CODEC_JOURNAL_VALUES_H_
