// Values for fields: of a world so small that requests meet each other all the time.
#ifndef NETSTACKD_TESTS_FUZZ_GENERATOR_VALUES_H_
#define NETSTACKD_TESTS_FUZZ_GENERATOR_VALUES_H_

#include <cstdint>
#include <string>

#include "google/protobuf/message.h"
#include "server/codec/api_rules.h"
#include "tests/fuzz/input.h"

namespace netstackd::fuzz {

std::string GroupId(Input* input);
std::string InterfaceId(Input* input);
// Of one of the kinds, bits of codec::NameKind.
std::string ResourceName(unsigned kinds, Input* input);
std::string IpAddressText(bool ipv4_only, Input* input);
std::string HardwareAddressText(Input* input);
std::string Uuid(Input* input);
std::string CounterName(Input* input);
// Within the bounds of the rule, mostly near one of them or small.
std::int64_t NumberWithin(const codec::Rule& rule, Input* input);
// Never within bounds that somebody has in mind.
std::int64_t StrangeNumber(Input* input);
std::string StrangeText(Input* input);

// A path to a field of `type`, through messages.
std::string FieldPath(const google::protobuf::Descriptor& type, Input* input);
// Mostly a filter for `type` that can be parsed.
std::string FilterText(const google::protobuf::Descriptor& type, Input* input);

}  // namespace netstackd::fuzz

#endif  // NETSTACKD_TESTS_FUZZ_GENERATOR_VALUES_H_
