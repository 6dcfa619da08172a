// What differs between two messages of one type, as proto JSON.
#ifndef NETSTACKD_SERVER_CODEC_API_DIFF_H_
#define NETSTACKD_SERVER_CODEC_API_DIFF_H_

#include <functional>
#include <string>
#include <vector>

#include "google/protobuf/message.h"

namespace netstackd::codec {

struct Difference {
  std::string path;
  std::string before;  // proto JSON; empty: unset
  std::string after;
};

// In the order of the fields. A message that only one side has is one difference. Paths for which
// `skip` is true are passed over, with all below them.
std::vector<Difference> Diff(const google::protobuf::Message& before,
                             const google::protobuf::Message& after,
                             const std::function<bool(const std::string& path)>& skip);

// One field; empty if it has presence and is unset.
std::string JsonOf(const google::protobuf::Message& message,
                   const google::protobuf::FieldDescriptor* field);
std::string JsonOf(const google::protobuf::Message& message);

}  // namespace netstackd::codec

#endif  // NETSTACKD_SERVER_CODEC_API_DIFF_H_
