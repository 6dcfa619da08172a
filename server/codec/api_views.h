// What a resource is rendered from. Collected from a state in a moment, under whatever protects
// the state; rendered at leisure without it.
#ifndef NETSTACKD_SERVER_CODEC_API_VIEWS_H_
#define NETSTACKD_SERVER_CODEC_API_VIEWS_H_

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/queries.h"
#include "core/state.h"
#include "netstackd/v1/address.pb.h"
#include "netstackd/v1/group.pb.h"
#include "netstackd/v1/interface.pb.h"

namespace netstackd::codec {

struct GroupView {
  struct Interface {
    core::Image<core::Interface> image;
    bool usable = false;
  };
  struct Side {
    std::uint32_t up = 0;
    std::uint32_t duplicates = 0;
    std::vector<core::InterfaceUid> members;               // in the order of joining
    std::vector<core::InterfaceUid> active;                // in the order of activation
    std::vector<core::Image<core::ArpEntry>> arp_entries;  // newest first
  };
  core::Image<core::Group> image;
  core::GroupState state = core::GroupState::kOk;
  std::vector<Interface> interfaces;  // those that have joined, in any order
  std::array<Side, 2> sides;
};

struct InterfaceView {
  struct Side {
    std::uint32_t up = 0;
    std::uint32_t duplicates = 0;
    std::uint32_t bound = 0;
    std::optional<core::IpAddress> test_address{};  // where its probes come from
  };
  core::Image<core::Interface> image;
  core::Image<core::Group> group;  // null: none
  std::array<Side, 2> sides;
};

struct AddressView {
  core::Image<core::Address> image;
  core::Image<core::Group> group;          // owner, or
  core::Image<core::Interface> interface;  // owner
  core::Image<core::Interface> bound;      // null: none
};

// The object is of `state`.
GroupView Collect(const core::State& state, const core::Group& group);
InterfaceView Collect(const core::State& state, const core::Interface& interface);
AddressView Collect(const core::State& state, const core::Address& address);

// How many images a view holds: what collecting it costs.
std::size_t CostOf(const GroupView& view);
std::size_t CostOf(const InterfaceView& view);
std::size_t CostOf(const AddressView& view);

// `to` is empty.
void Render(const GroupView& view, v1::Group* to);
void Render(const InterfaceView& view, v1::Interface* to);
void Render(const AddressView& view, v1::Address* to);

}  // namespace netstackd::codec

#endif  // NETSTACKD_SERVER_CODEC_API_VIEWS_H_
