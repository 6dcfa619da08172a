#include "tests/property/laws.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/queries.h"
#include "server/codec/journal_codec.h"

namespace netstackd::laws {
namespace {

using SideKey = std::pair<core::GroupUid, core::Family>;
// Addresses each active interface carries.
using Counts = std::map<core::InterfaceUid, std::int64_t>;

bool ActiveIn(const core::Interface& interface, core::GroupUid group, core::Family family) {
  const auto& side = interface.sides[core::IndexOf(family)];
  return interface.group == group && side && side->activated != 0;
}

std::map<SideKey, Counts> CountAll(const core::State& state) {
  std::map<SideKey, Counts> all;
  for (const auto& row : state.table<core::Interface>()) {
    for (const core::Family family : core::kFamilies) {
      if (row.second->group && ActiveIn(*row.second, row.second->group, family)) {
        all[{row.second->group, family}][row.first] = 0;
      }
    }
  }
  for (const auto& row : state.table<core::Address>()) {
    const core::Address& address = *row.second;
    if (address.bound) ++all[{address.group, address.ip.family}][address.bound];
  }
  return all;
}

void CheckInterface(const core::Interface& interface, std::vector<std::string>* broken) {
  for (const auto& side : interface.sides) {
    if (side && side->activated != 0 && !interface.flags.Usable()) {
      broken->push_back(interface.name + " is active in spite of its flags");
    }
  }
}

void CheckAddress(const core::State& state, const core::Address& address,
                  const std::map<SideKey, Counts>& counts, std::vector<std::string>* broken) {
  const std::string name = core::ToString(address.ip);
  const bool data = address.group && !address.test;
  const auto found = counts.find({address.group, address.ip.family});
  const bool any_active = found != counts.end() && !found->second.empty();
  if ((data && address.up && any_active) != static_cast<bool>(address.bound)) {
    broken->push_back(name + (address.bound ? " is bound and should not be" : " is not bound"));
  }
  if (!address.bound) return;
  const core::Interface* carrier = state.interface(address.bound);
  if (carrier == nullptr || !ActiveIn(*carrier, address.group, address.ip.family)) {
    broken->push_back(name + " is bound to an interface that is not active in its group");
  }
}

// How many addresses must leave interfaces that stay active, so that the counts of `after` are
// even. An interface above its even share keeps one more as long as the remainder lasts.
std::int64_t FewestMoves(const Counts& before, const Counts& after) {
  std::int64_t total = 0;
  for (const auto& row : after) total += row.second;
  if (after.empty()) return 0;
  const auto size = static_cast<std::int64_t>(after.size());
  const std::int64_t share = total / size;
  const std::int64_t remainder = total % size;
  std::int64_t excess = 0;
  std::int64_t above = 0;
  for (const auto& row : after) {
    const auto was = before.find(row.first);
    const std::int64_t count = was == before.end() ? 0 : was->second;
    excess += std::max<std::int64_t>(0, count - share);
    if (count > share) ++above;
  }
  return excess - std::min(above, remainder);
}

bool LostOne(const Counts& before, const Counts& after) {
  return std::any_of(before.begin(), before.end(),
                     [&after](const auto& row) { return !after.contains(row.first); });
}

}  // namespace

std::vector<std::string> BrokenPlacement(const core::State& state) {
  std::vector<std::string> broken;
  const std::map<SideKey, Counts> counts = CountAll(state);
  for (const auto& row : state.table<core::Interface>()) CheckInterface(*row.second, &broken);
  for (const auto& row : state.table<core::Address>()) {
    CheckAddress(state, *row.second, counts, &broken);
  }
  for (const auto& row : counts) {
    std::int64_t least = INT64_MAX;
    std::int64_t most = 0;
    for (const auto& count : row.second) {
      least = std::min(least, count.second);
      most = std::max(most, count.second);
    }
    if (most > least + 1) {
      broken.push_back(absl::StrCat("one interface of group ", row.first.first.value(), " carries ",
                                    most, " addresses, another ", least));
    }
  }
  return broken;
}

std::vector<std::string> BrokenMoves(const core::State& before, const core::State& after,
                                     const std::vector<core::Delta>& deltas) {
  std::vector<std::string> broken;
  std::set<codec::ObjectKey> changed;
  for (const core::Delta& delta : deltas) {
    if (!changed.insert(codec::KeyOf(delta)).second) broken.push_back("an object changes twice");
  }
  std::map<SideKey, Counts> counts_before = CountAll(before);
  std::map<SideKey, Counts> counts_after = CountAll(after);
  std::map<SideKey, std::int64_t> left;
  for (const core::Move& move : core::MovesOf(deltas)) {
    const core::Address& address = *after.address(move.address);
    const SideKey side = {address.group, address.ip.family};
    if (!counts_after[side].contains(move.from)) continue;
    ++left[side];
    if (counts_before[side].contains(move.to)) {
      broken.push_back(core::ToString(address.ip) +
                       " moves between two interfaces that were active all the time");
    }
  }
  for (const auto& row : left) {
    const Counts& was = counts_before[row.first];
    const Counts& is = counts_after[row.first];
    if (!LostOne(was, is) && row.second > FewestMoves(was, is)) {
      broken.push_back(
          absl::StrCat(row.second, " addresses move, even counts ask for ", FewestMoves(was, is)));
    }
  }
  return broken;
}

}  // namespace netstackd::laws
