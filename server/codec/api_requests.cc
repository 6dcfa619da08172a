#include "server/codec/api_requests.h"

#include <optional>
#include <utility>

#include "server/codec/api_names.h"
#include "server/codec/api_operations.h"
#include "server/codec/api_values.h"

namespace netstackd::codec {
namespace {

core::Command Make(core::Name target, core::Op op, const v1::WriteOptions& options = {}) {
  return {.target = std::move(target), .etag = options.etag(), .op = std::move(op)};
}

core::Transaction One(core::Name target, core::Op op, const v1::WriteOptions& options) {
  core::Transaction transaction;
  transaction.commands.push_back(Make(std::move(target), std::move(op), options));
  return transaction;
}

core::Name GroupIn(const std::string& parent, const std::string& id) {
  core::Name name = NameOf(parent);
  name.group = id;
  return name;
}

core::Name InterfaceIn(const std::string& parent, const std::string& id) {
  core::Name name = NameOf(parent);
  name.interface = id;
  return name;
}

std::optional<core::Family> Optional(v1::Family family) {
  if (family == v1::FAMILY_UNSPECIFIED) return std::nullopt;
  return FromProto(family);
}

// The side of a BringUp or BringDown: an address has none.
std::optional<core::Family> SideOf(const core::Name& target, v1::Family family) {
  return target.address ? std::nullopt : Optional(family);
}

core::Op RemovalOf(const core::Name& name) {
  if (name.address) return core::DeleteAddress{};
  if (!name.group.empty()) return core::DeleteGroup{};
  return core::DeleteInterface{};
}

core::Command CreationOf(const v1::Resource& resource) {
  switch (resource.kind_case()) {
    case v1::Resource::kGroup:
      return Make(NameOf(resource.group().name()), ToCreate(resource.group()));
    case v1::Resource::kIpInterface:
      return Make(NameOf(resource.ip_interface().name()), ToCreate(resource.ip_interface()));
    case v1::Resource::kAddress:
    case v1::Resource::KIND_NOT_SET:
      break;
  }
  return Make(NameOf(resource.address().name()), ToCreate(resource.address()));
}

core::Command ReplacementOf(const v1::Resource& resource) {
  const Mask all = Mask::All();
  switch (resource.kind_case()) {
    case v1::Resource::kGroup:
      return Make(NameOf(resource.group().name()), ToUpdate(resource.group(), all));
    case v1::Resource::kIpInterface:
      return Make(NameOf(resource.ip_interface().name()), ToUpdate(resource.ip_interface(), all));
    case v1::Resource::kAddress:
    case v1::Resource::KIND_NOT_SET:
      break;
  }
  return Make(NameOf(resource.address().name()), ToUpdate(resource.address(), all));
}

core::Command CommandOf(const v1::Operation& operation) {
  switch (operation.op_case()) {
    case v1::Operation::kCreate:
      return CreationOf(operation.create());
    case v1::Operation::kUpdate:
      return ReplacementOf(operation.update());
    case v1::Operation::kRemove: {
      core::Name name = NameOf(operation.remove());
      core::Op op = RemovalOf(name);
      return Make(std::move(name), std::move(op));
    }
    case v1::Operation::kOffline:
      return Make(NameOf(operation.offline()), core::OfflineInterface{});
    case v1::Operation::kOnline:
      return Make(NameOf(operation.online()), core::OnlineInterface{});
    case v1::Operation::kJoin:
      return Make(NameOf(operation.join().ip_interface()),
                  core::JoinGroup{operation.join().group()});
    case v1::Operation::kLeave:
      return Make(NameOf(operation.leave()), core::LeaveGroup{});
    case v1::Operation::kReport:
    case v1::Operation::OP_NOT_SET:
      break;
  }
  return Make(NameOf(operation.report().name()), ToReport(operation.report().report()));
}

core::Guard GuardOf(const v1::Guard& guard) {
  core::Guard to{.name = NameOf(guard.name())};
  if (guard.check_case() == v1::Guard::kExists) {
    to.check = guard.exists();
  } else {
    to.check = guard.etag();
  }
  return to;
}

}  // namespace

core::Transaction ToTransaction(const v1::CreateGroupRequest& request) {
  return One(GroupIn(request.parent(), request.group_id()), ToCreate(request.group()),
             request.options());
}

core::Transaction ToTransaction(const v1::UpdateGroupRequest& request) {
  return One(NameOf(request.group().name()), ToUpdate(request.group(), Mask(request.update_mask())),
             request.options());
}

core::Transaction ToTransaction(const v1::DeleteGroupRequest& request) {
  return One(NameOf(request.name()), core::DeleteGroup{request.allow_missing()}, request.options());
}

core::Transaction ToTransaction(const v1::RenameGroupRequest& request) {
  return One(NameOf(request.name()), core::RenameGroup{request.new_group_id()}, request.options());
}

core::Transaction ToTransaction(const v1::CreateInterfaceRequest& request) {
  return One(InterfaceIn(request.parent(), request.interface_id()),
             ToCreate(request.ip_interface()), request.options());
}

core::Transaction ToTransaction(const v1::UpdateInterfaceRequest& request) {
  return One(NameOf(request.ip_interface().name()),
             ToUpdate(request.ip_interface(), Mask(request.update_mask())), request.options());
}

core::Transaction ToTransaction(const v1::DeleteInterfaceRequest& request) {
  return One(NameOf(request.name()), core::DeleteInterface{request.allow_missing()},
             request.options());
}

core::Transaction ToTransaction(const v1::JoinGroupRequest& request) {
  return One(NameOf(request.name()), core::JoinGroup{request.group()}, request.options());
}

core::Transaction ToTransaction(const v1::LeaveGroupRequest& request) {
  return One(NameOf(request.name()), core::LeaveGroup{}, request.options());
}

core::Transaction ToTransaction(const v1::OfflineInterfaceRequest& request) {
  core::OfflineInterface op;
  if (request.has_min_redundancy()) {
    op.min_redundancy = static_cast<std::int32_t>(request.min_redundancy());
  }
  return One(NameOf(request.name()), op, request.options());
}

core::Transaction ToTransaction(const v1::OnlineInterfaceRequest& request) {
  return One(NameOf(request.name()), core::OnlineInterface{}, request.options());
}

core::Transaction ToTransaction(const v1::ReportInterfaceRequest& request) {
  return One(NameOf(request.name()), ToReport(request.report()), request.options());
}

core::Transaction ToTransaction(const v1::CreateAddressRequest& request) {
  const core::IpAddress ip = ParseCidr(request.address().spec().cidr())->address;
  return One(AddressOf(request.parent(), ip), ToCreate(request.address()), request.options());
}

core::Transaction ToTransaction(const v1::UpdateAddressRequest& request) {
  return One(NameOf(request.address().name()),
             ToUpdate(request.address(), Mask(request.update_mask())), request.options());
}

core::Transaction ToTransaction(const v1::DeleteAddressRequest& request) {
  return One(NameOf(request.name()), core::DeleteAddress{request.allow_missing()},
             request.options());
}

core::Transaction ToTransaction(const v1::BringUpRequest& request) {
  core::Name target = NameOf(request.name());
  const core::BringUp op{SideOf(target, request.family())};
  return One(std::move(target), op, request.options());
}

core::Transaction ToTransaction(const v1::BringDownRequest& request) {
  core::Name target = NameOf(request.name());
  const core::BringDown op{SideOf(target, request.family())};
  return One(std::move(target), op, request.options());
}

core::Transaction ToTransaction(const v1::SetForwardingRequest& request) {
  return One(NameOf(request.name()),
             core::SetForwarding{FromProto(request.family()), request.enabled()},
             request.options());
}

core::Transaction ToTransaction(const v1::SetArpEntryRequest& request) {
  core::SetArpEntry op;
  op.ip = core::ParseIpAddress(request.ip_address());
  op.hardware_address = *core::ParseHardwareAddress(request.hardware_address());
  op.permanent = request.has_permanent() ? request.permanent() : true;
  return One(NameOf(request.parent()), std::move(op), request.options());
}

core::Transaction ToTransaction(const v1::DeleteArpEntryRequest& request) {
  return One(NameOf(request.parent()),
             core::DeleteArpEntry{core::ParseIpAddress(request.ip_address())}, request.options());
}

core::Transaction ToTransaction(const v1::NextInterfaceRequest& request) {
  return One(NameOf(request.name()), core::NextInterface{FromProto(request.family())},
             request.options());
}

core::Transaction ToTransaction(const v1::TransactRequest& request) {
  core::Transaction transaction;
  for (const v1::Guard& guard : request.guards()) transaction.guards.push_back(GuardOf(guard));
  for (const v1::Operation& operation : request.operations()) {
    transaction.commands.push_back(CommandOf(operation));
  }
  return transaction;
}

}  // namespace netstackd::codec
