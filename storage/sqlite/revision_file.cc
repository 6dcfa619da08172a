#include "storage/sqlite/revision_file.h"

#include <utility>

#include "base/status_macros.h"
#include "storage/checksums.h"
#include "storage/files.h"
#include "storage/store_id.h"

namespace netstackd::storage::sqlite {
namespace {

// A slot: magic, sequence, revision, store id, CRC-32C of what is before it. Numbers take 8 bytes,
// least significant first.
constexpr std::size_t kBlockSize = 4096;
constexpr std::size_t kSlots = 2;
constexpr char kMagic[] = "NSDREV01";
constexpr std::size_t kMagicSize = 8;
constexpr std::size_t kBodySize = kMagicSize + 8 + 8 + kStoreIdSize;
constexpr std::size_t kSlotSize = kBodySize + 8;

struct Slot {
  std::uint64_t sequence = 0;
  Acknowledged acknowledged;
};

void PutNumber(std::uint64_t number, std::string* out) {
  for (int i = 0; i < 8; ++i) out->push_back(static_cast<char>(number >> (8 * i)));
}

std::uint64_t GetNumber(const std::string& bytes, std::size_t at) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    number |= std::uint64_t{static_cast<unsigned char>(bytes[at + i])} << (8 * i);
  }
  return number;
}

std::uint32_t CrcOf(const std::string& slot) {
  Crc32c crc;
  crc.Add(slot.data(), kBodySize);
  return crc.value();
}

std::string Encode(const Slot& slot) {
  std::string bytes(kMagic, kMagicSize);
  PutNumber(slot.sequence, &bytes);
  PutNumber(static_cast<std::uint64_t>(slot.acknowledged.revision), &bytes);
  bytes += slot.acknowledged.store_id;
  PutNumber(CrcOf(bytes), &bytes);
  return bytes;
}

std::optional<Slot> Decode(const std::string& bytes) {
  if (bytes.size() < kSlotSize || bytes.compare(0, kMagicSize, kMagic) != 0) return std::nullopt;
  if (GetNumber(bytes, kBodySize) != CrcOf(bytes)) return std::nullopt;
  return Slot{GetNumber(bytes, kMagicSize),
              {bytes.substr(kMagicSize + 16, kStoreIdSize),
               static_cast<Revision>(GetNumber(bytes, kMagicSize + 8))}};
}

}  // namespace

absl::StatusOr<RevisionFile> RevisionFile::Open(FileSystem& files, const std::string& path) {
  const bool is_new = !files.Exists(path);
  NSD_ASSIGN_OR_RETURN(std::unique_ptr<File> open, files.Open(path, FileMode::kCreate));
  RevisionFile file(std::move(open));
  if (is_new) {
    // Both blocks exist from the start: overwriting them later needs no room on the disk.
    NSD_RETURN_IF_ERROR(file.file_->Write(0, std::string(kSlots * kBlockSize, '\0')));
    file.dirty_ = true;
    NSD_RETURN_IF_ERROR(file.Sync());
    NSD_RETURN_IF_ERROR(files.SyncDirectory(DirectoryOf(path)));
    return file;
  }
  NSD_ASSIGN_OR_RETURN(const std::string bytes, file.file_->Read(0, kSlots * kBlockSize));
  std::size_t newest = 0;
  for (std::size_t i = 0; i < kSlots; ++i) {
    if (bytes.size() < i * kBlockSize) break;
    std::optional<Slot> slot = Decode(bytes.substr(i * kBlockSize, kSlotSize));
    if (!slot || (file.found_ && slot->sequence <= file.sequence_)) continue;
    newest = i;
    file.sequence_ = slot->sequence;
    file.found_ = std::move(slot->acknowledged);
  }
  file.loose_ = 1 - newest;
  file.unsettled_ = file.found_.has_value();
  return file;
}

absl::Status RevisionFile::Write(const Acknowledged& acknowledged) {
  if (unsettled_) {
    // The same bytes in the same place: harmless if they are on the medium.
    NSD_RETURN_IF_ERROR(file_->Write((1 - loose_) * kBlockSize, Encode({sequence_, *found_})));
    NSD_RETURN_IF_ERROR(file_->Sync());
    unsettled_ = false;
  }
  ++sequence_;
  dirty_ = true;
  return file_->Write(loose_ * kBlockSize, Encode({sequence_, acknowledged}));
}

absl::Status RevisionFile::Sync() {
  if (!dirty_) return absl::OkStatus();
  NSD_RETURN_IF_ERROR(file_->Sync());
  dirty_ = false;
  loose_ = 1 - loose_;
  return absl::OkStatus();
}

}  // namespace netstackd::storage::sqlite
