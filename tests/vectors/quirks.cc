#include "tests/vectors/quirks.h"

namespace netstackd::vectors {
namespace {

struct Row {
  const char* quirk;
  const char* instead;
};

// proxy-arp-sticky is kept, so it is not here.
constexpr Row kFixed[] = {
    {"announce-before-check", "an address that is up elsewhere is refused before it is announced"},
    {"arp-replace-loses-entry", "a replacement that fails leaves the old entry"},
    {"bind-failure-not-retried", "an address that could not be announced is tried again"},
    {"mtu-message-lost", "the MTU of a group is always that of its members"},
    {"rename-interface-name", "a group cannot be renamed to the name of an interface"},
    {"second-family-expels", "a family the group lacks is refused; the interface stays"},
    {"stale-retry-timer", "a side that rejoins gets its retries again"},
    {"stats-underflow", "counters that vanish keep what they counted"},
    {"usesrc-errno", "one reason for the same obstacle on either side"},
};

}  // namespace

std::optional<std::string> FixedQuirk(const Scenario& scenario) {
  if (!scenario.header.contains("quirk")) return std::nullopt;
  const std::string quirk = scenario.header["quirk"];
  for (const Row& row : kFixed) {
    if (quirk == row.quirk) return "quirk " + quirk + " is fixed: " + row.instead;
  }
  return std::nullopt;
}

}  // namespace netstackd::vectors
