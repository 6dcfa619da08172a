// Deltas -> what a client is told of them.
#ifndef NETSTACKD_SERVER_CODEC_API_PLAN_H_
#define NETSTACKD_SERVER_CODEC_API_PLAN_H_

#include <vector>

#include "core/delta.h"
#include "netstackd/v1/common.pb.h"
#include "server/codec/api_images.h"

namespace netstackd::codec {

// At most 2,000 steps and 256 KiB; `plan` is empty. Objects are called by the names that the
// deltas give them, others by those of `names`. A change that no resource shows is no step; an ARP
// entry is a step of its group. Cost: O(deltas).
void RenderPlan(const std::vector<core::Delta>& deltas, Names names, v1::Plan* plan);

// The uids whose names RenderPlan would look for, beside those of the deltas themselves.
std::vector<std::uint64_t> UidsIn(const std::vector<core::Delta>& deltas);

}  // namespace netstackd::codec

#endif  // NETSTACKD_SERVER_CODEC_API_PLAN_H_
