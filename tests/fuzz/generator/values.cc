#include "tests/fuzz/generator/values.h"

#include <algorithm>
#include <limits>
#include <vector>

#include "core/types.h"
#include "server/codec/api_names.h"
#include "tests/integration/poison.h"

namespace netstackd::fuzz {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

constexpr const char* kGroups[] = {"g0", "g1", "g0", "g2"};
constexpr const char* kInterfaces[] = {"e0", "e1", "e2", "e3", "e4", "e5"};
constexpr const char* kIpv4[] = {"192.0.2.1", "192.0.2.2", "192.0.2.3",   "192.0.2.4",
                                 "192.0.2.5", "192.0.2.6", "198.51.100.1"};
constexpr const char* kIpv6[] = {"2001:db8::1", "2001:db8::2", "fe80::1", "fe80::2"};
// Those of tests/fuzz/world.cc: most pairs of an owner and an address do not exist.
constexpr const char* kGroupAddresses[] = {
    "zones/global/groups/g0/addresses/192.0.2.1", "zones/global/groups/g0/addresses/192.0.2.2",
    "zones/global/groups/g0/addresses/2001-db8--1", "zones/global/groups/g1/addresses/192.0.2.3"};
constexpr const char* kInterfaceAddresses[] = {"zones/global/interfaces/e4/addresses/192.0.2.5"};
constexpr int kFilterDepthMax = 3;

}  // namespace

std::string GroupId(Input* input) { return input->Pick(kGroups); }
std::string InterfaceId(Input* input) { return input->Pick(kInterfaces); }

std::string IpAddressText(bool ipv4_only, Input* input) {
  const unsigned choice =
      input->Below(ipv4_only ? std::size(kIpv4) : std::size(kIpv4) + std::size(kIpv6));
  return choice < std::size(kIpv4) ? kIpv4[choice] : kIpv6[choice - std::size(kIpv4)];
}

std::string ResourceName(unsigned kinds, Input* input) {
  std::vector<unsigned> allowed;
  for (unsigned kind = codec::kZoneName; kind <= codec::kInterfaceAddressName; kind <<= 1) {
    if ((kinds & kind) != 0) allowed.push_back(kind);
  }
  const unsigned kind = allowed.size() == 1 ? allowed.front() : input->Pick(allowed);
  if ((kind & codec::kAddressNames) != 0 && input->Flip()) {
    return kind == codec::kGroupAddressName ? input->Pick(kGroupAddresses)
                                            : input->Pick(kInterfaceAddresses);
  }
  std::string name = "zones/global";
  if ((kind & (codec::kGroupName | codec::kGroupAddressName)) != 0) {
    name += "/groups/" + GroupId(input);
  }
  if ((kind & (codec::kInterfaceName | codec::kInterfaceAddressName)) != 0) {
    name += "/interfaces/" + InterfaceId(input);
  }
  if ((kind & codec::kAddressNames) != 0) {
    std::string address = IpAddressText(false, input);
    std::replace(address.begin(), address.end(), ':', '-');
    name += "/addresses/" + address;
  }
  return name;
}

std::string HardwareAddressText(Input* input) {
  const unsigned choice = input->Byte();
  if (choice < 224) return "02:00:00:00:00:0" + std::to_string(choice % 8);
  return core::FormatHardwareAddress(input->Bytes(choice % 21 + 1));
}

std::string Uuid(Input* input) {
  return "00000000-0000-4000-8000-00000000000" + std::to_string(input->Below(8));
}

std::string CounterName(Input* input) {
  return core::NameOf(static_cast<core::Counter>(input->Below(core::kCounterCount)));
}

std::int64_t NumberWithin(const codec::Rule& rule, Input* input) {
  const unsigned choice = input->Byte();
  if (choice >= 250) return rule.max;
  if (choice >= 240) return rule.min;
  // 68 and 1280 are MTUs, 1 and 2 revisions and sizes.
  static constexpr std::int64_t kUsual[] = {1, 2, 3, 10, 68, 576, 1280, 1400, 1500, 9000};
  return std::clamp(kUsual[choice % std::size(kUsual)], rule.min, rule.max);
}

std::int64_t StrangeNumber(Input* input) {
  static constexpr std::int64_t kStrange[] = {0,
                                              1,
                                              -1,
                                              2,
                                              100,
                                              4242,
                                              65'536,
                                              std::numeric_limits<std::int32_t>::max(),
                                              std::numeric_limits<std::int32_t>::min(),
                                              std::numeric_limits<std::uint32_t>::max(),
                                              std::numeric_limits<std::int64_t>::max(),
                                              std::numeric_limits<std::int64_t>::min()};
  const unsigned choice = input->Byte();
  if (choice >= 240) return static_cast<std::int64_t>(input->Number());
  return kStrange[choice % std::size(kStrange)];
}

std::string StrangeText(Input* input) {
  const unsigned choice = input->Byte();
  if (choice >= 192) return input->Bytes(choice - 192);
  const auto& poisons = integration::PoisonStrings();
  return poisons[choice % poisons.size()];
}

std::string FieldPath(const Descriptor& type, Input* input) {
  std::string path;
  const Descriptor* at = &type;
  while (at != nullptr && at->field_count() > 0) {
    const FieldDescriptor* field =
        at->field(static_cast<int>(input->Below(static_cast<std::size_t>(at->field_count()))));
    path += (path.empty() ? "" : ".") + field->name();
    if (field->is_map()) return path + (input->Flip() ? ".a" : "");
    at = field->message_type();
    if (at != nullptr && input->Chance(64)) break;
  }
  return path;
}

namespace {

std::string FilterValue(const Descriptor& type, Input* input) {
  switch (input->Below(8)) {
    case 0:
      return "true";
    case 1:
      return "*";
    case 2:
      return std::to_string(static_cast<std::int64_t>(input->Number()) >> input->Below(64));
    case 3:
      return '"' + ResourceName(codec::kOwnerNames | codec::kAddressNames, input) + '"';
    case 4:
      return input->Flip() ? "1.5s" : "2024-02-29T12:00:00.123456789Z";
    case 5: {
      const auto* values = type.file()->enum_type_count() > 0 ? type.file()->enum_type(0) : nullptr;
      for (int i = 0; values == nullptr && i < type.nested_type_count(); ++i) {
        if (type.nested_type(i)->enum_type_count() > 0) values = type.nested_type(i)->enum_type(0);
      }
      if (values == nullptr) return "STATE_OK";
      return values
          ->value(static_cast<int>(input->Below(static_cast<std::size_t>(values->value_count()))))
          ->name();
    }
    case 6:
      return "'" + StrangeText(input) + "'";
    default:
      return GroupId(input);
  }
}

std::string FilterTerm(const Descriptor& type, int depth, Input* input) {
  const unsigned choice = input->Byte();
  if (depth < kFilterDepthMax && choice >= 224) {
    return "NOT " + FilterTerm(type, depth + 1, input);
  }
  if (depth < kFilterDepthMax && choice >= 192) {
    const char* const word = input->Flip() ? " OR " : " AND ";
    return "(" + FilterTerm(type, depth + 1, input) + word + FilterTerm(type, depth + 1, input) +
           ")";
  }
  static constexpr const char* kOperators[] = {" = ", " != ", ":"};
  return FieldPath(type, input) + kOperators[choice % 3] + FilterValue(type, input);
}

}  // namespace

std::string FilterText(const Descriptor& type, Input* input) {
  if (input->Chance(16)) return StrangeText(input);
  return FilterTerm(type, 0, input);
}

}  // namespace netstackd::fuzz
