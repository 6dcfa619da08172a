#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/queries.h"
#include "server/codec/api_names.h"
#include "server/codec/api_views.h"
#include "server/rpc/filter.h"
#include "server/rpc/ipmp_service.h"
#include "server/rpc/paging.h"
#include "server/rpc/read_call.h"

namespace netstackd::rpc {
namespace {

// What one look at the state brings for a page.
template <typename View>
struct Slice {
  struct Item {
    View view;
    Position position;  // goes on after this one
  };
  std::vector<Item> items;
  std::optional<Position> rest;  // where the list goes on after all of them; unset: it does not
  std::int64_t total = 0;
  std::size_t cost = 0;
  executor::Revision revision = 0;

  bool full(int count) const {
    return static_cast<int>(items.size()) >= count || cost >= kPageCostMax;
  }
  void Add(View view, Position position) {
    cost += codec::CostOf(view);
    items.push_back({std::move(view), std::move(position)});
  }
};

using Groups = Slice<codec::GroupView>;
using Interfaces = Slice<codec::InterfaceView>;
using Addresses = Slice<codec::AddressView>;

// Appends what follows in a map from (zone, name) to a uid.
template <typename View, typename Find, typename Map>
void AppendNamed(const Map& map, const Position& from, int count, const Find& find,
                 const core::State& state, Slice<View>* slice) {
  slice->total = static_cast<std::int64_t>(map.size());
  auto at = from.empty() ? map.begin()
                         : map.upper_bound(core::Index::NameKey(core::kGlobalZone, from.front()));
  for (; at != map.end(); ++at) {
    if (slice->full(count)) {
      slice->rest = slice->items.empty() ? from : slice->items.back().position;
      return;
    }
    slice->Add(codec::Collect(state, *find(at->second)), {at->first.second});
  }
}

// One owner of addresses: its kind, its name and its uid; "g" comes before "i".
struct Owner {
  std::string kind;
  std::string name;
  std::uint64_t uid = 0;
};

// The owner at or after `from` in the order of full names; nullopt if there is none.
std::optional<Owner> OwnerFrom(const core::State& state, const std::string& kind,
                               const std::string& name, bool after) {
  const core::Index::NameKey key(core::kGlobalZone, name);
  if (kind == "g") {
    const auto& groups = state.index().groups();
    const auto at = after ? groups.upper_bound(key) : groups.lower_bound(key);
    if (at != groups.end()) return Owner{"g", at->first.second, at->second.value()};
    return OwnerFrom(state, "i", "", false);
  }
  const auto& interfaces = state.index().interfaces();
  const auto at = after ? interfaces.upper_bound(key) : interfaces.lower_bound(key);
  if (at == interfaces.end()) return std::nullopt;
  return Owner{"i", at->first.second, at->second.value()};
}

// Appends the addresses of one owner after `after` (unset: all); false if the slice is full.
bool AppendAddresses(const core::State& state, const Owner& owner,
                     const std::optional<core::IpAddress>& after, int count, Addresses* slice) {
  for (const core::Family family : core::kFamilies) {
    const auto& by_ip = state.index().side(core::GroupUid(owner.uid), family).by_ip;
    // Addresses order by family first: of a family that is behind `after`, nothing follows.
    for (auto at = after ? by_ip.upper_bound(*after) : by_ip.begin(); at != by_ip.end(); ++at) {
      if (slice->full(count)) return false;
      slice->Add(codec::Collect(state, *state.address(at->second)),
                 {owner.kind, owner.name, core::ToString(at->first)});
    }
  }
  return true;
}

// A position is {kind, name, last address, or empty before the first}.
void AppendAddressesOfZone(const core::State& state, const Position& from, int count,
                           Addresses* slice) {
  slice->total = static_cast<std::int64_t>(state.table<core::Address>().size());
  std::optional<core::IpAddress> after;
  if (!from.empty()) after = core::ParseIpAddress(from[2]);
  std::optional<Owner> owner =
      from.empty() ? OwnerFrom(state, "g", "", false) : OwnerFrom(state, from[0], from[1], false);
  // The one we stopped in may be gone.
  if (owner && !from.empty() && (owner->kind != from[0] || owner->name != from[1])) after.reset();
  while (owner) {
    if (slice->full(count)) {
      slice->rest = {owner->kind, owner->name, after ? core::ToString(*after) : std::string()};
      return;
    }
    if (!AppendAddresses(state, *owner, after, count, slice)) {
      slice->rest = slice->items.back().position;
      return;
    }
    ++slice->cost;  // an owner without addresses costs a look, too
    owner = OwnerFrom(state, owner->kind, owner->name, true);
    after.reset();
  }
}

std::int64_t CountAddresses(const core::State& state, std::uint64_t owner) {
  std::size_t count = 0;
  for (const core::Family family : core::kFamilies) {
    count += state.index().side(core::GroupUid(owner), family).by_ip.size();
  }
  return static_cast<std::int64_t>(count);
}

absl::Status AppendAddressesOf(const core::State& state, const core::Name& parent,
                               const Position& from, int count, Addresses* slice) {
  if (parent.group.empty() && parent.interface.empty()) {
    AppendAddressesOfZone(state, from, count, slice);
    return absl::OkStatus();
  }
  Owner owner;
  if (!parent.group.empty()) {
    NSD_ASSIGN_OR_RETURN(const core::Group* group, core::GetGroup(state, parent));
    owner = {"g", group->name, group->uid.value()};
  } else {
    NSD_ASSIGN_OR_RETURN(const core::Interface* interface, core::GetInterface(state, parent));
    owner = {"i", interface->name, interface->uid.value()};
  }
  slice->total = CountAddresses(state, owner.uid);
  std::optional<core::IpAddress> after;
  if (!from.empty()) after = core::ParseIpAddress(from[2]);
  if (!AppendAddresses(state, owner, after, count, slice)) {
    slice->rest = slice->items.back().position;
  }
  return absl::OkStatus();
}

// Renders the views of a slice that the filter lets through, up to the size of a page.
template <typename View, typename Resource>
void FillPage(const Slice<View>& slice, const Filter& filter, int size,
              const std::vector<std::string>& arguments,
              google::protobuf::RepeatedPtrField<Resource>* out, v1::PageResult* page) {
  page->set_revision(slice.revision);
  page->set_total_size(slice.total);
  std::size_t bytes = 0;
  const Position* last = nullptr;
  for (const auto& item : slice.items) {
    Resource resource;
    codec::Render(item.view, &resource);
    if (filter.Matches(resource)) {
      bytes += resource.ByteSizeLong() + 8;
      const bool room = out->size() < size && (out->empty() || bytes <= kPageBytesMax);
      if (!room) {
        // The next page begins with this one; before it, everything is done.
        page->set_next_page_token(EncodeToken(arguments, *last));
        return;
      }
      out->Add(std::move(resource));
    }
    last = &item.position;
  }
  if (slice.rest) page->set_next_page_token(EncodeToken(arguments, *slice.rest));
}

// `append(state, position, count, slice)` collects; everything else of a list is here.
template <typename Resource, typename View, typename Request, typename Append>
absl::Status List(const Backend& backend, const Request& request, std::size_t position_size,
                  const Append& append, google::protobuf::RepeatedPtrField<Resource>* out,
                  v1::PageResult* page) {
  const v1::Page& wanted = request.page();
  const std::vector<std::string> arguments = {MethodOf(*Request::descriptor()), request.parent(),
                                              wanted.filter()};
  NSD_ASSIGN_OR_RETURN(const Filter filter, Filter::Parse(wanted.filter(), Resource::descriptor()));
  NSD_ASSIGN_OR_RETURN(const Position from, DecodeToken(arguments, wanted.page_token()));
  if (!from.empty() && from.size() != position_size) return InvalidToken();
  const core::Name parent = codec::NameOf(request.parent());
  NSD_RETURN_IF_ERROR(core::FindZone(parent.zone).status());
  const int size = PageSize(wanted);
  const int count = filter.empty() ? size : static_cast<int>(kPageCostMax);
  Slice<View> slice;
  const absl::Status status = backend.executor->Read(
      [&](const core::State& state, executor::Revision revision) -> absl::Status {
        slice.revision = revision;
        if (wanted.min_revision() > revision) return absl::OkStatus();
        return append(state, parent, from, count, &slice);
      });
  NSD_RETURN_IF_ERROR(CheckRevision(backend, wanted.min_revision(), slice.revision));
  NSD_RETURN_IF_ERROR(status);
  FillPage(slice, filter, size, arguments, out, page);
  return absl::OkStatus();
}

}  // namespace

void IpmpService::ListGroups(transport::UnaryCall* call, const v1::ListGroupsRequest* request,
                             v1::ListGroupsResponse* response) {
  Read(backend_, call, request, response,
       [this](const v1::ListGroupsRequest& wanted, v1::ListGroupsResponse* out) {
         const auto append = [](const core::State& state, const core::Name&, const Position& from,
                                int count, Groups* slice) {
           const auto find = [&](core::GroupUid uid) { return state.group(uid); };
           AppendNamed(state.index().groups(), from, count, find, state, slice);
           return absl::OkStatus();
         };
         return List<v1::Group, codec::GroupView>(backend_, wanted, 1, append,
                                                  out->mutable_groups(), out->mutable_page());
       });
}

void IpmpService::ListInterfaces(transport::UnaryCall* call,
                                 const v1::ListInterfacesRequest* request,
                                 v1::ListInterfacesResponse* response) {
  Read(backend_, call, request, response,
       [this](const v1::ListInterfacesRequest& wanted, v1::ListInterfacesResponse* out) {
         const auto append = [](const core::State& state, const core::Name&, const Position& from,
                                int count, Interfaces* slice) {
           const auto find = [&](core::InterfaceUid uid) { return state.interface(uid); };
           AppendNamed(state.index().interfaces(), from, count, find, state, slice);
           return absl::OkStatus();
         };
         return List<v1::Interface, codec::InterfaceView>(
             backend_, wanted, 1, append, out->mutable_ip_interfaces(), out->mutable_page());
       });
}

void IpmpService::ListAddresses(transport::UnaryCall* call, const v1::ListAddressesRequest* request,
                                v1::ListAddressesResponse* response) {
  Read(backend_, call, request, response,
       [this](const v1::ListAddressesRequest& wanted, v1::ListAddressesResponse* out) {
         return List<v1::Address, codec::AddressView>(
             backend_, wanted, 3, AppendAddressesOf, out->mutable_addresses(), out->mutable_page());
       });
}

}  // namespace netstackd::rpc
