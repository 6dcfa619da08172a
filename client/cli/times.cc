#include "client/cli/times.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "client/cli/arguments.h"

namespace netstackd::cli {

absl::Time FromProto(const google::protobuf::Timestamp& time) {
  return absl::FromUnixSeconds(time.seconds()) + absl::Nanoseconds(time.nanos());
}

absl::Duration FromProto(const google::protobuf::Duration& duration) {
  return absl::Seconds(duration.seconds()) + absl::Nanoseconds(duration.nanos());
}

google::protobuf::Duration ToProto(absl::Duration duration) {
  google::protobuf::Duration out;
  out.set_seconds(absl::IDivDuration(duration, absl::Seconds(1), &duration));
  out.set_nanos(static_cast<std::int32_t>(absl::ToInt64Nanoseconds(duration)));
  return out;
}

google::protobuf::Timestamp ToProto(absl::Time time) {
  google::protobuf::Timestamp out;
  const std::int64_t seconds = absl::ToUnixSeconds(time);  // rounds down
  out.set_seconds(seconds);
  out.set_nanos(
      static_cast<std::int32_t>(absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(seconds))));
  return out;
}

std::string DateTimeText(absl::Time time, absl::TimeZone zone, bool millis) {
  return absl::FormatTime(millis ? "%Y-%m-%d %H:%M:%E3S" : "%Y-%m-%d %H:%M:%S", time, zone);
}

std::string TimeNear(absl::Time time, absl::Time other, absl::TimeZone zone, bool millis) {
  if (absl::ToCivilDay(time, zone) != absl::ToCivilDay(other, zone)) {
    return DateTimeText(time, zone, millis);
  }
  return absl::FormatTime(millis ? "%H:%M:%E3S" : "%H:%M:%S", time, zone);
}

std::string MillisText(absl::Duration duration) {
  return absl::StrFormat("%.2fms", absl::ToDoubleMilliseconds(duration));
}

absl::StatusOr<absl::Time> ParseTimeOrAge(const std::string& what, const std::string& text,
                                          absl::Time now) {
  absl::Time time;
  std::string ignored;
  if (absl::ParseTime(absl::RFC3339_full, text, &time, &ignored)) return time;
  absl::Duration age;
  if (absl::ParseDuration(text, &age) && age >= absl::ZeroDuration()) return now - age;
  return UsageError(absl::StrCat(what, ": '", text, "' is no time"),
                    "such as 2026-03-01T12:00:07.4Z, or how long ago, such as 250ms");
}

}  // namespace netstackd::cli
