#include "storage/sqlite/meta.h"

#include "base/status_macros.h"
#include "storage/checksums.h"
#include "storage/errors.h"

namespace netstackd::storage::sqlite {
namespace {

std::uint32_t CrcOf(const Meta& meta) {
  Crc32c crc;
  crc.Add(meta.store_id.size());
  crc.Add(meta.store_id);
  crc.Add(static_cast<std::uint64_t>(meta.floor));
  crc.Add(static_cast<std::uint64_t>(meta.object_rows));
  crc.Add(meta.object_sum);
  crc.Add(static_cast<std::uint64_t>(meta.chain_revision));
  crc.Add(std::uint64_t{meta.chain_crc});
  crc.Add(static_cast<std::uint64_t>(meta.fences));
  crc.Add(static_cast<std::uint64_t>(meta.sealed_head));
  return crc.value();
}

}  // namespace

absl::StatusOr<Meta> ReadMeta(const Connection& connection) {
  NSD_ASSIGN_OR_RETURN(
      Statement read,
      connection.Prepare("SELECT store_id, floor, object_rows, object_sum, chain_revision, "
                         "chain_crc, fences, sealed_head, crc FROM meta WHERE id = 1"));
  NSD_ASSIGN_OR_RETURN(const bool row, read.Step());
  if (!row) return Corrupt("the meta row is missing");
  Meta meta;
  meta.store_id = read.Bytes(0);
  meta.floor = read.Integer(1);
  meta.object_rows = read.Integer(2);
  meta.object_sum = static_cast<std::uint64_t>(read.Integer(3));
  meta.chain_revision = read.Integer(4);
  const std::int64_t chain_crc = read.Integer(5);
  meta.chain_crc = static_cast<std::uint32_t>(chain_crc);
  meta.fences = read.Integer(6);
  meta.sealed_head = read.Integer(7);
  if (chain_crc != std::int64_t{meta.chain_crc} || read.Integer(8) != std::int64_t{CrcOf(meta)}) {
    return Corrupt("the checksum of the meta row is wrong");
  }
  return meta;
}

absl::Status WriteMeta(const Meta& meta, Statement* statement) {
  statement->BindText(1, meta.store_id);
  statement->Bind(2, meta.floor);
  statement->Bind(3, meta.object_rows);
  statement->Bind(4, static_cast<std::int64_t>(meta.object_sum));
  statement->Bind(5, meta.chain_revision);
  statement->Bind(6, meta.chain_crc);
  statement->Bind(7, meta.fences);
  statement->Bind(8, meta.sealed_head);
  statement->Bind(9, CrcOf(meta));
  return statement->Run();
}

absl::Status WriteMeta(const Meta& meta, const Connection& connection) {
  NSD_ASSIGN_OR_RETURN(Statement statement, connection.Prepare(kWriteMetaSql));
  return WriteMeta(meta, &statement);
}

}  // namespace netstackd::storage::sqlite
