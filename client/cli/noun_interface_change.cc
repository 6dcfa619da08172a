// ipmpctl interface join, leave, offline, online, report, up, down.
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "client/cli/command.h"
#include "client/cli/context.h"
#include "client/cli/flags.h"
#include "client/cli/names.h"
#include "client/cli/report.h"

namespace netstackd::cli {
namespace {

using WrittenInterface = absl::StatusOr<Written<v1::Interface>>;

// Does the same with every interface that is named from the first operand on.
Outcome ForEachName(Context& context,
                    const std::function<WrittenInterface(const std::string&)>& change) {
  NSD_ASSIGN_OR_RETURN(const auto names, context.FullNames(Kind::kInterface));
  for (const std::string& name : names) {
    NSD_ASSIGN_OR_RETURN(const auto written, change(name));
    context.Changed(name, written.result, ToJson(written.object));
  }
  return 0;
}

Outcome Join(Context& context) {
  NSD_ASSIGN_OR_RETURN(const std::string name, FullName(Kind::kInterface, context.args().Operand(0),
                                                        context.settings().zone));
  NSD_ASSIGN_OR_RETURN(const std::string group,
                       FullName(Kind::kGroup, context.args().Operand(1), context.settings().zone));
  v1::Interface wanted;
  wanted.set_name(name);
  wanted.mutable_spec()->set_group(LastSegment(group));
  NSD_ASSIGN_OR_RETURN(
      const auto joined,
      context.args().Has("step")
          ? context.ipmp().JoinGroup(name, LastSegment(group), context.Change())
          : context.ipmp().UpdateInterface(wanted, {"spec.group"}, context.Change()));
  context.Changed(name, joined.result, ToJson(joined.object));
  return 0;
}

Outcome Leave(Context& context) {
  return ForEachName(context, [&](const std::string& name) {
    return context.ipmp().LeaveGroup(name, context.Change());
  });
}

Outcome Offline(Context& context) {
  std::optional<std::uint32_t> min_redundancy;
  if (const auto given = context.args().Number("min-redundancy")) {
    min_redundancy = static_cast<std::uint32_t>(*given);
  }
  return ForEachName(context, [&](const std::string& name) {
    return context.ipmp().OfflineInterface(name, min_redundancy, context.Change());
  });
}

Outcome Online(Context& context) {
  return ForEachName(context, [&](const std::string& name) {
    return context.ipmp().OnlineInterface(name, context.Change());
  });
}

absl::Status AddFlags(const Arguments& args, const char* flag,
                      google::protobuf::RepeatedField<int>* out) {
  for (const std::string& text : args.List(flag)) {
    const auto* value = EnumByText(*v1::Interface::Flag_descriptor(), text);
    if (value == nullptr) {
      return UsageError(absl::StrCat("--", flag, ": there is no flag '", text, "'"),
                        absl::StrCat("there are: ", EnumTexts(*v1::Interface::Flag_descriptor())));
    }
    out->Add(value->number());
  }
  return absl::OkStatus();
}

// What both sides of the link can do; absent if nothing is said.
void ApplyCapabilities(const Arguments& args, v1::InterfaceReport* report) {
  if (!args.Has("no-multicast") && !args.Has("no-arp") && !args.Has("all-capabilities")) return;
  v1::Capabilities capabilities;
  capabilities.set_multicast(!args.Has("no-multicast"));
  capabilities.set_no_arp(args.Has("no-arp"));
  *report->mutable_ipv4()->mutable_capabilities() = capabilities;
  *report->mutable_ipv6()->mutable_capabilities() = capabilities;
}

absl::StatusOr<v1::InterfaceReport> ReportOf(Context& context) {
  const Arguments& args = context.args();
  v1::InterfaceReport report;
  NSD_ASSIGN_OR_RETURN(const int link, EnumFlag(args, "link", *v1::Interface::Link_descriptor()));
  report.set_link(static_cast<v1::Interface::Link>(link));
  NSD_ASSIGN_OR_RETURN(const int mac_type, EnumFlag(args, "mac-type", *v1::MacType_descriptor()));
  report.set_mac_type(static_cast<v1::MacType>(mac_type));
  NSD_ASSIGN_OR_RETURN(const int usesrc, EnumFlag(args, "usesrc", *v1::UsesrcRole_descriptor()));
  if (usesrc != 0) {
    report.mutable_ipv4()->set_usesrc(static_cast<v1::UsesrcRole>(usesrc));
    report.mutable_ipv6()->set_usesrc(static_cast<v1::UsesrcRole>(usesrc));
  }
  if (args.Has("hwaddr")) report.set_hardware_address(args.Text("hwaddr"));
  if (const auto mtu = args.Number("mtu")) report.set_link_mtu(static_cast<std::uint32_t>(*mtu));
  if (const auto is_virtual = args.Bool("virtual")) report.set_is_virtual(*is_virtual);
  for (const std::string& text : args.List("duplicate")) {
    NSD_ASSIGN_OR_RETURN(const std::string name, context.ResolveAddress(text));
    report.add_duplicate_addresses(name);
  }
  ApplyCapabilities(args, &report);
  if (args.Has("set-flag")) {
    NSD_RETURN_IF_ERROR(AddFlags(args, "set-flag", report.mutable_detector()->mutable_set()));
  }
  if (args.Has("clear-flag")) {
    NSD_RETURN_IF_ERROR(AddFlags(args, "clear-flag", report.mutable_detector()->mutable_clear()));
  }
  NSD_RETURN_IF_ERROR(ApplyDetection(args, context.io().clock->Now(), &report));
  return report;
}

Outcome Report(Context& context) {
  NSD_ASSIGN_OR_RETURN(const v1::InterfaceReport report, ReportOf(context));
  v1::InterfaceReport without_time = report;
  without_time.clear_observe_time();
  if (without_time.ByteSizeLong() == 0) {
    return UsageError("nothing is reported", "ipmpctl interface report --help");
  }
  return ForEachName(context, [&](const std::string& name) {
    return context.ipmp().ReportInterface(name, report, context.Change());
  });
}

Outcome Up(Context& context) {
  NSD_ASSIGN_OR_RETURN(const v1::Family family, FamilyOf(context.args()));
  return ForEachName(context, [&](const std::string& name) -> WrittenInterface {
    NSD_ASSIGN_OR_RETURN(const auto up, context.ipmp().BringUp(name, family, context.Change()));
    return Written<v1::Interface>{up.ip_interface(), up.result()};
  });
}

Outcome Down(Context& context) {
  NSD_ASSIGN_OR_RETURN(const v1::Family family, FamilyOf(context.args()));
  return ForEachName(context, [&](const std::string& name) -> WrittenInterface {
    NSD_ASSIGN_OR_RETURN(const auto down, context.ipmp().BringDown(name, family, context.Change()));
    return Written<v1::Interface>{down.ip_interface(), down.result()};
  });
}

constexpr char kReportDetails[] =
    "An observation as an agent makes it, by hand or from a script of a lab. IPv6 targets of\n"
    "probes stand in brackets. Behind a probe, @TIME says how long before the observation\n"
    "sending began. 5 probes lost in a row are a failure, 10 answered ones a repair:\n"
    "  ipmpctl interface report net0 --link down --observe-time 250ms\n"
    "  ipmpctl interface report net0 --targets routes:192.0.2.1\n"
    "  ipmpctl interface report net0 --probe ok:192.0.2.1:17:0.42ms --probe "
    "lost:192.0.2.1:18\n";

std::vector<Flag> ReportFlags() {
  std::vector<Flag> flags = {
      {"--link", FlagKind::kText, "STATE", "up, down or unknown"},
      {"--hwaddr", FlagKind::kText, "BYTES", "hardware address, such as 02:00:00:00:00:01"},
      {"--mtu", FlagKind::kNumber, "BYTES", "MTU of the link"},
      {"--mac-type", FlagKind::kText, "TYPE", "ethernet, wifi, infiniband, ..."},
      {"--virtual", FlagKind::kBool, "", "it is a virtual interface"},
      {"--usesrc", FlagKind::kText, "ROLE", "none, source or client"},
      {"--no-multicast", FlagKind::kSwitch, "", "the link cannot do multicast"},
      {"--no-arp", FlagKind::kSwitch, "", "address resolution is off"},
      {"--all-capabilities", FlagKind::kSwitch, "", "neither of the two"},
      {"--duplicate", FlagKind::kList, "ADDRESS",
       "found in use elsewhere: ipmp0/192.0.2.10; may be repeated"},
      {"--set-flag", FlagKind::kList, "FLAG",
       "failed, inactive, offline or standby, as a detector decided; may be repeated"},
      {"--clear-flag", FlagKind::kList, "FLAG", "the same; may be repeated"}};
  for (Flag& flag : DetectionFlags()) flags.push_back(std::move(flag));
  return flags;
}

}  // namespace

std::vector<Command> InterfaceChangeCommands() {
  const Operand name{"NAME", "interface, such as net0"};
  const Operand names{"NAME", "interfaces, such as net0; '-' reads them from stdin", true, true};
  const Flag step{"--step", FlagKind::kSwitch, "",
                  "as it is: refused if an address is up; without it addresses go down and up"};
  const Flag redundancy{"--min-redundancy", FlagKind::kNumber, "N",
                        "usable interfaces that must remain in the group (default: 1; 0: any)"};
  return {{"interface",
           "join",
           CommandKind::kChange,
           "put an interface into a group",
           {name, {"GROUP", "group of the same zone"}},
           {step},
           Join},
          {"interface",
           "leave",
           CommandKind::kChange,
           "take interfaces out of their groups",
           {names},
           {},
           Leave},
          {"interface",
           "offline",
           CommandKind::kChange,
           "take interfaces out of service; their addresses move",
           {names},
           {redundancy},
           Offline},
          {"interface",
           "online",
           CommandKind::kChange,
           "put interfaces back into service",
           {names},
           {},
           Online},
          {"interface",
           "report",
           CommandKind::kChange,
           "tell what was seen of interfaces",
           {names},
           ReportFlags(),
           Report,
           kReportDetails},
          {"interface",
           "up",
           CommandKind::kChange,
           "bring the auto addresses up",
           {names},
           {FamilyFlag()},
           Up},
          {"interface",
           "down",
           CommandKind::kChange,
           "bring the auto addresses down",
           {names},
           {FamilyFlag()},
           Down}};
}

}  // namespace netstackd::cli
