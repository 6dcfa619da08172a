#include <utility>

#include "base/status_macros.h"
#include "core/health/policy.h"
#include "core/ipmp/addresses.h"
#include "core/ipmp/group.h"
#include "core/ipmp/interface.h"
#include "core/ipmp/requests.h"
#include "core/ipmp/side.h"

namespace netstackd::core::ipmp {
namespace {

// Writes the patched fields; true if anything differs.
bool Patched(GroupSpec& spec, Labels& labels, const UpdateGroup& op) {
  const GroupSpec old_spec = spec;
  const Labels old_labels = labels;
  const auto put = [](auto& field, const auto& patch) {
    if (patch) field = *patch;
  };
  put(spec.ipv4, op.ipv4);
  put(spec.ipv6, op.ipv6);
  put(spec.failure_detection, op.failure_detection);
  FailureDetection detection = spec.Detection();
  put(detection.link, op.detect_link);
  put(detection.probe, op.detect_probe);
  put(detection.detection_time, op.detection_time);
  put(detection.targets, op.targets);
  // What is unset leaf by leaf stays as it is: absent, or empty.
  if (!(detection == spec.Detection())) spec.failure_detection = std::move(detection);
  put(spec.failback, op.failback);
  put(spec.failback_hold, op.failback_hold);
  put(spec.announce, op.announce);
  put(labels, op.labels);
  return !(spec == old_spec) || labels != old_labels;
}

}  // namespace

absl::Status Apply(Edit& edit, const Name& target, const UpdateGroup& op) {
  NSD_ASSIGN_OR_RETURN(const Group* group, GetGroup(edit.state(), target));
  const GroupUid uid = group->uid;
  if (op.interface_name && *op.interface_name != group->spec.interface_name &&
      *op.interface_name != group->interface_name) {
    return FieldError({{"group.spec.interface_name", "cannot change after creation"}});
  }
  const GroupSpec old_spec = group->spec;
  GroupSpec spec = old_spec;
  Labels labels = *group->meta.labels;
  if (!Patched(spec, labels, op)) return absl::OkStatus();
  if (!spec.ipv4 && !spec.ipv6) {
    return FieldError(
        {{"group.spec", "a group has at least one of ipv4 and ipv6; delete it instead"}});
  }
  for (const Family family : kFamilies) {
    const bool wanted = family == Family::kIpv4 ? spec.ipv4 : spec.ipv6;
    const bool there = edit[uid].sides[IndexOf(family)].has_value();
    if (wanted && !there) NSD_RETURN_IF_ERROR(Apply(edit, target, AddFamily{family}));
  }
  for (const Family family : kFamilies) {
    const bool wanted = family == Family::kIpv4 ? spec.ipv4 : spec.ipv6;
    const bool there = edit[uid].sides[IndexOf(family)].has_value();
    if (!wanted && there) NSD_RETURN_IF_ERROR(RemoveGroupFamily(edit, target, family));
  }
  edit.Update(uid, [&](Group& changed) {
    changed.spec = spec;
    changed.meta.labels = labels;
    ++changed.meta.generation;
  });
  health::SpecChanged(edit, uid, old_spec);
  return absl::OkStatus();
}

// Never cascades: everything inside must be gone.
absl::Status Apply(Edit& edit, const Name& target, const DeleteGroup& op, Result& result) {
  const auto group = GetGroup(edit.state(), target);
  if (!group.ok()) {
    if (!op.allow_missing || ReasonOf(group.status()) != ErrorReason::kGroupNotFound)
      return group.status();
    result.missing = true;
    return absl::OkStatus();
  }
  return Apply(edit, target, DestroyGroup{});
}

}  // namespace netstackd::core::ipmp
