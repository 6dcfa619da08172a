// What one revision did to every object that looks different after it.
#ifndef NETSTACKD_SERVER_WATCH_REVISION_EVENTS_H_
#define NETSTACKD_SERVER_WATCH_REVISION_EVENTS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "netstackd/v1/watch.pb.h"
#include "server/watch/selection.h"
#include "server/watch/views.h"
#include "storage/journal.h"

namespace netstackd::watch {

using storage::Revision;

// One state of one object, rendered when it is asked for, at most once.
// Threads  One at a time.
class Rendering {
 public:
  explicit Rendering(View view) : view_(std::move(view)) {}

  bool exists() const { return Exists(view_); }
  const View& view() const { return view_; }
  // Of an object that exists: an encoded v1::Object; its full name.
  const std::string& bytes();
  const std::string& name();
  // It exists, and the selection wants it.
  bool Fits(Kind kind, const Selection& selection);
  // Forgets what only helps to decide Fits.
  void Settle() { message_.reset(); }

 private:
  const v1::Resource& message();

  const View view_;
  std::string bytes_;
  std::string name_;
  std::unique_ptr<v1::Resource> message_;
};

// One object in one revision: its message differs before and after.
struct ObjectEvent {
  ObjectEvent(const Key& of, View old_view, View new_view)
      : key(of), before(std::move(old_view)), after(std::move(new_view)) {}

  // What a selection sees of it; nullopt: nothing.
  std::optional<v1::Event::Type> TypeFor(const Selection& selection);

  const Key key;
  Rendering before;
  Rendering after;
};
using ObjectEvents = std::vector<std::shared_ptr<ObjectEvent>>;

// A group with another name, and the objects that show the name and have no event of their own.
// They get one only where the rename itself is not seen: see WatchService in watch.proto.
struct Renamed {
  std::shared_ptr<ObjectEvent> group;
  ObjectEvents dependents;
};

// Shared by all watches; rendered as far as somebody wants it. Threads: one at a time.
class RevisionEvents {
 public:
  // `dependents_known`: the dependents of every rename are listed.
  RevisionEvents(std::shared_ptr<const storage::Record> record, std::size_t changed,
                 ObjectEvents events, std::vector<Renamed> renames, bool dependents_known);

  Revision revision() const { return record_->revision; }
  const ObjectEvents& events() const { return events_; }
  const std::vector<Renamed>& renames() const { return renames_; }
  // Whether a selection can be served from here.
  bool Suffices(const Selection& selection) const;
  // An estimate of the memory in use.
  std::size_t bytes() const { return bytes_; }

  // An event as a selection sees it.
  struct Seen {
    v1::Event::Type type;
    std::shared_ptr<ObjectEvent> event;
  };
  std::vector<Seen> SeenBy(const Selection& selection) const;
  // Fields `events` of a batch; the transaction first if the selection wants it.
  std::string EncodeTransaction();
  std::string Encode(const Seen& seen, const Selection& selection) const;
  // Fields `revision`, `commit_time` and `principal` of a batch.
  const std::string& header();
  void Settle();

 private:
  const std::shared_ptr<const storage::Record> record_;
  const std::size_t changed_;
  const ObjectEvents events_;
  const std::vector<Renamed> renames_;
  const bool dependents_known_;
  const std::string cause_;
  const std::size_t bytes_;
  std::string header_;
};

// Whether a selection needs the dependents of renames: it may not see the rename, or it has an
// expression, which can depend on the name.
bool NeedsDependents(const Selection& selection);

// Appends the field `events` of a batch.
void AppendEvent(v1::Event::Type type, const std::string& object, const std::string* previous,
                 const std::string& cause, const std::string& old_name, std::string* to);

}  // namespace netstackd::watch

#endif  // NETSTACKD_SERVER_WATCH_REVISION_EVENTS_H_
