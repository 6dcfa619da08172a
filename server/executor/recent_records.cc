#include "server/executor/recent_records.h"

#include <algorithm>
#include <utility>

namespace netstackd::executor {

void RecentRecords::Add(std::shared_ptr<const storage::Record> record) {
  std::vector<std::shared_ptr<const storage::Record>> dropped;  // destroyed without the lock
  const std::int64_t bytes = storage::BytesOf(*record);
  MutexLock lock(&mu_);
  records_.push_back(std::move(record));
  bytes_ += bytes;
  while (records_.size() > 1 && (records_.size() > max_ || bytes_ > bytes_max_)) {
    bytes_ -= storage::BytesOf(*records_.front());
    dropped.push_back(std::move(records_.front()));
    records_.pop_front();
  }
}

void RecentRecords::Forget(storage::Revision first) {
  MutexLock lock(&mu_);
  while (!records_.empty() && records_.front()->revision < first) {
    bytes_ -= storage::BytesOf(*records_.front());
    records_.pop_front();
  }
}

std::shared_ptr<const storage::Record> RecentRecords::Find(storage::Revision revision) const {
  MutexLock lock(&mu_);
  if (records_.empty() || revision < records_.front()->revision ||
      revision > records_.back()->revision) {
    return nullptr;
  }
  return records_[static_cast<std::size_t>(revision - records_.front()->revision)];
}

std::optional<std::vector<storage::Record>> RecentRecords::Range(storage::Revision from,
                                                                 storage::Revision to,
                                                                 std::int64_t limit) const {
  std::vector<std::shared_ptr<const storage::Record>> found;
  {
    MutexLock lock(&mu_);
    if (records_.empty() || from < records_.front()->revision) return std::nullopt;
    const storage::Revision first = records_.front()->revision;
    const storage::Revision last = std::min(to, records_.back()->revision);
    for (storage::Revision r = from; r <= last && r - from < limit; ++r) {
      found.push_back(records_[static_cast<std::size_t>(r - first)]);
    }
  }
  std::vector<storage::Record> records;
  records.reserve(found.size());
  for (const auto& record : found) records.push_back(*record);
  return records;
}

}  // namespace netstackd::executor
