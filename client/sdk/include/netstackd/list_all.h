// Reading a list that has more than one page.
#ifndef NETSTACKD_LIST_ALL_H_
#define NETSTACKD_LIST_ALL_H_

#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "netstackd/call.h"

namespace netstackd {

// The most objects that ListAll and ForEach read.
inline constexpr std::size_t kListAllMax = 1'000'000;
// The most pages; pages may be empty if a filter is given.
inline constexpr std::size_t kListPagesMax = 100'000;

// One page of a list, such as
//   [&](const ListOptions& options) { return client.ipmp().ListGroups("zones/global", options); }
template <typename T>
using PageReader = std::function<absl::StatusOr<Listed<T>>(const ListOptions&)>;

// Calls `visit` for every object, page after page from `first` on, until `visit` returns false.
// Every page is consistent in itself; an object that exists all the time is visited exactly once.
// Errors  those of the list; RESOURCE_EXHAUSTED beyond kListAllMax objects or kListPagesMax pages.
template <typename T>
absl::Status ForEach(const PageReader<T>& read, ListOptions first,
                     const std::function<bool(const T&)>& visit) {
  std::size_t seen = 0;
  for (std::size_t page = 0; page < kListPagesMax; ++page) {
    absl::StatusOr<Listed<T>> listed = read(first);
    if (!listed.ok()) return listed.status();
    for (const T& item : listed->items) {
      if (++seen > kListAllMax) return absl::ResourceExhaustedError("the list is too long");
      if (!visit(item)) return absl::OkStatus();
    }
    if (listed->next_page_token.empty()) return absl::OkStatus();
    first.page_token = std::move(listed->next_page_token);
  }
  return absl::ResourceExhaustedError("the list has too many pages");
}

// All objects at once, with the revision of the last page.
template <typename T>
absl::StatusOr<Listed<T>> ListAll(const PageReader<T>& read, ListOptions first = {}) {
  Listed<T> all;
  const PageReader<T> noting = [&](const ListOptions& options) {
    absl::StatusOr<Listed<T>> page = read(options);
    if (page.ok()) {
      all.revision = page->revision;
      all.total_size = page->total_size;
    }
    return page;
  };
  const absl::Status status = ForEach<T>(noting, std::move(first), [&](const T& item) {
    all.items.push_back(item);
    return true;
  });
  if (!status.ok()) return status;
  return all;
}

}  // namespace netstackd

#endif  // NETSTACKD_LIST_ALL_H_
