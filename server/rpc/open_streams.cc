#include "server/rpc/open_streams.h"

#include <vector>

namespace netstackd::rpc {

bool OpenStreams::Add(const std::shared_ptr<OpenStream>& stream) {
  MutexLock lock(&mu_);
  if (!draining_) streams_[stream.get()] = stream;
  return !draining_;
}

void OpenStreams::Remove(const OpenStream* stream) {
  MutexLock lock(&mu_);
  streams_.erase(stream);
}

void OpenStreams::DrainAll() {
  std::vector<std::shared_ptr<OpenStream>> streams;
  {
    MutexLock lock(&mu_);
    draining_ = true;
    for (const auto& [key, stream] : streams_) {
      if (auto alive = stream.lock()) streams.push_back(std::move(alive));
    }
    streams_.clear();
  }
  for (const auto& stream : streams) stream->Drain();
}

}  // namespace netstackd::rpc
