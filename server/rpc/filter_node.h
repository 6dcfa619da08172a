// The tree of a parsed filter.
#ifndef NETSTACKD_SERVER_RPC_FILTER_NODE_H_
#define NETSTACKD_SERVER_RPC_FILTER_NODE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "google/protobuf/message.h"

namespace netstackd::rpc {

class FilterNode {
 public:
  virtual ~FilterNode() = default;
  virtual bool Matches(const google::protobuf::Message& message) const = 0;
};
using FilterNodePtr = std::shared_ptr<const FilterNode>;

FilterNodePtr MakeNot(FilterNodePtr term);
FilterNodePtr MakeAll(std::vector<FilterNodePtr> terms);
FilterNodePtr MakeAny(std::vector<FilterNodePtr> terms);

enum class FilterOperator : std::uint8_t { kEqual, kNotEqual, kHas };

// The way to a field: every step but the last is a message, maybe repeated.
struct FilterPath {
  std::vector<const google::protobuf::FieldDescriptor*> steps;
  std::optional<std::string> key;  // of the map that the path ends in
};

// Null, and `*problem` says why, if the value does not fit the field.
FilterNodePtr MakeComparison(FilterPath path, FilterOperator op, const std::string& value,
                             bool quoted, std::string* problem);

}  // namespace netstackd::rpc

#endif  // NETSTACKD_SERVER_RPC_FILTER_NODE_H_
