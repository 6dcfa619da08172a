#include "storage/sqlite/rows.h"

namespace netstackd::storage::sqlite {

void BindRecord(const Record& record, std::uint32_t crc, Statement* insert) {
  insert->Bind(1, record.revision);
  insert->Bind(2, crc);
  insert->Bind(3, BytesOf(record));
  insert->Bind(4, absl::ToUnixMicros(record.time));
  insert->BindText(5, record.principal);
  insert->BindText(6, record.method);
  insert->BindText(7, record.peer);
  insert->BindText(8, record.user_agent);
  insert->BindText(9, record.request_id);
  insert->BindBlob(10, record.request_hash);
  insert->BindText(11, record.comment);
  insert->BindBlob(12, record.answer);
  insert->BindBlob(13, record.deltas);
}

RecordRow ReadRecord(const Statement& row) {
  RecordRow read;
  read.record.revision = row.Integer(0);
  read.crc = row.Integer(1);
  read.bytes = row.Integer(2);
  read.record.time = absl::FromUnixMicros(row.Integer(3));
  read.record.principal = row.Bytes(4);
  read.record.method = row.Bytes(5);
  read.record.peer = row.Bytes(6);
  read.record.user_agent = row.Bytes(7);
  read.record.request_id = row.Bytes(8);
  read.record.request_hash = row.Bytes(9);
  read.record.comment = row.Bytes(10);
  read.record.answer = row.Bytes(11);
  read.record.deltas = row.Bytes(12);
  return read;
}

ObjectRow ReadObject(const Statement& row) {
  ObjectRow read;
  read.object.key = row.Bytes(0);
  read.object.revision = row.Integer(1);
  read.crc = row.Integer(2);
  if (!row.IsNull(3)) read.object.body = row.Bytes(3);
  return read;
}

}  // namespace netstackd::storage::sqlite
