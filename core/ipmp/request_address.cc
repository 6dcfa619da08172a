#include "base/status_macros.h"
#include "core/ipmp/addresses.h"
#include "core/ipmp/requests.h"
#include "core/ipmp/side.h"

namespace netstackd::core::ipmp {

absl::Status Apply(Edit& edit, const Name& target, const CreateAddress& op, Result& result) {
  Name owner = target;
  owner.address.reset();
  AddAddress add{.family = target.address->family, .ip = target.address};
  add.prefix_length = op.prefix_length;
  add.test = op.test;
  add.managed_by = op.managed_by;
  add.point_to_point = op.point_to_point;
  NSD_ASSIGN_OR_RETURN(const AddressUid uid, Add(edit, owner, add));
  edit.Update(uid, [&](Address& address) {
    address.asked_up = op.up;
    address.meta.labels = op.labels;
  });
  if (op.up.value_or(true)) NSD_RETURN_IF_ERROR(Raise(edit, target));
  result.slot = edit[uid].slot;
  return absl::OkStatus();
}

absl::Status Apply(Edit& edit, const Name& target, const UpdateAddress& op) {
  NSD_ASSIGN_OR_RETURN(const Address* address, GetAddress(edit.state(), target));
  const AddressUid uid = address->uid;
  if (op.managed_by && *op.managed_by != address->managed_by) {
    return FieldError({{"address.spec.managed_by", "cannot change after creation"}});
  }
  if (op.point_to_point && *op.point_to_point != address->point_to_point) {
    return FieldError({{"address.spec.point_to_point", "cannot change after creation"}});
  }
  bool changed = false;
  if (op.up && !op.up->value_or(true)) NSD_RETURN_IF_ERROR(Drop(edit, target));
  if (op.test && *op.test != address->test) {
    NSD_RETURN_IF_ERROR(Apply(edit, target, SetTestAddress{*op.test}));
    changed = true;
  }
  if (op.up && op.up->value_or(true) != edit[uid].asked_up.value_or(true)) {
    NSD_RETURN_IF_ERROR(op.up->value_or(true) ? Raise(edit, target) : Drop(edit, target));
  }
  edit.Update(uid, [&](Address& image) {
    const auto put = [&changed](auto& field, const auto& patch) {
      if (!patch || field == *patch) return;
      field = *patch;
      changed = true;
    };
    put(image.prefix_length, op.prefix_length);
    put(image.asked_up, op.up);
    put(image.meta.labels, op.labels);
    if (changed) ++image.meta.generation;
  });
  return absl::OkStatus();
}

absl::Status Apply(Edit& edit, const Name& target, const DeleteAddress& op, Result& result) {
  const auto address = GetAddress(edit.state(), target);
  if (!address.ok()) {
    if (!op.allow_missing || ReasonOf(address.status()) != ErrorReason::kAddressNotFound)
      return address.status();
    result.missing = true;
    return absl::OkStatus();
  }
  return Apply(edit, target, RemoveAddress{});
}

}  // namespace netstackd::core::ipmp
