// ipmpctl history: the transactions, newest first, with what they did.
#include <algorithm>
#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status_macros.h"
#include "client/cli/command.h"
#include "client/cli/context.h"
#include "client/cli/flags.h"
#include "client/cli/moves.h"
#include "client/cli/names.h"
#include "client/cli/plan.h"
#include "client/cli/times.h"

namespace netstackd::cli {
namespace {

// A name is looked for in this many pages of transactions at most, 1,000 each.
constexpr int kPagesMax = 100;

// "/netstackd.v1.IpmpService/JoinGroup" -> "JoinGroup"
std::string MethodText(const std::string& method) { return method.substr(method.rfind('/') + 1); }

Item TransactionItem(const v1::Transaction& transaction, absl::TimeZone zone) {
  const std::string what = PlanSummary(transaction.plan());
  return {absl::StrCat("transaction/", transaction.revision()),
          {absl::StrCat(transaction.revision()),
           DateTimeText(FromProto(transaction.commit_time()), zone, /*millis=*/false),
           transaction.principal(),
           absl::StrCat(MethodText(transaction.method()), what.empty() ? "" : ": ", what),
           transaction.comment(), transaction.request_id(), transaction.peer(),
           transaction.user_agent()},
          ToJson(transaction)};
}

// The operand as an address, if that is what it is.
std::optional<AddressName> NamedAddress(Context& context) {
  const auto address = ParseAddressName(context.args().Operand(0), context.settings().zone);
  if (!address.ok() || !address->IsAddress()) return std::nullopt;
  return *address;
}

// Every name that the operand may mean.
absl::StatusOr<std::vector<std::string>> WantedNames(Context& context) {
  const std::string text = context.args().Operand(0);
  const std::string& zone = context.settings().zone;
  std::vector<std::string> names;
  for (const Kind kind : {Kind::kGroup, Kind::kInterface}) {
    const auto name = FullName(kind, text, zone);
    if (name.ok()) names.push_back(*name);
  }
  if (const auto address = NamedAddress(context)) {
    names.push_back(address->Of(Kind::kGroup));
    names.push_back(address->Of(Kind::kInterface));
  }
  if (names.empty()) return UsageError(absl::StrCat("'", text, "' is no name"));
  return names;
}

// The filter of the command line, and that one of the names was changed.
absl::StatusOr<std::string> FilterOf(Context& context) {
  const std::string given = context.args().Text("filter");
  if (context.args().operands.empty()) return given;
  NSD_ASSIGN_OR_RETURN(const auto names, WantedNames(context));
  const std::string named =
      absl::StrJoin(names, " OR ", [](std::string* out, const std::string& name) {
        absl::StrAppend(out, "plan.steps.resource = \"", name, "\"");
      });
  if (given.empty()) return named;
  return absl::StrCat("(", given, ") AND (", named, ")");
}

Outcome Transactions(Context& context) {
  const std::int64_t limit = LimitOf(context);
  Listing listing{{{"REVISION"},
                   {"TIME"},
                   {"PRINCIPAL"},
                   {"WHAT"},
                   {"COMMENT"},
                   {"REQUESTID", true},
                   {"PEER", true},
                   {"USERAGENT", true}},
                  {},
                  0,
                  false};
  NSD_ASSIGN_OR_RETURN(const std::string filter, FilterOf(context));
  ListOptions first = context.List(filter);
  first.page_size = static_cast<std::int32_t>(std::clamp<std::int64_t>(limit, 1, 1000));
  int pages = 0;
  const auto read = [&](const ListOptions& options) {
    auto page = context.client().config().ListTransactions(options, /*with_plans=*/true);
    if (!page.ok()) return page;
    listing.revision = std::max(listing.revision, page->revision);
    if (++pages == kPagesMax && !page->next_page_token.empty()) {
      *context.io().err << "warning: older transactions were not looked at\n";
      page->next_page_token.clear();
    }
    return page;
  };
  const auto visit = [&](const v1::Transaction& transaction) {
    if (static_cast<std::int64_t>(listing.items.size()) >= limit) return false;
    listing.items.push_back(TransactionItem(transaction, context.io().time_zone));
    return static_cast<std::int64_t>(listing.items.size()) < limit;
  };
  NSD_RETURN_IF_ERROR(ForEach<v1::Transaction>(read, std::move(first), visit));
  return context.Print(listing);
}

Outcome History(Context& context) {
  const auto address = context.args().operands.empty() ? std::nullopt : NamedAddress(context);
  if (!address || context.args().Has("transactions")) return Transactions(context);
  const std::string of_group = address->Of(Kind::kGroup);
  if (!address->full.empty() && address->full != of_group) return Transactions(context);
  Outcome moves = PrintMoves(context, of_group);
  // Of an interface, or gone: what was done to it is known all the same.
  return absl::IsNotFound(moves.status()) ? Transactions(context) : moves;
}

}  // namespace

std::vector<Command> HistoryCommands() {
  std::vector<Flag> flags = ListFlags();
  flags.push_back(LimitFlag());
  flags.push_back({"--transactions", FlagKind::kSwitch, "",
                   "of an address of a group: what changed it, not where it moved"});
  return {{"history",
           "",
           CommandKind::kRead,
           "show what was changed, newest first; of an address, its moves",
           {{"NAME", "only what changed this group, interface or address", false}},
           flags,
           History}};
}

}  // namespace netstackd::cli
