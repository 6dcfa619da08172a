#include "client/cli/report.h"

#include <cstdint>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status_macros.h"
#include "client/cli/json.h"
#include "client/cli/times.h"

namespace netstackd::cli {
namespace {

constexpr std::uint32_t kSequenceMax = 65'535;
constexpr char kProbeForms[] =
    "ok:192.0.2.1:17:0.42ms, lost:192.0.2.1:18, lost:[fe80::1]:18, with @2s for one that began "
    "2 s before";
constexpr char kTargetForms[] = "routes:192.0.2.1,192.0.2.2 or multicast:fe80::1";

absl::Status NoProbe(const std::string& text) {
  return UsageError(absl::StrCat("--probe: '", text, "' is no probe"),
                    absl::StrCat("such as ", kProbeForms));
}

bool IsIpv6(const std::string& address) { return address.find(':') != std::string::npos; }

// Takes the part up to the next ':' off `*rest`; an address in brackets as a whole.
std::string TakePart(std::string* rest) {
  std::size_t end = rest->find(':');
  std::string part = rest->substr(0, end);
  if (!rest->empty() && rest->front() == '[' && rest->find(']') != std::string::npos) {
    const std::size_t close = rest->find(']');
    part = rest->substr(1, close - 1);
    end = close + 1;
  }
  *rest = end == std::string::npos || end >= rest->size() ? "" : rest->substr(end + 1);
  return part;
}

// Takes "@2s" off the end; false if there is something else behind the '@'.
bool TakeAge(std::string* text, std::optional<absl::Duration>* age) {
  const std::size_t at = text->rfind('@');
  if (at == std::string::npos) return true;
  absl::Duration parsed;
  if (!absl::ParseDuration(text->substr(at + 1), &parsed) || parsed < absl::ZeroDuration()) {
    return false;
  }
  *age = parsed;
  text->erase(at);
  return true;
}

v1::ProbeReport* SideOf(bool ipv6, v1::InterfaceReport* report) {
  return (ipv6 ? report->mutable_ipv6() : report->mutable_ipv4())->mutable_probing();
}

// "routes:A,B": the targets of each side that one of them is of.
absl::Status ApplyTargets(const std::string& text, v1::InterfaceReport* report) {
  const std::size_t colon = text.find(':');
  const auto* mode = colon == std::string::npos
                         ? nullptr
                         : EnumByText(*v1::TargetMode_descriptor(), text.substr(0, colon));
  const std::vector<std::string> addresses =
      absl::StrSplit(mode == nullptr ? "" : text.substr(colon + 1), ',', absl::SkipEmpty());
  if (addresses.empty() || mode->number() == v1::TARGET_MODE_DISABLED) {
    return UsageError(absl::StrCat("--targets: '", text, "' names no targets"),
                      absl::StrCat("such as ", kTargetForms, "; or --no-targets"));
  }
  for (const std::string& address : addresses) {
    auto* targets = SideOf(IsIpv6(address), report)->mutable_targets();
    targets->set_mode(static_cast<v1::TargetMode>(mode->number()));
    targets->add_addresses(address);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ParsedProbe> ParseProbe(const std::string& text, absl::Time seen) {
  std::string rest = text;
  std::optional<absl::Duration> age;
  if (!TakeAge(&rest, &age)) return NoProbe(text);
  const std::string outcome = TakePart(&rest);
  const std::string target = TakePart(&rest);
  std::uint32_t sequence = 0;
  if ((outcome != "ok" && outcome != "lost") || target.empty() ||
      !absl::SimpleAtoi(TakePart(&rest), &sequence) || sequence > kSequenceMax) {
    return NoProbe(text);
  }
  ParsedProbe parsed;
  parsed.ipv6 = IsIpv6(target);
  parsed.probe.set_target(target);
  parsed.probe.set_sequence(sequence);
  parsed.probe.set_lost(outcome == "lost");
  absl::Duration rtt;
  if (!parsed.probe.lost()) {
    if (!absl::ParseDuration(TakePart(&rest), &rtt)) return NoProbe(text);
    *parsed.probe.mutable_rtt() = ToProto(rtt);
    absl::Duration net_rtt;
    const std::string on_the_wire = TakePart(&rest);
    if (!on_the_wire.empty()) {
      if (!absl::ParseDuration(on_the_wire, &net_rtt)) return NoProbe(text);
      *parsed.probe.mutable_net_rtt() = ToProto(net_rtt);
    }
  }
  if (!rest.empty()) return NoProbe(text);
  *parsed.probe.mutable_start_time() = ToProto(seen - age.value_or(rtt));
  return parsed;
}

std::vector<Flag> DetectionFlags() {
  return {{"--probe", FlagKind::kList, "PROBE",
           "one that has ended: ok:TARGET:SEQUENCE:RTT[:NETRTT] or lost:TARGET:SEQUENCE"},
          {"--targets", FlagKind::kText, "MODE:A,B", "what can be probed: routes or multicast"},
          {"--no-targets", FlagKind::kSwitch, "", "there is nothing that can be probed"},
          {"--observe-time", FlagKind::kText, "TIME",
           "when this was seen, RFC 3339 or how long ago (default: now)"}};
}

absl::Status ApplyDetection(const Arguments& args, absl::Time now, v1::InterfaceReport* report) {
  absl::Time seen = now;
  if (args.Has("observe-time")) {
    NSD_ASSIGN_OR_RETURN(seen, ParseTimeOrAge("--observe-time", args.Text("observe-time"), now));
    *report->mutable_observe_time() = ToProto(seen);
  }
  for (const std::string& text : args.List("probe")) {
    NSD_ASSIGN_OR_RETURN(ParsedProbe parsed, ParseProbe(text, seen));
    *SideOf(parsed.ipv6, report)->add_probes() = std::move(parsed.probe);
  }
  if (args.Has("no-targets")) {
    if (args.Has("targets")) return UsageError("--targets and --no-targets exclude each other");
    for (const bool ipv6 : {false, true}) {
      SideOf(ipv6, report)->mutable_targets()->set_mode(v1::TARGET_MODE_ROUTES);
    }
  }
  if (!args.Has("targets")) return absl::OkStatus();
  return ApplyTargets(args.Text("targets"), report);
}

}  // namespace netstackd::cli
