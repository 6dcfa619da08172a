// What of a simulated disk is there after the power went, or after its process was killed.
#include <algorithm>
#include <utility>

#include "storage/faulty/disk_state.h"
#include "storage/files.h"

namespace netstackd::storage {
namespace {

double Chance(std::mt19937_64& random) {
  return std::uniform_real_distribution<double>(0, 1)(random);
}

// How one power loss treats what is pending.
struct Luck {
  std::size_t sector = 512;
  double survives = 0;  // each version of a sector, each change of names and sizes
  double torn = 0;      // of those that survive
  double done = 1;      // share of the changes, in their order, that could reach the medium at all
};

Luck DrawLuck(std::mt19937_64& random) {
  constexpr double kSurvives[] = {0, 0.05, 0.5, 0.9, 1};
  constexpr double kTorn[] = {0, 0, 0.1, 0.5};
  Luck luck;
  luck.sector = random() % 2 == 0 ? 512 : 4096;
  luck.survives = kSurvives[random() % std::size(kSurvives)];
  luck.torn = kTorn[random() % std::size(kTorn)];
  if (random() % 3 == 0) luck.done = Chance(random);
  return luck;
}

// One file: each sector gets any version that it ever had since the last sync.
class Survival {
 public:
  Survival(const DiskNode& node, const Luck& luck, std::mt19937_64& random)
      : luck_(luck), random_(random), written_(node.durable), medium_(node.durable) {
    size_ = node.durable.size();
    const std::size_t count =
        static_cast<std::size_t>(static_cast<double>(node.pending.size()) * luck.done + 0.999);
    for (std::size_t i = 0; i < count && i < node.pending.size(); ++i) Take(node.pending[i]);
    medium_.resize(size_, '\0');
  }
  std::string bytes() && { return std::move(medium_); }

 private:
  // A shorter size frees what was behind it, as a whole or not at all; nobody writes zeroes there.
  void Take(const PendingChange& change) {
    const std::size_t before = written_.size();
    Apply(change, &written_);
    const bool resized = written_.size() != before && Chance(random_) < luck_.survives;
    if (resized && written_.size() < before) {
      size_ = std::min(size_, written_.size());
      medium_.resize(size_);
    }
    medium_.resize(std::max(medium_.size(), written_.size()), '\0');
    if (!change.truncate) Bring(change.offset, change.offset + change.bytes.size());
    if (resized) size_ = std::max(size_, written_.size());
  }
  // Each sector of the range reaches the medium as it is now, or torn, or not.
  void Bring(std::size_t from, std::size_t to) {
    for (std::size_t at = from / luck_.sector * luck_.sector; at < to; at += luck_.sector) {
      if (Chance(random_) >= luck_.survives) continue;
      std::size_t begin = at;
      std::size_t end = std::min(at + luck_.sector, written_.size());
      if (Chance(random_) < luck_.torn) {
        const std::size_t cut = at + random_() % luck_.sector;
        (random_() % 2 == 0 ? begin : end) = std::min(cut, end);
      }
      for (std::size_t i = begin; i < end; ++i) {
        medium_[i] = written_[i];
      }
    }
  }

  const Luck luck_;
  std::mt19937_64& random_;
  std::string written_;  // with every change up to here
  std::string medium_;
  std::size_t size_ = 0;  // of the file on the medium
};

}  // namespace

class SimulatedDisk::State::Copies {
 public:
  DiskNodePtr Of(const DiskNodePtr& original) {
    if (original == nullptr) return nullptr;
    DiskNodePtr& copy = copies_[original.get()];
    if (copy == nullptr) {
      copy = std::make_shared<DiskNode>();
      copy->number = original->number;
      copy->directory = original->directory;
      copy->live = original->live;
      copy->durable = original->durable;
      copy->pending = original->pending;
    }
    return copy;
  }
  Names Of(const Names& names) {
    Names copy;
    for (const auto& [path, node] : names) copy.emplace_hint(copy.end(), path, Of(node));
    return copy;
  }

 private:
  std::map<const DiskNode*, DiskNodePtr> copies_;
};

std::unique_ptr<SimulatedDisk::State> SimulatedDisk::State::AfterKill() const {
  auto made = std::make_unique<State>(1);
  State* const copy = made.get();
  Copies copies;
  MutexLock lock(&mu_);
  MutexLock copy_lock(&copy->mu_);  // nobody else knows it yet
  copy->live_ = copies.Of(live_);
  copy->durable_ = copies.Of(durable_);
  for (const PendingName& change : pending_) {
    copy->pending_.push_back(
        {change.directory, change.removed, change.added, copies.Of(change.node)});
  }
  copy->nodes_ = nodes_;
  copy->random_ = random_;
  copy->capacity_ = capacity_;
  copy->read_only_ = read_only_;
  copy->lies_ = lies_;
  return made;
}

std::unique_ptr<SimulatedDisk::State> SimulatedDisk::State::AfterPowerLoss(
    std::mt19937_64& random) const {
  std::unique_ptr<State> made = AfterKill();
  State* const after = made.get();
  MutexLock lock(&after->mu_);
  const Luck luck = DrawLuck(random);
  Names names = after->durable_;
  for (const PendingName& change : after->pending_) {
    if (Chance(random) >= luck.survives) continue;
    if (!change.removed.empty()) names.erase(change.removed);
    if (!change.added.empty()) names[change.added] = change.node;
  }
  // In the order in which they were made: names are drawn by chance.
  std::map<std::uint64_t, DiskNodePtr> nodes;
  for (auto it = names.begin(); it != names.end();) {
    // A file whose directory is gone is gone with it.
    const bool there = it->first == "/" || names.count(DirectoryOf(it->first)) != 0;
    if (there) nodes[it->second->number] = it->second;
    it = there ? std::next(it) : names.erase(it);
  }
  for (const auto& [number, node] : nodes) {
    if (!node->directory) node->durable = Survival(*node, luck, random).bytes();
    node->live = node->durable;
    node->pending.clear();
  }
  after->live_ = names;
  after->durable_ = std::move(names);
  after->pending_.clear();
  return made;
}

}  // namespace netstackd::storage
