// A record of the journal -> a transaction as clients see it.
#ifndef NETSTACKD_SERVER_WATCH_TRANSACTION_VIEW_H_
#define NETSTACKD_SERVER_WATCH_TRANSACTION_VIEW_H_

#include <cstddef>

#include "netstackd/v1/config.pb.h"
#include "storage/journal.h"

namespace netstackd::watch {

// Everything but the plan; `changed_objects` is the number of deltas of the record.
void RenderTransaction(const storage::Record& record, std::size_t changed_objects,
                       v1::Transaction* to);

}  // namespace netstackd::watch

#endif  // NETSTACKD_SERVER_WATCH_TRANSACTION_VIEW_H_
