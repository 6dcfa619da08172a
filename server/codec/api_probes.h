// Finished probes, out of the images of the report that brought them.
#ifndef NETSTACKD_SERVER_CODEC_API_PROBES_H_
#define NETSTACKD_SERVER_CODEC_API_PROBES_H_

#include "core/delta.h"
#include "netstackd/v1/moves.pb.h"

namespace netstackd::codec {

// The change is that of a report with probes.
bool HasProbes(const core::Change<core::Interface>& change);

// Appends the probes of the report, of both sides, each in the order in which it was reported.
void AppendProbes(const core::Change<core::Interface>& change, v1::StreamProbesResponse* to);

}  // namespace netstackd::codec

#endif  // NETSTACKD_SERVER_CODEC_API_PROBES_H_
