#include "storage/faulty/disk_state.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "storage/files.h"

namespace netstackd::storage {
namespace {

constexpr std::size_t kBlock = 4096;

DiskFile KindOf(const std::string& path) {
  const auto ends = [&path](const std::string& with) {
    return path.size() >= with.size() &&
           path.compare(path.size() - with.size(), with.size(), with) == 0;
  };
  if (ends("-wal")) return DiskFile::kWal;
  return ends(".db") ? DiskFile::kDatabase : DiskFile::kOther;
}

std::int64_t Blocks(std::size_t size) {
  return static_cast<std::int64_t>((size + kBlock - 1) / kBlock * kBlock);
}

}  // namespace

void Apply(const PendingChange& change, std::string* bytes) {
  if (change.truncate) {
    bytes->resize(change.offset, '\0');
    return;
  }
  const std::size_t end = change.offset + change.bytes.size();
  if (bytes->size() < end) bytes->resize(end, '\0');
  std::copy(change.bytes.begin(), change.bytes.end(),
            bytes->begin() + static_cast<std::ptrdiff_t>(change.offset));
}

SimulatedDisk::State::State(std::uint64_t seed) : random_(seed) {
  const auto root = std::make_shared<DiskNode>();
  root->directory = true;
  MutexLock lock(&mu_);
  live_["/"] = root;
  durable_["/"] = root;
}

void SimulatedDisk::State::Announce() {
  std::function<void()> before;
  {
    MutexLock lock(&mu_);
    before = before_;
  }
  if (before) before();
  MutexLock lock(&mu_);
  ++changes_;
}

std::optional<DiskFault> SimulatedDisk::State::Due(const std::string& path, DiskCall call) {
  ++calls_;
  if (!fault_) return std::nullopt;
  if (fault_->file && *fault_->file != KindOf(path)) return std::nullopt;
  if (fault_->call && *fault_->call != call) return std::nullopt;
  if (--fault_->nth > 0) return std::nullopt;
  ++struck_;
  const DiskFault due = *fault_;
  if (--fault_->times <= 0) fault_.reset();
  return due;
}

std::int64_t SimulatedDisk::State::Used() const {
  std::int64_t used = 0;
  for (const auto& [path, node] : live_) used += Blocks(node->live.size());
  return used;
}

ErrorNumber SimulatedDisk::State::Refused(std::int64_t growth) const {
  if (read_only_) return EROFS;
  return capacity_ && growth > 0 && Used() + growth > *capacity_ ? ENOSPC : 0;
}

DiskNodePtr SimulatedDisk::State::Make(const std::string& path, bool directory) {
  auto node = std::make_shared<DiskNode>();
  node->number = ++nodes_;
  node->directory = directory;
  ChangeName({DirectoryOf(path), "", path, node});
  return node;
}

void SimulatedDisk::State::ChangeName(PendingName change) {
  if (!change.removed.empty()) live_.erase(change.removed);
  if (!change.added.empty()) live_[change.added] = change.node;
  pending_.push_back(std::move(change));
}

ErrorNumber SimulatedDisk::State::Open(const std::string& path, bool create, bool must_be_new,
                                       DiskNodePtr* node) {
  const bool makes = create && Find(path) == nullptr;
  if (makes) Announce();
  MutexLock lock(&mu_);
  if (const auto fault = Due(path, DiskCall::kOpen)) return fault->error_number;
  const auto found = live_.find(path);
  if (found != live_.end()) {
    if (must_be_new) return EEXIST;
    if (found->second->directory) return EISDIR;
    *node = found->second;
    return 0;
  }
  if (!create || live_.count(DirectoryOf(path)) == 0) return ENOENT;
  if (const ErrorNumber refused = Refused(0)) return refused;
  *node = Make(path, false);
  return 0;
}

ErrorNumber SimulatedDisk::State::Read(const DiskNodePtr& node, const std::string& path,
                                       std::size_t offset, std::size_t limit, std::string* bytes) {
  MutexLock lock(&mu_);
  const auto fault = Due(path, DiskCall::kRead);
  if (fault && fault->data == DiskFault::Data::kNone) return fault->error_number;
  *bytes = offset < node->live.size() ? node->live.substr(offset, limit) : std::string();
  if (fault) bytes->resize(bytes->size() / 2);
  return 0;
}

void SimulatedDisk::State::Change(const DiskNodePtr& node, PendingChange change) {
  Apply(change, &node->live);
  node->pending.push_back(std::move(change));
}

ErrorNumber SimulatedDisk::State::Write(const DiskNodePtr& node, const std::string& path,
                                        std::size_t offset, const std::string& bytes) {
  Announce();
  MutexLock lock(&mu_);
  const std::size_t end = std::max(node->live.size(), offset + bytes.size());
  if (const ErrorNumber refused = Refused(Blocks(end) - Blocks(node->live.size()))) return refused;
  const auto fault = Due(path, DiskCall::kWrite);
  std::size_t size = bytes.size();
  if (fault && fault->data == DiskFault::Data::kHalf) size /= 2;
  if (fault && fault->data == DiskFault::Data::kNone) size = 0;
  if (size > 0) Change(node, {false, offset, bytes.substr(0, size)});
  return fault ? fault->error_number : 0;
}

ErrorNumber SimulatedDisk::State::Truncate(const DiskNodePtr& node, const std::string& path,
                                           std::size_t size) {
  Announce();
  MutexLock lock(&mu_);
  if (const ErrorNumber refused = Refused(Blocks(size) - Blocks(node->live.size()))) return refused;
  const auto fault = Due(path, DiskCall::kTruncate);
  if (!fault || fault->data == DiskFault::Data::kAll) Change(node, {true, size, ""});
  return fault ? fault->error_number : 0;
}

void SimulatedDisk::State::FailSync(const DiskNodePtr& node, const DiskFault& fault) {
  std::size_t reach = node->pending.size();
  if (fault.data == DiskFault::Data::kHalf) reach /= 2;
  if (fault.data == DiskFault::Data::kNone) reach = 0;
  for (std::size_t i = 0; i < reach; ++i) Apply(node->pending[i], &node->durable);
  node->pending.clear();
  if (!fault.stays_cached) node->live = node->durable;
}

ErrorNumber SimulatedDisk::State::Sync(const DiskNodePtr& node, const std::string& path) {
  Announce();
  MutexLock lock(&mu_);
  if (const auto fault = Due(path, DiskCall::kSync)) {
    FailSync(node, *fault);
    return fault->error_number;
  }
  const auto kind = static_cast<std::size_t>(KindOf(path));
  ++syncs_[kind];
  if (lies_[kind]) return 0;
  for (const PendingChange& change : node->pending) Apply(change, &node->durable);
  node->pending.clear();
  return 0;
}

ErrorNumber SimulatedDisk::State::MakeDirectory(const std::string& path) {
  const DiskNodePtr found = Find(path);
  if (found != nullptr) return found->directory ? 0 : EEXIST;
  Announce();
  MutexLock lock(&mu_);
  if (const auto fault = Due(path, DiskCall::kOpen)) return fault->error_number;
  if (live_.count(DirectoryOf(path)) == 0) return ENOENT;
  if (const ErrorNumber refused = Refused(0)) return refused;
  Make(path, true);
  return 0;
}

ErrorNumber SimulatedDisk::State::Rename(const std::string& from, const std::string& to) {
  Announce();
  MutexLock lock(&mu_);
  if (const auto fault = Due(from, DiskCall::kRename)) return fault->error_number;
  if (live_.count(to) != 0) return EEXIST;
  const auto found = live_.find(from);
  if (found == live_.end()) return ENOENT;
  if (const ErrorNumber refused = Refused(0)) return refused;
  ChangeName({DirectoryOf(to), from, to, found->second});
  return 0;
}

ErrorNumber SimulatedDisk::State::Remove(const std::string& path) {
  if (Find(path) == nullptr) return ENOENT;
  Announce();
  MutexLock lock(&mu_);
  if (const auto fault = Due(path, DiskCall::kDelete)) return fault->error_number;
  if (const ErrorNumber refused = Refused(0)) return refused;
  ChangeName({DirectoryOf(path), path, "", nullptr});
  return 0;
}

ErrorNumber SimulatedDisk::State::SyncDirectory(const std::string& path) {
  Announce();
  MutexLock lock(&mu_);
  if (const auto fault = Due(path, DiskCall::kSyncDirectory)) return fault->error_number;
  if (live_.count(path) == 0) return ENOENT;
  std::vector<PendingName> left;
  for (PendingName& change : pending_) {
    if (change.directory != path) {
      left.push_back(std::move(change));
      continue;
    }
    if (!change.removed.empty()) durable_.erase(change.removed);
    if (!change.added.empty()) durable_[change.added] = change.node;
  }
  pending_ = std::move(left);
  return 0;
}

ErrorNumber SimulatedDisk::State::LockFault(const std::string& path) {
  MutexLock lock(&mu_);
  const auto fault = Due(path, DiskCall::kLock);
  return fault ? fault->error_number : 0;
}

DiskNodePtr SimulatedDisk::State::Find(const std::string& path) const {
  MutexLock lock(&mu_);
  const auto found = live_.find(path);
  return found == live_.end() ? nullptr : found->second;
}

std::size_t SimulatedDisk::State::SizeOf(const DiskNodePtr& node) const {
  MutexLock lock(&mu_);
  return node->live.size();
}

std::vector<std::string> SimulatedDisk::State::List(const std::string& dir) const {
  std::vector<std::string> names;
  MutexLock lock(&mu_);
  for (const auto& [path, node] : live_) {
    if (path != "/" && DirectoryOf(path) == dir) names.push_back(path.substr(path.rfind('/') + 1));
  }
  return names;
}

std::uint64_t SimulatedDisk::State::Draw() {
  MutexLock lock(&mu_);
  return random_();
}

void SimulatedDisk::State::Set(const std::optional<DiskFault>& fault) {
  MutexLock lock(&mu_);
  fault_ = fault;
  struck_ = 0;
}

int SimulatedDisk::State::struck() const {
  MutexLock lock(&mu_);
  return struck_;
}

void SimulatedDisk::State::SetCapacity(std::optional<std::int64_t> bytes) {
  MutexLock lock(&mu_);
  capacity_ = bytes;
}

std::int64_t SimulatedDisk::State::used() const {
  MutexLock lock(&mu_);
  return Used();
}

void SimulatedDisk::State::SetReadOnly(bool read_only) {
  MutexLock lock(&mu_);
  read_only_ = read_only;
}

void SimulatedDisk::State::LieAboutSyncs(DiskFile file) {
  MutexLock lock(&mu_);
  lies_[static_cast<std::size_t>(file)] = true;
}

void SimulatedDisk::State::OnChange(std::function<void()> before) {
  MutexLock lock(&mu_);
  before_ = std::move(before);
}

std::uint64_t SimulatedDisk::State::changes() const {
  MutexLock lock(&mu_);
  return changes_;
}

std::uint64_t SimulatedDisk::State::calls() const {
  MutexLock lock(&mu_);
  return calls_;
}

int SimulatedDisk::State::syncs(DiskFile file) const {
  MutexLock lock(&mu_);
  return syncs_[static_cast<std::size_t>(file)];
}

std::string SimulatedDisk::State::Peek(const std::string& path) const {
  const DiskNodePtr node = Find(path);
  if (node == nullptr) return "";
  MutexLock lock(&mu_);
  return node->live;
}

void SimulatedDisk::State::Poke(const std::string& path, const std::string& bytes) {
  MutexLock lock(&mu_);
  const auto found = live_.find(path);
  DiskNodePtr node = found != live_.end() ? found->second : Make(path, false);
  node->live = bytes;
  node->durable = bytes;
  node->pending.clear();
  durable_[path] = std::move(node);
}

}  // namespace netstackd::storage
