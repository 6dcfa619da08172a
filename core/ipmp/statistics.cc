#include "core/ipmp/statistics.h"

#include "base/status_macros.h"
#include "core/ipmp/refuse.h"
#include "core/queries.h"

namespace netstackd::core::ipmp {
namespace {

// What a counter grew by. One that went back has wrapped; but a counter of 64 bits that would have
// grown by half its range was reset, and counts from zero.
std::uint64_t Grown(std::uint64_t before, std::uint64_t now, bool wide) {
  const std::uint64_t grown = now - before;
  if (!wide) return grown & 0xffffffffu;
  return now < before && grown >> 63 != 0 ? now : grown;
}

}  // namespace

void KeepCounts(Edit& edit, GroupUid group, InterfaceUid interface) {
  const Counters counted = edit[interface].counted;
  edit.Update(interface, [](Interface& changed) { changed.counted = {}; });
  edit.Update(group, [&](Group& changed) {
    for (std::size_t i = 0; i < kCounterCount; ++i) changed.baseline[i] += counted[i];
  });
}

absl::Status Apply(Edit& edit, const Name& target, const SetCounters& op) {
  NSD_ASSIGN_OR_RETURN(const Interface* interface, GetInterface(edit.state(), target));
  edit.Update(interface->uid, [&](Interface& changed) {
    for (const Counter counter : op.wide) {
      changed.wide_counters = static_cast<std::uint16_t>(changed.wide_counters |
                                                         (1u << static_cast<unsigned>(counter)));
    }
    const bool known = changed.counters.has_value();
    Counters now = changed.counters.value_or(Counters{});
    for (const auto& [counter, value] : op.values) {
      const auto i = static_cast<std::size_t>(counter);
      const bool wide = Is64Bit(counter) || ((changed.wide_counters >> i) & 1u) != 0;
      const std::uint64_t next = wide ? value : value & 0xffffffffu;
      if (changed.group && known) changed.counted[i] += Grown(now[i], next, wide);
      now[i] = next;
    }
    changed.counters = now;
  });
  return absl::OkStatus();
}

absl::Status Apply(Edit& edit, const Name& target, const RemoveCounters&) {
  NSD_ASSIGN_OR_RETURN(const Interface* interface, GetInterface(edit.state(), target));
  if (!interface->counters) {
    return Refuse(ErrorReason::kInvalidRequest, "ENOENT", target,
                  "the interface has no counters to lose");
  }
  edit.Update(interface->uid, [](Interface& changed) { changed.counters.reset(); });
  return absl::OkStatus();
}

}  // namespace netstackd::core::ipmp
