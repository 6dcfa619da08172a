#include "server/codec/api_sentences.h"

#include <algorithm>
#include <initializer_list>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/health/constants.h"
#include "core/queries.h"

namespace netstackd::codec {
namespace {

using InterfaceChange = core::Change<core::Interface>;

bool Became(const InterfaceChange* change, bool core::InterfaceFlags::*flag) {
  return change != nullptr && change->after && change->after->flags.*flag &&
         !(change->before && change->before->flags.*flag);
}

bool Ceased(const InterfaceChange* change, bool core::InterfaceFlags::*flag) {
  return change != nullptr && change->before && change->before->flags.*flag &&
         !(change->after && change->after->flags.*flag);
}

std::string LinkSentence(const MoveFacts& facts) {
  const InterfaceChange* change = facts.subject_change;
  if (change == nullptr || !change->after || change->after->link == core::LinkState::kUnknown) {
    return absl::StrCat("link of ", facts.subject, " changed");
  }
  const bool up = change->after->link == core::LinkState::kUp;
  return absl::StrCat("link of ", facts.subject, up ? " came up" : " went down");
}

// The target of the newest probe that was lost, on either side; empty if there is none.
std::string LastLostTarget(const core::Interface& interface) {
  const core::ProbeResult* last = nullptr;
  for (const auto& probing : interface.detection.probing) {
    if (!probing) continue;
    for (const core::ProbeResult& probe : probing->newest) {
      if (probe.lost && (last == nullptr || probe.start >= last->start)) last = &probe;
    }
  }
  return last == nullptr ? std::string() : core::ToString(last->target);
}

std::string ProbeSentence(const MoveFacts& facts) {
  const InterfaceChange* change = facts.subject_change;
  if (Ceased(change, &core::InterfaceFlags::failed)) {
    return absl::StrCat("at least ", core::health::kRepairSuccesses, " probes of ", facts.subject,
                        " in a row were answered");
  }
  if (!Became(change, &core::InterfaceFlags::failed)) {
    return absl::StrCat("probes of ", facts.subject);
  }
  const std::string target = LastLostTarget(*change->after);
  return absl::StrCat("at least ", core::health::kFailureLosses, " probes of ", facts.subject,
                      " in a row were lost", target.empty() ? "" : ", the last one to ", target);
}

std::string RepairSentence(const MoveFacts& facts) {
  if (Ceased(facts.subject_change, &core::InterfaceFlags::offline)) {
    return absl::StrCat(facts.subject, " was put back into service");
  }
  return absl::StrCat(facts.subject, " had been well for the hold time and is used again");
}

std::string MembershipSentence(const MoveFacts& facts) {
  const InterfaceChange* change = facts.subject_change;
  if (change == nullptr) return absl::StrCat("membership of ", facts.subject, " changed");
  if (!change->after) return absl::StrCat(facts.subject, " was removed");
  const core::GroupUid before = change->before ? change->before->group : core::GroupUid();
  if (before == change->after->group) return absl::StrCat(facts.subject, " got or lost a side");
  return absl::StrCat(facts.subject,
                      change->after->group ? " came into the group" : " left the group");
}

std::string RequestSentence(const MoveFacts& facts) {
  if (facts.address == nullptr) return "the address itself was changed";
  const core::Image<core::Address>& before = facts.address->before;
  const core::Image<core::Address>& after = facts.address->after;
  if (!before) return "the address was created";
  if (!after) return "the address was removed";
  if (after->group != before->group) return "the address came from an interface to the group";
  if (after->duplicate && !before->duplicate) return "the address is in use elsewhere";
  return after->up ? "the address was brought up" : "the address was brought down";
}

std::string StandbySentence(const MoveFacts& facts) {
  if (Became(facts.subject_change, &core::InterfaceFlags::standby)) {
    return absl::StrCat(facts.subject, " became a standby");
  }
  if (Ceased(facts.subject_change, &core::InterfaceFlags::standby)) {
    return absl::StrCat(facts.subject, " is a standby no more");
  }
  return absl::StrCat("what is asked of ", facts.subject, " as a standby changed");
}

std::string DuplicateSentence(const MoveFacts& facts) {
  return absl::StrCat(facts.subject, Ceased(facts.subject_change, &core::InterfaceFlags::offline)
                                         ? " has a hardware address of its own again"
                                         : " has the hardware address of another member");
}

std::string NoAddressSentence(const MoveFacts& facts) {
  const InterfaceChange* change = facts.subject_change;
  if (change != nullptr && change->after && core::IsActive(*change->after)) {
    return absl::StrCat(facts.subject, " has an address that is up");
  }
  return absl::StrCat(facts.subject, " lost its last address that was up");
}

// What the interface that took the address had been before.
std::string TakerSentence(const MoveFacts& facts) {
  const InterfaceChange* change = facts.to_change;
  if (facts.to.empty() || facts.to == facts.subject || change == nullptr || !change->after) {
    return {};
  }
  const bool was_active = change->before && core::IsActive(*change->before);
  if (was_active || !core::IsActive(*change->after)) return {};
  return absl::StrCat(facts.to, change->after->flags.standby ? " was the standby and took over"
                                                             : " was at rest and took over");
}

bool IsObserved(core::Cause cause) {
  return cause == core::Cause::kLink || cause == core::Cause::kProbe ||
         cause == core::Cause::kDuplicateHardware || cause == core::Cause::kDetector;
}

using core::health::Missing;
using core::health::Obstacle;

std::string TimeText(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", time, absl::UTCTimeZone());
}

// What must be so of the interface, which is "it".
std::string Clause(const Missing& missing, const Names& names) {
  switch (missing.obstacle) {
    case Obstacle::kInterfaceGone:
      return "it is there";
    case Obstacle::kOtherGroup:
      return "it comes into the group again";
    case Obstacle::kNoSide:
      return "it has a side of the family in the group again";
    case Obstacle::kLinkDown:
      return "its link is up";
    case Obstacle::kProbes:
      return absl::StrCat(missing.count, " more of its probes in a row are answered");
    case Obstacle::kNoTargets:
      return absl::StrCat("there is somebody for it to probe, and ", missing.count,
                          " probes in a row are answered");
    case Obstacle::kFlapping:
      return absl::StrCat("its link, which came up too often, has settled at ",
                          TimeText(missing.until));
    case Obstacle::kDetector:
      return "the detector outside the server takes its failure back";
    case Obstacle::kOffline:
      return "it is put back into service";
    case Obstacle::kDuplicate:
      return absl::StrCat("it has not the hardware address of ", names.Of(missing.other));
    case Obstacle::kNoAddress:
      return "it has an address that is up";
    case Obstacle::kHold:
      return absl::StrCat("it has been well until ", TimeText(missing.until));
    case Obstacle::kFailbackOff:
      return "another interface fails (failback is off)";
    case Obstacle::kStandbyRests:
      return "another interface fails (it is a standby at rest)";
  }
  return {};
}

bool Has(const core::health::Outlook& outlook, std::initializer_list<Obstacle> obstacles) {
  return std::any_of(outlook.missing.begin(), outlook.missing.end(), [&](const Missing& missing) {
    return std::find(obstacles.begin(), obstacles.end(), missing.obstacle) != obstacles.end();
  });
}

std::string BackSentence(const core::health::Outlook& outlook, const Names& names,
                         absl::Duration hold) {
  const std::string back = names.Of(outlook.back_to);
  if (Has(outlook, {Obstacle::kInterfaceGone})) {
    return absl::StrCat(back, ", where it was before, is gone: nothing takes it back");
  }
  if (outlook.missing.empty()) {
    return absl::StrCat("nothing keeps it from ", back,
                        ": it goes there if evening out asks for it");
  }
  if (outlook.back_at) {
    return absl::StrCat("goes back to ", back, " at ", TimeText(*outlook.back_at),
                        " if nothing else happens");
  }
  std::vector<std::string> clauses;
  for (const Missing& missing : outlook.missing) clauses.push_back(Clause(missing, names));
  const bool failed = Has(outlook, {Obstacle::kLinkDown, Obstacle::kProbes, Obstacle::kNoTargets,
                                    Obstacle::kFlapping, Obstacle::kDetector});
  const bool rests = Has(outlook, {Obstacle::kFailbackOff, Obstacle::kStandbyRests});
  if (failed && !rests && hold > absl::ZeroDuration() && !Has(outlook, {Obstacle::kHold})) {
    clauses.push_back(absl::StrCat("it has then been well for ", absl::FormatDuration(hold)));
  }
  return absl::StrCat(rests ? "may go back to " : "goes back to ", back, " when ",
                      absl::StrJoin(clauses, ", and "));
}

}  // namespace

std::string CauseSentence(const MoveFacts& facts) {
  switch (facts.cause) {
    case core::Cause::kNone:
      break;
    case core::Cause::kLink:
      return LinkSentence(facts);
    case core::Cause::kProbe:
      return ProbeSentence(facts);
    case core::Cause::kOffline:
      return absl::StrCat(facts.subject, " was taken out of service");
    case core::Cause::kRepair:
      return RepairSentence(facts);
    case core::Cause::kRebalance:
      return "addresses were evened out over the active interfaces";
    case core::Cause::kMembership:
      return MembershipSentence(facts);
    case core::Cause::kRequest:
      return RequestSentence(facts);
    case core::Cause::kStandby:
      return StandbySentence(facts);
    case core::Cause::kDuplicateHardware:
      return DuplicateSentence(facts);
    case core::Cause::kDetector:
      return absl::StrCat("a failure detector outside the server reported flags of ",
                          facts.subject);
    case core::Cause::kNoAddress:
      return NoAddressSentence(facts);
  }
  return {};
}

std::vector<std::string> BecauseSentences(const MoveFacts& facts) {
  std::vector<std::string> sentences;
  const auto add = [&](std::string sentence) {
    if (!sentence.empty()) sentences.push_back(std::move(sentence));
  };
  add(CauseSentence(facts));
  add(TakerSentence(facts));
  const bool unbound = facts.to.empty() && facts.cause != core::Cause::kRequest;
  if (unbound) add("no other interface of the group could take it");
  if (!facts.principal.empty()) {
    add(absl::StrCat(IsObserved(facts.cause) ? "reported by " : "asked for by ", facts.principal,
                     facts.comment.empty() ? "" : absl::StrCat(" (", facts.comment, ")")));
  }
  return sentences;
}

std::vector<std::string> NextSentences(const core::health::Outlook& outlook, const Names& names,
                                       absl::Duration hold) {
  std::vector<std::string> sentences;
  if (outlook.back_to) sentences.push_back(BackSentence(outlook, names, hold));
  if (!outlook.stands_in_for.empty()) {
    std::vector<std::string> others;
    for (const core::InterfaceUid uid : outlook.stands_in_for) others.push_back(names.Of(uid));
    std::sort(others.begin(), others.end());
    sentences.push_back(
        absl::StrCat("it is on a standby, which stands in for ", absl::StrJoin(others, ", ")));
  }
  return sentences;
}

}  // namespace netstackd::codec
