#include "tests/vectors/live_client.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace netstackd::vectors {

std::string ErrnoOf(const grpc::Status& status) {
  if (status.ok()) return "OK";
  google::rpc::Status details;
  google::rpc::ErrorInfo info;
  if (details.ParseFromString(status.error_details())) {
    for (const auto& any : details.details()) {
      if (any.UnpackTo(&info)) break;
    }
  }
  const auto found = info.metadata().find("errno");
  if (found != info.metadata().end()) return found->second;
  return absl::StrCat(static_cast<int>(status.error_code()), " ", info.reason(), ": ",
                      status.error_message());
}

std::string OwnerName(const Json& step) {
  if (step.contains("interface")) return InterfaceName(step["interface"]);
  return GroupName(step["group"]);
}

std::string AddressName(const std::string& owner, const std::string& address) {
  std::string id = address;
  std::replace(id.begin(), id.end(), ':', '-');
  return owner + "/addresses/" + id;
}

namespace {

// Reads all pages of a list.
template <typename Item, typename Request, typename Response, typename Take>
absl::StatusOr<std::vector<Item>> All(
    LiveClient& client,
    grpc::Status (v1::IpmpService::Stub::*method)(grpc::ClientContext*, const Request&, Response*),
    const std::string& parent, Take&& take) {
  std::vector<Item> items;
  Request request;
  request.set_parent(parent);
  do {
    Response response;
    const grpc::Status status = client.Call(method, request, &response);
    if (!status.ok()) return absl::InternalError("list: " + ErrnoOf(status));
    for (auto& item : *take(response)) items.push_back(std::move(item));
    request.mutable_page()->set_page_token(response.page().next_page_token());
  } while (!request.page().page_token().empty());
  return items;
}

}  // namespace

absl::StatusOr<std::vector<v1::Group>> LiveClient::Groups() {
  return All<v1::Group>(*this, &v1::IpmpService::Stub::ListGroups, "zones/global",
                        [](v1::ListGroupsResponse& page) { return page.mutable_groups(); });
}

absl::StatusOr<std::vector<v1::Interface>> LiveClient::Interfaces() {
  return All<v1::Interface>(
      *this, &v1::IpmpService::Stub::ListInterfaces, "zones/global",
      [](v1::ListInterfacesResponse& page) { return page.mutable_ip_interfaces(); });
}

absl::StatusOr<std::vector<v1::Address>> LiveClient::Addresses(const std::string& parent) {
  return All<v1::Address>(*this, &v1::IpmpService::Stub::ListAddresses, parent,
                          [](v1::ListAddressesResponse& page) { return page.mutable_addresses(); });
}

}  // namespace netstackd::vectors
