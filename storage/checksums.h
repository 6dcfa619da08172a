// Checksums of records and objects: they notice every change of the bytes on the medium.
#ifndef NETSTACKD_STORAGE_CHECKSUMS_H_
#define NETSTACKD_STORAGE_CHECKSUMS_H_

#include <cstdint>
#include <string>

#include "storage/journal.h"

namespace netstackd::storage {

// CRC-32C (Castagnoli) over everything added, in order.
class Crc32c {
 public:
  void Add(const void* bytes, std::size_t size);
  void Add(const std::string& bytes) { Add(bytes.data(), bytes.size()); }
  void Add(std::uint64_t number);  // as 8 bytes, least significant first
  std::uint32_t value() const { return ~state_; }

 private:
  std::uint32_t state_ = 0xFFFFFFFFu;
};

// The chain value of `record`: over the previous one, the revision and every field with its length.
std::uint32_t ChainCrc(std::uint32_t previous, const Record& record);

// Over key, revision and body; a tombstone differs from an empty body.
std::uint32_t ObjectCrc(const Object& object);

// 64-bit hash of a row of the object table. Sums of them identify a set of rows.
std::uint64_t RowHash(const std::string& key, Revision revision, std::uint32_t crc);

}  // namespace netstackd::storage

#endif  // NETSTACKD_STORAGE_CHECKSUMS_H_
