// ipmpctl group ...
#include <string>
#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "client/cli/columns.h"
#include "client/cli/command.h"
#include "client/cli/context.h"
#include "client/cli/flags.h"
#include "client/cli/names.h"
#include "client/cli/times.h"

namespace netstackd::cli {
namespace {

Outcome List(Context& context) {
  const auto all = ListAll<v1::Group>(
      [&](const ListOptions& options) {
        return context.ipmp().ListGroups(context.ZoneName(), options);
      },
      context.List(context.args().Text("filter")));
  if (!all.ok()) return all.status();
  Listing listing{GroupColumns(), {}, all->revision, false};
  for (const v1::Group& group : all->items) listing.items.push_back(GroupItem(group));
  return context.Print(listing);
}

Outcome Show(Context& context) {
  NSD_ASSIGN_OR_RETURN(const auto names, context.FullNames(Kind::kGroup));
  Listing listing{GroupColumns(), {}, 0, names.size() == 1};
  for (const std::string& name : names) {
    NSD_ASSIGN_OR_RETURN(const auto group, context.ipmp().GetGroup(name, context.Read()));
    listing.items.push_back(GroupItem(group.object));
    listing.revision = group.revision;
  }
  return context.Print(listing);
}

// Takes the flags of create and set over into `group`; adds the paths that changed to `mask`.
absl::Status ApplyFlags(const Arguments& args, v1::Group* group, std::vector<std::string>* mask) {
  v1::Group::Spec* spec = group->mutable_spec();
  if (const auto ipv4 = args.Bool("ipv4")) {
    spec->set_ipv4(*ipv4);
    mask->push_back("spec.ipv4");
  }
  if (const auto ipv6 = args.Bool("ipv6")) {
    spec->set_ipv6(*ipv6);
    mask->push_back("spec.ipv6");
  }
  if (const auto detect = args.Duration("detect")) {
    *spec->mutable_failure_detection()->mutable_detection_time() = ToProto(*detect);
    mask->push_back("spec.failure_detection.detection_time");
  }
  if (const auto link = args.Bool("detect-link")) {
    spec->mutable_failure_detection()->set_link(*link);
    mask->push_back("spec.failure_detection.link");
  }
  if (args.Has("target")) {
    spec->mutable_failure_detection()->clear_targets();
    for (const std::string& target : args.List("target")) {
      spec->mutable_failure_detection()->add_targets(target);
    }
    mask->push_back("spec.failure_detection.targets");
  }
  if (const auto failback = args.Bool("failback")) {
    spec->set_failback(*failback);
    mask->push_back("spec.failback");
  }
  if (const auto hold = args.Duration("failback-hold")) {
    *spec->mutable_failback_hold() = ToProto(*hold);
    mask->push_back("spec.failback_hold");
  }
  if (const auto count = args.Number("announce")) {
    spec->mutable_announce()->set_count(static_cast<std::int32_t>(*count));
    mask->push_back("spec.announce");
  }
  NSD_ASSIGN_OR_RETURN(const bool labelled, ApplyLabels(args, group->mutable_meta()));
  if (labelled) mask->push_back("meta.labels");
  return absl::OkStatus();
}

Outcome Create(Context& context) {
  NSD_ASSIGN_OR_RETURN(const std::string name,
                       FullName(Kind::kGroup, context.args().Operand(0), context.settings().zone));
  v1::Group group;
  group.set_name(name);
  std::vector<std::string> unused;
  NSD_RETURN_IF_ERROR(ApplyFlags(context.args(), &group, &unused));
  if (!context.args().Has("ipv4") && !context.args().Has("ipv6")) {
    group.mutable_spec()->set_ipv4(true);
    group.mutable_spec()->set_ipv6(true);
  }
  group.mutable_spec()->set_interface_name(context.args().Text("interface-name"));
  NSD_ASSIGN_OR_RETURN(const auto made, context.ipmp().CreateGroup(group, context.Change()));
  context.Changed(name, made.result, ToJson(made.object));
  return 0;
}

Outcome Set(Context& context) {
  NSD_ASSIGN_OR_RETURN(const auto names, context.FullNames(Kind::kGroup));
  for (const std::string& name : names) {
    NSD_ASSIGN_OR_RETURN(auto group, context.ipmp().GetGroup(name, context.Read()));
    std::vector<std::string> mask;
    NSD_RETURN_IF_ERROR(ApplyFlags(context.args(), &group.object, &mask));
    if (mask.empty()) return UsageError("nothing is to be set", "ipmpctl group set --help");
    CallOptions options = context.Change();
    // Labels and `announce` are replaced as a whole: not those that somebody just changed.
    if (options.etag.empty()) options.etag = group.object.meta().etag();
    NSD_ASSIGN_OR_RETURN(const auto set, context.ipmp().UpdateGroup(group.object, mask, options));
    context.Changed(name, set.result, ToJson(set.object));
  }
  return 0;
}

Outcome Delete(Context& context) {
  NSD_ASSIGN_OR_RETURN(const auto names, context.FullNames(Kind::kGroup));
  for (const std::string& name : names) {
    NSD_ASSIGN_OR_RETURN(const auto result, context.ipmp().DeleteGroup(name, context.Delete()));
    context.Changed(name, result, nullptr);
  }
  return 0;
}

Outcome Rename(Context& context) {
  NSD_ASSIGN_OR_RETURN(const std::string name,
                       FullName(Kind::kGroup, context.args().Operand(0), context.settings().zone));
  NSD_ASSIGN_OR_RETURN(const auto renamed, context.ipmp().RenameGroup(
                                               name, context.args().Operand(1), context.Change()));
  context.Changed(renamed.object.name().empty() ? name : renamed.object.name(), renamed.result,
                  ToJson(renamed.object));
  return 0;
}

Outcome Stats(Context& context) {
  NSD_ASSIGN_OR_RETURN(const std::string name,
                       FullName(Kind::kGroup, context.args().Operand(0), context.settings().zone));
  NSD_ASSIGN_OR_RETURN(const auto stats, context.ipmp().GetGroupStats(name, context.Read()));
  return context.Print({{{"GROUP"}},
                        {{DisplayName(name), {ShortName(name)}, ToJson(stats)}},
                        stats.revision(),
                        true});
}

std::vector<Flag> SpecFlags() {
  std::vector<Flag> flags = {
      {"--ipv4", FlagKind::kBool, "", "has an IPv4 side"},
      {"--ipv6", FlagKind::kBool, "", "has an IPv6 side"},
      {"--detect", FlagKind::kDuration, "TIME", "find failures within this time (100ms to 1h)"},
      {"--detect-link", FlagKind::kBool, "", "a link that is down is a failure"},
      {"--target", FlagKind::kList, "ADDRESS", "probe this one; may be repeated"},
      {"--failback", FlagKind::kBool, "", "a repaired interface takes addresses again"},
      {"--failback-hold", FlagKind::kDuration, "TIME", "but only after this time"},
      {"--announce", FlagKind::kNumber, "COUNT", "announcements of one move (1 to 100)"}};
  for (Flag& flag : LabelFlags()) flags.push_back(std::move(flag));
  return flags;
}

}  // namespace

std::vector<Command> GroupCommands() {
  const Operand name{"NAME", "group, such as ipmp0"};
  const Operand names{"NAME", "groups, such as ipmp0; '-' reads them from stdin", true, true};
  std::vector<Flag> create = SpecFlags();
  create.push_back({"--interface-name", FlagKind::kText, "NAME",
                    "of the group interface (default: the name of the group)"});
  const Flag allow_missing{"--allow-missing", FlagKind::kSwitch, "",
                           "what is not there is no error"};
  return {
      {"group", "list", CommandKind::kRead, "list the groups", {}, ListFlags(), List},
      {"group", "show", CommandKind::kRead, "show everything about groups", {names}, {}, Show},
      {"group",
       "create",
       CommandKind::kChange,
       "create a group, without --ipv4 or --ipv6 of both",
       {name},
       create,
       Create},
      {"group",
       "set",
       CommandKind::kChange,
       "change settings of groups",
       {names},
       SpecFlags(),
       Set},
      {"group",
       "delete",
       CommandKind::kChange,
       "remove groups that have no members",
       {names},
       {allow_missing},
       Delete},
      {"group",
       "rename",
       CommandKind::kChange,
       "give a group another name",
       {name, {"NEW", "new name"}},
       {},
       Rename},
      {"group", "stats", CommandKind::kRead, "show the counters of a group", {name}, {}, Stats}};
}

}  // namespace netstackd::cli
