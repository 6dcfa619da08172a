#include "tests/property/generators/commands.h"

#include <cstdint>
#include <optional>
#include <utility>

namespace netstackd::generators {
namespace {

constexpr int kGroups = 3;
constexpr int kInterfaces = 5;
constexpr int kAddresses = 12;  // the last four are IPv6

Step Make(core::Name target, core::Op op, const std::string& what) {
  Step step;
  step.text = what + " " + core::ToString(target);
  step.command.target = std::move(target);
  step.command.op = std::move(op);
  return step;
}

std::string GroupAt(int index) { return "g" + std::to_string(index); }
std::string InterfaceAt(int index) { return "net" + std::to_string(index); }

core::Name Group(int index) {
  core::Name name;
  name.group = GroupAt(index);
  return name;
}
core::Name Interface(int index) {
  core::Name name;
  name.interface = InterfaceAt(index);
  return name;
}
core::IpAddress Ip(int index) {
  const std::string text = index < kAddresses - 4 ? "192.0.2." + std::to_string(index + 1)
                                                  : "2001:db8::" + std::to_string(index + 1);
  return *core::ParseIpAddress(text);
}

bool Coin() { return *rc::gen::arbitrary<bool>(); }
// At least 0 and below `count`.
int Pick(int count) { return *rc::gen::inRange(0, count); }
core::Family AnyFamily() { return Coin() ? core::Family::kIpv6 : core::Family::kIpv4; }
core::Name AnyGroup() { return Group(Pick(kGroups)); }
core::Name AnyInterface() { return Interface(Pick(kInterfaces)); }
core::Name AnyOwner() { return Pick(3) == 0 ? AnyInterface() : AnyGroup(); }
core::Name AnyAddress() {
  core::Name name = AnyOwner();
  name.address = Ip(Pick(kAddresses));
  return name;
}
std::string On(bool on) { return on ? " on" : " off"; }
std::string TextOf(const core::InterfaceFlags& flags) {
  std::string text;
  if (flags.failed) text += " failed";
  if (flags.inactive) text += " inactive";
  if (flags.offline) text += " offline";
  if (flags.standby) text += " standby";
  return text;
}

core::InterfaceFlags AnyFlags() {
  core::InterfaceFlags flags;
  switch (Pick(5)) {
    case 0:
      flags.failed = true;
      break;
    case 1:
      flags.inactive = true;
      break;
    case 2:
      flags.offline = true;
      break;
    case 3:
      flags.standby = true;
      break;
    default:
      break;
  }
  return flags;
}

Step GroupStep() {
  switch (Pick(6)) {
    case 0: {
      core::CreateGroup op;
      op.spec.ipv4 = Coin();
      op.spec.ipv6 = Coin() || !op.spec.ipv4;
      return Make(AnyGroup(), op, "create");
    }
    case 1:
      return Make(AnyGroup(), core::DeleteGroup{Coin()}, "delete");
    case 2: {
      core::UpdateGroup op;
      op.failback = std::optional<bool>(Coin());
      op.labels = core::Labels{{"n", std::to_string(Pick(3))}};
      return Make(AnyGroup(), op, "update");
    }
    case 3:
      return Make(AnyGroup(), core::RenameGroup{GroupAt(Pick(kGroups))}, "rename");
    case 4:
      return Make(AnyGroup(), core::AddFamily{AnyFamily()}, "add family");
    default:
      return Make(AnyGroup(), core::RemoveFamily{AnyFamily()}, "remove family");
  }
}

Step InterfaceStep() {
  switch (Pick(6)) {
    case 0: {
      core::CreateInterface op;
      op.spec.ipv4 = Coin();
      op.spec.ipv6 = Coin() || !op.spec.ipv4;
      op.standby = Pick(4) == 0;
      if (Coin()) op.group = GroupAt(Pick(kGroups));
      return Make(AnyInterface(), op, "create in \"" + op.group + "\"" + On(op.standby));
    }
    case 1:
      return Make(AnyInterface(), core::DeleteInterface{Coin()}, "delete");
    case 2: {
      core::UpdateInterface op;
      op.group = Coin() ? GroupAt(Pick(kGroups)) : "";
      return Make(AnyInterface(), op, "set group \"" + *op.group + "\"");
    }
    case 3: {
      core::UpdateInterface op;
      op.standby = Coin();
      return Make(AnyInterface(), op, "set standby" + On(*op.standby));
    }
    case 4:
      return Make(AnyInterface(), core::PlumbFamily{AnyFamily(), {}}, "plumb family");
    default:
      return Make(AnyInterface(), core::RemoveFamily{AnyFamily()}, "remove family");
  }
}

Step MembershipStep() {
  if (Pick(3) == 0) return Make(AnyInterface(), core::LeaveGroup{}, "leave");
  const std::string group = GroupAt(Pick(kGroups));
  return Make(AnyInterface(), core::JoinGroup{group}, "join " + group);
}

Step AddressStep() {
  switch (Pick(7)) {
    case 0:
    case 1: {
      core::CreateAddress op;
      op.prefix_length = 24;
      if (Coin()) op.up = Coin();
      op.test = Pick(4) == 0;
      return Make(AnyAddress(), op, std::string(op.test ? "create test" : "create"));
    }
    case 2:
      return Make(AnyAddress(), core::DeleteAddress{Coin()}, "delete");
    case 3: {
      core::UpdateAddress op;
      op.up = std::optional<bool>(Coin());
      return Make(AnyAddress(), op, "set up" + On(**op.up));
    }
    case 4:
      return Make(AnyAddress(), core::BringUp{}, "bring up");
    case 5:
      return Make(AnyAddress(), core::BringDown{}, "bring down");
    default:
      return Make(AnyAddress(), core::ReportConflict{}, "conflict");
  }
}

Step OwnAddressStep() {
  const core::Name owner = AnyOwner();
  const core::Family family = AnyFamily();
  return Coin() ? Make(owner, core::BringUp{family}, std::string("bring up ") + NameOf(family))
                : Make(owner, core::BringDown{family}, std::string("bring down ") + NameOf(family));
}

Step FlagStep() {
  core::SetFlags op;
  op.set = AnyFlags();
  op.clear = AnyFlags();
  return Make(AnyInterface(), op, "set" + TextOf(op.set) + ", clear" + TextOf(op.clear));
}

Step ReportStep() {
  core::ReportInterface op;
  std::string what = "report";
  if (Coin()) {
    op.link = Coin() ? core::LinkState::kUp : core::LinkState::kDown;
    what += *op.link == core::LinkState::kUp ? " up" : " down";
  }
  if (Pick(4) == 0) op.link_mtu = static_cast<std::uint32_t>(1280 + 100 * Pick(4));
  if (Pick(4) == 0) op.hardware_address = core::HardwareAddress(6, static_cast<char>(Pick(6)));
  return Make(AnyInterface(), op, what);
}

Step OtherStep() {
  switch (Pick(7)) {
    case 0:
      return Make(AnyOwner(), core::SetMtu{AnyFamily(), 1300}, "set mtu");
    case 1:
      return Make(AnyOwner(), core::SetForwarding{AnyFamily(), Coin()}, "set forwarding");
    case 2:
      return Make(AnyInterface(), core::SetUsesrc{AnyFamily(), core::UsesrcRole::kSource},
                  "set usesrc");
    case 3:
      return Make(AnyGroup(), core::NextInterface{AnyFamily(), false}, "next");
    case 4: {
      core::SetArpEntry op;
      op.ip = Ip(Pick(kAddresses));
      op.hardware_address = core::HardwareAddress(6, static_cast<char>(Pick(6)));
      return Make(AnyGroup(), op, "set arp");
    }
    case 5:
      return Make(AnyGroup(), core::DeleteArpEntry{Ip(Pick(kAddresses))}, "delete arp");
    default: {
      core::SetCounters op;
      op.values[core::Counter::kInErrors] = static_cast<std::uint64_t>(Pick(100));
      return Make(AnyInterface(), op, "set counters");
    }
  }
}

Step LinkOrServiceStep() {
  switch (Pick(6)) {
    case 0:
      return Make(AnyInterface(), core::OfflineInterface{Pick(2)}, "offline");
    case 1:
      return Make(AnyInterface(), core::OnlineInterface{}, "online");
    default: {
      core::ReportInterface op;
      op.link = Coin() ? core::LinkState::kUp : core::LinkState::kDown;
      return Make(AnyInterface(), op, *op.link == core::LinkState::kUp ? "link up" : "link down");
    }
  }
}

}  // namespace

void showValue(const Step& step, std::ostream& out) { out << step.text; }

rc::Gen<Step> AnyStep() {
  return rc::gen::exec([] {
    switch (*rc::gen::weightedElement<int>(
        {{2, 0}, {3, 1}, {3, 2}, {6, 3}, {2, 4}, {2, 5}, {3, 6}, {2, 7}, {5, 8}})) {
      case 0:
        return GroupStep();
      case 1:
        return InterfaceStep();
      case 2:
        return MembershipStep();
      case 3:
        return AddressStep();
      case 4:
        return OwnAddressStep();
      case 5:
        return FlagStep();
      case 6:
        return ReportStep();
      case 7:
        return OtherStep();
      default:
        return LinkOrServiceStep();
    }
  });
}

rc::Gen<Step> LinkStep() {
  return rc::gen::exec([] { return LinkOrServiceStep(); });
}

std::vector<Step> SmallWorld() {
  std::vector<Step> steps;
  for (int i = 0; i < 2; ++i) {
    core::CreateGroup group;
    group.spec.ipv4 = true;
    group.spec.ipv6 = true;
    steps.push_back(Make(Group(i), group, "create"));
  }
  for (int i = 0; i < kInterfaces; ++i) {
    core::CreateInterface interface;
    interface.spec.ipv4 = true;
    interface.spec.ipv6 = true;
    interface.standby = i == 2;
    interface.group = i < 3 ? GroupAt(0) : i == 3 ? GroupAt(1) : "";
    steps.push_back(Make(Interface(i), interface, "create"));
  }
  for (int i = 0; i < kAddresses; ++i) {
    core::CreateAddress address;
    address.prefix_length = 24;
    core::Name name = Group(i % 6 == 5 ? 1 : 0);
    name.address = Ip(i);
    steps.push_back(Make(name, address, "create"));
  }
  return steps;
}

}  // namespace netstackd::generators
