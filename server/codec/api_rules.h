// The table of what is valid in every field of every request.
#ifndef NETSTACKD_SERVER_CODEC_API_RULES_H_
#define NETSTACKD_SERVER_CODEC_API_RULES_H_

#include <cstdint>
#include <span>
#include <string>

#include "google/protobuf/descriptor.h"

namespace netstackd::codec {

enum class RuleKind : std::uint8_t {
  kAny,         // every value is valid, or is judged where it is used
  kIgnored,     // not looked at, and nothing below it
  kMessage,     // judged by the rows of its own type; min 1: required
  kEmpty,       // must not be set
  kName,        // full resource name, min: bits of NameKind; max 1: may be empty
  kNewGroupId,  // short name of something to be
  kNewInterfaceId,
  kObjectId,         // short name; min 1: required
  kText,             // min to max bytes, no control characters
  kFreeText,         // at most max bytes
  kUuid,             // 36-character form, or empty
  kCidr,             // canonical address with prefix length; min 1: required
  kIpAddress,        // canonical; min 4: IPv4 only, and not 0.0.0.0
  kHardwareAddress,  // colon-separated bytes, min to max of them
  kCounterName,
  kNumber,         // min to max
  kDuration,       // min to max milliseconds
  kTimestamp,      // what google.protobuf.Timestamp can hold
  kDetectionTime,  // the same, with a reason of its own below the minimum
  kEnum,           // a known value; min 1: not UNSPECIFIED
  kLabels,
  kMask,  // paths of the resource that is updated, at least one
};

// `field` is a field of `message` or, with dots, of a message below it; such a row applies only
// if what is around the field is there, and is judged before the row of its first step.
// A repeated field has at most `count` elements, each of which the row describes.
struct Rule {
  const char* message;  // without the package
  const char* field;
  RuleKind kind;
  std::int64_t min = 0;
  std::int64_t max = 0;
  int count = 0;
  int count_min = 0;
};

std::span<const Rule> AllRules();
// The rows of one message type, in the order of the table.
std::span<const Rule* const> RulesOf(const google::protobuf::Descriptor& message);

}  // namespace netstackd::codec

#endif  // NETSTACKD_SERVER_CODEC_API_RULES_H_
