#include "client/cli/columns.h"

#include <arpa/inet.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "client/cli/names.h"
#include "client/cli/times.h"

namespace netstackd::cli {
namespace {

using Names = google::protobuf::RepeatedPtrField<std::string>;

std::string YesNo(bool value) { return value ? "yes" : "no"; }

std::string Sorted(const Names& names) {
  std::vector<std::string> sorted(names.begin(), names.end());
  std::sort(sorted.begin(), sorted.end());
  return absl::StrJoin(sorted, " ");
}

// "ipv4 ipv6"
template <typename Spec>
std::string Families(const Spec& spec) {
  return absl::StrCat(spec.ipv4() ? "ipv4" : "", spec.ipv4() && spec.ipv6() ? " " : "",
                      spec.ipv6() ? "ipv6" : "");
}

std::string LabelsText(const v1::Meta& meta) {
  std::vector<std::string> labels;
  for (const auto& [key, value] : meta.labels()) labels.push_back(absl::StrCat(key, "=", value));
  std::sort(labels.begin(), labels.end());
  return absl::StrJoin(labels, ",");
}

std::string MtuText(const v1::Interface::Status& status) {
  if (status.has_ipv4()) return std::to_string(status.ipv4().mtu());
  return status.has_ipv6() ? std::to_string(status.ipv6().mtu()) : "";
}

std::uint32_t BoundCount(const v1::Interface::Status& status) {
  return status.ipv4().bound_addresses() + status.ipv6().bound_addresses();
}

std::string TypeText(const v1::Address::Spec& spec) {
  if (spec.test()) return "test";
  return spec.managed_by() == v1::Address::MANAGED_BY_UNSPECIFIED
             ? "data"
             : EnumText(*v1::Address::ManagedBy_descriptor(), spec.managed_by());
}

}  // namespace

std::vector<Column> GroupColumns() {
  return {{"GROUP"},      {"GROUPNAME"},      {"STATE"},        {"FDT"},
          {"INTERFACES"}, {"FAMILIES", true}, {"LABELS", true}, {"ETAG", true}};
}

Item GroupItem(const v1::Group& group) {
  return {
      DisplayName(group.name()),
      {group.status().interface_name(), ShortName(group.name()),
       EnumText(*v1::Group::State_descriptor(), group.status().state()), DetectionTimeText(group),
       MembersText(group), Families(group.spec()), LabelsText(group.meta()), group.meta().etag()},
      ToJson(group)};
}

std::vector<Column> InterfaceColumns() {
  return {{"INTERFACE"},      {"ACTIVE"},       {"GROUP"},     {"FLAGS"},
          {"LINK"},           {"PROBE"},        {"STATE"},     {"ADDRESSES", true},
          {"FAMILIES", true}, {"HWADDR", true}, {"MTU", true}, {"LABELS", true},
          {"ETAG", true}};
}

Item InterfaceItem(const v1::Interface& ip_interface) {
  const v1::Interface::Status& status = ip_interface.status();
  return {DisplayName(ip_interface.name()),
          {ShortName(ip_interface.name()), YesNo(status.active()), status.group(),
           FlagsText(ip_interface), LinkText(ip_interface), ProbeText(ip_interface),
           StateText(ip_interface), std::to_string(BoundCount(status)),
           Families(ip_interface.spec()), status.hardware_address(), MtuText(status),
           LabelsText(ip_interface.meta()), ip_interface.meta().etag()},
          ToJson(ip_interface)};
}

std::vector<Column> AddressColumns() {
  return {{"ADDRESS"}, {"STATE"},      {"OWNER"},        {"INBOUND"},
          {"TYPE"},    {"CIDR", true}, {"LABELS", true}, {"ETAG", true}};
}

Item AddressItem(const v1::Address& address) {
  const v1::Address::Status& status = address.status();
  return {DisplayName(address.name()),
          {LastSegment(address.name()),
           status.up()          ? "up"
           : status.duplicate() ? "duplicate"
                                : "down",
           ShortName(OwnerOf(address.name())), status.bound_interface(), TypeText(address.spec()),
           address.spec().cidr(), LabelsText(address.meta()), address.meta().etag()},
          ToJson(address)};
}

std::string MembersText(const v1::Group& group) {
  const v1::Group::Status& status = group.status();
  std::vector<std::string> parts;
  if (!status.active().empty()) parts.push_back(Sorted(status.active()));
  if (!status.inactive().empty())
    parts.push_back(absl::StrCat("(", Sorted(status.inactive()), ")"));
  if (!status.unusable().empty())
    parts.push_back(absl::StrCat("[", Sorted(status.unusable()), "]"));
  return absl::StrJoin(parts, " ");
}

bool HasFlag(const v1::Interface& ip_interface, v1::Interface::Flag flag) {
  const auto& flags = ip_interface.status().flags();
  return std::find(flags.begin(), flags.end(), flag) != flags.end();
}

std::string FlagsText(const v1::Interface& ip_interface) {
  const v1::Interface::Status& status = ip_interface.status();
  const bool down = status.ipv4().up_addresses() == 0 && status.ipv6().up_addresses() == 0;
  const auto at = [](bool holds, char letter) { return holds ? letter : '-'; };
  return {at(HasFlag(ip_interface, v1::Interface::FLAG_INACTIVE), 'i'),
          at(HasFlag(ip_interface, v1::Interface::FLAG_STANDBY), 's'),
          at(status.ipv4().cast(), 'm'),
          at(status.ipv4().cast(), 'b'),
          at(status.ipv6().cast(), 'M'),
          at(down, 'd'),
          at(status.duplicate_hardware_address(), 'h')};
}

std::string LinkText(const v1::Interface& ip_interface) {
  switch (ip_interface.status().link()) {
    case v1::Interface::LINK_UP:
      return "up";
    case v1::Interface::LINK_DOWN:
      return "down";
    default:
      return "unknown";
  }
}

std::string ProbeText(const v1::Interface& ip_interface) {
  const std::string probe =
      EnumText(*v1::Interface::Probe_descriptor(), ip_interface.status().probe());
  return probe.empty() ? "disabled" : probe;
}

std::string DetectionTimeText(const v1::Group& group) {
  if (!group.status().has_effective_detection_time()) return "";
  const absl::Duration time = FromProto(group.status().effective_detection_time());
  return absl::StrFormat("%.2fs", absl::ToDoubleSeconds(time));
}

bool Probes(const v1::InterfaceSide& side) { return !side.probing().test_address().empty(); }

std::string StateText(const v1::Interface& ip_interface) {
  const std::string state =
      EnumText(*v1::Interface::State_descriptor(), ip_interface.status().state());
  return state.empty() ? "unknown" : state;
}

std::string AddressSortKey(const std::string& address) {
  char bytes[16];
  if (inet_pton(AF_INET, address.c_str(), bytes) == 1) return "4" + std::string(bytes, 4);
  if (inet_pton(AF_INET6, address.c_str(), bytes) == 1) return "6" + std::string(bytes, 16);
  return "9" + address;
}

}  // namespace netstackd::cli
