#include "server/rpc/paging.h"

#include <algorithm>
#include <charconv>

#include "absl/strings/escaping.h"
#include "base/error.h"
#include "server/rpc/request_hash.h"

namespace netstackd::rpc {
namespace {

constexpr std::size_t kSealBytes = 12;
constexpr std::size_t kTokenMax = 1024;

// Every string with its length before it.
std::string Pack(const std::vector<std::string>& strings) {
  std::string packed;
  for (const std::string& string : strings) {
    packed += std::to_string(string.size()) + ":" + string;
  }
  return packed;
}

bool Unpack(const std::string& packed, std::vector<std::string>* strings) {
  std::size_t at = 0;
  while (at < packed.size()) {
    std::size_t size = 0;
    const char* const end = packed.data() + packed.size();
    const auto [stop, error] = std::from_chars(packed.data() + at, end, size);
    if (error != std::errc() || stop == end || *stop != ':') return false;
    at = static_cast<std::size_t>(stop - packed.data()) + 1;
    if (size > packed.size() - at) return false;
    strings->push_back(packed.substr(at, size));
    at += size;
  }
  return true;
}

std::string Seal(const std::vector<std::string>& arguments, const std::string& body) {
  std::vector<std::string> all = arguments;
  all.push_back(body);
  return Sha256(Pack(all)).substr(0, kSealBytes);
}

}  // namespace

int PageSize(const v1::Page& page) {
  return page.page_size() == 0 ? kPageDefault : std::clamp(page.page_size(), 1, kPageMax);
}

std::string EncodeToken(const std::vector<std::string>& arguments, const Position& position) {
  const std::string body = Pack(position);
  return absl::WebSafeBase64Escape(Seal(arguments, body) + body);
}

absl::StatusOr<Position> DecodeToken(const std::vector<std::string>& arguments,
                                     const std::string& token) {
  Position position;
  if (token.empty()) return position;
  std::string bytes;
  if (token.size() > kTokenMax || !absl::WebSafeBase64Unescape(token, &bytes) ||
      bytes.size() < kSealBytes) {
    return InvalidToken();
  }
  const std::string body = bytes.substr(kSealBytes);
  if (Seal(arguments, body) != bytes.substr(0, kSealBytes) || !Unpack(body, &position)) {
    return InvalidToken();
  }
  return position;
}

absl::Status InvalidToken() {
  return MakeError(ErrorReason::kInvalidPageToken,
                   "the page token is not of this list; give the token of the page before and the "
                   "same other arguments, or start again without one");
}

}  // namespace netstackd::rpc
