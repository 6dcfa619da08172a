// What failure detection keeps in the images <-> proto/netstackd/journal/v1; part of journal_image.
#ifndef NETSTACKD_SERVER_CODEC_JOURNAL_DETECTION_H_
#define NETSTACKD_SERVER_CODEC_JOURNAL_DETECTION_H_

#include "absl/status/status.h"
#include "core/model.h"
#include "netstackd/journal/v1/image.pb.h"

namespace netstackd::codec {

// `to` is empty. What has its usual value costs no bytes.
void ToProto(const core::Detection& from, journal::v1::Detection* to);
void ToProto(const core::GroupDetection& from, journal::v1::GroupDetection* to);
void ToProto(const core::Placement& from, journal::v1::Placement* to);

// `to` is fresh. Errors: as in journal_image.h.
absl::Status FromProto(const journal::v1::Detection& from, core::Detection* to);
void FromProto(const journal::v1::GroupDetection& from, core::GroupDetection* to);
absl::Status FromProto(const journal::v1::Placement& from, core::Placement* to);

}  // namespace netstackd::codec

#endif  // NETSTACKD_SERVER_CODEC_JOURNAL_DETECTION_H_
