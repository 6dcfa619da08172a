// How moves of addresses look in lists.
#ifndef NETSTACKD_CLIENT_CLI_MOVES_H_
#define NETSTACKD_CLIENT_CLI_MOVES_H_

#include <cstdint>
#include <string>

#include "client/cli/command.h"
#include "client/cli/context.h"

namespace netstackd::cli {

// Prints the newest moves of an address, of those of a group, or of a zone, by full name.
Outcome PrintMoves(Context& context, const std::string& parent);

// --limit, with the default of lists of what has happened.
Flag LimitFlag();
std::int64_t LimitOf(const Context& context);

}  // namespace netstackd::cli

#endif  // NETSTACKD_CLIENT_CLI_MOVES_H_
