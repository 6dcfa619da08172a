// Which parts of a resource an update names.
#ifndef NETSTACKD_SERVER_CODEC_API_MASKS_H_
#define NETSTACKD_SERVER_CODEC_API_MASKS_H_

#include <span>
#include <string>

#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/message.h"

namespace netstackd::codec {

// The smallest parts of a resource (Group, Interface, Address) that can be updated, as paths.
// `spec.announce` is one of them: its fields are replaced together.
std::span<const char* const> UpdatablePaths(const google::protobuf::Descriptor& resource);

// A path names something: "*", "spec", one of the paths above, or what several of them begin with.
bool IsKnownPath(const google::protobuf::Descriptor& resource, const std::string& path);

// A mask that passed validation.
class Mask {
 public:
  explicit Mask(const google::protobuf::FieldMask& mask) : paths_(mask.paths()) {}
  // Names everything.
  static Mask All();
  // Whether `leaf`, one of UpdatablePaths, is to be written.
  bool Covers(const std::string& leaf) const;

 private:
  Mask() = default;
  google::protobuf::RepeatedPtrField<std::string> paths_;
};

}  // namespace netstackd::codec

#endif  // NETSTACKD_SERVER_CODEC_API_MASKS_H_
