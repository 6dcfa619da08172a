// Times and durations as people and protos have them.
#ifndef NETSTACKD_CLIENT_CLI_TIMES_H_
#define NETSTACKD_CLIENT_CLI_TIMES_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/timestamp.pb.h"

namespace netstackd::cli {

absl::Time FromProto(const google::protobuf::Timestamp& time);
absl::Duration FromProto(const google::protobuf::Duration& duration);
google::protobuf::Duration ToProto(absl::Duration duration);
google::protobuf::Timestamp ToProto(absl::Time time);

// "2026-03-01 12:00:07", with `millis` "2026-03-01 12:00:07.415".
std::string DateTimeText(absl::Time time, absl::TimeZone zone, bool millis);
// The same without the date if it is that of `other`.
std::string TimeNear(absl::Time time, absl::Time other, absl::TimeZone zone, bool millis);

// "0.31ms", as ipmpstat has it.
std::string MillisText(absl::Duration duration);

// RFC 3339, or how long before `now`: "2026-03-01T12:00:07.4Z", "250ms". Errors: a usage error that
// names `what`.
absl::StatusOr<absl::Time> ParseTimeOrAge(const std::string& what, const std::string& text,
                                          absl::Time now);

}  // namespace netstackd::cli

#endif  // NETSTACKD_CLIENT_CLI_TIMES_H_
