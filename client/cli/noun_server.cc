// ipmpctl server ..., ipmpctl ping, ipmpctl version.
#include <ostream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/status_macros.h"
#include "client/cli/command.h"
#include "client/cli/context.h"

namespace netstackd::cli {
namespace {

constexpr char kVersion[] = NETSTACKD_VERSION;

Outcome Info(Context& context) {
  NSD_ASSIGN_OR_RETURN(const auto info, context.client().admin().GetServerInfo(context.Read()));
  return context.Print(
      {{{"SERVER"}, {"VERSION"}, {"REVISION"}, {"GROUPS"}, {"INTERFACES"}, {"ADDRESSES"}},
       {{absl::StrCat("server/", info.version()),
         {context.settings().endpoint, info.version(), absl::StrCat(info.revision()),
          absl::StrCat(info.counts().groups()), absl::StrCat(info.counts().interfaces()),
          absl::StrCat(info.counts().addresses())},
         ToJson(info)}},
       info.revision(),
       true});
}

Outcome Ping(Context& context) {
  NSD_ASSIGN_OR_RETURN(const absl::Duration took, context.client().admin().Ping(context.Read()));
  const std::string& endpoint = context.settings().endpoint;
  const double millis = absl::ToDoubleMilliseconds(took);
  return context.Print({{{"SERVER"}, {"TIME"}},
                        {{absl::StrCat("server/", endpoint),
                          {endpoint, absl::StrFormat("%.3fms", millis)},
                          Json{{"server", endpoint}, {"milliseconds", millis}}}},
                        0,
                        false});
}

const char* TextOf(Health health) {
  switch (health) {
    case Health::kServing:
      return "serving";
    case Health::kNotServing:
      return "not_serving";
    case Health::kServiceUnknown:
      return "service_unknown";
    case Health::kUnknown:
      break;
  }
  return "unknown";
}

// The process, the store, each service. A service that is not serving is UNAVAILABLE, so that a
// script sees it at the exit status.
Outcome HealthOf(Context& context) {
  Listing listing{{{"SERVICE"}, {"HEALTH"}}, {}, 0, false};
  std::string first_bad;
  for (const char* service : {"", "ready", "netstackd.v1.IpmpService", "netstackd.v1.ConfigService",
                              "netstackd.v1.AdminService"}) {
    NSD_ASSIGN_OR_RETURN(const Health health,
                         context.client().admin().CheckHealth(service, context.Read()));
    const std::string shown = *service == '\0' ? "process" : service;
    listing.items.push_back({absl::StrCat("service/", shown),
                             {shown, TextOf(health)},
                             Json{{"service", shown}, {"health", TextOf(health)}}});
    if (health != Health::kServing && first_bad.empty()) first_bad = shown;
  }
  if (!first_bad.empty() && IsDocument(context.format())) {
    return absl::UnavailableError(absl::StrCat(first_bad, " is not serving"));
  }
  NSD_RETURN_IF_ERROR(context.Print(listing).status());
  if (!first_bad.empty()) return absl::UnavailableError(absl::StrCat(first_bad, " is not serving"));
  return 0;
}

Outcome ServerVersion(Context& context) {
  NSD_ASSIGN_OR_RETURN(const auto info, context.client().admin().GetServerInfo(context.Read()));
  *context.io().out << "netstackd " << info.version() << "\n";
  return 0;
}

Outcome Version(Context& context) {
  *context.io().out << "ipmpctl " << kVersion << "\n";
  return 0;
}

}  // namespace

std::vector<Command> ServerCommands() {
  return {{"server",
           "info",
           CommandKind::kRead,
           "show version, revision, recovery, limits, counts",
           {},
           {},
           Info},
          {"server",
           "health",
           CommandKind::kRead,
           "show whether process, store and services serve",
           {},
           {},
           HealthOf},
          {"server",
           "version",
           CommandKind::kPlain,
           "print the version of the server",
           {},
           {},
           ServerVersion},
          {"ping",
           "",
           CommandKind::kRead,
           "make one empty call and show how long it took",
           {},
           {},
           Ping},
          {"version", "", CommandKind::kPlain, "print the version of ipmpctl", {}, {}, Version}};
}

}  // namespace netstackd::cli
