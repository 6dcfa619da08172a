#include "client/cli/moves.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "client/cli/names.h"
#include "client/cli/times.h"

namespace netstackd::cli {
namespace {

constexpr std::int64_t kLimitDefault = 20;
constexpr std::int64_t kLimitMax = 10'000;
constexpr std::int64_t kPageMax = 1000;

std::vector<Column> MoveColumns() {
  return {{"REVISION"},
          {"TIME"},
          {"ADDRESS"},
          {"FROM"},
          {"TO"},
          {"CAUSE"},
          {"WHY"},
          {"PRINCIPAL", true},
          {"EVENT_TIME", true},
          {"DECIDED_TIME", true}};
}

Item MoveItem(const v1::Move& move, absl::TimeZone zone) {
  Json json = ToJson(move);
  const auto time = [&](const char* field) {
    return json.contains(field) ? json[field].get<std::string>() : std::string();
  };
  // Short words for scripts, as the columns have them.
  if (!move.from_interface().empty()) json["from"] = move.from_interface();
  if (!move.to_interface().empty()) json["to"] = move.to_interface();
  Cells cells = {absl::StrCat(move.revision()),
                 DateTimeText(FromProto(move.event_time()), zone, /*millis=*/true),
                 ShortName(move.address()),
                 move.from_interface(),
                 move.to_interface(),
                 EnumText(*v1::Cause_descriptor(), move.cause()),
                 move.cause_detail(),
                 move.principal(),
                 time("event_time"),
                 time("decided_time")};
  return {DisplayName(move.address()), std::move(cells), std::move(json)};
}

}  // namespace

Flag LimitFlag() {
  return {"--limit", FlagKind::kNumber, "N",
          absl::StrCat("at most this many (default: ", kLimitDefault, ")")};
}

std::int64_t LimitOf(const Context& context) {
  return std::min(context.args().Number("limit").value_or(kLimitDefault), kLimitMax);
}

Outcome PrintMoves(Context& context, const std::string& parent) {
  const std::int64_t limit = LimitOf(context);
  Listing listing{MoveColumns(), {}, 0, false};
  ListOptions first = context.List(context.args().Text("filter"));
  first.page_size = static_cast<std::int32_t>(std::clamp<std::int64_t>(limit, 1, kPageMax));
  NSD_RETURN_IF_ERROR(ForEach<v1::Move>(
      [&](const ListOptions& page) {
        auto listed = context.ipmp().ListMoves(parent, page);
        if (listed.ok()) listing.revision = std::max(listing.revision, listed->revision);
        return listed;
      },
      std::move(first),
      [&](const v1::Move& move) {
        if (static_cast<std::int64_t>(listing.items.size()) >= limit) return false;
        listing.items.push_back(MoveItem(move, context.io().time_zone));
        return static_cast<std::int64_t>(listing.items.size()) < limit;
      }));
  return context.Print(listing);
}

}  // namespace netstackd::cli
