#include "tests/vectors/fault_plan.h"

namespace netstackd::vectors {
namespace {

using core::FaultPoint;

const std::map<std::string, FaultPoint>& Points() {
  static const auto* const points = new std::map<std::string, FaultPoint>{
      {"family_memory", FaultPoint::kFamilyMemory},
      {"group_memory", FaultPoint::kGroupMemory},
      {"group_statistics", FaultPoint::kGroupStatistics},
      {"group_index", FaultPoint::kGroupIndex},
      {"join_message", FaultPoint::kJoinMessage},
      {"link_message", FaultPoint::kLinkMessage},
      {"activation_message", FaultPoint::kActivationMessage},
      {"mtu_message", FaultPoint::kMtuMessage},
      {"announce_ipv4", FaultPoint::kAnnounceIpv4},
      {"announce_ipv6", FaultPoint::kAnnounceIpv6},
      {"arp_entry_memory", FaultPoint::kArpEntryMemory},
      {"arp_entry_copy", FaultPoint::kArpEntryCopy},
      {"arp_refresh_copy", FaultPoint::kArpRefreshCopy},
      {"retry_busy", FaultPoint::kRetryBusy},
  };
  return *points;
}

}  // namespace

bool FaultPlan::Inject(const std::string& point, int count, int skip) {
  const auto found = Points().find(point);
  if (found == Points().end()) return false;
  pending_[found->second] = {skip, count};
  return true;
}

void FaultPlan::SetBusy(std::uint64_t owner, core::Family family, bool busy) {
  if (busy) {
    busy_.insert({owner, family});
  } else {
    busy_.erase({owner, family});
  }
}

void FaultPlan::Clear() {
  pending_.clear();
  busy_.clear();
}

bool FaultPlan::Fails(FaultPoint point) {
  const auto found = pending_.find(point);
  if (found == pending_.end()) return false;
  if (found->second.skip > 0) {
    --found->second.skip;
    return false;
  }
  if (found->second.count == 0) return false;
  --found->second.count;
  return true;
}

}  // namespace netstackd::vectors
