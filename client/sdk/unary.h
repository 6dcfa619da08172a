// What every unary call of the service clients does in the same way.
#ifndef NETSTACKD_CLIENT_SDK_UNARY_H_
#define NETSTACKD_CLIENT_SDK_UNARY_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "netstackd/call.h"
#include "netstackd/stub.h"

namespace netstackd::sdk {

// Where calls go, and how long they may take if they do not say.
struct Target {
  Stub* stub;
  absl::Duration deadline;
};

template <typename Response, typename Request>
absl::StatusOr<Response> Unary(const Target& target, const char* method, const Request& request,
                               std::optional<absl::Duration> deadline) {
  Response response;
  const absl::Status status =
      target.stub->Call(method, request, deadline.value_or(target.deadline), &response);
  if (!status.ok()) return status;
  return response;
}

// Fills `request.options`; the request id is there before the first attempt.
template <typename Request>
void SetOptions(const CallOptions& options, Request* request) {
  v1::WriteOptions* out = request->mutable_options();
  out->set_request_id(options.request_id.empty() ? NewRequestId() : options.request_id);
  out->set_etag(options.etag);
  out->set_comment(options.comment);
  out->set_validate_only(options.validate_only);
}

template <typename Response, typename Request>
absl::StatusOr<Response> Mutate(const Target& target, const char* method, Request request,
                                const CallOptions& options) {
  SetOptions(options, &request);
  return Unary<Response>(target, method, request, options.deadline);
}

inline void SetPage(const ListOptions& options, v1::Page* page) {
  page->set_page_size(options.page_size);
  page->set_page_token(options.page_token);
  page->set_filter(options.filter);
  page->set_min_revision(options.min_revision);
}

template <typename T, typename Items>
Listed<T> ListedOf(const Items& items, const v1::PageResult& page) {
  return {std::vector<T>(items.begin(), items.end()), page.next_page_token(), page.revision(),
          page.total_size()};
}

// "a/b/c/d" -> {"a/b", "d"}: parent and id of an object. Without enough segments the parent is
// empty, and the server says what is wrong.
inline std::pair<std::string, std::string> SplitName(const std::string& name) {
  const std::size_t last = name.rfind('/');
  if (last == std::string::npos || last == 0) return {"", name};
  const std::size_t before = name.rfind('/', last - 1);
  if (before == std::string::npos) return {"", name.substr(last + 1)};
  return {name.substr(0, before), name.substr(last + 1)};
}

}  // namespace netstackd::sdk

#endif  // NETSTACKD_CLIENT_SDK_UNARY_H_
