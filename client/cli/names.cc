#include "client/cli/names.h"

#include <arpa/inet.h>

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/cli/arguments.h"

namespace netstackd::cli {
namespace {

constexpr char kGlobal[] = "global";

std::vector<std::string> Split(const std::string& text) { return absl::StrSplit(text, '/'); }

const char* Collection(Kind kind) {
  switch (kind) {
    case Kind::kGroup:
      return "groups";
    case Kind::kInterface:
      return "interfaces";
    case Kind::kAddress:
      return "addresses";
  }
  return "";
}

bool HasEmpty(const std::vector<std::string>& parts) {
  return std::find(parts.begin(), parts.end(), "") != parts.end();
}

bool IsDigits(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

absl::Status NoName(const char* kind, const std::string& text, const char* forms) {
  return UsageError(absl::StrCat("'", text, "' is no name of an ", kind),
                    absl::StrCat("write ", forms));
}

}  // namespace

const char* NameOf(Kind kind) {
  switch (kind) {
    case Kind::kGroup:
      return "group";
    case Kind::kInterface:
      return "interface";
    case Kind::kAddress:
      return "address";
  }
  return "";
}

absl::StatusOr<std::string> FullName(Kind kind, const std::string& text, const std::string& zone) {
  std::vector<std::string> parts = Split(text);
  const auto error = [&] {
    return NoName(NameOf(kind), text,
                  kind == Kind::kGroup ? "ipmp0, global/ipmp0 or zones/global/groups/ipmp0"
                                       : "net0, global/net0 or zones/global/interfaces/net0");
  };
  if (HasEmpty(parts)) return error();
  if (parts.size() == 4 && parts[0] == "zones" && parts[2] == Collection(kind)) return text;
  if (parts.size() > 1 && parts[0] == NameOf(kind)) parts.erase(parts.begin());
  if (parts.size() > 2 || parts[0] == "zones") return error();
  return absl::StrCat("zones/", parts.size() == 2 ? parts[0] : zone, "/", Collection(kind), "/",
                      parts.back());
}

std::string AddressName::Of(Kind kind) const {
  if (!full.empty()) return full;
  return absl::StrCat("zones/", zone, "/", Collection(kind), "/", owner, "/addresses/", id);
}

bool AddressName::IsAddress() const {
  char bytes[16];
  const std::string text = AddressTextOf(id);
  return inet_pton(AF_INET, text.c_str(), bytes) == 1 ||
         inet_pton(AF_INET6, text.c_str(), bytes) == 1;
}

absl::StatusOr<AddressName> ParseAddressName(const std::string& text, const std::string& zone) {
  std::vector<std::string> parts = Split(text);
  const auto error = [&] {
    return NoName("address", text, "ipmp0/192.0.2.10, global/ipmp0/192.0.2.10 or its full name");
  };
  if (HasEmpty(parts)) return error();
  if (parts[0] == "zones") {
    const bool good = parts.size() == 6 && parts[4] == "addresses" &&
                      (parts[2] == "groups" || parts[2] == "interfaces");
    if (!good) return error();
    parts[5] = AddressIdOf(parts[5]);
    return AddressName{
        absl::StrCat("zones/", parts[1], "/", parts[2], "/", parts[3], "/addresses/", parts[5]),
        parts[1], parts[3], parts[5]};
  }
  if (parts[0] == "address") parts.erase(parts.begin());
  if (parts.size() > 2 && IsDigits(parts.back())) parts.pop_back();
  if (parts.size() < 2 || parts.size() > 3) return error();
  return AddressName{"", parts.size() == 3 ? parts[0] : zone, parts[parts.size() - 2],
                     AddressIdOf(parts.back())};
}

std::string AddressIdOf(const std::string& cidr) {
  std::string id = cidr.substr(0, cidr.find('/'));
  std::replace(id.begin(), id.end(), ':', '-');
  return id;
}

std::string AddressTextOf(const std::string& id) {
  std::string text = id;
  std::replace(text.begin(), text.end(), '-', ':');
  return text;
}

std::string ShortName(const std::string& full) {
  const std::vector<std::string> parts = Split(full);
  if (parts.size() < 4 || parts[0] != "zones") return full;
  std::string out = parts[1] == kGlobal ? "" : absl::StrCat(parts[1], "/");
  absl::StrAppend(&out, parts[3]);
  if (parts.size() == 6) absl::StrAppend(&out, "/", AddressTextOf(parts[5]));
  return out;
}

std::string DisplayName(const std::string& full) {
  const std::vector<std::string> parts = Split(full);
  if (parts.size() < 4 || parts[0] != "zones") return full;
  const Kind kind = parts.size() == 6      ? Kind::kAddress
                    : parts[2] == "groups" ? Kind::kGroup
                                           : Kind::kInterface;
  return absl::StrCat(NameOf(kind), "/", ShortName(full));
}

std::string LastSegment(const std::string& full) {
  const std::vector<std::string> parts = Split(full);
  return parts.size() == 6 ? AddressTextOf(parts[5]) : parts.back();
}

std::string OwnerOf(const std::string& full) {
  const std::size_t end = full.rfind("/addresses/");
  return end == std::string::npos ? "" : full.substr(0, end);
}

}  // namespace netstackd::cli
