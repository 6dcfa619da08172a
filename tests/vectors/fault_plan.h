// What a scenario injects: faults at named points, and sides that are busy.
#ifndef NETSTACKD_TESTS_VECTORS_FAULT_PLAN_H_
#define NETSTACKD_TESTS_VECTORS_FAULT_PLAN_H_

#include <map>
#include <set>
#include <string>
#include <utility>

#include "core/hooks.h"

namespace netstackd::vectors {

class FaultPlan : public core::Hooks {
 public:
  // After `skip` passes of `point` the next `count` fail. Returns false for an unknown point.
  bool Inject(const std::string& point, int count, int skip);
  void SetBusy(std::uint64_t owner, core::Family family, bool busy);
  void Clear();

  bool Fails(core::FaultPoint point) override;
  bool Busy(core::GroupUid group, core::Family family) const override {
    return busy_.contains({group.value(), family});
  }
  bool Busy(core::InterfaceUid interface, core::Family family) const override {
    return busy_.contains({interface.value(), family});
  }

 private:
  struct Pending {
    int skip = 0;
    int count = 0;
  };
  std::map<core::FaultPoint, Pending> pending_;
  std::set<std::pair<std::uint64_t, core::Family>> busy_;
};

}  // namespace netstackd::vectors

#endif  // NETSTACKD_TESTS_VECTORS_FAULT_PLAN_H_
