#include "server/watch/transaction_view.h"

#include "server/codec/api_values.h"

namespace netstackd::watch {

void RenderTransaction(const storage::Record& record, std::size_t changed_objects,
                       v1::Transaction* to) {
  to->set_revision(record.revision);
  *to->mutable_commit_time() = codec::ToProto(record.time);
  to->set_principal(record.principal);
  to->set_peer(record.peer);
  to->set_user_agent(record.user_agent);
  to->set_method(record.method);
  to->set_request_id(record.request_id);
  to->set_comment(record.comment);
  to->set_changed_objects(static_cast<std::int32_t>(changed_objects));
}

}  // namespace netstackd::watch
