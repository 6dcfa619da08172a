#include "server/rpc/backup_stream.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "server/executor/endings.h"
#include "server/rpc/request_hash.h"
#include "server/rpc/status_mapping.h"

namespace netstackd::rpc {
namespace {

absl::Status Unreadable() {
  return MakeError(ErrorReason::kStorageUnavailable, "the copy cannot be read; try again");
}

}  // namespace

BackupStream::BackupStream(transport::StreamCall* call, const Backend& backend,
                           const std::string& path, std::function<void()> released)
    : transport::StreamReactor(call),
      backend_(backend),
      path_(path),
      released_(std::move(released)),
      digest_(EVP_MD_CTX_new(), &EVP_MD_CTX_free) {}

void BackupStream::Start() {
  backend_.executor->Backup(
      path_, [this](absl::StatusOr<executor::Revision> revision) { Copied(std::move(revision)); });
}

void BackupStream::Copied(absl::StatusOr<executor::Revision> revision) {
  if (!revision.ok()) return Finish(ToGrpc(revision.status()));
  revision_ = *revision;
  backend_.worker->Continue([this] { Open(); });
}

void BackupStream::Open() {
  std::error_code error;
  const auto size = std::filesystem::file_size(path_, error);
  file_.open(path_, std::ios::binary);
  if (error || !file_ || EVP_DigestInit_ex(digest_.get(), EVP_sha256(), nullptr) != 1) {
    return Finish(ToGrpc(Unreadable()));
  }
  total_ = static_cast<std::int64_t>(size);
  SendNext();
}

void BackupStream::SendNext() {
  if (sent_ == total_ && !message_.sha256().empty()) return Finish(grpc::Status::OK);
  const auto size = std::min<std::int64_t>(kChunkBytes, total_ - sent_);
  std::string* chunk = message_.mutable_chunk();
  chunk->resize(static_cast<std::size_t>(size));
  if (!file_.read(chunk->data(), size) ||
      EVP_DigestUpdate(digest_.get(), chunk->data(), chunk->size()) != 1) {
    return Finish(ToGrpc(Unreadable()));
  }
  sent_ += size;
  message_.set_revision(revision_);
  message_.set_total_bytes(total_);
  if (sent_ == total_) {
    std::string sum(static_cast<std::size_t>(EVP_MD_size(EVP_sha256())), '\0');
    if (EVP_DigestFinal_ex(digest_.get(), reinterpret_cast<unsigned char*>(sum.data()), nullptr) !=
        1) {
      return Finish(ToGrpc(Unreadable()));
    }
    message_.set_sha256(Hex(sum));
  }
  StartWrite(message_);
}

void BackupStream::OnWriteDone(bool ok) {
  if (!ok) {
    return Finish(ToGrpc(executor::CallerGone()));
  }
  backend_.worker->Continue([this] { SendNext(); });
}

void BackupStream::OnDone() {
  backend_.worker->Continue([this] {
    file_.close();
    std::error_code ignored;  // there is no file if the copy failed
    std::filesystem::remove(path_, ignored);
    const auto released = released_;
    delete this;
    released();
  });
}

}  // namespace netstackd::rpc
