#include "client/cli/stat_probes.h"

#include <algorithm>
#include <ostream>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "client/cli/columns.h"
#include "client/cli/times.h"

namespace netstackd::cli {
namespace {

// Empty if the field is absent.
std::string Millis(bool present, const google::protobuf::Duration& duration) {
  return present ? MillisText(FromProto(duration)) : "";
}

}  // namespace

std::vector<Field> ProbeFields() {
  return {{"TIME", 10}, {"INTERFACE", 12}, {"PROBE", 7},   {"NETRTT", 10},
          {"RTT", 10},  {"RTTAVG", 10},    {"TARGET", 20}, {"RTTDEV", 10}};
}

Cells ProbeRow(const v1::StreamProbesResponse::InterfaceProbe& row, absl::Time start) {
  const v1::Probe& probe = row.probe();
  const bool answered = !probe.lost();
  return {
      absl::StrFormat("%.2fs", absl::ToDoubleSeconds(FromProto(probe.start_time()) - start)),
      row.ip_interface(),
      absl::StrCat(probe.sequence()),
      Millis(answered && probe.has_net_rtt(), probe.net_rtt()),
      Millis(answered && probe.has_rtt(), probe.rtt()),
      Millis(row.has_rtt_avg(), row.rtt_avg()),
      probe.target(),
      Millis(row.has_rtt_dev(), row.rtt_dev()),
  };
}

Outcome StreamProbeRows(Context& context, const std::vector<v1::Interface>& interfaces,
                        const std::vector<Field>& fields, const std::vector<std::size_t>& chosen) {
  const bool any = std::any_of(interfaces.begin(), interfaces.end(), [](const v1::Interface& item) {
    return Probes(item.status().ipv4()) || Probes(item.status().ipv6());
  });
  if (!any) {
    return absl::FailedPreconditionError(
        "no interface is probed: none has a test address of its own that is up");
  }
  const absl::Time start = context.io().clock->Now();
  std::ostream& out = *context.io().out;
  const bool parsable = context.args().Has("P");
  std::size_t printed = 0;
  const absl::Status end = context.ipmp().StreamProbes(
      context.ZoneName(), {},
      [&](const v1::StreamProbesResponse& probes) {
        std::vector<Cells> rows;
        for (const auto& probe : probes.probes()) {
          rows.push_back(Pick(ProbeRow(probe, start), chosen));
        }
        out << (parsable ? ParsableTable(rows)
                         : FixedTable(fields, rows, context.io().screen_rows, printed))
            << std::flush;
        printed += rows.size();
        return out ? absl::OkStatus() : absl::CancelledError("the output is closed");
      },
      {.deadline = context.args().Duration("timeout")});
  if (!end.ok()) return end;
  return 0;
}

}  // namespace netstackd::cli
