// Filters of lists: a subset of the grammar of AIP-160 over the fields of a message.
#ifndef NETSTACKD_SERVER_RPC_FILTER_H_
#define NETSTACKD_SERVER_RPC_FILTER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "google/protobuf/message.h"

namespace netstackd::rpc {

class FilterNode;

// An expression such as `spec.group = "ipmp0" AND NOT status.state = STATE_FAILED`.
//
//   expression  term {AND term} | term {OR term}     (both together need parentheses)
//   term        NOT term | ( expression ) | path operator value
//   operator    =   !=   :
//   path        field{.field}; `labels.KEY` is short for `meta.labels.KEY`, of which KEY is the
//               whole rest, dots included
//   value       a word, or a text in single or double quotes with \ before a quote or a backslash
//
// `:` asks a string whether it contains the value, a list whether it has the element, a map whether
// it has the key, and with the value * anything whether it is set. Through a list inside a path it
// is enough that one element fits. Enumeration values are given by name, durations as 1.5s, times
// in RFC 3339.
//
// Immutable; copies share.
class Filter {
 public:
  // The empty text matches everything.
  // Errors: INVALID_FILTER with the byte at which it goes wrong in metadata `position`, from 0.
  static absl::StatusOr<Filter> Parse(const std::string& text,
                                      const google::protobuf::Descriptor* type);

  bool Matches(const google::protobuf::Message& message) const;
  bool empty() const { return root_ == nullptr; }

 private:
  std::shared_ptr<const FilterNode> root_;
};

}  // namespace netstackd::rpc

#endif  // NETSTACKD_SERVER_RPC_FILTER_H_
