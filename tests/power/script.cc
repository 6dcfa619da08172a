#include "tests/power/script.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/command.h"
#include "server/executor/testing/requests.h"

namespace netstackd::power {
namespace {

using executor::testing_support::AddressOf;
using executor::testing_support::GroupName;
using executor::testing_support::InterfaceName;

constexpr std::uint64_t kGroups = 3;
constexpr std::uint64_t kInterfaces = 5;
constexpr std::uint64_t kAddresses = 8;

std::string Group(std::uint64_t n) { return absl::StrCat("g", n); }
std::string Interface(std::uint64_t n) { return absl::StrCat("net", n); }
std::string Address(std::uint64_t n) { return absl::StrCat("192.0.2.", n + 1); }

core::CreateAddress UpAddress() {
  core::CreateAddress create;
  create.prefix_length = 24;
  return create;
}

}  // namespace

RequestPtr Script::Make(std::vector<core::Command> commands) {
  executor::Request request;
  request.transaction.commands = std::move(commands);
  request.principal = "uid:7";
  request.method = "/netstackd.v1.Test/Ask";
  request.request_id = absl::StrCat(name_, "-", ++made_);
  request.hash = "hash of " + request.request_id;
  request.answer = [id = request.request_id](const core::State&, const core::Transition& transition,
                                             const executor::Outcome& outcome) {
    return absl::StrCat(id, " ", transition.deltas.size(), " ", outcome.revision);
  };
  return std::make_shared<const executor::Request>(std::move(request));
}

RequestPtr Script::Anchor() {
  core::CreateGroup create;
  create.spec.ipv4 = true;
  return Make({{GroupName("anchor"), "", create}});
}

RequestPtr Script::Touch() {
  core::UpdateGroup update;
  update.labels = core::Labels{{"touched", absl::StrCat(name_, "-", made_)}};
  return Make({{GroupName("anchor"), "", update}});
}

core::Command Script::Any() {
  const core::Name group = GroupName(Group(Pick(kGroups)));
  const core::Name interface = InterfaceName(Interface(Pick(kInterfaces)));
  const core::Name address = AddressOf(group, Address(Pick(kAddresses)));
  switch (Pick(12)) {
    case 0: {
      core::CreateGroup create;
      create.spec.ipv4 = true;
      return {group, "", create};
    }
    case 1:
      return {group, "", core::DeleteGroup{}};
    case 2:
    case 3: {
      core::CreateInterface create;
      create.spec.ipv4 = true;
      create.group = group.group;
      create.standby = Pick(3) == 0;
      return {interface, "", create};
    }
    case 4:
      return {interface, "", core::DeleteInterface{}};
    case 5:
    case 6:
    case 7:
      return {address, "", UpAddress()};
    case 8:
      return {address, "", core::DeleteAddress{}};
    case 9:
      return {interface, "", core::OfflineInterface{0}};
    case 10:
      return {interface, "", core::OnlineInterface{}};
    default: {
      core::ReportInterface report;
      report.link = Pick(2) == 0 ? core::LinkState::kDown : core::LinkState::kUp;
      return {interface, "", report};
    }
  }
}

// Many addresses at once, in a row of several pages.
RequestPtr Script::Large() {
  core::CreateGroup create;
  create.spec.ipv4 = true;
  const core::Name group = GroupName(absl::StrCat("large", made_));
  std::vector<core::Command> commands = {{group, "", create}};
  for (std::uint64_t i = 0; i < 30; ++i) {
    commands.push_back(
        {AddressOf(group, absl::StrCat("198.51.", made_ % 250, ".", i + 1)), "", UpAddress()});
  }
  return Make(std::move(commands));
}

Step Script::Next() {
  const std::uint64_t chance = Pick(40);
  Step step;
  if (chance == 0) step.kind = Step::Kind::kBackup;
  if (chance >= 1 && chance <= 4) step.kind = Step::Kind::kCompact;
  // A journal that was idle has nothing to do until something is asked.
  if (chance >= 5 && chance <= 6 && asked_) step.kind = Step::Kind::kIdle;
  asked_ = step.kind == Step::Kind::kAsk;
  if (!asked_) return step;
  step.requests.push_back(Touch());
  if (chance == 7) step.requests.push_back(Large());
  for (std::uint64_t left = Pick(8); left > 0; --left) {
    std::vector<core::Command> commands = {Any()};
    while (Pick(5) == 0) commands.push_back(Any());
    step.requests.push_back(Make(std::move(commands)));
    // Sent twice before there is an answer.
    if (Pick(10) == 0) step.requests.push_back(step.requests.back());
  }
  return step;
}

}  // namespace netstackd::power
