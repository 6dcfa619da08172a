#include "storage/sqlite/load.h"

#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "storage/checksums.h"
#include "storage/errors.h"
#include "storage/sqlite/rows.h"
#include "storage/store_id.h"

namespace netstackd::storage::sqlite {
namespace {

absl::Status CheckBounds(const Meta& meta, const Tip& tip) {
  if (meta.store_id.size() != kStoreIdSize) return Corrupt("the store id has a wrong length");
  if (meta.chain_revision < 0 || meta.floor < meta.chain_revision || tip.head < meta.floor) {
    return Corrupt(absl::StrCat("compacted up to ", meta.chain_revision, ", floor ", meta.floor,
                                " and head ", tip.head, " do not fit together"));
  }
  if (meta.sealed_head != kNotSealed && meta.sealed_head != tip.head) {
    return Corrupt(absl::StrCat("the backup was made at revision ", meta.sealed_head,
                                " and ends at ", tip.head));
  }
  return absl::OkStatus();
}

absl::Status LoadObjects(const Connection& connection, const Loaded& at, const LoadSink& sink) {
  NSD_ASSIGN_OR_RETURN(Statement select, connection.Prepare(kSelectObjectsSql));
  std::int64_t rows = 0;
  std::uint64_t sum = 0;
  while (true) {
    NSD_ASSIGN_OR_RETURN(const bool row, select.Step());
    if (!row) break;
    ObjectRow read = ReadObject(select);
    const std::uint32_t crc = ObjectCrc(read.object);
    if (read.crc != std::int64_t{crc}) return Corrupt("the checksum of an object is wrong");
    if (read.object.revision < 1 || read.object.revision > at.tip.head) {
      return Corrupt(absl::StrCat("an object has revision ", read.object.revision,
                                  ", the journal ends at ", at.tip.head));
    }
    ++rows;
    sum += RowHash(read.object.key, read.object.revision, crc);
    NSD_RETURN_IF_ERROR(sink.object(std::move(read.object)));
  }
  if (rows != at.meta.object_rows || sum != at.meta.object_sum) {
    return Corrupt(absl::StrCat("the object table has ", rows, " rows; they are not the ",
                                at.meta.object_rows, " that were written"));
  }
  return absl::OkStatus();
}

absl::StatusOr<Usage> LoadRecords(const Connection& connection, const Loaded& at,
                                  const LoadSink& sink) {
  NSD_ASSIGN_OR_RETURN(Statement select, connection.Prepare(kSelectRecordsSql));
  select.Bind(1, std::numeric_limits<std::int64_t>::min());
  select.Bind(2, -1);  // no limit
  Tip tip{at.meta.chain_revision, at.meta.chain_crc};
  Usage usage;
  while (true) {
    NSD_ASSIGN_OR_RETURN(const bool row, select.Step());
    if (!row) break;
    RecordRow read = ReadRecord(select);
    if (read.record.revision != tip.head + 1) {
      return Corrupt(absl::StrCat("revision ", read.record.revision, " follows ", tip.head));
    }
    tip = {read.record.revision, ChainCrc(tip.crc, read.record)};
    if (read.crc != std::int64_t{tip.crc} || read.bytes != BytesOf(read.record)) {
      return Corrupt(absl::StrCat("the checksum of revision ", tip.head, " is wrong"));
    }
    ++usage.records;
    usage.bytes += read.bytes;
    NSD_RETURN_IF_ERROR(sink.record(std::move(read.record)));
  }
  if (tip.head != at.tip.head || tip.crc != at.tip.crc) {
    return Corrupt(
        absl::StrCat("the records end at revision ", tip.head, ", not at ", at.tip.head));
  }
  return usage;
}

absl::StatusOr<Loaded> LoadInTransaction(const Connection& connection, const LoadSink& sink) {
  Loaded loaded;
  NSD_ASSIGN_OR_RETURN(loaded.meta, ReadMeta(connection));
  NSD_ASSIGN_OR_RETURN(loaded.tip, ReadTip(connection, loaded.meta));
  NSD_RETURN_IF_ERROR(CheckBounds(loaded.meta, loaded.tip));
  NSD_RETURN_IF_ERROR(LoadObjects(connection, loaded, sink));
  NSD_ASSIGN_OR_RETURN(loaded.usage, LoadRecords(connection, loaded, sink));
  return loaded;
}

}  // namespace

absl::StatusOr<Tip> ReadTip(const Connection& connection, const Meta& meta) {
  NSD_ASSIGN_OR_RETURN(Statement select, connection.Prepare(kSelectTipSql));
  NSD_ASSIGN_OR_RETURN(const bool row, select.Step());
  if (!row) return Tip{meta.chain_revision, meta.chain_crc};
  const std::int64_t crc = select.Integer(1);
  const Tip tip{select.Integer(0), static_cast<std::uint32_t>(crc)};
  if (tip.head <= meta.chain_revision || crc != std::int64_t{tip.crc}) {
    return Corrupt(absl::StrCat("the newest row, ", tip.head, ", cannot be right"));
  }
  return tip;
}

Extent ExtentOf(const Meta& meta, const Tip& tip) {
  return {meta.chain_revision + 1, meta.floor, tip.head};
}

absl::StatusOr<Loaded> LoadVerified(const Connection& connection, const LoadSink& sink) {
  NSD_RETURN_IF_ERROR(connection.Execute("BEGIN"));
  absl::StatusOr<Loaded> loaded = LoadInTransaction(connection, sink);
  // Nothing was written: this only ends the read.
  const absl::Status ended = connection.Execute("ROLLBACK");
  if (loaded.ok() && !ended.ok()) return ended;
  return loaded;
}

absl::StatusOr<Loaded> Verify(const Connection& connection) {
  return LoadVerified(connection, {[](Object) { return absl::OkStatus(); },
                                   [](Record) { return absl::OkStatus(); }});
}

}  // namespace netstackd::storage::sqlite
