#include "storage/faulty/simulated_disk.h"

#include <cerrno>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "storage/faulty/disk_state.h"
#include "storage/faulty/simulated_vfs.h"
#include "storage/files.h"

namespace netstackd::storage {
namespace {

absl::Status StatusOf(ErrorNumber error_number, const char* doing, const std::string& path) {
  if (error_number == 0) return absl::OkStatus();
  return SystemError(absl::StrCat(doing, " ", path), error_number);
}

class SimulatedFile final : public File {
 public:
  SimulatedFile(SimulatedDisk::State* state, DiskNodePtr node, std::string path)
      : state_(state), node_(std::move(node)), path_(std::move(path)) {}
  ~SimulatedFile() override {
    state_->With([this] {
      if (node_->locked_by == this) node_->locked_by = nullptr;
    });
  }

  absl::StatusOr<std::string> Read(std::size_t offset, std::size_t limit) override {
    std::string bytes;
    const ErrorNumber failed = state_->Read(node_, path_, offset, limit, &bytes);
    if (failed != 0) return StatusOf(failed, "cannot read", path_);
    return bytes;
  }
  absl::Status Write(std::size_t offset, const std::string& bytes) override {
    return StatusOf(state_->Write(node_, path_, offset, bytes), "cannot write", path_);
  }
  absl::Status Truncate(std::size_t size) override {
    return StatusOf(state_->Truncate(node_, path_, size), "cannot truncate", path_);
  }
  absl::Status Sync() override {
    return StatusOf(state_->Sync(node_, path_), "cannot sync", path_);
  }
  absl::StatusOr<bool> TryLock() override {
    const ErrorNumber failed = state_->LockFault(path_);
    if (failed != 0) return StatusOf(failed, "cannot lock", path_);
    return state_->With([this] {
      if (node_->locked_by == nullptr) node_->locked_by = this;
      return node_->locked_by == this;
    });
  }

 private:
  SimulatedDisk::State* const state_;
  const DiskNodePtr node_;
  const std::string path_;
};

}  // namespace

const char* NameOf(DiskCall call) {
  switch (call) {
    case DiskCall::kRead:
      return "read";
    case DiskCall::kWrite:
      return "write";
    case DiskCall::kTruncate:
      return "truncate";
    case DiskCall::kSync:
      return "sync";
    case DiskCall::kOpen:
      return "open";
    case DiskCall::kDelete:
      return "delete";
    case DiskCall::kRename:
      return "rename";
    case DiskCall::kSyncDirectory:
      return "sync-directory";
    case DiskCall::kLock:
      return "lock";
  }
  return "";
}

SimulatedDisk::SimulatedDisk(std::uint64_t seed) : SimulatedDisk(std::make_unique<State>(seed)) {}

SimulatedDisk::SimulatedDisk(std::unique_ptr<State> state)
    : state_(std::move(state)), vfs_(std::make_unique<Vfs>(state_.get())) {}

SimulatedDisk::~SimulatedDisk() = default;

std::unique_ptr<SimulatedDisk> SimulatedDisk::AfterPowerLoss(std::mt19937_64& random) const {
  return std::unique_ptr<SimulatedDisk>(new SimulatedDisk(state_->AfterPowerLoss(random)));
}

std::unique_ptr<SimulatedDisk> SimulatedDisk::AfterKill() const {
  return std::unique_ptr<SimulatedDisk>(new SimulatedDisk(state_->AfterKill()));
}

void SimulatedDisk::Set(const std::optional<DiskFault>& fault) { state_->Set(fault); }
int SimulatedDisk::struck() const { return state_->struck(); }
void SimulatedDisk::SetCapacity(std::optional<std::int64_t> bytes) { state_->SetCapacity(bytes); }
std::int64_t SimulatedDisk::used() const { return state_->used(); }
void SimulatedDisk::SetReadOnly(bool read_only) { state_->SetReadOnly(read_only); }
void SimulatedDisk::LieAboutSyncs(DiskFile file) { state_->LieAboutSyncs(file); }
void SimulatedDisk::OnChange(std::function<void()> before) { state_->OnChange(std::move(before)); }
std::uint64_t SimulatedDisk::changes() const { return state_->changes(); }
std::uint64_t SimulatedDisk::calls() const { return state_->calls(); }
int SimulatedDisk::syncs(DiskFile file) const { return state_->syncs(file); }
std::string SimulatedDisk::Peek(const std::string& path) const { return state_->Peek(path); }
void SimulatedDisk::Poke(const std::string& path, const std::string& bytes) {
  state_->Poke(path, bytes);
}

absl::StatusOr<std::unique_ptr<File>> SimulatedDisk::Open(const std::string& path, FileMode mode) {
  const bool must_be_new = mode == FileMode::kCreateNew;
  DiskNodePtr node;
  const ErrorNumber failed =
      state_->Open(path, must_be_new || mode == FileMode::kCreate, must_be_new, &node);
  if (failed != 0) return StatusOf(failed, "cannot open", path);
  return std::make_unique<SimulatedFile>(state_.get(), std::move(node), path);
}

bool SimulatedDisk::Exists(const std::string& path) { return state_->Find(path) != nullptr; }

std::int64_t SimulatedDisk::SizeOf(const std::string& path) {
  const DiskNodePtr node = state_->Find(path);
  return node == nullptr ? 0 : static_cast<std::int64_t>(state_->SizeOf(node));
}

absl::StatusOr<std::vector<std::string>> SimulatedDisk::List(const std::string& dir) {
  if (!Exists(dir)) return StatusOf(ENOENT, "cannot read", dir);
  return state_->List(dir);
}

absl::Status SimulatedDisk::MakeDirectory(const std::string& dir) {
  return StatusOf(state_->MakeDirectory(dir), "cannot make the directory", dir);
}

absl::Status SimulatedDisk::Rename(const std::string& from, const std::string& to) {
  const ErrorNumber failed = state_->Rename(from, to);
  if (failed == EEXIST) {
    return MakeError(ErrorReason::kInvalidRequest, absl::StrCat(to, " is there already"));
  }
  return StatusOf(failed, "cannot rename", from);
}

absl::Status SimulatedDisk::Remove(const std::string& path) {
  return StatusOf(state_->Remove(path), "cannot remove", path);
}

absl::Status SimulatedDisk::SyncDirectory(const std::string& dir) {
  return StatusOf(state_->SyncDirectory(dir), "cannot sync", dir);
}

std::string SimulatedDisk::sqlite_vfs() const { return vfs_->name; }

}  // namespace netstackd::storage
