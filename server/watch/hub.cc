#include "server/watch/hub.h"

#include <utility>

#include "base/thread_role.h"
#include "server/watch/fanout.h"

namespace netstackd::watch {

// Ownership  Owns the thread and what it works on.
class Hub::Loop {
 public:
  Loop(const Options& options, executor::Executor* executor, std::shared_ptr<Inbox> inbox)
      : inbox_(inbox), fanout_(options, executor, std::move(inbox)), thread_([this] { Run(); }) {}

  // After the letter Draining: returns when every watch is ended.
  ~Loop() {
    stopping_ = true;
    inbox_->Wake();
    thread_.join();
  }

 private:
  void Run() {
    const ThreadRoleScope scope(&role_);
    while (true) {
      const bool last = stopping_;
      const absl::Duration wait = fanout_.Step();
      if (last && fanout_.watchers() == 0) return;
      if (wait > absl::ZeroDuration()) inbox_->Wait(wait);
    }
  }

  const std::shared_ptr<Inbox> inbox_;
  ThreadRole role_;
  Fanout fanout_ ABSL_GUARDED_BY(role_);
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

Hub::Hub(const Options& options, executor::Executor* executor)
    : inbox_(std::make_shared<Inbox>(options.changes_max)),
      loop_(std::make_unique<Loop>(options, executor, inbox_)) {}

Hub::~Hub() {
  Drain();
  loop_.reset();
}

void Hub::Open(WatchId id, WatchRequest request, Sink* sink) {
  inbox_->Put(Opened{id, std::move(request), sink});
}

void Hub::Sent(WatchId id, bool ok) { inbox_->Put(watch::Sent{id, ok}); }

void Hub::Close(WatchId id) { inbox_->Put(Gone{id}); }

void Hub::Drain() { inbox_->Put(Draining{}); }

}  // namespace netstackd::watch
