#include "storage/memory/memory_store.h"

#include <algorithm>

#include "base/status_macros.h"
#include "storage/checksums.h"
#include "storage/errors.h"

namespace netstackd::storage {
namespace {

// Numbers and strings one after the other, and a CRC over all of them at the end.
class DumpWriter {
 public:
  void Put(std::uint64_t number) {
    for (int i = 0; i < 8; ++i) bytes_.push_back(static_cast<char>(number >> (8 * i)));
  }
  void Put(std::int64_t number) { Put(static_cast<std::uint64_t>(number)); }
  void Put(const std::string& text) {
    Put(static_cast<std::uint64_t>(text.size()));
    bytes_ += text;
  }
  std::string Seal() {
    Crc32c crc;
    crc.Add(bytes_);
    Put(std::uint64_t{crc.value()});
    return std::move(bytes_);
  }

 private:
  std::string bytes_;
};

// Reads what DumpWriter wrote; the checksum is verified first, so reading cannot fail after.
class DumpReader {
 public:
  explicit DumpReader(const std::string& bytes) : bytes_(bytes) {}
  bool Verify() {
    if (bytes_.size() < 8) return false;
    Crc32c crc;
    crc.Add(bytes_.data(), bytes_.size() - 8);
    at_ = bytes_.size() - 8;
    const bool good = Number() == crc.value();
    at_ = 0;
    return good;
  }
  std::uint64_t Number() {
    std::uint64_t number = 0;
    for (int i = 0; i < 8; ++i) {
      number |= std::uint64_t{static_cast<unsigned char>(bytes_[at_++])} << (8 * i);
    }
    return number;
  }
  std::int64_t Signed() { return static_cast<std::int64_t>(Number()); }
  std::string Text() {
    const std::size_t size = Number();
    at_ += size;
    return bytes_.substr(at_ - size, size);
  }

 private:
  const std::string& bytes_;
  std::size_t at_ = 0;
};

void PutRecord(const Record& record, DumpWriter* out) {
  out->Put(absl::ToUnixMicros(record.time));
  for (const std::string* field :
       {&record.principal, &record.method, &record.peer, &record.user_agent, &record.request_id,
        &record.request_hash, &record.answer, &record.comment, &record.deltas}) {
    out->Put(*field);
  }
}

Record TakeRecord(Revision revision, DumpReader* in) {
  Record record;
  record.revision = revision;
  record.time = absl::FromUnixMicros(in->Signed());
  for (std::string* field :
       {&record.principal, &record.method, &record.peer, &record.user_agent, &record.request_id,
        &record.request_hash, &record.answer, &record.comment, &record.deltas}) {
    *field = in->Text();
  }
  return record;
}

}  // namespace

Extent MemoryStore::extent() const {
  return {first_, floor_, first_ + static_cast<Revision>(records_.size()) - 1};
}

absl::Status MemoryStore::Append(Revision expected_head, std::span<const Record> records) {
  const Revision head = extent().head;
  if (head != expected_head) return Fenced(expected_head, head);
  for (const Record& record : records) {
    records_.push_back(record);
    // Like a medium that keeps microseconds.
    records_.back().time = absl::FromUnixMicros(absl::ToUnixMicros(record.time));
    bytes_ += BytesOf(record);
  }
  return absl::OkStatus();
}

void MemoryStore::Checkpoint(std::span<const Object> objects, Revision floor) {
  for (const Object& object : objects) {
    Image& image = objects_[object.key];
    if (image.revision < object.revision) image = {object.revision, object.body};
  }
  floor_ = floor;
}

std::int64_t MemoryStore::Compact(Revision keep_from, std::int64_t limit) {
  std::int64_t gone = 0;
  while (gone < limit && first_ < keep_from && !records_.empty()) {
    bytes_ -= BytesOf(records_.front());
    records_.pop_front();
    ++first_;
    ++gone;
  }
  std::int64_t tombstones = 0;
  for (auto it = objects_.begin(); it != objects_.end() && tombstones < limit;) {
    if (!it->second.body && it->second.revision <= floor_) {
      it = objects_.erase(it);
      ++tombstones;
    } else {
      ++it;
    }
  }
  return gone;
}

absl::Status MemoryStore::Load(const LoadSink& sink) const {
  for (const auto& [key, image] : objects_) {
    NSD_RETURN_IF_ERROR(sink.object({key, image.revision, image.body}));
  }
  for (const Record& record : records_) NSD_RETURN_IF_ERROR(sink.record(record));
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Record>> MemoryStore::History(Revision from, Revision to,
                                                         std::int64_t limit) const {
  if (from < first_) return Compacted(from, first_);
  std::vector<Record> found;
  const Revision last = std::min({to, extent().head, from - 1 + std::min<Revision>(limit, to)});
  for (Revision r = from; r <= last; ++r) {
    found.push_back(records_[static_cast<std::size_t>(r - first_)]);
  }
  return found;
}

std::string MemoryStore::Dump() const {
  DumpWriter out;
  out.Put(first_);
  out.Put(floor_);
  out.Put(records_.size());
  for (const Record& record : records_) PutRecord(record, &out);
  out.Put(objects_.size());
  for (const auto& [key, image] : objects_) {
    out.Put(key);
    out.Put(image.revision);
    out.Put(std::uint64_t{image.body ? 1u : 0u});
    if (image.body) out.Put(*image.body);
  }
  return out.Seal();
}

std::optional<MemoryStore> MemoryStore::FromDump(const std::string& bytes, std::string store_id) {
  DumpReader in(bytes);
  if (!in.Verify()) return std::nullopt;
  MemoryStore store(std::move(store_id));
  store.first_ = in.Signed();
  store.floor_ = in.Signed();
  const std::uint64_t records = in.Number();
  for (std::uint64_t i = 0; i < records; ++i) {
    store.records_.push_back(TakeRecord(store.first_ + static_cast<Revision>(i), &in));
    store.bytes_ += BytesOf(store.records_.back());
  }
  const std::uint64_t objects = in.Number();
  for (std::uint64_t i = 0; i < objects; ++i) {
    std::string key = in.Text();
    Image& image = store.objects_[std::move(key)];
    image.revision = in.Signed();
    if (in.Number() == 1) image.body = in.Text();
  }
  return store;
}

}  // namespace netstackd::storage
