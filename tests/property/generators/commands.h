// RapidCheck generators of commands over a world so small that they meet each other all the time:
// three groups, five interfaces, a dozen addresses.
#ifndef NETSTACKD_TESTS_PROPERTY_GENERATORS_COMMANDS_H_
#define NETSTACKD_TESTS_PROPERTY_GENERATORS_COMMANDS_H_

#include <rapidcheck.h>

#include <ostream>
#include <string>
#include <vector>

#include "core/command.h"

namespace netstackd::generators {

// One command, and how a counterexample calls it.
struct Step {
  core::Command command;
  std::string text;
};
void showValue(const Step& step, std::ostream& out);

// Any command: configuration, membership, flags, observations, single steps of the original.
rc::Gen<Step> AnyStep();
// A link goes down or comes up, or an interface is taken out of service or back.
rc::Gen<Step> LinkStep();

// A world to start from: g0 with three members (the last a standby) and its addresses up, g1 with
// one member, one interface in no group.
std::vector<Step> SmallWorld();

}  // namespace netstackd::generators

#endif  // NETSTACKD_TESTS_PROPERTY_GENERATORS_COMMANDS_H_
