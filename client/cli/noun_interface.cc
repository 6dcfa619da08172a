// ipmpctl interface list, show, create, set, delete.
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "client/cli/columns.h"
#include "client/cli/command.h"
#include "client/cli/context.h"
#include "client/cli/flags.h"
#include "client/cli/names.h"

namespace netstackd::cli {
namespace {

Outcome List(Context& context) {
  const auto all = ListAll<v1::Interface>(
      [&](const ListOptions& options) {
        return context.ipmp().ListInterfaces(context.ZoneName(), options);
      },
      context.List(context.args().Text("filter")));
  if (!all.ok()) return all.status();
  Listing listing{InterfaceColumns(), {}, all->revision, false};
  for (const v1::Interface& item : all->items) listing.items.push_back(InterfaceItem(item));
  return context.Print(listing);
}

Outcome Show(Context& context) {
  NSD_ASSIGN_OR_RETURN(const auto names, context.FullNames(Kind::kInterface));
  Listing listing{InterfaceColumns(), {}, 0, names.size() == 1};
  for (const std::string& name : names) {
    NSD_ASSIGN_OR_RETURN(const auto found, context.ipmp().GetInterface(name, context.Read()));
    listing.items.push_back(InterfaceItem(found.object));
    listing.revision = found.revision;
  }
  return context.Print(listing);
}

// A boolean flag and its field.
struct BoolField {
  const char* flag;
  const char* path;
  void (v1::Interface::Spec::*set)(bool);
};
constexpr BoolField kBoolFields[] = {
    {"ipv4", "spec.ipv4", &v1::Interface::Spec::set_ipv4},
    {"ipv6", "spec.ipv6", &v1::Interface::Spec::set_ipv6},
    {"standby", "spec.standby", &v1::Interface::Spec::set_standby},
    {"up", "spec.up", &v1::Interface::Spec::set_up},
    {"ipv4-up", "spec.ipv4_up", &v1::Interface::Spec::set_ipv4_up},
    {"ipv6-up", "spec.ipv6_up", &v1::Interface::Spec::set_ipv6_up}};

// Takes the flags of create and set over into `out`; adds the paths that changed to `mask`.
absl::Status ApplyFlags(const Arguments& args, v1::Interface* out, std::vector<std::string>* mask) {
  v1::Interface::Spec* spec = out->mutable_spec();
  for (const BoolField& field : kBoolFields) {
    const auto value = args.Bool(field.flag);
    if (!value) continue;
    (spec->*field.set)(*value);
    mask->push_back(field.path);
  }
  if (args.Has("device")) {
    spec->set_device(args.Text("device"));
    mask->push_back("spec.device");
  }
  if (args.Has("group")) {
    spec->set_group(LastSegment(args.Text("group")));
    mask->push_back("spec.group");
  }
  if (const auto mtu = args.Number("ipv4-mtu")) {
    spec->set_ipv4_mtu(static_cast<std::uint32_t>(*mtu));
    mask->push_back("spec.ipv4_mtu");
  }
  if (const auto mtu = args.Number("ipv6-mtu")) {
    spec->set_ipv6_mtu(static_cast<std::uint32_t>(*mtu));
    mask->push_back("spec.ipv6_mtu");
  }
  NSD_ASSIGN_OR_RETURN(const bool labelled, ApplyLabels(args, out->mutable_meta()));
  if (labelled) mask->push_back("meta.labels");
  return absl::OkStatus();
}

// Gives an interface without --ipv4 and --ipv6 its sides: those of its test addresses, else those
// of its group, else IPv4.
absl::Status ChooseSides(Context& context, v1::Interface::Spec* spec) {
  if (context.args().Has("ipv4") || context.args().Has("ipv6")) return absl::OkStatus();
  for (const std::string& cidr : context.args().List("test")) {
    if (absl::StrContains(cidr, ':')) {
      spec->set_ipv6(true);
    } else {
      spec->set_ipv4(true);
    }
  }
  if (!spec->ipv4() && !spec->ipv6() && !spec->group().empty()) {
    NSD_ASSIGN_OR_RETURN(const std::string group,
                         FullName(Kind::kGroup, spec->group(), context.settings().zone));
    NSD_ASSIGN_OR_RETURN(const auto found, context.ipmp().GetGroup(group, context.Read()));
    spec->set_ipv4(found.object.spec().ipv4());
    spec->set_ipv6(found.object.spec().ipv6());
  }
  if (!spec->ipv6()) spec->set_ipv4(true);
  return absl::OkStatus();
}

v1::Address TestAddress(const std::string& owner, const std::string& cidr) {
  v1::Address address;
  address.set_name(absl::StrCat(owner, "/addresses/", AddressIdOf(cidr)));
  address.mutable_spec()->set_cidr(cidr);
  address.mutable_spec()->set_test(true);
  return address;
}

Outcome Create(Context& context) {
  NSD_ASSIGN_OR_RETURN(const std::string name, FullName(Kind::kInterface, context.args().Operand(0),
                                                        context.settings().zone));
  v1::Interface made;
  made.set_name(name);
  std::vector<std::string> unused;
  NSD_RETURN_IF_ERROR(ApplyFlags(context.args(), &made, &unused));
  NSD_RETURN_IF_ERROR(ChooseSides(context, made.mutable_spec()));
  const std::vector<std::string> tests = context.args().List("test");
  if (tests.empty()) {
    NSD_ASSIGN_OR_RETURN(const auto written,
                         context.ipmp().CreateInterface(made, context.Change()));
    context.Changed(name, written.result, ToJson(written.object));
    return 0;
  }
  ChangeSet changes;
  changes.Create(made);
  std::vector<std::string> names = {name};
  for (const std::string& cidr : tests) {
    changes.Create(TestAddress(name, cidr));
    names.push_back(absl::StrCat(name, "/addresses/", AddressIdOf(cidr)));
  }
  NSD_ASSIGN_OR_RETURN(const auto result,
                       context.client().config().Transact(changes, context.Change()));
  context.Created(names, result);
  return 0;
}

Outcome Set(Context& context) {
  NSD_ASSIGN_OR_RETURN(const auto names, context.FullNames(Kind::kInterface));
  for (const std::string& name : names) {
    NSD_ASSIGN_OR_RETURN(auto found, context.ipmp().GetInterface(name, context.Read()));
    std::vector<std::string> mask;
    NSD_RETURN_IF_ERROR(ApplyFlags(context.args(), &found.object, &mask));
    if (mask.empty()) return UsageError("nothing is to be set", "ipmpctl interface set --help");
    CallOptions options = context.Change();
    // Labels are replaced as a whole: not those that somebody just changed.
    if (options.etag.empty()) options.etag = found.object.meta().etag();
    NSD_ASSIGN_OR_RETURN(const auto set,
                         context.ipmp().UpdateInterface(found.object, mask, options));
    context.Changed(name, set.result, ToJson(set.object));
  }
  return 0;
}

Outcome Delete(Context& context) {
  NSD_ASSIGN_OR_RETURN(const auto names, context.FullNames(Kind::kInterface));
  for (const std::string& name : names) {
    NSD_ASSIGN_OR_RETURN(const auto result, context.ipmp().DeleteInterface(name, context.Delete()));
    context.Changed(name, result, nullptr);
  }
  return 0;
}

std::vector<Flag> SpecFlags() {
  std::vector<Flag> flags = {
      {"--group", FlagKind::kText, "GROUP", "put it into this group"},
      {"--standby", FlagKind::kBool, "", "hot spare, used only when another one has failed"},
      {"--ipv4", FlagKind::kBool, "", "has an IPv4 side"},
      {"--ipv6", FlagKind::kBool, "", "has an IPv6 side"},
      {"--device", FlagKind::kText, "LINK", "link in the data plane (default: the name)"},
      {"--up", FlagKind::kBool, "", "the auto address of each side is up"},
      {"--ipv4-up", FlagKind::kBool, "", "that of the IPv4 side"},
      {"--ipv6-up", FlagKind::kBool, "", "that of the IPv6 side"},
      {"--ipv4-mtu", FlagKind::kNumber, "BYTES", "MTU of the IPv4 side; 0: that of the link"},
      {"--ipv6-mtu", FlagKind::kNumber, "BYTES", "MTU of the IPv6 side; 0: that of the link"}};
  for (Flag& flag : LabelFlags()) flags.push_back(std::move(flag));
  return flags;
}

}  // namespace

std::vector<Command> InterfaceCommands() {
  const Operand name{"NAME", "interface, such as net0"};
  const Operand names{"NAME", "interfaces, such as net0; '-' reads them from stdin", true, true};
  std::vector<Flag> create = SpecFlags();
  create.push_back({"--test", FlagKind::kList, "CIDR",
                    "with this test address, in the same transaction; may be repeated"});
  const Flag allow_missing{"--allow-missing", FlagKind::kSwitch, "",
                           "what is not there is no error"};
  return {{"interface", "list", CommandKind::kRead, "list the interfaces", {}, ListFlags(), List},
          {"interface",
           "show",
           CommandKind::kRead,
           "show everything about interfaces",
           {names},
           {},
           Show},
          {"interface",
           "create",
           CommandKind::kChange,
           "create an interface",
           {name},
           create,
           Create,
           "Without --ipv4 and --ipv6 it has the sides of its test addresses, else those of its\n"
           "group, else IPv4.\n"},
          {"interface",
           "set",
           CommandKind::kChange,
           "change settings of interfaces",
           {names},
           SpecFlags(),
           Set},
          {"interface",
           "delete",
           CommandKind::kChange,
           "remove interfaces; addresses of their groups move",
           {names},
           {allow_missing},
           Delete}};
}

}  // namespace netstackd::cli
