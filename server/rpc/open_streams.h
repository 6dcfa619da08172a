// Streams that have no end of their own: told when the server stops.
#ifndef NETSTACKD_SERVER_RPC_OPEN_STREAMS_H_
#define NETSTACKD_SERVER_RPC_OPEN_STREAMS_H_

#include <map>
#include <memory>

#include "base/mutex.h"

namespace netstackd::rpc {

class OpenStream {
 public:
  virtual ~OpenStream() = default;
  // The server stops: finish what was begun, then end with SERVER_DRAINING. From any thread, at
  // most once.
  virtual void Drain() = 0;
};

// Thread-safe. Does not keep streams alive.
class OpenStreams {
 public:
  // False: the server stops already, and nobody will call Drain.
  bool Add(const std::shared_ptr<OpenStream>& stream);
  void Remove(const OpenStream* stream);
  // Drains those that are there and refuses new ones.
  void DrainAll();

 private:
  Mutex mu_;
  std::map<const OpenStream*, std::weak_ptr<OpenStream>> streams_ ABSL_GUARDED_BY(mu_);
  bool draining_ ABSL_GUARDED_BY(mu_) = false;
};

}  // namespace netstackd::rpc

#endif  // NETSTACKD_SERVER_RPC_OPEN_STREAMS_H_
