// "Only this thread may touch it", proved by clang like any other lock.
#ifndef NETSTACKD_BASE_THREAD_ROLE_H_
#define NETSTACKD_BASE_THREAD_ROLE_H_

#include "absl/base/thread_annotations.h"

namespace netstackd {

// A lock nobody waits for: the one thread that plays the role "holds" it for its whole life.
class ABSL_LOCKABLE ThreadRole {
 public:
  void Enter() ABSL_EXCLUSIVE_LOCK_FUNCTION() {}
  void Leave() ABSL_UNLOCK_FUNCTION() {}
};

class ABSL_SCOPED_LOCKABLE ThreadRoleScope {
 public:
  explicit ThreadRoleScope(ThreadRole* role) ABSL_EXCLUSIVE_LOCK_FUNCTION(role) : role_(role) {
    role_->Enter();
  }
  ~ThreadRoleScope() ABSL_UNLOCK_FUNCTION() { role_->Leave(); }
  ThreadRoleScope(const ThreadRoleScope&) = delete;
  ThreadRoleScope& operator=(const ThreadRoleScope&) = delete;

 private:
  ThreadRole* const role_;
};

}  // namespace netstackd

#endif  // NETSTACKD_BASE_THREAD_ROLE_H_
