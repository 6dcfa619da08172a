// The objects of a watch as they are, kept up to date from its messages.
#ifndef NETSTACKD_WATCH_MIRROR_H_
#define NETSTACKD_WATCH_MIRROR_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "netstackd/v1/watch.pb.h"

namespace netstackd {

// One object that changed, with what was known of it.
struct WatchedChange {
  v1::Event::Type type = v1::Event::TYPE_UNSPECIFIED;
  std::optional<v1::Resource> before;  // as far as it was known
  std::optional<v1::Resource> after;   // absent: deleted
  std::string cause;
  std::string old_name;  // of a rename; may be empty
  std::int64_t revision = 0;
  absl::Time time;
};

// A cache that errors do not empty: after a break, and until a new snapshot is complete, it holds
// what was true last, and `Age` tells how old that is.
//
// Not thread-safe. Bounds: what the watch selects, twice while a snapshot comes.
class WatchMirror {
 public:
  // The next message of a watch, received at `now` (Clock::Steady); what it changed.
  std::vector<WatchedChange> Apply(const v1::WatchResponse& message, absl::Duration now);

  // A snapshot was complete once.
  bool synced() const { return synced_; }
  const std::string& store_id() const { return store_id_; }
  // The objects are those of this revision.
  std::int64_t revision() const { return revision_; }
  // By uid.
  const std::map<std::string, v1::Resource>& objects() const { return objects_; }
  // Time since the server was last heard; infinite before the first message.
  absl::Duration Age(absl::Duration now) const { return now - heard_; }

 private:
  WatchedChange ApplyEvent(const v1::Event& event);
  void Rename(const std::string& from, const std::string& to);

  bool synced_ = false;
  std::string store_id_;
  std::int64_t revision_ = 0;
  std::map<std::string, v1::Resource> objects_;
  std::map<std::string, v1::Resource> coming_;  // a snapshot that is not complete
  absl::Duration heard_ = -absl::InfiniteDuration();
};

// Name and uid of an object of any kind.
const std::string& NameOf(const v1::Resource& resource);
const std::string& UidOf(const v1::Resource& resource);

}  // namespace netstackd

#endif  // NETSTACKD_WATCH_MIRROR_H_
