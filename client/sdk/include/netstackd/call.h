// Options of calls and what they return. All options are plain structs for designated
// initialisers: client.ipmp().JoinGroup(name, group, {.comment = "rack 4"}).
#ifndef NETSTACKD_CALL_H_
#define NETSTACKD_CALL_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "netstackd/v1/common.pb.h"

namespace netstackd {

// How a mutation is to be done.
struct CallOptions {
  std::optional<absl::Duration> deadline = std::nullopt;  // from now; absent: that of the client
  std::string request_id = "";  // UUID; empty: the library makes one before the first attempt
  std::string etag = "";        // refuse if the object has another one; empty: do not look
  std::string comment = "";     // kept in the history
  bool validate_only = false;   // plan it, change nothing
};

// How something is to be removed.
struct DeleteOptions {
  bool allow_missing = false;  // what is not there is no error
  CallOptions call = {};
};

// How something is to be read.
struct ReadOptions {
  std::optional<absl::Duration> deadline = std::nullopt;
  std::int64_t min_revision = 0;  // a state at least that new; 0: any
};

// Which page of a list is wanted.
struct ListOptions {
  std::optional<absl::Duration> deadline = std::nullopt;
  std::int32_t page_size = 0;  // 0: 100; at most 1,000
  std::string page_token = "";
  std::string filter = "";
  std::int64_t min_revision = 0;
};

// An object as a mutation left it, and what the mutation did.
template <typename T>
struct Written {
  T object;
  v1::WriteResult result;
};

// An object and the revision of the state it was read from.
template <typename T>
struct Read {
  T object;
  std::int64_t revision = 0;
};

// One page of a list.
template <typename T>
struct Listed {
  std::vector<T> items;
  std::string next_page_token;  // empty: this was the last page
  std::int64_t revision = 0;
  std::int64_t total_size = 0;  // the filter is not applied
};

// A new UUID, version 4, from the random numbers of the system.
std::string NewRequestId();

}  // namespace netstackd

#endif  // NETSTACKD_CALL_H_
