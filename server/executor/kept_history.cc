#include "server/executor/kept_history.h"

namespace netstackd::executor {

KeptHistory::Limits KeptHistory::LimitsOf(const Options& options) {
  return {options.history_max, options.history_bytes_max, options.history_age_max,
          options.history_age_min};
}

void KeptHistory::Add(const storage::Record& record) {
  if (rows_.empty()) first_ = record.revision;
  const std::int64_t bytes = storage::BytesOf(record);
  rows_.push_back({absl::ToUnixMicros(record.time), bytes});
  bytes_ += bytes;
}

void KeptHistory::Forget(storage::Revision first) {
  while (first_ < first && !rows_.empty()) {
    bytes_ -= rows_.front().bytes;
    rows_.pop_front();
    ++first_;
  }
}

storage::Revision KeptHistory::KeepFrom(absl::Time now, storage::Revision floor,
                                        storage::Revision asked, std::int64_t most) const {
  const std::int64_t young_micros = absl::ToUnixMicros(now - limits_.age_min);
  const std::int64_t old_micros = absl::ToUnixMicros(now - limits_.age_max);
  storage::Revision keep = first_;
  std::int64_t left = size();
  std::int64_t bytes = bytes_;
  for (const Row& row : rows_) {
    if (keep > floor || keep - first_ >= most || row.time_micros > young_micros) break;
    const bool goes = left > limits_.revisions_max || bytes > limits_.bytes_max ||
                      row.time_micros <= old_micros || keep < asked;
    if (!goes) break;
    --left;
    bytes -= row.bytes;
    ++keep;
  }
  return keep;
}

bool KeptHistory::Full(absl::Time now) const {
  return over_bytes() &&
         (rows_.empty() || rows_.front().time_micros > absl::ToUnixMicros(now - limits_.age_min));
}

}  // namespace netstackd::executor
