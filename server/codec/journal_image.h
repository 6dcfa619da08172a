// Images of objects <-> the messages of proto/netstackd/journal/v1. Field by field, no bytes.
#ifndef NETSTACKD_SERVER_CODEC_JOURNAL_IMAGE_H_
#define NETSTACKD_SERVER_CODEC_JOURNAL_IMAGE_H_

#include "absl/status/status.h"
#include "core/model.h"
#include "netstackd/journal/v1/image.pb.h"

namespace netstackd::codec {

// Times and durations keep nanoseconds; what a message cannot hold becomes its nearest limit.
// `to` is empty.
void ToProto(const core::Group& from, journal::v1::Group* to);
void ToProto(const core::Interface& from, journal::v1::Interface* to);
void ToProto(const core::Address& from, journal::v1::Address* to);
void ToProto(const core::ArpEntry& from, journal::v1::ArpEntry* to);

// `to` is a fresh object. Errors: JOURNAL_CORRUPT for an unknown enum value, a uid of 0, an IP
// address that is neither 4 nor 16 bytes, a number that does not fit; the message names the field.
absl::Status FromProto(const journal::v1::Group& from, core::Group* to);
absl::Status FromProto(const journal::v1::Interface& from, core::Interface* to);
absl::Status FromProto(const journal::v1::Address& from, core::Address* to);
absl::Status FromProto(const journal::v1::ArpEntry& from, core::ArpEntry* to);

}  // namespace netstackd::codec

#endif  // NETSTACKD_SERVER_CODEC_JOURNAL_IMAGE_H_
