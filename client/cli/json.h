// Messages as JSON documents for people and scripts.
#ifndef NETSTACKD_CLIENT_CLI_JSON_H_
#define NETSTACKD_CLIENT_CLI_JSON_H_

#include <string>

#include "absl/time/time.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "nlohmann/json.hpp"

namespace netstackd::cli {

using Json = nlohmann::ordered_json;  // keeps the order of the fields

// Field names as in the .proto; 64-bit integers as numbers; enum values in lower case without
// their prefix; times in RFC 3339, durations as "1.5s". Absent: what is not set, empty texts and
// lists, unspecified enum values. Numbers and truth values are always there unless optional.
Json ToJson(const google::protobuf::Message& message);

// MAC_TYPE_ETHERNET of MacType -> "ethernet"; the unspecified value -> "".
std::string EnumText(const google::protobuf::EnumValueDescriptor& value);
// The same by number; one that we do not know is its number.
std::string EnumText(const google::protobuf::EnumDescriptor& type, int number);
// "ethernet" -> its value; nullptr if there is none.
const google::protobuf::EnumValueDescriptor* EnumByText(
    const google::protobuf::EnumDescriptor& type, const std::string& text);
// "ethernet, wifi, ...".
std::string EnumTexts(const google::protobuf::EnumDescriptor& type);

// "1.5s", "100ms" is "0.1s"; "0s".
std::string DurationText(absl::Duration duration);

// YAML of the same document, with a newline at the end.
std::string ToYaml(const Json& document);

}  // namespace netstackd::cli

#endif  // NETSTACKD_CLIENT_CLI_JSON_H_
