// ipmpctl stat -p: a row for every finished probe.
#ifndef NETSTACKD_CLIENT_CLI_STAT_PROBES_H_
#define NETSTACKD_CLIENT_CLI_STAT_PROBES_H_

#include <cstddef>
#include <vector>

#include "absl/time/time.h"
#include "client/cli/command.h"
#include "client/cli/context.h"
#include "client/cli/table.h"

namespace netstackd::cli {

// TIME INTERFACE PROBE NETRTT RTT RTTAVG TARGET RTTDEV.
std::vector<Field> ProbeFields();

// The cells of one probe; TIME is relative to `start`, and may be negative.
Cells ProbeRow(const v1::StreamProbesResponse::InterfaceProbe& probe, absl::Time start);

// Prints the rows of the `chosen` fields as they come, until the server ends the stream or the
// program is interrupted. Errors: at once if none of the interfaces probes.
Outcome StreamProbeRows(Context& context, const std::vector<v1::Interface>& interfaces,
                        const std::vector<Field>& fields, const std::vector<std::size_t>& chosen);

}  // namespace netstackd::cli

#endif  // NETSTACKD_CLIENT_CLI_STAT_PROBES_H_
