#include "server/watch/messages.h"

namespace netstackd::watch {
namespace {

std::shared_ptr<const std::string> Encode(const v1::WatchResponse& message) {
  return std::make_shared<const std::string>(message.SerializeAsString());
}

}  // namespace

std::shared_ptr<const std::string> EncodeReset(v1::WatchResponse::Reset::Reason reason,
                                               storage::Revision compact_revision) {
  v1::WatchResponse message;
  message.mutable_reset()->set_reason(reason);
  message.mutable_reset()->set_compact_revision(compact_revision);
  return Encode(message);
}

std::shared_ptr<const std::string> EncodeSynced(const std::string& store_id,
                                                storage::Revision revision) {
  v1::WatchResponse message;
  message.mutable_synced()->set_store_id(store_id);
  message.mutable_synced()->set_revision(revision);
  return Encode(message);
}

std::shared_ptr<const std::string> EncodeBookmark(storage::Revision revision) {
  v1::WatchResponse message;
  message.mutable_bookmark()->set_revision(revision);
  return Encode(message);
}

}  // namespace netstackd::watch
