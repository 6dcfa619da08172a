// Small messages of a watch, encoded.
#ifndef NETSTACKD_SERVER_WATCH_MESSAGES_H_
#define NETSTACKD_SERVER_WATCH_MESSAGES_H_

#include <memory>
#include <string>

#include "netstackd/v1/watch.pb.h"
#include "storage/journal.h"

namespace netstackd::watch {

std::shared_ptr<const std::string> EncodeReset(v1::WatchResponse::Reset::Reason reason,
                                               storage::Revision compact_revision);
std::shared_ptr<const std::string> EncodeSynced(const std::string& store_id,
                                                storage::Revision revision);
std::shared_ptr<const std::string> EncodeBookmark(storage::Revision revision);

}  // namespace netstackd::watch

#endif  // NETSTACKD_SERVER_WATCH_MESSAGES_H_
