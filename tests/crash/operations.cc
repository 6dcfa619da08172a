#include "tests/crash/operations.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "netstackd/v1/ipmp_service.pb.h"

namespace netstackd::crash {
namespace {

constexpr char kZone[] = "zones/global";
constexpr int kInterfacesMax = 4;
constexpr int kAddressesMax = 8;

std::string LastOf(const std::string& name) { return name.substr(name.rfind('/') + 1); }
bool IsAddress(const std::string& name) { return absl::StrContains(name, "/addresses/"); }

std::vector<std::string> NamesOf(const Objects& objects, bool addresses) {
  std::vector<std::string> names;
  for (const auto& [name, known] : objects) {
    if (IsAddress(name) == addresses && !(absl::StrContains(name, "/groups/") && !addresses)) {
      names.push_back(name);
    }
  }
  return names;
}

}  // namespace

Operations::Operations(std::uint64_t seed, int writer)
    : writer_(writer),
      prefix_(absl::StrFormat("w%02d", writer)),
      random_(seed * 1000 + static_cast<std::uint64_t>(writer)) {}

std::size_t Operations::Pick(std::size_t n) {
  return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_);
}

// Another one each time: an update with the old value would change nothing.
std::string Operations::NewValue() { return absl::StrCat(++values_); }

std::string Operations::GroupName() const { return absl::StrCat(kZone, "/groups/", prefix_); }
std::string Operations::InterfaceName(int n) const {
  return absl::StrCat(kZone, "/interfaces/", prefix_, "i", n);
}
std::string Operations::AddressName(int n) const {
  return absl::StrCat(GroupName(), "/addresses/10.", writer_, ".1.", n);
}
v1::Address Operations::NthAddress(int n) const {
  v1::Address address;
  address.set_name(AddressName(n));
  address.mutable_spec()->set_cidr(absl::StrCat("10.", writer_, ".1.", n, "/8"));
  return address;
}

void Operations::SetOptions(Operation* operation, v1::WriteOptions* options) {
  const std::uint64_t high = random_();
  operation->request_id = RequestIdOf(high, random_());
  options->set_request_id(operation->request_id);
  options->set_validate_only(operation->validate_only);
  if (Pick(4) == 0) options->set_comment(absl::StrCat("of ", prefix_));
}

Operation Operations::Next(const Objects& objects) {
  if (!objects.contains(GroupName())) return CreateGroup();
  const int n = static_cast<int>(Pick(kAddressesMax)) + 1;
  const int i = static_cast<int>(Pick(kInterfacesMax));
  switch (Pick(10)) {
    case 0:
      return UpdateGroup(objects.at(GroupName()));
    case 1:
      return Transact(objects, false);
    case 2:
      return Transact(objects, true);
    case 3:
      return CreateAddress(n, true);
    case 4:
    case 5:
    case 6: {
      const std::string name = InterfaceName(i);
      return objects.contains(name) ? OfInterface(name, objects) : CreateInterface(i);
    }
    case 7: {
      const auto names = NamesOf(objects, true);
      if (!names.empty()) return OfAddress(names[Pick(names.size())], objects);
      break;
    }
    case 8:
      if (objects.contains(InterfaceName(i))) return CreateTestAddress(i);
      break;
    default:
      break;
  }
  // Now and then one that is there, which is refused.
  const std::string name = AddressName(n);
  return objects.contains(name) && Pick(4) != 0 ? OfAddress(name, objects)
                                                : CreateAddress(n, false);
}

Operation Operations::OfInterface(const std::string& name, const Objects& objects) {
  switch (Pick(8)) {
    case 0:
      return DeleteInterface(name, objects);
    case 1:
      return UpdateInterface(name);
    case 2:
      return Offline(name);
    case 3:
      return Online(name);
    default:
      return Report(name);
  }
}

Operation Operations::OfAddress(const std::string& name, const Objects& objects) {
  return Pick(2) == 0 ? UpdateAddress(name, objects.at(name)) : DeleteAddress(name);
}

Operation Operations::CreateGroup() {
  Operation operation;
  operation.created = {GroupName()};
  v1::CreateGroupRequest request;
  request.set_parent(kZone);
  request.set_group_id(prefix_);
  request.mutable_group()->mutable_spec()->set_ipv4(true);
  SetOptions(&operation, request.mutable_options());
  operation.call = MakeCall<v1::CreateGroupResponse>("IpmpService/CreateGroup", request);
  return operation;
}

Operation Operations::CreateInterface(int n) {
  Operation operation;
  operation.created = {InterfaceName(n)};
  v1::CreateInterfaceRequest request;
  request.set_parent(kZone);
  request.set_interface_id(LastOf(InterfaceName(n)));
  auto* spec = request.mutable_ip_interface()->mutable_spec();
  spec->set_ipv4(true);
  spec->set_group(prefix_);
  spec->set_standby(Pick(4) == 0);
  SetOptions(&operation, request.mutable_options());
  operation.call = MakeCall<v1::CreateInterfaceResponse>("IpmpService/CreateInterface", request);
  return operation;
}

Operation Operations::CreateAddress(int n, bool validate_only) {
  Operation operation;
  operation.validate_only = validate_only;
  operation.created = {AddressName(n)};
  v1::CreateAddressRequest request;
  request.set_parent(GroupName());
  *request.mutable_address() = NthAddress(n);
  SetOptions(&operation, request.mutable_options());
  operation.call = MakeCall<v1::CreateAddressResponse>("IpmpService/CreateAddress", request);
  return operation;
}

Operation Operations::CreateTestAddress(int n) {
  const std::string ip = absl::StrCat("10.", writer_, ".2.", n + 1);
  Operation operation;
  operation.created = {absl::StrCat(InterfaceName(n), "/addresses/", ip)};
  v1::CreateAddressRequest request;
  request.set_parent(InterfaceName(n));
  request.mutable_address()->mutable_spec()->set_cidr(ip + "/8");
  request.mutable_address()->mutable_spec()->set_test(true);
  SetOptions(&operation, request.mutable_options());
  operation.call = MakeCall<v1::CreateAddressResponse>("IpmpService/CreateAddress", request);
  return operation;
}

Operation Operations::UpdateGroup(const Known& known) {
  Operation operation;
  operation.written = {GroupName()};
  v1::UpdateGroupRequest request;
  request.mutable_group()->set_name(GroupName());
  (*request.mutable_group()->mutable_meta()->mutable_labels())["n"] = NewValue();
  request.mutable_update_mask()->add_paths("meta.labels");
  SetOptions(&operation, request.mutable_options());
  // Not that of the newest image as a rule: observations do not change it.
  if (Pick(2) == 0) request.mutable_options()->set_etag(known.etag);
  operation.call = MakeCall<v1::UpdateGroupResponse>("IpmpService/UpdateGroup", request);
  return operation;
}

Operation Operations::UpdateInterface(const std::string& name) {
  Operation operation;
  operation.written = {name};
  v1::UpdateInterfaceRequest request;
  request.mutable_ip_interface()->set_name(name);
  (*request.mutable_ip_interface()->mutable_meta()->mutable_labels())["n"] = NewValue();
  request.mutable_update_mask()->add_paths("meta.labels");
  SetOptions(&operation, request.mutable_options());
  operation.call = MakeCall<v1::UpdateInterfaceResponse>("IpmpService/UpdateInterface", request);
  return operation;
}

Operation Operations::UpdateAddress(const std::string& name, const Known& known) {
  Operation operation;
  operation.written = {name};
  v1::UpdateAddressRequest request;
  request.mutable_address()->set_name(name);
  (*request.mutable_address()->mutable_meta()->mutable_labels())["n"] = NewValue();
  request.mutable_update_mask()->add_paths("meta.labels");
  SetOptions(&operation, request.mutable_options());
  if (Pick(2) == 0) request.mutable_options()->set_etag(known.etag);
  operation.call = MakeCall<v1::UpdateAddressResponse>("IpmpService/UpdateAddress", request);
  return operation;
}

Operation Operations::DeleteInterface(const std::string& name, const Objects& objects) {
  Operation operation;
  operation.deleted = {name};
  for (const auto& [other, known] : objects) {
    if (absl::StartsWith(other, name + "/")) operation.deleted.push_back(other);
  }
  v1::DeleteInterfaceRequest request;
  request.set_name(name);
  SetOptions(&operation, request.mutable_options());
  operation.call = MakeCall<v1::DeleteInterfaceResponse>("IpmpService/DeleteInterface", request);
  return operation;
}

Operation Operations::DeleteAddress(const std::string& name) {
  Operation operation;
  operation.deleted = {name};
  v1::DeleteAddressRequest request;
  request.set_name(name);
  SetOptions(&operation, request.mutable_options());
  operation.call = MakeCall<v1::DeleteAddressResponse>("IpmpService/DeleteAddress", request);
  return operation;
}

Operation Operations::Report(const std::string& name) {
  Operation operation;
  operation.written = {name};
  v1::ReportInterfaceRequest request;
  request.set_name(name);
  request.mutable_report()->set_link(Pick(2) == 0 ? v1::Interface::LINK_UP
                                                  : v1::Interface::LINK_DOWN);
  SetOptions(&operation, request.mutable_options());
  operation.call = MakeCall<v1::ReportInterfaceResponse>("IpmpService/ReportInterface", request);
  return operation;
}

Operation Operations::Offline(const std::string& name) {
  Operation operation;
  operation.written = {name};
  v1::OfflineInterfaceRequest request;
  request.set_name(name);
  SetOptions(&operation, request.mutable_options());
  operation.call = MakeCall<v1::OfflineInterfaceResponse>("IpmpService/OfflineInterface", request);
  return operation;
}

Operation Operations::Online(const std::string& name) {
  Operation operation;
  operation.written = {name};
  v1::OnlineInterfaceRequest request;
  request.set_name(name);
  SetOptions(&operation, request.mutable_options());
  operation.call = MakeCall<v1::OnlineInterfaceResponse>("IpmpService/OnlineInterface", request);
  return operation;
}

// Takes a free address and more; the last step of one that fails creates what it created before.
Operation Operations::Transact(const Objects& objects, bool fails) {
  Operation operation;
  v1::TransactRequest request;
  int made = 0;
  for (int n = 1; n <= kAddressesMax; ++n) {
    const std::string name = AddressName(n);
    if (!objects.contains(name) && made < 3) {
      ++made;
      *request.add_operations()->mutable_create()->mutable_address() = NthAddress(n);
      operation.created.push_back(name);
    } else if (objects.contains(name) && Pick(3) == 0) {
      request.add_operations()->set_remove(name);
      operation.deleted.push_back(name);
    }
  }
  auto* group = request.add_operations()->mutable_update()->mutable_group();
  group->set_name(GroupName());
  group->mutable_spec()->set_ipv4(true);
  (*group->mutable_meta()->mutable_labels())["t"] = NewValue();
  operation.written.push_back(GroupName());
  if (fails) {
    auto* again = request.add_operations()->mutable_create()->mutable_group();
    again->set_name(GroupName());
    again->mutable_spec()->set_ipv4(true);
  }
  SetOptions(&operation, request.mutable_options());
  operation.call = MakeCall<v1::TransactResponse>("ConfigService/Transact", request);
  return operation;
}

}  // namespace netstackd::crash
