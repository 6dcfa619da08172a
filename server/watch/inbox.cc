#include "server/watch/inbox.h"

#include <algorithm>
#include <utility>

namespace netstackd::watch {

void Inbox::NotifyLocked() {
  if (waiting_) came_.NotifyOne();
  waiting_ = false;
}

void Inbox::Published(executor::Changes changes) {
  MutexLock lock(&mu_);
  for (auto& change : changes) {
    if (dropping_ || changes_.size() >= changes_max_) {
      dropping_ = true;  // nothing is put behind a gap
      dropped_ = change->record->revision;
    } else {
      changes_.push_back(std::move(change));
    }
  }
  NotifyLocked();
}

void Inbox::Put(Letter letter) {
  MutexLock lock(&mu_);
  letters_.push_back(std::move(letter));
  NotifyLocked();
}

std::vector<Letter> Inbox::TakeLetters() {
  std::vector<Letter> letters;
  MutexLock lock(&mu_);
  letters.swap(letters_);
  return letters;
}

executor::Changes Inbox::TakeChanges(std::size_t count) {
  executor::Changes changes;
  MutexLock lock(&mu_);
  const std::size_t taken = std::min(count, changes_.size());
  changes.reserve(taken);
  for (std::size_t i = 0; i < taken; ++i) {
    changes.push_back(std::move(changes_.front()));
    changes_.pop_front();
  }
  if (changes_.empty()) dropping_ = false;
  return changes;
}

Revision Inbox::dropped() const {
  MutexLock lock(&mu_);
  return dropped_;
}

bool Inbox::Idle() const {
  MutexLock lock(&mu_);
  return letters_.empty() && changes_.empty();
}

void Inbox::Wait(absl::Duration timeout) {
  MutexLock lock(&mu_);
  if (letters_.empty() && changes_.empty() && !woken_) {
    waiting_ = true;
    came_.WaitFor(&mu_, timeout);
    waiting_ = false;
  }
  woken_ = false;
}

void Inbox::Wake() {
  MutexLock lock(&mu_);
  woken_ = true;
  NotifyLocked();
}

}  // namespace netstackd::watch
