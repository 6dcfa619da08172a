#include "server/codec/api_value_rules.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "core/types.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "netstackd/v1/common.pb.h"
#include "server/codec/api_masks.h"
#include "server/codec/api_names.h"

namespace netstackd::codec {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr std::size_t kShownMax = 64;

// For a message to a person: never long, never with control characters.
std::string Shown(const std::string& text) {
  std::string shown = text.substr(0, kShownMax);
  for (char& c : shown) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  }
  // No half of a UTF-8 character at the end.
  if (shown.size() < text.size()) {
    while (!shown.empty() && (static_cast<unsigned char>(shown.back()) & 0xc0) == 0x80) {
      shown.pop_back();
    }
    if (!shown.empty() && static_cast<unsigned char>(shown.back()) >= 0x80) shown.pop_back();
    shown += "...";
  }
  return absl::StrCat("\"", shown, "\"");
}

bool HasControlCharacter(const std::string& text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

std::string FormsOf(std::int64_t kinds) {
  std::string forms;
  const auto add = [&](NameKind kind, const char* form) {
    if ((kinds & kind) != 0) absl::StrAppend(&forms, forms.empty() ? "" : " or ", form);
  };
  add(kZoneName, "zones/{zone}");
  add(kGroupName, "zones/{zone}/groups/{group}");
  add(kInterfaceName, "zones/{zone}/interfaces/{interface}");
  add(kGroupAddressName, "zones/{zone}/groups/{group}/addresses/{address}");
  add(kInterfaceAddressName, "zones/{zone}/interfaces/{interface}/addresses/{address}");
  return forms;
}

// What is wrong with a value, if anything.
struct Verdict {
  std::string what;
  ErrorReason reason = ErrorReason::kFieldInvalid;
};
using MaybeVerdict = std::optional<Verdict>;

MaybeVerdict CheckName(const std::string& text, const Rule& rule) {
  if (text.empty() && rule.max == 1) return std::nullopt;
  const auto parsed = ParseName(text);
  if (parsed && (rule.min & parsed->kind) != 0) return std::nullopt;
  return Verdict{
      absl::StrCat(text.empty() ? "is required" : Shown(text) + " is not", ": ", FormsOf(rule.min)),
      ErrorReason::kInvalidRequest};
}

MaybeVerdict CheckId(const std::string& text, bool required, ErrorReason reason) {
  if (IsObjectId(text) || (text.empty() && !required)) return std::nullopt;
  return Verdict{Shown(text) + " is not 1 to 31 characters of [-_.a-zA-Z0-9], the first a letter",
                 reason};
}

MaybeVerdict CheckText(const std::string& text, const Rule& rule) {
  const auto size = static_cast<std::int64_t>(text.size());
  if (size < rule.min || size > rule.max) {
    return Verdict{absl::StrCat("has ", size, " bytes, not ", rule.min, " to ", rule.max)};
  }
  if (rule.kind == RuleKind::kText && HasControlCharacter(text)) {
    return Verdict{"has a control character"};
  }
  return std::nullopt;
}

MaybeVerdict CheckUuid(const std::string& text) {
  if (text.empty()) return std::nullopt;
  bool good = text.size() == 36;
  for (std::size_t i = 0; good && i < text.size(); ++i) {
    const char c = text[i];
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    good = dash ? c == '-' : hex;
  }
  if (good) return std::nullopt;
  return Verdict{Shown(text) + " is not a UUID in its 36-character form"};
}

MaybeVerdict CheckCidr(const std::string& text, const Rule& rule) {
  if (text.empty() && rule.min == 0) return std::nullopt;
  const auto cidr = ParseCidr(text);
  if (!cidr) return Verdict{Shown(text) + " is not an IP address with a prefix length"};
  if (ToString(*cidr) == text) return std::nullopt;
  return Verdict{Shown(text) + " is written " + ToString(*cidr), ErrorReason::kAddressNotCanonical};
}

MaybeVerdict CheckIpAddress(const std::string& text, const Rule& rule) {
  const auto address = text.size() > kShownMax ? std::nullopt : core::ParseIpAddress(text);
  const bool ipv4_only = rule.min == 4;
  if (!address || (ipv4_only && address->family != core::Family::kIpv4)) {
    return Verdict{Shown(text) + (ipv4_only ? " is not an IPv4 address" : " is not an IP address")};
  }
  if (core::ToString(*address) != text) {
    return Verdict{Shown(text) + " is written " + core::ToString(*address),
                   ErrorReason::kAddressNotCanonical};
  }
  if (ipv4_only && address->IsZero()) return Verdict{"0.0.0.0 is no address of a system"};
  return std::nullopt;
}

MaybeVerdict CheckHardwareAddress(const std::string& text, const Rule& rule) {
  const auto bytes = core::ParseHardwareAddress(text);
  if (!bytes) return Verdict{Shown(text) + " is not a list of hexadecimal bytes with colons"};
  const auto size = static_cast<std::int64_t>(bytes->size());
  if (size >= rule.min && size <= rule.max) return std::nullopt;
  return Verdict{absl::StrCat("has ", size, " bytes, not ", rule.min, " to ", rule.max)};
}

MaybeVerdict CheckString(const std::string& text, const Rule& rule) {
  switch (rule.kind) {
    case RuleKind::kEmpty:
      if (text.empty()) return std::nullopt;
      return Verdict{"must be empty here"};
    case RuleKind::kName:
      return CheckName(text, rule);
    case RuleKind::kNewGroupId:
      return CheckId(text, true, ErrorReason::kInvalidGroupName);
    case RuleKind::kNewInterfaceId:
      return CheckId(text, true, ErrorReason::kInvalidInterfaceName);
    case RuleKind::kObjectId:
      return CheckId(text, rule.min == 1, ErrorReason::kFieldInvalid);
    case RuleKind::kText:
    case RuleKind::kFreeText:
      return CheckText(text, rule);
    case RuleKind::kUuid:
      return CheckUuid(text);
    case RuleKind::kCidr:
      return CheckCidr(text, rule);
    case RuleKind::kIpAddress:
      return CheckIpAddress(text, rule);
    case RuleKind::kHardwareAddress:
      return CheckHardwareAddress(text, rule);
    case RuleKind::kCounterName:
      if (core::ParseCounter(text)) return std::nullopt;
      return Verdict{Shown(text) + " is not the name of a counter"};
    case RuleKind::kAny:
    case RuleKind::kIgnored:
    case RuleKind::kMessage:
    case RuleKind::kNumber:
    case RuleKind::kDuration:
    case RuleKind::kDetectionTime:
    case RuleKind::kTimestamp:
    case RuleKind::kEnum:
    case RuleKind::kLabels:
    case RuleKind::kMask:
      break;
  }
  NSD_CHECK(false);  // a row for another type of field
}

MaybeVerdict CheckNumber(std::int64_t number, const Rule& rule) {
  if (number >= rule.min && number <= rule.max) return std::nullopt;
  return Verdict{absl::StrCat(number, " is not ", rule.min, " to ", rule.max)};
}

MaybeVerdict CheckEnum(int number, const FieldDescriptor* field, const Rule& rule) {
  if (field->enum_type()->FindValueByNumber(number) == nullptr) {
    return Verdict{absl::StrCat(number, " is not a value of ", field->enum_type()->name())};
  }
  if (number == 0 && rule.min == 1) return Verdict{"is required"};
  return std::nullopt;
}

MaybeVerdict CheckDuration(const google::protobuf::Duration& duration, const Rule& rule) {
  constexpr std::int64_t kDaySeconds = 86'400;
  const std::string range = absl::StrCat(rule.min, " ms to ", rule.max, " ms");
  if (duration.nanos() <= -1'000'000'000 || duration.nanos() >= 1'000'000'000 ||
      (duration.seconds() > 0 && duration.nanos() < 0) ||
      (duration.seconds() < 0 && duration.nanos() > 0)) {
    return Verdict{"is not a valid duration"};
  }
  const std::int64_t seconds = std::clamp(duration.seconds(), -kDaySeconds, kDaySeconds);
  const std::int64_t nanos = seconds * 1'000'000'000 + duration.nanos();
  if (nanos < rule.min * 1'000'000) {
    return Verdict{"is not " + range, rule.kind == RuleKind::kDetectionTime
                                          ? ErrorReason::kDetectionTimeTooSmall
                                          : ErrorReason::kFieldInvalid};
  }
  if (nanos > rule.max * 1'000'000) return Verdict{"is not " + range};
  return std::nullopt;
}

MaybeVerdict CheckTimestamp(const google::protobuf::Timestamp& time) {
  constexpr std::int64_t kFirst = -62'135'596'800;  // years 1 to 9999
  constexpr std::int64_t kLast = 253'402'300'799;
  if (time.seconds() >= kFirst && time.seconds() <= kLast && time.nanos() >= 0 &&
      time.nanos() < 1'000'000'000) {
    return std::nullopt;
  }
  return Verdict{"is not a valid time"};
}

bool IsLabelKey(const std::string& key) {
  return !key.empty() && key.size() <= 63 && std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == '/';
  });
}

void CheckLabels(const v1::Meta& meta, PathOf path, Problems* problems) {
  if (meta.labels().size() > 64) {
    problems->Add(path(), absl::StrCat("has ", meta.labels().size(), " entries, not 0 to 64"));
  }
  for (const auto& [key, value] : meta.labels()) {
    if (!IsLabelKey(key)) {
      problems->Add(path(), Shown(key) + " is not a key of 1 to 63 characters of [-_./a-zA-Z0-9]");
    } else if (value.size() > 255) {
      problems->Add(absl::StrCat(path(), "[", key, "]"),
                    absl::StrCat("has ", value.size(), " bytes, not 0 to 255"));
    }
  }
}

// The resource of an Update request: its one message field that has a spec.
const google::protobuf::Descriptor& ResourceOf(const Message& request) {
  const auto* descriptor = request.GetDescriptor();
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const auto* type = descriptor->field(i)->message_type();
    if (type != nullptr && type->FindFieldByName("spec") != nullptr) return *type;
  }
  NSD_CHECK(false);
}

void CheckMask(const Message& request, const google::protobuf::FieldMask& mask, PathOf path,
               Problems* problems) {
  if (mask.paths().empty()) {
    problems->Add(path(), "is required; \"*\" replaces spec and labels as a whole");
  }
  constexpr int kPathsMax = 64;
  if (mask.paths_size() > kPathsMax) {
    problems->Add(path(), absl::StrCat("has ", mask.paths_size(), " paths, not 1 to ", kPathsMax));
    return;
  }
  for (const std::string& one : mask.paths()) {
    if (IsKnownPath(ResourceOf(request), one)) continue;
    const bool offline =
        one == "spec.offline" &&
        ResourceOf(request).FindNestedTypeByName("Spec")->FindFieldByName("offline") != nullptr;
    if (offline) {
      problems->Add(path(), "spec.offline is written by OfflineInterface and OnlineInterface only",
                    ErrorReason::kFlagReadOnly);
    } else {
      problems->Add(path(), Shown(one) + " is not a path that can be updated",
                    ErrorReason::kMaskPathUnknown);
    }
  }
}

MaybeVerdict CheckScalar(const Reflection& reflection, const Message& message,
                         const FieldDescriptor* field, const Rule& rule) {
  std::string scratch;
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return CheckString(reflection.GetStringReference(message, field, &scratch), rule);
    case FieldDescriptor::CPPTYPE_ENUM:
      return CheckEnum(reflection.GetEnumValue(message, field), field, rule);
    case FieldDescriptor::CPPTYPE_INT32:
      return CheckNumber(reflection.GetInt32(message, field), rule);
    case FieldDescriptor::CPPTYPE_INT64:
      return CheckNumber(reflection.GetInt64(message, field), rule);
    case FieldDescriptor::CPPTYPE_UINT32:
      return CheckNumber(reflection.GetUInt32(message, field), rule);
    default:
      NSD_CHECK(false);  // no row describes a field of another type
  }
}

void Report(const MaybeVerdict& verdict, PathOf path, Problems* problems) {
  if (verdict) problems->Add(path(), verdict->what, verdict->reason);
}

}  // namespace

void CheckField(const Reflection& reflection, const Message& message, const FieldDescriptor* field,
                const Rule& rule, PathOf path, Problems* problems) {
  switch (rule.kind) {
    case RuleKind::kLabels:
      CheckLabels(static_cast<const v1::Meta&>(message), path, problems);
      return;
    case RuleKind::kMask:
      CheckMask(
          message,
          static_cast<const google::protobuf::FieldMask&>(reflection.GetMessage(message, field)),
          path, problems);
      return;
    case RuleKind::kDuration:
    case RuleKind::kDetectionTime:
      Report(CheckDuration(static_cast<const google::protobuf::Duration&>(
                               reflection.GetMessage(message, field)),
                           rule),
             path, problems);
      return;
    case RuleKind::kTimestamp:
      Report(CheckTimestamp(static_cast<const google::protobuf::Timestamp&>(
                 reflection.GetMessage(message, field))),
             path, problems);
      return;
    default:
      Report(CheckScalar(reflection, message, field, rule), path, problems);
  }
}

void CheckElement(const Reflection& reflection, const Message& message,
                  const FieldDescriptor* field, int index, const Rule& rule, PathOf path,
                  Problems* problems) {
  if (field->cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
    Report(CheckEnum(reflection.GetRepeatedEnumValue(message, field, index), field, rule), path,
           problems);
    return;
  }
  NSD_CHECK(field->cpp_type() == FieldDescriptor::CPPTYPE_STRING);
  Report(CheckString(reflection.GetRepeatedString(message, field, index), rule), path, problems);
}

}  // namespace netstackd::codec
