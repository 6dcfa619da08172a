#include "server/codec/api_masks.h"

#include <algorithm>

#include "base/check.h"
#include "netstackd/v1/address.pb.h"
#include "netstackd/v1/group.pb.h"
#include "netstackd/v1/interface.pb.h"

namespace netstackd::codec {
namespace {

constexpr const char* kGroupPaths[] = {"spec.interface_name",
                                       "spec.ipv4",
                                       "spec.ipv6",
                                       "spec.failure_detection.link",
                                       "spec.failure_detection.probe",
                                       "spec.failure_detection.detection_time",
                                       "spec.failure_detection.targets",
                                       "spec.failback",
                                       "spec.failback_hold",
                                       "spec.announce",
                                       "meta.labels"};
constexpr const char* kInterfacePaths[] = {
    "spec.device",  "spec.group",   "spec.standby",  "spec.ipv4",     "spec.ipv6",  "spec.up",
    "spec.ipv4_up", "spec.ipv6_up", "spec.ipv4_mtu", "spec.ipv6_mtu", "meta.labels"};
constexpr const char* kAddressPaths[] = {
    "spec.cidr", "spec.up", "spec.test", "spec.managed_by", "spec.point_to_point", "meta.labels"};

// `path` names `leaf` or something around it.
bool Names(const std::string& path, const std::string& leaf) {
  return path == "*" || path == leaf ||
         (leaf.size() > path.size() && leaf.compare(0, path.size(), path) == 0 &&
          leaf[path.size()] == '.' && path != "meta");
}

}  // namespace

std::span<const char* const> UpdatablePaths(const google::protobuf::Descriptor& resource) {
  if (&resource == v1::Group::descriptor()) return kGroupPaths;
  if (&resource == v1::Interface::descriptor()) return kInterfacePaths;
  NSD_CHECK(&resource == v1::Address::descriptor());
  return kAddressPaths;
}

bool IsKnownPath(const google::protobuf::Descriptor& resource, const std::string& path) {
  const auto leaves = UpdatablePaths(resource);
  return std::any_of(leaves.begin(), leaves.end(),
                     [&](const char* leaf) { return Names(path, leaf); });
}

Mask Mask::All() {
  Mask mask;
  mask.paths_.Add("*");
  return mask;
}

bool Mask::Covers(const std::string& leaf) const {
  return std::any_of(paths_.begin(), paths_.end(),
                     [&](const std::string& path) { return Names(path, leaf); });
}

}  // namespace netstackd::codec
