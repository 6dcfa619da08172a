// ipmpctl stat: the views of ipmpstat, with its columns and widths, sorted.
#include <algorithm>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status_macros.h"
#include "client/cli/columns.h"
#include "client/cli/command.h"
#include "client/cli/context.h"
#include "client/cli/names.h"
#include "client/cli/stat_probes.h"
#include "client/cli/table.h"

namespace netstackd::cli {
namespace {

constexpr int kSnapshotTries = 5;

// What is there, at one revision.
struct Snapshot {
  std::vector<v1::Group> groups;
  std::vector<v1::Interface> interfaces;
  std::vector<v1::Address> addresses;
};

using Rows = std::vector<Cells>;

// A view: its option, its fields, what it reads besides the groups, and how it makes rows; null: it
// goes on as long as there is somebody to look.
struct View {
  const char* option;
  std::vector<Field> fields;
  bool needs_interfaces;
  bool needs_addresses;
  Rows (*rows)(const Snapshot&);
};

const v1::Group* GroupNamed(const Snapshot& snapshot, const std::string& id) {
  for (const v1::Group& group : snapshot.groups) {
    if (LastSegment(group.name()) == id) return &group;
  }
  return nullptr;
}

// Rows in the order of their keys.
Rows Sorted(std::vector<std::pair<std::vector<std::string>, Cells>> keyed) {
  std::stable_sort(keyed.begin(), keyed.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  Rows rows;
  for (auto& [key, row] : keyed) rows.push_back(std::move(row));
  return rows;
}

std::string Outbound(const v1::Group& group) {
  std::vector<std::string> active(group.status().active().begin(), group.status().active().end());
  std::sort(active.begin(), active.end());
  return absl::StrJoin(active, " ");
}

// Data addresses of groups.
Rows AddressRows(const Snapshot& snapshot) {
  std::vector<std::pair<std::vector<std::string>, Cells>> keyed;
  for (const v1::Address& address : snapshot.addresses) {
    const v1::Group* group = GroupNamed(snapshot, LastSegment(OwnerOf(address.name())));
    if (group == nullptr || group->name() != OwnerOf(address.name())) continue;
    const std::string text = LastSegment(address.name());
    const std::string name = group->status().interface_name();
    const bool up = address.status().up();
    const std::string inbound = up ? address.status().bound_interface() : "";
    keyed.push_back(
        {{name, AddressSortKey(text)},
         {text, up ? "up" : "down", name, inbound, inbound.empty() ? "" : Outbound(*group)}});
  }
  return Sorted(std::move(keyed));
}

Rows GroupRows(const Snapshot& snapshot) {
  std::vector<std::pair<std::vector<std::string>, Cells>> keyed;
  for (const v1::Group& group : snapshot.groups) {
    const std::string name = group.status().interface_name();
    keyed.push_back({{name},
                     {name, LastSegment(group.name()),
                      EnumText(*v1::Group::State_descriptor(), group.status().state()),
                      DetectionTimeText(group), MembersText(group)}});
  }
  return Sorted(std::move(keyed));
}

// Members of groups.
Rows InterfaceRows(const Snapshot& snapshot) {
  std::vector<std::pair<std::vector<std::string>, Cells>> keyed;
  for (const v1::Interface& item : snapshot.interfaces) {
    const v1::Group* group = GroupNamed(snapshot, item.status().group());
    if (group == nullptr) continue;
    const std::string name = LastSegment(item.name());
    keyed.push_back({{group->status().interface_name(), name},
                     {name, item.status().active() ? "yes" : "no", group->status().interface_name(),
                      FlagsText(item), LinkText(item), ProbeText(item), StateText(item)}});
  }
  return Sorted(std::move(keyed));
}

// One row of a side that probes.
Cells TargetRow(const std::string& name, const v1::Probing& probing) {
  std::vector<std::string> targets;
  for (const v1::ProbeTarget& target : probing.targets()) {
    if (target.state() == v1::TARGET_STATE_ACTIVE) targets.push_back(target.address());
  }
  return {name, EnumText(*v1::TargetMode_descriptor(), probing.mode()), probing.test_address(),
          absl::StrJoin(targets, " ")};
}

// Members of groups, a row for each side that probes, IPv4 first.
Rows TargetRows(const Snapshot& snapshot) {
  std::vector<std::pair<std::vector<std::string>, Cells>> keyed;
  for (const v1::Interface& item : snapshot.interfaces) {
    const v1::Group* group = GroupNamed(snapshot, item.status().group());
    if (group == nullptr) continue;
    const std::string name = LastSegment(item.name());
    const std::vector<std::string> key = {group->status().interface_name(), name};
    bool probes = false;
    for (const v1::InterfaceSide* side : {&item.status().ipv4(), &item.status().ipv6()}) {
      if (!Probes(*side)) continue;
      keyed.push_back({key, TargetRow(name, side->probing())});
      probes = true;
    }
    if (!probes) keyed.push_back({key, {name, "disabled", "", ""}});
  }
  return Sorted(std::move(keyed));
}

const std::vector<View>& Views() {
  static const auto& views = *new std::vector<View>{
      {"a",
       {{"ADDRESS", 26}, {"STATE", 7}, {"GROUP", 12}, {"INBOUND", 12}, {"OUTBOUND", 23}},
       false,
       true,
       AddressRows},
      {"g",
       {{"GROUP", 12}, {"GROUPNAME", 12}, {"STATE", 10}, {"FDT", 10}, {"INTERFACES", 30}},
       false,
       false,
       GroupRows},
      {"i",
       {{"INTERFACE", 12},
        {"ACTIVE", 8},
        {"GROUP", 12},
        {"FLAGS", 10},
        {"LINK", 10},
        {"PROBE", 10},
        {"STATE", 10}},
       true,
       false,
       InterfaceRows},
      {"t",
       {{"INTERFACE", 12}, {"MODE", 10}, {"TESTADDR", 20}, {"TARGETS", 38}},
       true,
       false,
       TargetRows},
      {"p", ProbeFields(), true, false, nullptr}};
  return views;
}

// Reads the lists that a view needs; sets `same` if all were read at one revision.
absl::StatusOr<Snapshot> ReadOnce(Context& context, const View& view, bool* same) {
  const std::string zone = context.ZoneName();
  ListOptions options = context.List();
  options.page_size = 1000;
  Snapshot snapshot;
  NSD_ASSIGN_OR_RETURN(
      auto groups,
      ListAll<v1::Group>(
          [&](const ListOptions& page) { return context.ipmp().ListGroups(zone, page); }, options));
  *same = true;
  snapshot.groups = std::move(groups.items);
  if (view.needs_interfaces) {
    NSD_ASSIGN_OR_RETURN(auto listed, ListAll<v1::Interface>(
                                          [&](const ListOptions& page) {
                                            return context.ipmp().ListInterfaces(zone, page);
                                          },
                                          options));
    *same = *same && listed.revision == groups.revision;
    snapshot.interfaces = std::move(listed.items);
  }
  if (view.needs_addresses) {
    NSD_ASSIGN_OR_RETURN(auto listed, ListAll<v1::Address>(
                                          [&](const ListOptions& page) {
                                            return context.ipmp().ListAddresses(zone, page);
                                          },
                                          options));
    *same = *same && listed.revision == groups.revision;
    snapshot.addresses = std::move(listed.items);
  }
  return snapshot;
}

absl::StatusOr<Snapshot> ReadSnapshot(Context& context, const View& view) {
  for (int i = 1;; ++i) {
    bool same = false;
    NSD_ASSIGN_OR_RETURN(Snapshot snapshot, ReadOnce(context, view, &same));
    if (same) return snapshot;
    if (i < kSnapshotTries) continue;
    *context.io().err << "warning: the server changes faster than it can be read; "
                         "groups and rows may be of different revisions\n";
    return snapshot;
  }
}

absl::StatusOr<const View*> ChosenView(const Arguments& args) {
  const View* chosen = nullptr;
  int count = 0;
  for (const View& view : Views()) {
    if (!args.Has(view.option)) continue;
    chosen = &view;
    ++count;
  }
  if (count != 1) {
    return UsageError("exactly one of -a, -g, -i, -p and -t is needed",
                      "-a addresses, -g groups, -i interfaces, -p probes, -t targets");
  }
  return chosen;
}

absl::StatusOr<std::vector<std::size_t>> ChosenFields(Context& context, const View& view) {
  const Arguments& args = context.args();
  const bool parsable = args.Has("P");
  if (!args.Has("o")) {
    if (parsable) return UsageError("-P needs -o with the names of fields");
    return DefaultFields(view.fields);
  }
  const FieldChoice choice = ChooseFields(view.fields, args.Text("o"));
  if (parsable && choice.fields.size() == view.fields.size() &&
      args.Text("o").find(',') == std::string::npos) {
    return UsageError("-P does not take 'all': name the fields");
  }
  std::vector<std::string> known;
  for (const Field& field : view.fields) known.push_back(field.name);
  for (const std::string& name : choice.unknown) {
    const std::string message = absl::StrCat("there is no field '", name, "'");
    const std::string hint = absl::StrCat("there are: ", absl::StrJoin(known, " "));
    if (parsable || choice.fields.empty()) return UsageError(message, hint);
    *context.io().err << "warning: " << message << "\n";
  }
  return choice.fields;
}

Outcome Stat(Context& context) {
  NSD_ASSIGN_OR_RETURN(const View* const view, ChosenView(context.args()));
  NSD_ASSIGN_OR_RETURN(const std::vector<std::size_t> chosen, ChosenFields(context, *view));
  NSD_ASSIGN_OR_RETURN(const Snapshot snapshot, ReadSnapshot(context, *view));
  std::vector<Field> fields;
  for (const std::size_t i : chosen) fields.push_back(view->fields[i]);
  if (view->rows == nullptr) return StreamProbeRows(context, snapshot.interfaces, fields, chosen);
  Rows rows;
  for (const Cells& row : view->rows(snapshot)) rows.push_back(Pick(row, chosen));
  *context.io().out << (context.args().Has("P")
                            ? ParsableTable(rows)
                            : FixedTable(fields, rows, context.io().screen_rows));
  return 0;
}

}  // namespace

std::vector<Command> StatCommands() {
  return {
      {"stat",
       "",
       CommandKind::kPlain,
       "the views of ipmpstat: addresses, groups, interfaces, probes, targets",
       {},
       {{"-a", FlagKind::kSwitch, "", "data addresses and where they are"},
        {"-g", FlagKind::kSwitch, "", "groups and their interfaces: active (inactive) [unusable]"},
        {"-i", FlagKind::kSwitch, "", "interfaces of groups"},
        {"-p", FlagKind::kSwitch, "", "probes as they are reported, until interrupted"},
        {"-t", FlagKind::kSwitch, "", "targets of probes"},
        {"-n", FlagKind::kSwitch, "", "numeric addresses; they always are"},
        {"-o", FlagKind::kText, "A,B", "these fields in this order, or all"},
        {"-P", FlagKind::kSwitch, "", "for programs; needs -o"}},
       Stat}};
}

}  // namespace netstackd::cli
