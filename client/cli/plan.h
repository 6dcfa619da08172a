// Plans in words.
#ifndef NETSTACKD_CLIENT_CLI_PLAN_H_
#define NETSTACKD_CLIENT_CLI_PLAN_H_

#include <string>

#include "netstackd/v1/common.pb.h"

namespace netstackd::cli {

// One line a step: "would create  group/ipmp0". What only follows from the rest (status other than
// status.state) is left out unless there is nothing else. Empty for an empty plan.
std::string PlanText(const v1::Plan& plan);

// The moves of addresses alone, as done: "moved   192.0.2.10  net0 -> net1".
std::string MovesText(const v1::Plan& plan);

// A plan in a few words for one cell: "update interface/net0, move 192.0.2.10 net0 -> net1 (+3)":
// the first step, the first move or else the second step, and how many more.
std::string PlanSummary(const v1::Plan& plan);

}  // namespace netstackd::cli

#endif  // NETSTACKD_CLIENT_CLI_PLAN_H_
