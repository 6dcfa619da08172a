#include "storage/checksums.h"

#include <algorithm>
#include <array>
#include <climits>

#include <isa-l.h>

namespace netstackd::storage {
namespace {

void PutLittleEndian(std::uint64_t number, unsigned char* out) {
  for (int i = 0; i < 8; ++i) out[i] = static_cast<unsigned char>(number >> (8 * i));
}

// Spreads every bit over all 64, so that sums of hashes do not cancel as sums of CRCs would.
// Source  the finaliser of splitmix64.
std::uint64_t Mix(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15u;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return x ^ (x >> 31);
}

}  // namespace

void Crc32c::Add(const void* bytes, std::size_t size) {
  // ISA-L takes an int and, by its signature only, writable bytes.
  auto* at = static_cast<unsigned char*>(const_cast<void*>(bytes));
  while (size > 0) {
    const std::size_t part = std::min<std::size_t>(size, INT_MAX);
    state_ = crc32_iscsi(at, static_cast<int>(part), state_);
    at += part;
    size -= part;
  }
}

void Crc32c::Add(std::uint64_t number) {
  unsigned char bytes[8];
  PutLittleEndian(number, bytes);
  Add(bytes, sizeof(bytes));
}

std::uint32_t ChainCrc(std::uint32_t previous, const Record& record) {
  const std::array<const std::string*, 9> fields = {
      &record.principal,    &record.method, &record.peer,    &record.user_agent, &record.request_id,
      &record.request_hash, &record.answer, &record.comment, &record.deltas};
  std::array<unsigned char, 8 * (3 + fields.size())> head;
  PutLittleEndian(previous, head.data());
  PutLittleEndian(static_cast<std::uint64_t>(record.revision), head.data() + 8);
  PutLittleEndian(static_cast<std::uint64_t>(absl::ToUnixMicros(record.time)), head.data() + 16);
  for (std::size_t i = 0; i < fields.size(); ++i) {
    PutLittleEndian(fields[i]->size(), head.data() + 8 * (3 + i));
  }
  Crc32c crc;
  crc.Add(head.data(), head.size());
  for (const std::string* field : fields) crc.Add(*field);
  return crc.value();
}

std::uint32_t ObjectCrc(const Object& object) {
  Crc32c crc;
  crc.Add(object.key.size());
  crc.Add(object.key);
  crc.Add(static_cast<std::uint64_t>(object.revision));
  crc.Add(object.body ? object.body->size() + 1 : 0);
  if (object.body) crc.Add(*object.body);
  return crc.value();
}

std::uint64_t RowHash(const std::string& key, Revision revision, std::uint32_t crc) {
  const std::uint64_t of_key =
      crc64_ecma_refl(0, reinterpret_cast<const unsigned char*>(key.data()), key.size());
  return Mix(Mix(Mix(of_key) + static_cast<std::uint64_t>(revision)) + crc);
}

}  // namespace netstackd::storage
