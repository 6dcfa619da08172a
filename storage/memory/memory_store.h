// The rules of a journal as a plain value, without threads and without a medium.
#ifndef NETSTACKD_STORAGE_MEMORY_MEMORY_STORE_H_
#define NETSTACKD_STORAGE_MEMORY_MEMORY_STORE_H_

#include <deque>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "storage/journal.h"

namespace netstackd::storage {

// Copyable; a copy is an independent store. Not thread-safe. Arguments are checked by Journal.
class MemoryStore {
 public:
  explicit MemoryStore(std::string store_id) : store_id_(std::move(store_id)) {}

  // Errors: TRANSACTION_CONFLICT.
  absl::Status Append(Revision expected_head, std::span<const Record> records);
  void Checkpoint(std::span<const Object> objects, Revision floor);
  std::int64_t Compact(Revision keep_from, std::int64_t limit);
  absl::Status Load(const LoadSink& sink) const;
  // Errors: WATCH_COMPACTED.
  absl::StatusOr<std::vector<Record>> History(Revision from, Revision to, std::int64_t limit) const;

  Extent extent() const;
  Usage usage() const { return {static_cast<std::int64_t>(records_.size()), bytes_}; }
  const std::string& store_id() const { return store_id_; }

  // The whole store as bytes with a checksum, and back under another name; nullopt if the bytes
  // are not those of a store.
  std::string Dump() const;
  static std::optional<MemoryStore> FromDump(const std::string& bytes, std::string store_id);

 private:
  struct Image {
    Revision revision = 0;
    std::optional<std::string> body;
  };

  std::string store_id_;
  std::deque<Record> records_;  // first_ and on, without a gap
  std::map<std::string, Image> objects_;
  Revision first_ = 1;
  Revision floor_ = 0;
  std::int64_t bytes_ = 0;
};

}  // namespace netstackd::storage

#endif  // NETSTACKD_STORAGE_MEMORY_MEMORY_STORE_H_
