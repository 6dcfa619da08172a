#include "server/watch/views.h"

#include "server/codec/api_images.h"

namespace netstackd::watch {
namespace {

template <typename T>
View Collected(const core::State& state, const T* object) {
  if (object == nullptr) return std::monostate();
  return codec::Collect(state, *object);
}

const void* ImageOf(const View& view) {
  if (const auto* group = std::get_if<codec::GroupView>(&view)) return group->image.get();
  if (const auto* one = std::get_if<codec::InterfaceView>(&view)) return one->image.get();
  if (const auto* address = std::get_if<codec::AddressView>(&view)) return address->image.get();
  return nullptr;
}

}  // namespace

View ViewOf(const core::State& state, const Key& key) {
  switch (key.kind) {
    case Kind::kGroup:
      return Collected(state, state.group(core::GroupUid(key.uid)));
    case Kind::kInterface:
      return Collected(state, state.interface(core::InterfaceUid(key.uid)));
    case Kind::kAddress:
      break;
  }
  return Collected(state, state.address(core::AddressUid(key.uid)));
}

bool SameImage(const View& a, const View& b) {
  return Exists(a) && Exists(b) && ImageOf(a) == ImageOf(b);
}

std::string NameOf(const View& view) {
  if (const auto* group = std::get_if<codec::GroupView>(&view)) {
    return codec::FullName(*group->image);
  }
  if (const auto* one = std::get_if<codec::InterfaceView>(&view)) {
    return codec::FullName(*one->image);
  }
  const auto& address = std::get<codec::AddressView>(view);
  codec::Names names;
  if (address.group) names.Add(*address.group);
  if (address.interface) names.Add(*address.interface);
  return codec::FullName(*address.image, names);
}

void Render(const View& view, v1::Resource* to) {
  if (const auto* group = std::get_if<codec::GroupView>(&view)) {
    codec::Render(*group, to->mutable_group());
  } else if (const auto* one = std::get_if<codec::InterfaceView>(&view)) {
    codec::Render(*one, to->mutable_ip_interface());
  } else {
    codec::Render(std::get<codec::AddressView>(view), to->mutable_address());
  }
}

std::size_t CostOf(const View& view) {
  if (const auto* group = std::get_if<codec::GroupView>(&view)) return codec::CostOf(*group);
  return Exists(view) ? 1 : 0;
}

}  // namespace netstackd::watch
