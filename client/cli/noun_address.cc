// ipmpctl address ...
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "client/cli/columns.h"
#include "client/cli/command.h"
#include "client/cli/context.h"
#include "client/cli/flags.h"
#include "client/cli/moves.h"
#include "client/cli/names.h"

namespace netstackd::cli {
namespace {

Outcome List(Context& context) {
  std::string parent = context.ZoneName();
  if (!context.args().operands.empty()) {
    NSD_ASSIGN_OR_RETURN(parent, context.ResolveOwner(context.args().Operand(0)));
  }
  auto all = ListAll<v1::Address>(
      [&](const ListOptions& options) { return context.ipmp().ListAddresses(parent, options); },
      context.List(context.args().Text("filter")));
  if (!all.ok()) return all.status();
  std::stable_sort(
      all->items.begin(), all->items.end(), [](const v1::Address& a, const v1::Address& b) {
        const auto key = [](const v1::Address& address) {
          return std::pair(OwnerOf(address.name()), AddressSortKey(LastSegment(address.name())));
        };
        return key(a) < key(b);
      });
  Listing listing{AddressColumns(), {}, all->revision, false};
  for (const v1::Address& address : all->items) listing.items.push_back(AddressItem(address));
  return context.Print(listing);
}

Outcome Show(Context& context) {
  NSD_ASSIGN_OR_RETURN(const auto words, context.Words());
  Listing listing{AddressColumns(), {}, 0, words.size() == 1};
  for (const std::string& word : words) {
    NSD_ASSIGN_OR_RETURN(const std::string name, context.ResolveAddress(word));
    NSD_ASSIGN_OR_RETURN(const auto found, context.ipmp().GetAddress(name, context.Read()));
    listing.items.push_back(AddressItem(found.object));
    listing.revision = found.revision;
  }
  return context.Print(listing);
}

absl::StatusOr<v1::Address> NewAddress(const Arguments& args, const std::string& owner,
                                       const std::string& cidr) {
  v1::Address address;
  address.set_name(absl::StrCat(owner, "/addresses/", AddressIdOf(cidr)));
  v1::Address::Spec* spec = address.mutable_spec();
  spec->set_cidr(cidr);
  spec->set_test(args.Has("test"));
  spec->set_point_to_point(args.Has("point-to-point"));
  if (args.Has("down")) spec->set_up(false);
  NSD_ASSIGN_OR_RETURN(const int manager,
                       EnumFlag(args, "managed-by", *v1::Address::ManagedBy_descriptor()));
  spec->set_managed_by(static_cast<v1::Address::ManagedBy>(manager));
  NSD_RETURN_IF_ERROR(ApplyLabels(args, address.mutable_meta()).status());
  return address;
}

Outcome Add(Context& context) {
  NSD_ASSIGN_OR_RETURN(const std::string owner, context.ResolveOwner(context.args().Operand(0)));
  const std::vector<std::string> cidrs = context.args().OperandsFrom(1);
  if (cidrs.size() == 1) {
    NSD_ASSIGN_OR_RETURN(const v1::Address address, NewAddress(context.args(), owner, cidrs[0]));
    NSD_ASSIGN_OR_RETURN(const auto made,
                         context.ipmp().CreateAddress(owner, address, context.Change()));
    // A data address of a member has moved to the group.
    context.Changed(made.object.name().empty() ? address.name() : made.object.name(), made.result,
                    ToJson(made.object));
    return 0;
  }
  ChangeSet changes;
  std::vector<std::string> names;
  for (const std::string& cidr : cidrs) {
    NSD_ASSIGN_OR_RETURN(const v1::Address address, NewAddress(context.args(), owner, cidr));
    changes.Create(address);
    names.push_back(address.name());
  }
  NSD_ASSIGN_OR_RETURN(const auto result,
                       context.client().config().Transact(changes, context.Change()));
  context.Created(names, result);
  return 0;
}

// Takes the flags of set over into `address`; returns the paths that changed.
absl::StatusOr<std::vector<std::string>> ApplyFlags(const Arguments& args, v1::Address* address) {
  std::vector<std::string> mask;
  v1::Address::Spec* spec = address->mutable_spec();
  if (const auto up = args.Bool("up")) {
    spec->set_up(*up);
    mask.push_back("spec.up");
  }
  if (const auto test = args.Bool("test")) {
    spec->set_test(*test);
    mask.push_back("spec.test");
  }
  if (const auto length = args.Number("prefix")) {
    spec->set_cidr(absl::StrCat(LastSegment(address->name()), "/", *length));
    mask.push_back("spec.cidr");
  }
  NSD_ASSIGN_OR_RETURN(const bool labelled, ApplyLabels(args, address->mutable_meta()));
  if (labelled) mask.push_back("meta.labels");
  if (mask.empty()) return UsageError("nothing is to be set", "ipmpctl address set --help");
  return mask;
}

Outcome Set(Context& context) {
  NSD_ASSIGN_OR_RETURN(const auto words, context.Words());
  for (const std::string& word : words) {
    NSD_ASSIGN_OR_RETURN(const std::string name, context.ResolveAddress(word));
    NSD_ASSIGN_OR_RETURN(auto found, context.ipmp().GetAddress(name, context.Read()));
    NSD_ASSIGN_OR_RETURN(const auto mask, ApplyFlags(context.args(), &found.object));
    CallOptions options = context.Change();
    // Labels are replaced as a whole: not those that somebody just changed.
    if (options.etag.empty()) options.etag = found.object.meta().etag();
    NSD_ASSIGN_OR_RETURN(const auto set, context.ipmp().UpdateAddress(found.object, mask, options));
    context.Changed(set.object.name().empty() ? name : set.object.name(), set.result,
                    ToJson(set.object));
  }
  return 0;
}

Outcome Delete(Context& context) {
  NSD_ASSIGN_OR_RETURN(const auto words, context.Words());
  for (const std::string& word : words) {
    NSD_ASSIGN_OR_RETURN(const std::string name, context.ResolveAddress(word));
    NSD_ASSIGN_OR_RETURN(const auto result, context.ipmp().DeleteAddress(name, context.Delete()));
    context.Changed(name, result, nullptr);
  }
  return 0;
}

Outcome Moves(Context& context) {
  const std::string text = context.args().Operand(0);
  if (text.empty()) return PrintMoves(context, context.ZoneName());
  const auto address = ParseAddressName(text, context.settings().zone);
  if (address.ok() && address->IsAddress()) return PrintMoves(context, address->Of(Kind::kGroup));
  NSD_ASSIGN_OR_RETURN(const std::string group,
                       FullName(Kind::kGroup, text, context.settings().zone));
  return PrintMoves(context, group);
}

Outcome Up(Context& context) {
  NSD_ASSIGN_OR_RETURN(const auto words, context.Words());
  for (const std::string& word : words) {
    NSD_ASSIGN_OR_RETURN(const std::string name, context.ResolveAddress(word));
    NSD_ASSIGN_OR_RETURN(const auto up,
                         context.ipmp().BringUp(name, v1::FAMILY_UNSPECIFIED, context.Change()));
    context.Changed(up.address().name().empty() ? name : up.address().name(), up.result(),
                    ToJson(up.address()));
  }
  return 0;
}

Outcome Down(Context& context) {
  NSD_ASSIGN_OR_RETURN(const auto words, context.Words());
  for (const std::string& word : words) {
    NSD_ASSIGN_OR_RETURN(const std::string name, context.ResolveAddress(word));
    NSD_ASSIGN_OR_RETURN(const auto down,
                         context.ipmp().BringDown(name, v1::FAMILY_UNSPECIFIED, context.Change()));
    context.Changed(name, down.result(), ToJson(down.address()));
  }
  return 0;
}

std::vector<Flag> WithLabels(std::vector<Flag> flags) {
  for (Flag& flag : LabelFlags()) flags.push_back(std::move(flag));
  return flags;
}

}  // namespace

std::vector<Command> AddressCommands() {
  const Operand names{"NAME", "addresses, such as ipmp0/192.0.2.10; '-' reads them from stdin",
                      true, true};
  const std::vector<Flag> add = WithLabels(
      {{"--down", FlagKind::kSwitch, "", "do not bring them up"},
       {"--test", FlagKind::kSwitch, "", "test addresses: they stay on their interface"},
       {"--managed-by", FlagKind::kText, "APPLICATION", "dhcp or addrconf; interfaces only"},
       {"--point-to-point", FlagKind::kSwitch, "", "of a point-to-point link; interfaces only"}});
  const std::vector<Flag> set =
      WithLabels({{"--up", FlagKind::kBool, "", "wanted up"},
                  {"--test", FlagKind::kBool, "", "test address"},
                  {"--prefix", FlagKind::kNumber, "LENGTH", "another prefix length"}});
  std::vector<Flag> moves = {{"--filter", FlagKind::kText, "EXPRESSION",
                              "such as 'cause = CAUSE_LINK AND from_interface = \"net0\"'"}};
  moves.push_back(LimitFlag());
  const Flag allow_missing{"--allow-missing", FlagKind::kSwitch, "",
                           "an address that is not there is no error"};
  return {
      {"address",
       "list",
       CommandKind::kRead,
       "list addresses",
       {{"OWNER", "group or interface (default: all)", false}},
       ListFlags(),
       List},
      {"address", "show", CommandKind::kRead, "show everything about addresses", {names}, {}, Show},
      {"address",
       "add",
       CommandKind::kChange,
       "add addresses to a group or an interface, all or none",
       {{"OWNER", "group or interface"},
        {"CIDR", "address with prefix length, such as 192.0.2.10/24", true, true}},
       add,
       Add},
      {"address", "set", CommandKind::kChange, "change settings of addresses", {names}, set, Set},
      {"address",
       "delete",
       CommandKind::kChange,
       "bring addresses down and remove them",
       {names},
       {allow_missing},
       Delete},
      {"address",
       "moves",
       CommandKind::kRead,
       "list where addresses of groups were, when and why, newest first",
       {{"NAME", "address or group (default: all)", false}},
       moves,
       Moves},
      {"address", "up", CommandKind::kChange, "bring addresses up", {names}, {}, Up},
      {"address", "down", CommandKind::kChange, "bring addresses down", {names}, {}, Down}};
}

}  // namespace netstackd::cli
