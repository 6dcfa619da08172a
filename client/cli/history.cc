// ipmpctl history: the transactions, newest first, with what they did.
#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/status_macros.h"
#include "client/cli/command.h"
#include "client/cli/context.h"
#include "client/cli/flags.h"
#include "client/cli/names.h"
#include "client/cli/plan.h"

namespace netstackd::cli {
namespace {

constexpr std::int64_t kLimitDefault = 20;
constexpr std::int64_t kLimitMax = 10'000;
// Plans are read one by one; a name is looked for in this many transactions at most.
constexpr std::int64_t kScanMax = 10'000;

bool Names(const v1::Plan& plan, const std::vector<std::string>& wanted) {
  for (const v1::Plan::Step& step : plan.steps()) {
    for (const std::string& name : wanted) {
      if (step.resource() == name) return true;
    }
  }
  return false;
}

std::string TimeText(const google::protobuf::Timestamp& time) {
  return absl::FormatTime("%Y-%m-%d %H:%M:%S", absl::FromUnixSeconds(time.seconds()),
                          absl::LocalTimeZone());
}

// "/netstackd.v1.IpmpService/JoinGroup" -> "JoinGroup"
std::string MethodText(const std::string& method) { return method.substr(method.rfind('/') + 1); }

Item TransactionItem(const v1::Transaction& transaction) {
  const std::string what = PlanSummary(transaction.plan());
  return {absl::StrCat("transaction/", transaction.revision()),
          {absl::StrCat(transaction.revision()), TimeText(transaction.commit_time()),
           transaction.principal(),
           absl::StrCat(MethodText(transaction.method()), what.empty() ? "" : ": ", what),
           transaction.comment(), transaction.request_id(), transaction.peer(),
           transaction.user_agent()},
          ToJson(transaction)};
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
  if (const auto address = ParseAddressName(text, zone); address.ok()) {
    names.push_back(address->Of(Kind::kGroup));
    names.push_back(address->Of(Kind::kInterface));
  }
  if (names.empty()) return UsageError(absl::StrCat("'", text, "' is no name"));
  return names;
}

Outcome History(Context& context) {
  const std::int64_t limit =
      std::min(context.args().Number("limit").value_or(kLimitDefault), kLimitMax);
  std::vector<std::string> wanted;
  if (!context.args().operands.empty()) {
    NSD_ASSIGN_OR_RETURN(wanted, WantedNames(context));
  }
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
  absl::Status failed = absl::OkStatus();
  std::int64_t scanned = 0;
  const auto visit = [&](const v1::Transaction& head) {
    if (static_cast<std::int64_t>(listing.items.size()) >= limit || ++scanned > kScanMax) {
      return false;
    }
    const auto whole = context.client().config().GetTransaction(head.revision(), context.Read());
    if (!whole.ok()) {
      // Compacted since it was listed: so is all that is older.
      const bool gone = ReasonOf(whole.status()) == ErrorReason::kTransactionNotFound;
      if (!gone) failed = whole.status();
      return false;
    }
    if (wanted.empty() || Names(whole->object.plan(), wanted)) {
      listing.items.push_back(TransactionItem(whole->object));
      listing.revision = std::max(listing.revision, whole->revision);
    }
    return true;
  };
  ListOptions first = context.List(context.args().Text("filter"));
  first.page_size = static_cast<std::int32_t>(std::min<std::int64_t>(limit, 1000));
  NSD_RETURN_IF_ERROR(ForEach<v1::Transaction>(
      [&](const ListOptions& page) { return context.client().config().ListTransactions(page); },
      std::move(first), visit));
  NSD_RETURN_IF_ERROR(failed);
  return context.Print(listing);
}

}  // namespace

std::vector<Command> HistoryCommands() {
  std::vector<Flag> flags = ListFlags();
  flags.push_back({"--limit", FlagKind::kNumber, "N", "at most this many (default: 20)"});
  return {{"history",
           "",
           CommandKind::kRead,
           "show what was changed, newest first",
           {{"NAME", "only what changed this group, interface or address", false}},
           flags,
           History}};
}

}  // namespace netstackd::cli
