#include "server/codec/journal_values.h"

#include <algorithm>
#include <cstdint>

#include "base/error.h"

namespace netstackd::codec::journal_values {
namespace {

// The range of google.protobuf.Timestamp, seconds since 1970: years 1 to 9999.
constexpr std::int64_t kSecondsMin = -62135596800;
constexpr std::int64_t kSecondsMax = 253402300799;
// The range of google.protobuf.Duration, seconds: 10,000 years.
constexpr std::int64_t kDurationSecondsMax = 315576000000;

absl::Time Bounded(absl::Time time) {
  return std::clamp(time, absl::FromUnixSeconds(kSecondsMin), absl::FromUnixSeconds(kSecondsMax));
}

absl::Duration Bounded(absl::Duration duration) {
  const absl::Duration limit = absl::Seconds(kDurationSecondsMax);
  return std::clamp(duration, -limit, limit);
}

}  // namespace

absl::Status Corrupt(const char* field) {
  return MakeError(ErrorReason::kJournalCorrupt,
                   std::string("an image has a value for ") + field + " that cannot be",
                   {{"field", field}});
}

void ToProto(absl::Time from, google::protobuf::Timestamp* to) {
  const absl::Time bounded = Bounded(from);
  const std::int64_t seconds = absl::ToUnixSeconds(bounded);  // rounds down
  to->set_seconds(seconds);
  to->set_nanos(static_cast<std::int32_t>(
      absl::ToInt64Nanoseconds(bounded - absl::FromUnixSeconds(seconds))));
}

absl::Time FromProto(const google::protobuf::Timestamp& from) {
  return Bounded(absl::FromUnixSeconds(from.seconds()) + absl::Nanoseconds(from.nanos()));
}

void ToProto(absl::Duration from, google::protobuf::Duration* to) {
  absl::Duration rest = Bounded(from);
  to->set_seconds(absl::IDivDuration(rest, absl::Seconds(1), &rest));
  to->set_nanos(static_cast<std::int32_t>(absl::ToInt64Nanoseconds(rest)));
}

absl::Duration FromProto(const google::protobuf::Duration& from) {
  return Bounded(absl::Seconds(from.seconds()) + absl::Nanoseconds(from.nanos()));
}

std::string ToBytes(const core::IpAddress& from) {
  const std::size_t size = from.family == core::Family::kIpv4 ? 4 : 16;
  return std::string(from.bytes.begin(), from.bytes.begin() + static_cast<std::ptrdiff_t>(size));
}

absl::Status FromBytes(const std::string& from, core::IpAddress* to) {
  if (from.size() != 4 && from.size() != 16) return Corrupt("ip");
  to->family = from.size() == 4 ? core::Family::kIpv4 : core::Family::kIpv6;
  std::copy(from.begin(), from.end(), to->bytes.begin());
  return absl::OkStatus();
}

}  // namespace netstackd::codec::journal_values
