// Records to write, and everything that a journal holds, for tests.
#ifndef NETSTACKD_STORAGE_TESTING_JOURNAL_CONTENT_H_
#define NETSTACKD_STORAGE_TESTING_JOURNAL_CONTENT_H_

#include <map>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "storage/journal.h"

namespace netstackd::storage {

inline void PrintTo(const Record& record, std::ostream* out) {
  *out << "record " << record.revision << " of " << record.principal << " \"" << record.comment
       << "\", " << BytesOf(record) << " bytes";
}

}  // namespace netstackd::storage

namespace netstackd::storage::testing_support {

// A record whose every field depends on its revision and on `tag`.
inline Record MakeRecord(Revision revision, const std::string& tag = "") {
  const std::string number = std::to_string(revision);
  Record record;
  record.revision = revision;
  record.time = absl::FromUnixMicros(1'700'000'000'000'000 + revision);
  record.principal = "uid:" + number;
  record.method = "/netstackd.v1.GroupService/CreateGroup";
  record.peer = revision % 2 == 0 ? "unix:" : "";
  record.user_agent = "ipmpctl/" + number;
  record.request_id = "id-" + number;
  record.request_hash = std::string("\0\x01\xFF", 3) + number;
  record.answer = "answer" + tag + std::string(static_cast<std::size_t>(revision % 97), 'a');
  record.comment = "comment " + tag;
  record.deltas = "deltas" + number + std::string(static_cast<std::size_t>(revision % 301), 'd');
  return record;
}

inline std::vector<Record> MakeRecords(Revision first, int count, const std::string& tag = "") {
  std::vector<Record> records;
  for (int i = 0; i < count; ++i) records.push_back(MakeRecord(first + i, tag));
  return records;
}

// What Load gives.
struct Content {
  using Image = std::pair<Revision, std::optional<std::string>>;
  std::map<std::string, Image> objects;
  std::vector<Record> records;

  bool operator==(const Content&) const = default;
};

inline absl::StatusOr<Content> ContentOf(Journal& journal) {
  Content content;
  const absl::Status status =
      journal.Load({[&content](Object object) {
                      content.objects[object.key] = {object.revision, object.body};
                      return absl::OkStatus();
                    },
                    [&content](Record record) {
                      content.records.push_back(std::move(record));
                      return absl::OkStatus();
                    }});
  if (!status.ok()) return status;
  return content;
}

}  // namespace netstackd::storage::testing_support

#endif  // NETSTACKD_STORAGE_TESTING_JOURNAL_CONTENT_H_
