#include "server/watch/loader.h"

#include "server/watch/images.h"

namespace netstackd::watch {

template <typename T>
bool Loader::ReadKind(const core::State& state, codec::ObjectKind kind, std::size_t* left) {
  if (at_.kind > kind) return true;
  if (at_.kind < kind) at_ = {kind, 0};
  const core::Table<T>& table = state.table<T>();
  for (auto row = table.upper_bound(decltype(T::uid)(at_.uid)); row != table.end(); ++row) {
    if (*left == 0) return false;
    --*left;
    at_.uid = row->first.value();
    images_[at_] = row->second;
  }
  return true;
}

bool Loader::Read() {
  return executor_->Read([this](const core::State& state, executor::Revision revision) {
    if (!begun_) noted_ = revision;
    begun_ = true;
    last_ = revision;
    std::size_t left = kSlice;
    return ReadKind<core::Group>(state, codec::ObjectKind::kGroup, &left) &&
           ReadKind<core::Interface>(state, codec::ObjectKind::kInterface, &left) &&
           ReadKind<core::Address>(state, codec::ObjectKind::kAddress, &left) &&
           ReadKind<core::ArpEntry>(state, codec::ObjectKind::kArpEntry, &left);
  });
}

void Loader::Note(const executor::Change& change) {
  if (change.record->revision != noted_ + 1) return;
  noted_ = change.record->revision;
  for (const core::Delta& delta : change.deltas) images_[codec::KeyOf(delta)] = AfterOf(delta);
}

bool Loader::Fold() {
  for (std::size_t i = 0; i < kSlice && !images_.empty(); ++i) {
    const auto row = images_.begin();
    SetImage(state_, row->first, row->second);
    images_.erase(row);
  }
  return images_.empty();
}

}  // namespace netstackd::watch
