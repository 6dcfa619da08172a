#include "core/apply.h"

#include <type_traits>
#include <utility>

#include "base/error.h"
#include "base/status_macros.h"
#include "core/edit.h"
#include "core/health/policy.h"
#include "core/health/service.h"
#include "core/health/timers.h"
#include "core/ipmp/addresses.h"
#include "core/ipmp/arp.h"
#include "core/ipmp/attributes.h"
#include "core/ipmp/group.h"
#include "core/ipmp/interface.h"
#include "core/ipmp/membership.h"
#include "core/ipmp/placement.h"
#include "core/ipmp/requests.h"
#include "core/ipmp/rotation.h"
#include "core/ipmp/statistics.h"
#include "core/queries.h"

namespace netstackd::core {
namespace {

// The etag of an object that exists; an error if it does not.
absl::StatusOr<std::string> FindEtag(const State& state, const Name& name) {
  if (name.address) {
    NSD_ASSIGN_OR_RETURN(const Address* address, GetAddress(state, name));
    return EtagOf(*address);
  }
  if (!name.group.empty()) {
    NSD_ASSIGN_OR_RETURN(const Group* group, GetGroup(state, name));
    return EtagOf(*group);
  }
  NSD_ASSIGN_OR_RETURN(const Interface* interface, GetInterface(state, name));
  return EtagOf(*interface);
}

// What is wrong with one guard, added to `details`; the first gives the metadata.
void CheckGuard(const State& state, const Guard& guard, ErrorDetails* details) {
  const auto etag = FindEtag(state, guard.name);
  Metadata metadata{{"resource", ToString(guard.name)}};
  std::string description;
  if (const bool* exists = std::get_if<bool>(&guard.check)) {
    if (etag.ok() == *exists) return;
    description = *exists ? "it does not exist" : "it exists";
  } else {
    const std::string& wanted = std::get<std::string>(guard.check);
    if (etag.ok() && *etag == wanted) return;
    metadata["expected"] = wanted;
    metadata["actual"] = etag.ok() ? *etag : "";
    description = etag.ok() ? "it has the etag " + *etag : "it does not exist";
  }
  if (details->blockers.empty()) details->metadata = std::move(metadata);
  details->blockers.push_back({ErrorReason::kGuardFailed, ToString(guard.name), description});
}

absl::Status CheckGuards(const State& state, const std::vector<Guard>& guards) {
  ErrorDetails details;
  details.reason = ErrorReason::kGuardFailed;
  for (const Guard& guard : guards) CheckGuard(state, guard, &details);
  if (details.blockers.empty()) return absl::OkStatus();
  const Blocker& first = details.blockers.front();
  const std::size_t more = details.blockers.size() - 1;
  return MakeError("a guard does not hold: " + first.subject + ": " + first.description +
                       (more == 0 ? "" : ", and " + std::to_string(more) + " more"),
                   details);
}

absl::Status CheckEtag(const State& state, const Command& command) {
  if (command.etag.empty()) return absl::OkStatus();
  NSD_ASSIGN_OR_RETURN(const std::string etag, FindEtag(state, command.target));
  if (etag == command.etag) return absl::OkStatus();
  return MakeError(
      ErrorReason::kRevisionMismatch, ToString(command.target) + " was changed since it was read",
      {{"resource", ToString(command.target)}, {"expected", command.etag}, {"actual", etag}});
}

// One overload per way an operation is carried out; the rules themselves are in the folders below.
struct Dispatch {
  Edit& edit;
  const Name& target;
  Result& result;

  template <typename OpType>
  absl::Status operator()(const OpType& op) const {
    if constexpr (requires { ipmp::Apply(edit, target, op, result); }) {
      return ipmp::Apply(edit, target, op, result);
    } else if constexpr (requires { health::Apply(edit, target, op); }) {
      return health::Apply(edit, target, op);
    } else {
      return ipmp::Apply(edit, target, op);
    }
  }
  absl::Status operator()(const RemoveFamily& op) const {
    return target.group.empty() ? ipmp::RemoveInterfaceFamily(edit, target, op.family)
                                : ipmp::RemoveGroupFamily(edit, target, op.family);
  }
  absl::Status operator()(const BringUp& op) const {
    return ipmp::SetUp(edit, target, op.family, true);
  }
  absl::Status operator()(const BringDown& op) const {
    return ipmp::SetUp(edit, target, op.family, false);
  }
  absl::Status operator()(const AddAddress& op) const {
    NSD_ASSIGN_OR_RETURN(const AddressUid uid, ipmp::Add(edit, target, op));
    edit.Update(uid, [](Address& address) { address.asked_up = false; });
    result.slot = edit[uid].slot;
    return absl::OkStatus();
  }
  absl::Status operator()(const NextInterface& op) const {
    NSD_ASSIGN_OR_RETURN(result.chosen, ipmp::Apply(edit, target, op));
    return absl::OkStatus();
  }
  absl::Status operator()(const JoinGroup& op) const {
    NSD_ASSIGN_OR_RETURN(const Interface* interface, GetInterface(edit.state(), target));
    const InterfaceUid uid = interface->uid;
    const GroupUid before = interface->group;
    const Because because(edit, Cause::kMembership, uid);
    NSD_RETURN_IF_ERROR(ipmp::Apply(edit, target, op));
    if (edit[uid].group == before) return absl::OkStatus();
    health::Appeared(edit, uid);
    edit.Update(uid, [](Interface& image) { ++image.meta.generation; });
    return absl::OkStatus();
  }
  absl::Status operator()(const LeaveGroup& op) const {
    NSD_ASSIGN_OR_RETURN(const Interface* interface, GetInterface(edit.state(), target));
    const InterfaceUid uid = interface->uid;
    const GroupUid before = interface->group;
    const Because because(edit, Cause::kMembership, uid);
    health::Leaving(edit, uid);
    NSD_RETURN_IF_ERROR(ipmp::Apply(edit, target, op));
    if (!before) return absl::OkStatus();
    health::Left(edit, uid, before);
    edit.Update(uid, [](Interface& image) { ++image.meta.generation; });
    return absl::OkStatus();
  }
  absl::Status operator()(const FireTimers&) const {
    ipmp::FireTimers(edit);
    health::FireDeadlines(edit);
    return absl::OkStatus();
  }
  absl::Status operator()(const DelayDeadlines& op) const {
    health::Delay(edit, op);
    return absl::OkStatus();
  }
};

}  // namespace

absl::StatusOr<Transition> Apply(State& state, const Transaction& transaction,
                                 const Context& context) {
  Edit edit(state, context);
  NSD_RETURN_IF_ERROR(CheckGuards(state, transaction.guards));
  Transition transition;
  transition.results.resize(transaction.commands.size());
  for (std::size_t i = 0; i < transaction.commands.size(); ++i) {
    const Command& command = transaction.commands[i];
    absl::Status status = CheckEtag(state, command);
    const health::Glance before = health::Look(edit, command.target);
    if (status.ok()) {
      status = std::visit(Dispatch{edit, command.target, transition.results[i]}, command.op);
    }
    if (status.ok()) {
      health::Settle(edit, command.target, before);
      continue;
    }
    return transaction.commands.size() == 1 ? status
                                            : WithMetadata(status, "operation", std::to_string(i));
  }
  transition.deltas = edit.Finish();
  return transition;
}

void Unfold(State& state, const std::vector<Delta>& deltas) {
  for (auto delta = deltas.rbegin(); delta != deltas.rend(); ++delta) {
    std::visit(
        [&](const auto& change) {
          using C = std::decay_t<decltype(change)>;
          Fold(state, C{change.after, change.before});
        },
        *delta);
  }
}

}  // namespace netstackd::core
