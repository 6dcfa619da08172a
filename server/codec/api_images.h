// One image -> its v1 resource, as far as the image alone tells: no counts and no lists, which are
// the business of api_views.h.
#ifndef NETSTACKD_SERVER_CODEC_API_IMAGES_H_
#define NETSTACKD_SERVER_CODEC_API_IMAGES_H_

#include <map>
#include <string>

#include "core/delta.h"
#include "core/state.h"
#include "netstackd/v1/address.pb.h"
#include "netstackd/v1/group.pb.h"
#include "netstackd/v1/interface.pb.h"

namespace netstackd::codec {

// Names of the groups and interfaces that images refer to by uid. Uids are unique over both kinds.
class Names {
 public:
  Names() = default;
  // What is not added by hand is looked up in `state`, which must outlive it.
  explicit Names(const core::State* state) : state_(state) {}

  void Add(const core::Group& group) { known_[group.uid.value()] = group.name; }
  void Add(const core::Interface& interface) { known_[interface.uid.value()] = interface.name; }
  void Add(std::uint64_t uid, const std::string& name) { known_[uid] = name; }
  // Of both sides of every change, the newer name wins.
  void Add(const std::vector<core::Delta>& deltas);
  // Added by hand.
  bool Has(std::uint64_t uid) const { return known_.count(uid) != 0; }

  // Empty for a zero uid; "uid-<uid>" if nobody knows the name any more.
  std::string Of(core::GroupUid uid) const;
  std::string Of(core::InterfaceUid uid) const;

 private:
  const core::State* state_ = nullptr;
  std::map<std::uint64_t, std::string> known_;
};

std::string FullName(const core::Group& group);
std::string FullName(const core::Interface& interface);
std::string FullName(const core::Address& address, const Names& names);

// `to` is empty.
void RenderImage(const core::Group& from, const Names& names, v1::Group* to);
void RenderImage(const core::Interface& from, const Names& names, v1::Interface* to);
void RenderImage(const core::Address& from, const Names& names, v1::Address* to);
void RenderImage(const core::ArpEntry& from, v1::ArpEntry* to);

}  // namespace netstackd::codec

#endif  // NETSTACKD_SERVER_CODEC_API_IMAGES_H_
