// Protobuf's wire format, for messages that are put together from encoded pieces.
#ifndef NETSTACKD_SERVER_WATCH_WIRE_H_
#define NETSTACKD_SERVER_WATCH_WIRE_H_

#include <cstdint>
#include <string>

namespace netstackd::watch {

// Appends a field of type int64, bool or enum. `value` is not negative.
void AppendNumber(int field, std::int64_t value, std::string* to);
// Appends a field of type string, bytes or message, the latter encoded.
void AppendBytes(int field, const std::string& bytes, std::string* to);

}  // namespace netstackd::watch

#endif  // NETSTACKD_SERVER_WATCH_WIRE_H_
