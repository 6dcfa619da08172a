#include "server/watch/selection.h"

#include <algorithm>

#include "server/watch/wire.h"

namespace netstackd::watch {

bool Selection::Wants(Kind kind) const {
  switch (kind) {
    case Kind::kGroup:
      return groups;
    case Kind::kInterface:
      return interfaces;
    case Kind::kAddress:
      break;
  }
  return addresses;
}

bool Selection::Covers(const std::string& name) const {
  if (prefixes.empty()) return true;
  return std::any_of(prefixes.begin(), prefixes.end(), [&name](const std::string& prefix) {
    if (name.compare(0, prefix.size(), prefix) != 0) return false;
    return name.size() == prefix.size() || name[prefix.size()] == '/';
  });
}

std::string Selection::Identity() const {
  std::string identity;
  for (const bool flag :
       {groups, interfaces, addresses, transactions, latest_only, with_previous}) {
    identity.push_back(flag ? '1' : '0');
  }
  AppendBytes(1, expression, &identity);
  std::vector<std::string> sorted = prefixes;
  std::sort(sorted.begin(), sorted.end());
  for (const std::string& prefix : sorted) AppendBytes(2, prefix, &identity);
  return identity;
}

}  // namespace netstackd::watch
