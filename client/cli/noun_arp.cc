// ipmpctl arp ...
#include <string>
#include <vector>

#include "base/status_macros.h"
#include "client/cli/command.h"
#include "client/cli/context.h"
#include "client/cli/names.h"

namespace netstackd::cli {
namespace {

absl::StatusOr<std::string> GroupOf(Context& context) {
  return FullName(Kind::kGroup, context.args().Operand(0), context.settings().zone);
}

Outcome List(Context& context) {
  ListOptions options = context.List();
  std::vector<v1::Group> groups;
  std::int64_t revision = 0;
  if (context.args().operands.empty()) {
    NSD_ASSIGN_OR_RETURN(auto all, ListAll<v1::Group>(
                                       [&](const ListOptions& page) {
                                         return context.ipmp().ListGroups(context.ZoneName(), page);
                                       },
                                       options));
    groups = std::move(all.items);
    revision = all.revision;
  } else {
    NSD_ASSIGN_OR_RETURN(const std::string name, GroupOf(context));
    NSD_ASSIGN_OR_RETURN(const auto group, context.ipmp().GetGroup(name, context.Read()));
    groups.push_back(group.object);
    revision = group.revision;
  }
  Listing listing{
      {{"GROUP"}, {"ADDRESS"}, {"HWADDR"}, {"PROXY"}, {"ANNOUNCED"}}, {}, revision, false};
  for (const v1::Group& group : groups) {
    for (const v1::ArpEntry& entry : group.status().ipv4().arp_entries()) {
      Json json = {{"group", group.name()}};
      json.update(ToJson(entry));
      listing.items.push_back(
          {ShortName(group.name()) + "/" + entry.ip_address(),
           {ShortName(group.name()), entry.ip_address(), entry.hardware_address(),
            entry.proxy() ? "yes" : "no", entry.notified() ? "yes" : "no"},
           json});
    }
  }
  return context.Print(listing);
}

Outcome Set(Context& context) {
  NSD_ASSIGN_OR_RETURN(const std::string group, GroupOf(context));
  ArpEntrySpec entry{context.args().Operand(1), context.args().Operand(2)};
  if (context.args().Has("once")) entry.permanent = false;
  NSD_ASSIGN_OR_RETURN(const auto set, context.ipmp().SetArpEntry(group, entry, context.Change()));
  context.Changed(group, set.result(),
                  set.has_arp_entry() ? ToJson(set.arp_entry()) : Json(nullptr));
  return 0;
}

Outcome Delete(Context& context) {
  NSD_ASSIGN_OR_RETURN(const std::string group, GroupOf(context));
  NSD_ASSIGN_OR_RETURN(const auto result, context.ipmp().DeleteArpEntry(
                                              group, context.args().Operand(1), context.Delete()));
  context.Changed(group, result, nullptr);
  return 0;
}

}  // namespace

std::vector<Command> ArpCommands() {
  const Operand group{"GROUP", "group, such as ipmp0"};
  const Operand address{"ADDRESS", "IPv4 address of another system"};
  return {{"arp",
           "list",
           CommandKind::kRead,
           "list ARP entries of groups",
           {{"GROUP", "group (default: all)", false}},
           {},
           List},
          {"arp",
           "set",
           CommandKind::kChange,
           "set an ARP entry of a group",
           {group, address, {"HWADDR", "hardware address; that of a member makes a proxy entry"}},
           {{"--once", FlagKind::kSwitch, "", "announce it once, do not keep it"}},
           Set},
          {"arp",
           "delete",
           CommandKind::kChange,
           "remove an ARP entry of a group",
           {group, address},
           {{"--allow-missing", FlagKind::kSwitch, "", "an entry that is not there is no error"}},
           Delete}};
}

}  // namespace netstackd::cli
