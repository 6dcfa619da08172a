// A small lab for tests of the rules: a state, and short words for what is done to it.
#ifndef NETSTACKD_CORE_TESTING_LAB_H_
#define NETSTACKD_CORE_TESTING_LAB_H_

#include <string>
#include <utility>
#include <vector>

#include "core/apply.h"
#include "core/queries.h"
#include "core/state.h"

namespace netstackd::core {

inline Name GroupName(const std::string& group) {
  Name name;
  name.group = group;
  return name;
}
inline Name InterfaceName(const std::string& interface) {
  Name name;
  name.interface = interface;
  return name;
}
inline Name At(Name owner, const std::string& ip) {
  owner.address = ParseIpAddress(ip);
  return owner;
}

class Lab {
 public:
  // Carries out one command; the deltas of the newest one stay in `last`.
  absl::Status Do(const Name& target, Op op, const std::string& etag = "") {
    Transaction transaction;
    transaction.commands.push_back(Command{target, etag, std::move(op)});
    return Do(transaction);
  }
  absl::Status Do(const Transaction& transaction) {
    const Context context{
        .revision = revision_ + 1, .now = now, .limits = limits, .hooks = hooks, .trace = trace};
    auto transition = Apply(state, transaction, context);
    if (!transition.ok()) return transition.status();
    ++revision_;
    last = *std::move(transition);
    return absl::OkStatus();
  }

  absl::Status AddGroup(const std::string& name, bool ipv6 = false) {
    CreateGroup op;
    op.spec.ipv4 = true;
    op.spec.ipv6 = ipv6;
    return Do(GroupName(name), op);
  }
  absl::Status AddInterface(const std::string& name, const std::string& group, bool standby = false,
                            bool ipv6 = false) {
    CreateInterface op;
    op.spec.ipv4 = true;
    op.spec.ipv6 = ipv6;
    op.group = group;
    op.standby = standby;
    return Do(InterfaceName(name), op);
  }
  absl::Status AddAddress(const std::string& group, const std::string& ip) {
    CreateAddress op;
    op.prefix_length = 24;
    return Do(At(GroupName(group), ip), op);
  }
  absl::Status Link(const std::string& interface, LinkState link) {
    ReportInterface op;
    op.link = link;
    return Do(InterfaceName(interface), op);
  }

  const Interface& interface(const std::string& name) const {
    return *state.FindInterface(kGlobalZone, name);
  }
  const Group& group(const std::string& name) const { return *state.FindGroup(kGlobalZone, name); }
  // Where a data address is; "" if it is unbound.
  std::string BoundTo(const std::string& group_name, const std::string& ip) const {
    const Address* address = state.FindAddress(group(group_name).uid, *ParseIpAddress(ip));
    const Interface* bound = state.interface(address->bound);
    return bound == nullptr ? "" : bound->name;
  }
  std::size_t Count(const std::string& name, Family family = Family::kIpv4) const {
    return state.index().side(interface(name).uid, family).bound.size();
  }
  // "net0 net1": active interfaces of the IPv4 side, in the order of activation.
  std::string Active(const std::string& group_name) const {
    std::string names;
    for (const auto& [order, uid] :
         state.index().side(group(group_name).uid, Family::kIpv4).active) {
      names += (names.empty() ? "" : " ") + state.interface(uid)->name;
    }
    return names;
  }

  State state;
  Transition last;
  absl::Time now = absl::UnixEpoch();
  Limits limits;
  Hooks* hooks = nullptr;
  Trace* trace = nullptr;

 private:
  std::int64_t revision_ = 0;
};

}  // namespace netstackd::core

#endif  // NETSTACKD_CORE_TESTING_LAB_H_
