#include "server/codec/api_rules.h"

#include <limits>
#include <map>
#include <vector>

#include "server/codec/api_names.h"

namespace netstackd::codec {
namespace {

using enum RuleKind;

constexpr std::int64_t kInt32Max = std::numeric_limits<std::int32_t>::max();
constexpr std::int64_t kInt64Max = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kHourMs = 3'600'000;
constexpr std::int64_t kMtuMax = 16'777'216;
constexpr std::int64_t kObjectNames = kOwnerNames | kAddressNames;

// A message type and its fields stand together; names of resources first, for the first wrong
// field gives the error its reason.
constexpr Rule kRules[] = {
    // What requests share.
    {"WriteOptions", "request_id", kUuid},
    {"WriteOptions", "validate_only", kAny},
    {"WriteOptions", "comment", kFreeText, 0, 1024},
    {"WriteOptions", "etag", kText, 0, 64},
    {"Page", "page_size", kNumber, 0, kInt32Max},
    {"Page", "page_token", kAny},  // INVALID_PAGE_TOKEN
    {"Page", "filter", kFreeText, 0, 2048},
    {"Page", "min_revision", kNumber, 0, kInt64Max},
    {"Meta", "uid", kIgnored},
    {"Meta", "etag", kIgnored},
    {"Meta", "create_revision", kIgnored},
    {"Meta", "update_revision", kIgnored},
    {"Meta", "generation", kIgnored},
    {"Meta", "create_time", kIgnored},
    {"Meta", "update_time", kIgnored},
    {"Meta", "labels", kLabels},

    // Groups.
    {"Group", "name", kIgnored},  // a matter of the request
    {"Group", "meta", kMessage},
    {"Group", "spec", kMessage},
    {"Group", "status", kIgnored},
    {"Group.Spec", "interface_name", kObjectId},
    {"Group.Spec", "ipv4", kAny},
    {"Group.Spec", "ipv6", kAny},
    {"Group.Spec", "failure_detection", kMessage},
    {"Group.Spec", "failback", kAny},
    {"Group.Spec", "failback_hold", kDuration, 0, kHourMs},
    {"Group.Spec", "announce", kMessage},
    {"Group.FailureDetection", "link", kAny},
    {"Group.FailureDetection", "probe", kAny},
    {"Group.FailureDetection", "detection_time", kDetectionTime, 100, kHourMs},
    {"Group.FailureDetection", "targets", kIpAddress, 0, 0, 64},
    {"Group.Announce", "count", kNumber, 1, 100},
    {"Group.Announce", "interval", kDuration, 1, 60'000},
    {"Group.Announce", "refresh", kDuration, 0, kHourMs},
    {"CreateGroupRequest", "parent", kName, kZoneName},
    {"CreateGroupRequest", "group_id", kNewGroupId},
    {"CreateGroupRequest", "group", kMessage, 1},
    {"CreateGroupRequest", "options", kMessage},
    {"CreateGroupRequest", "group.name", kName, kGroupName, 1},
    {"CreateGroupRequest", "options.etag", kEmpty},
    {"GetGroupRequest", "name", kName, kGroupName},
    {"GetGroupRequest", "min_revision", kNumber, 0, kInt64Max},
    {"ListGroupsRequest", "parent", kName, kZoneName},
    {"ListGroupsRequest", "page", kMessage},
    {"UpdateGroupRequest", "group", kMessage, 1},
    {"UpdateGroupRequest", "update_mask", kMask},
    {"UpdateGroupRequest", "options", kMessage},
    {"UpdateGroupRequest", "group.name", kName, kGroupName},
    {"DeleteGroupRequest", "name", kName, kGroupName},
    {"DeleteGroupRequest", "allow_missing", kAny},
    {"DeleteGroupRequest", "options", kMessage},
    {"RenameGroupRequest", "name", kName, kGroupName},
    {"RenameGroupRequest", "new_group_id", kNewGroupId},
    {"RenameGroupRequest", "options", kMessage},

    // Interfaces.
    {"Interface", "name", kIgnored},
    {"Interface", "meta", kMessage},
    {"Interface", "spec", kMessage},
    {"Interface", "status", kIgnored},
    {"Interface.Spec", "device", kText, 0, 63},
    {"Interface.Spec", "group", kObjectId},
    {"Interface.Spec", "standby", kAny},
    {"Interface.Spec", "ipv4", kAny},
    {"Interface.Spec", "ipv6", kAny},
    {"Interface.Spec", "offline", kAny},  // FLAG_READ_ONLY
    {"Interface.Spec", "up", kAny},
    {"Interface.Spec", "ipv4_up", kAny},
    {"Interface.Spec", "ipv6_up", kAny},
    {"Interface.Spec", "ipv4_mtu", kAny},  // MTU_OUT_OF_RANGE
    {"Interface.Spec", "ipv6_mtu", kAny},
    {"InterfaceReport", "mac_type", kEnum},
    {"InterfaceReport", "hardware_address", kHardwareAddress, 1, 20},
    {"InterfaceReport", "link_mtu", kNumber, 1, kMtuMax},
    {"InterfaceReport", "is_virtual", kAny},
    {"InterfaceReport", "ipv4", kMessage},
    {"InterfaceReport", "ipv6", kMessage},
    {"InterfaceReport", "counters", kMessage},
    {"InterfaceReport", "wide_counters", kCounterName, 0, 0, 14},
    {"InterfaceReport", "counters_gone", kAny},
    {"InterfaceReport", "link", kEnum},
    {"InterfaceReport", "duplicate_addresses", kName, kAddressNames, 0, 100},
    {"InterfaceReport", "detector", kMessage},
    {"InterfaceReport", "observe_time", kTimestamp},
    {"SideReport", "mtu", kNumber, 1, kMtuMax},
    {"SideReport", "capabilities", kMessage},
    {"SideReport", "usesrc", kEnum},
    {"SideReport", "probing", kMessage},
    {"ProbeReport", "probes", kMessage, 0, 0, 100},
    {"ProbeReport", "targets", kMessage},
    {"ProbeReport.Targets", "mode", kEnum, 1},
    {"ProbeReport.Targets", "addresses", kIpAddress, 0, 0, 64},
    {"Probe", "sequence", kNumber, 0, 65'535},
    {"Probe", "target", kIpAddress},
    {"Probe", "start_time", kTimestamp},
    {"Probe", "lost", kAny},
    {"Probe", "net_rtt", kDuration, 0, kHourMs},
    {"Probe", "rtt", kDuration, 0, kHourMs},
    {"Probe", "end_time", kTimestamp},
    {"DetectorReport", "set", kEnum, 1, 0, 4},
    {"DetectorReport", "clear", kEnum, 1, 0, 4},
    {"Capabilities", "multicast", kAny},
    {"Capabilities", "no_arp", kAny},
    {"Capabilities", "no_nud", kAny},
    {"Capabilities", "external_resolver", kAny},
    {"Capabilities", "class_of_service", kAny},
    {"Counters", "out_bytes32", kAny},
    {"Counters", "out_bytes64", kAny},
    {"Counters", "in_bytes32", kAny},
    {"Counters", "in_bytes64", kAny},
    {"Counters", "out_packets32", kAny},
    {"Counters", "out_packets64", kAny},
    {"Counters", "out_errors", kAny},
    {"Counters", "in_packets32", kAny},
    {"Counters", "in_packets64", kAny},
    {"Counters", "in_errors", kAny},
    {"Counters", "multicast_in", kAny},
    {"Counters", "multicast_out", kAny},
    {"Counters", "broadcast_in", kAny},
    {"Counters", "broadcast_out", kAny},
    {"CreateInterfaceRequest", "parent", kName, kZoneName},
    {"CreateInterfaceRequest", "interface_id", kNewInterfaceId},
    {"CreateInterfaceRequest", "ip_interface", kMessage, 1},
    {"CreateInterfaceRequest", "options", kMessage},
    {"CreateInterfaceRequest", "ip_interface.name", kName, kInterfaceName, 1},
    {"CreateInterfaceRequest", "options.etag", kEmpty},
    {"GetInterfaceRequest", "name", kName, kInterfaceName},
    {"GetInterfaceRequest", "min_revision", kNumber, 0, kInt64Max},
    {"ListInterfacesRequest", "parent", kName, kZoneName},
    {"ListInterfacesRequest", "page", kMessage},
    {"UpdateInterfaceRequest", "ip_interface", kMessage, 1},
    {"UpdateInterfaceRequest", "update_mask", kMask},
    {"UpdateInterfaceRequest", "options", kMessage},
    {"UpdateInterfaceRequest", "ip_interface.name", kName, kInterfaceName},
    {"DeleteInterfaceRequest", "name", kName, kInterfaceName},
    {"DeleteInterfaceRequest", "allow_missing", kAny},
    {"DeleteInterfaceRequest", "options", kMessage},
    {"JoinGroupRequest", "name", kName, kInterfaceName},
    {"JoinGroupRequest", "group", kObjectId, 1},
    {"JoinGroupRequest", "options", kMessage},
    {"LeaveGroupRequest", "name", kName, kInterfaceName},
    {"LeaveGroupRequest", "options", kMessage},
    {"OfflineInterfaceRequest", "name", kName, kInterfaceName},
    {"OfflineInterfaceRequest", "min_redundancy", kNumber, 0, 1000},
    {"OfflineInterfaceRequest", "options", kMessage},
    {"OnlineInterfaceRequest", "name", kName, kInterfaceName},
    {"OnlineInterfaceRequest", "options", kMessage},
    {"ReportInterfaceRequest", "name", kName, kInterfaceName},
    {"ReportInterfaceRequest", "report", kMessage, 1},
    {"ReportInterfaceRequest", "options", kMessage},

    // Addresses.
    {"Address", "name", kIgnored},
    {"Address", "meta", kMessage},
    {"Address", "spec", kMessage},
    {"Address", "status", kIgnored},
    {"Address.Spec", "cidr", kCidr},
    {"Address.Spec", "up", kAny},
    {"Address.Spec", "test", kAny},
    {"Address.Spec", "managed_by", kEnum},
    {"Address.Spec", "point_to_point", kAny},
    {"CreateAddressRequest", "parent", kName, kOwnerNames},
    {"CreateAddressRequest", "address", kMessage, 1},
    {"CreateAddressRequest", "options", kMessage},
    {"CreateAddressRequest", "address.name", kName, kAddressNames, 1},
    {"CreateAddressRequest", "options.etag", kEmpty},
    {"GetAddressRequest", "name", kName, kAddressNames},
    {"GetAddressRequest", "min_revision", kNumber, 0, kInt64Max},
    {"ListAddressesRequest", "parent", kName, kZoneName | kOwnerNames},
    {"ListAddressesRequest", "page", kMessage},
    {"UpdateAddressRequest", "address", kMessage, 1},
    {"UpdateAddressRequest", "update_mask", kMask},
    {"UpdateAddressRequest", "options", kMessage},
    {"UpdateAddressRequest", "address.name", kName, kAddressNames},
    {"DeleteAddressRequest", "name", kName, kAddressNames},
    {"DeleteAddressRequest", "allow_missing", kAny},
    {"DeleteAddressRequest", "options", kMessage},

    // The rest of IpmpService.
    {"BringUpRequest", "name", kName, kObjectNames},
    {"BringUpRequest", "family", kEnum},
    {"BringUpRequest", "options", kMessage},
    {"BringDownRequest", "name", kName, kObjectNames},
    {"BringDownRequest", "family", kEnum},
    {"BringDownRequest", "options", kMessage},
    {"SetForwardingRequest", "name", kName, kOwnerNames},
    {"SetForwardingRequest", "family", kEnum, 1},
    {"SetForwardingRequest", "enabled", kAny},
    {"SetForwardingRequest", "options", kMessage},
    {"SetArpEntryRequest", "parent", kName, kOwnerNames},  // ARP_ON_MEMBER
    {"SetArpEntryRequest", "ip_address", kIpAddress, 4},
    {"SetArpEntryRequest", "hardware_address", kHardwareAddress, 1, 20},
    {"SetArpEntryRequest", "permanent", kAny},
    {"SetArpEntryRequest", "options", kMessage},
    {"DeleteArpEntryRequest", "parent", kName, kOwnerNames},
    {"DeleteArpEntryRequest", "ip_address", kIpAddress, 4},
    {"DeleteArpEntryRequest", "allow_missing", kAny},
    {"DeleteArpEntryRequest", "options", kMessage},
    {"NextInterfaceRequest", "name", kName, kGroupName},
    {"NextInterfaceRequest", "family", kEnum, 1},
    {"NextInterfaceRequest", "options", kMessage},
    {"CastInterfaceRequest", "name", kName, kGroupName},
    {"CastInterfaceRequest", "family", kEnum, 1},
    {"CastInterfaceRequest", "min_revision", kNumber, 0, kInt64Max},
    {"FindInterfaceRequest", "name", kName, kGroupName},
    {"FindInterfaceRequest", "family", kEnum, 1},
    {"FindInterfaceRequest", "hardware_address", kHardwareAddress, 1, 20},
    {"FindInterfaceRequest", "min_revision", kNumber, 0, kInt64Max},
    {"GetGroupStatsRequest", "name", kName, kGroupName},
    {"GetGroupStatsRequest", "min_revision", kNumber, 0, kInt64Max},
    {"ListMovesRequest", "parent", kName, kZoneName | kGroupName | kGroupAddressName},
    {"ListMovesRequest", "page", kMessage},
    {"ExplainAddressRequest", "name", kName, kGroupAddressName},
    {"ExplainAddressRequest", "min_revision", kNumber, 0, kInt64Max},
    {"StreamProbesRequest", "parent", kName, kZoneName},
    {"StreamProbesRequest", "interfaces", kObjectId, 1, 0, 1000},

    // ConfigService and AdminService.
    {"Resource", "group", kMessage},
    {"Resource", "ip_interface", kMessage},
    {"Resource", "address", kMessage},
    {"Guard", "name", kName, kObjectNames},
    {"Guard", "etag", kText, 1, 64},
    {"Guard", "exists", kAny},
    {"Operation", "create", kMessage},
    {"Operation", "update", kMessage},
    {"Operation", "remove", kName, kObjectNames},
    {"Operation", "offline", kName, kInterfaceName},
    {"Operation", "online", kName, kInterfaceName},
    {"Operation", "join", kMessage},
    {"Operation", "leave", kName, kInterfaceName},
    {"Operation", "report", kMessage},
    {"Operation", "create.group.name", kName, kGroupName},
    {"Operation", "create.ip_interface.name", kName, kInterfaceName},
    {"Operation", "create.address.name", kName, kAddressNames},
    {"Operation", "update.group.name", kName, kGroupName},
    {"Operation", "update.ip_interface.name", kName, kInterfaceName},
    {"Operation", "update.address.name", kName, kAddressNames},
    {"Operation.Join", "ip_interface", kName, kInterfaceName},
    {"Operation.Join", "group", kObjectId, 1},
    {"Operation.Report", "name", kName, kInterfaceName},
    {"Operation.Report", "report", kMessage, 1},
    {"TransactRequest", "guards", kMessage, 0, 0, 1000},
    {"TransactRequest", "operations", kMessage, 0, 0, 1000, 1},
    {"TransactRequest", "options", kMessage},
    {"TransactRequest", "options.etag", kEmpty},
    {"ListTransactionsRequest", "page", kMessage},
    {"ListTransactionsRequest", "with_plans", kAny},
    {"GetTransactionRequest", "revision", kNumber, 1, kInt64Max},
    {"CompactRequest", "keep_from", kNumber, 1, kInt64Max},
    {"CompactRequest", "options", kMessage},
    {"CompactRequest", "options.etag", kEmpty},

    // WatchService.
    {"WatchRequest", "name_prefixes", kText, 1, 255, 100},
    {"WatchRequest", "kinds", kEnum, 1, 0, 4},
    {"WatchRequest", "filter", kFreeText, 0, 2048},
    {"WatchRequest", "store_id", kText, 0, 64},
    {"WatchRequest", "after_revision", kNumber, 0, kInt64Max},
    {"WatchRequest", "skip_snapshot", kAny},
    {"WatchRequest", "fail_when_compacted", kAny},
    {"WatchRequest", "latest_only", kAny},
    {"WatchRequest", "bookmark_interval", kDuration, 1000, 60'000},
    {"WatchRequest", "with_previous", kAny},
};

using RulesByMessage = std::map<std::string, std::vector<const Rule*>>;

const RulesByMessage& ByMessage() {
  static const RulesByMessage* const kByMessage = [] {
    auto* rules = new RulesByMessage;
    for (const Rule& rule : kRules) {
      (*rules)[std::string("netstackd.v1.") + rule.message].push_back(&rule);
    }
    return rules;
  }();
  return *kByMessage;
}

}  // namespace

std::span<const Rule> AllRules() { return kRules; }

std::span<const Rule* const> RulesOf(const google::protobuf::Descriptor& message) {
  const auto found = ByMessage().find(message.full_name());
  if (found == ByMessage().end()) return {};
  return found->second;
}

}  // namespace netstackd::codec
