// ipmpctl why: why an address is where it is, and what would take it back.
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status_macros.h"
#include "client/cli/command.h"
#include "client/cli/context.h"
#include "client/cli/names.h"
#include "client/cli/times.h"

namespace netstackd::cli {
namespace {

using Answer = v1::ExplainAddressResponse;

std::string Place(const std::string& interface) {
  return interface.empty() ? "no interface" : interface;
}

std::string Line(const std::string& head, const std::string& text) {
  std::string line = absl::StrCat("  ", head);
  line.resize(11, ' ');
  return absl::StrCat(line, text, "\n");
}

std::string HeadLine(const Answer& answer, absl::TimeZone zone) {
  const v1::Address& address = answer.address();
  const v1::Address::Status& status = address.status();
  std::string out = absl::StrCat(address.spec().cidr(), " of ", ShortName(OwnerOf(address.name())),
                                 " is on ", Place(status.bound_interface()));
  if (status.has_placed_time()) {
    absl::StrAppend(&out, " since ", DateTimeText(FromProto(status.placed_time()), zone, true));
  }
  return absl::StrCat(out, "\n");
}

std::string PhasesLine(const v1::Move& move, absl::TimeZone zone) {
  const absl::Time event = FromProto(move.event_time());
  const absl::Duration decided = FromProto(move.decided_time()) - event;
  return Line(
      "phases",
      absl::StrCat("event ", TimeNear(event, FromProto(move.decided_time()), zone, true),
                   "  decided ", MillisText(decided), " later  revision ", move.revision()));
}

// The stay before the newest move, as far as the history tells of it.
std::string BeforeLine(const Answer& answer, absl::TimeZone zone) {
  const v1::Move& last = answer.moves(0);
  const absl::Time left = FromProto(last.decided_time());
  const std::string until =
      TimeNear(left, FromProto(answer.address().status().placed_time()), zone, false);
  if (answer.moves_size() == 1) {
    if (last.from_interface().empty()) return "";
    return Line("before", absl::StrCat(last.from_interface(), "  .. ", until));
  }
  const v1::Move& earlier = answer.moves(1);
  return Line("before", absl::StrCat(Place(earlier.to_interface()), "  ",
                                     TimeNear(FromProto(earlier.decided_time()), left, zone, false),
                                     " .. ", until, "  ", earlier.cause_detail(), ", by ",
                                     earlier.principal(), "  revision ", earlier.revision()));
}

std::string Text(const Answer& answer, absl::TimeZone zone) {
  std::string out = HeadLine(answer, zone);
  if (!answer.because().empty()) {
    absl::StrAppend(&out, Line("because", absl::StrJoin(answer.because(), "; ")));
  }
  if (!answer.moves().empty()) {
    absl::StrAppend(&out, PhasesLine(answer.moves(0), zone), BeforeLine(answer, zone));
  }
  const char* head = "next";
  for (const std::string& sentence : answer.next()) {
    absl::StrAppend(&out, Line(head, sentence));
    head = "";
  }
  return out;
}

Outcome Why(Context& context) {
  NSD_ASSIGN_OR_RETURN(const std::string name, context.ResolveAddress(context.args().Operand(0)));
  NSD_ASSIGN_OR_RETURN(const Answer answer, context.ipmp().ExplainAddress(name, context.Read()));
  if (context.format() == Format::kTable && !context.args().Has("fields")) {
    *context.io().out << Text(answer, context.io().time_zone);
    return 0;
  }
  const v1::Address::Status& status = answer.address().status();
  const Json json = ToJson(answer);
  const auto text = [](const Json& in, const char* field) {
    return in.contains(field) ? in[field].get<std::string>() : std::string();
  };
  const Item item{
      DisplayName(name),
      {LastSegment(name), status.bound_interface(), text(json["address"]["status"], "placed_time"),
       EnumText(*v1::Cause_descriptor(), status.placed_cause()),
       absl::StrJoin(answer.because(), "; "), absl::StrJoin(answer.next(), "; "), answer.back_to(),
       text(json, "back_time")},
      json};
  return context.Print({{{"ADDRESS"},
                         {"INTERFACE"},
                         {"SINCE"},
                         {"CAUSE"},
                         {"BECAUSE"},
                         {"NEXT"},
                         {"BACK_TO", true},
                         {"BACK_TIME", true}},
                        {item},
                        answer.revision(),
                        true});
}

}  // namespace

std::vector<Command> WhyCommands() {
  return {{"why",
           "",
           CommandKind::kRead,
           "say why an address is where it is, and what would take it back",
           {{"ADDRESS", "address of a group, such as ipmp0/192.0.2.10"}},
           {},
           Why,
           "because  what placed it there; who reported it, or asked for it\n"
           "phases   when that was seen, by the clock of whoever saw it, and decided\n"
           "before   where it was before, and why\n"
           "next     what would have to happen for it to go back\n"}};
}

}  // namespace netstackd::cli
