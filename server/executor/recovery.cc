#include "server/executor/recovery.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/container/btree_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/error.h"
#include "base/status_macros.h"
#include "core/apply.h"
#include "server/codec/journal_codec.h"

namespace netstackd::executor {
namespace {

absl::Status Corrupt(const std::string& what) {
  return MakeError(ErrorReason::kJournalCorrupt, absl::StrCat(what, "; restore a backup"));
}

// Rebuilds one state from one load.
class Recovery {
 public:
  Recovery(const storage::Extent& extent, const RecordVisitor& visit)
      : floor_(extent.floor), visit_(visit) {
    found_.revision = extent.head;
  }

  absl::Status AddObject(const storage::Object& object) {
    ++found_.objects;
    NSD_ASSIGN_OR_RETURN(const codec::ObjectKey key, codec::DecodeKey(object.key));
    if (object.revision > floor_) ahead_[key] = object.revision;
    if (!object.body) return absl::OkStatus();
    Note(*object.body);
    NSD_ASSIGN_OR_RETURN(codec::AnyImage image, codec::DecodeImage(*object.body));
    if (codec::KeyOf(image) != key) return Corrupt("an image lies under the key of another object");
    return std::visit([this](auto& whole) { return AddImage(std::move(whole)); }, image);
  }

  absl::Status AddRecord(storage::Record record) {
    ++found_.records;
    Note(record.deltas);
    std::vector<core::Delta> deltas;
    if (record.revision > floor_) {
      NSD_ASSIGN_OR_RETURN(deltas, codec::DecodeDeltas(record.deltas));
      for (const core::Delta& delta : deltas) {
        NSD_RETURN_IF_ERROR(std::visit(
            [this, &record](const auto& change) { return FoldChange(change, record.revision); },
            delta));
      }
    }
    if (visit_ != nullptr) visit_(std::move(record), deltas);
    return absl::OkStatus();
  }

  absl::StatusOr<RecoveredState> Finish() {
    found_.state = std::move(builder_).Build();
    const std::vector<std::string> broken = core::CheckInvariants(found_.state);
    if (!broken.empty()) {
      return MakeError(ErrorReason::kJournalCorrupt,
                       absl::StrCat("the recovered state is not possible: ",
                                    absl::StrJoin(broken, "; "), "; restore a backup"),
                       {{"invariants", std::to_string(broken.size())}});
    }
    return std::move(found_);
  }

 private:
  void Note(const std::string& bytes) {
    found_.format = std::max(found_.format, codec::FormatOf(bytes));
  }

  template <typename T>
  absl::Status AddImage(core::Image<T> image) {
    if (builder_.Find<T>(image->uid) != nullptr) {
      return Corrupt("the object table has an object twice");
    }
    builder_.Put<T>(std::move(image));
    return absl::OkStatus();
  }

  template <typename T>
  absl::Status FoldChange(const core::Change<T>& change, storage::Revision revision) {
    const codec::ObjectKey key = codec::KeyOf(core::Delta(change));
    const auto ahead = ahead_.find(key);
    if (ahead != ahead_.end() && ahead->second >= revision) return absl::OkStatus();
    const auto uid = change.after != nullptr ? change.after->uid : change.before->uid;
    const T* present = builder_.Find<T>(uid);
    const bool fits = present == nullptr || change.before == nullptr
                          ? present == nullptr && change.before == nullptr
                          : *present == *change.before;
    if (!fits) {
      return Corrupt(
          absl::StrCat("revision ", revision, " does not begin where the one before it ended"));
    }
    if (change.after != nullptr) {
      builder_.Put<T>(change.after);
    } else {
      builder_.Erase<T>(uid);
    }
    return absl::OkStatus();
  }

  const storage::Revision floor_;
  const RecordVisitor& visit_;
  RecoveredState found_;
  core::StateBuilder builder_;
  // Objects whose image in the table is newer than the floor.
  absl::btree_map<codec::ObjectKey, storage::Revision> ahead_;
};

}  // namespace

absl::StatusOr<RecoveredState> Recover(storage::Journal& journal, const RecordVisitor& visit) {
  Recovery recovery(journal.extent(), visit);
  storage::LoadSink sink;
  sink.object = [&recovery](const storage::Object& object) { return recovery.AddObject(object); };
  sink.record = [&recovery](storage::Record record) {
    return recovery.AddRecord(std::move(record));
  };
  NSD_RETURN_IF_ERROR(journal.Load(sink));
  return recovery.Finish();
}

}  // namespace netstackd::executor
