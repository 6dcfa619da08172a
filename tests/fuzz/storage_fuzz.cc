// What recovery finds on the disk: any bytes as the side file REVISION, any rows in the journal.
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "netstackd/journal/v1/delta.pb.h"
#include "server/codec/journal_codec.h"
#include "server/executor/recovery.h"
#include "server/executor/testing/requests.h"
#include "storage/file_system.h"
#include "storage/memory/memory_journal.h"
#include "storage/sqlite/revision_file.h"
#include "storage/store_id.h"
#include "storage/testing/journal_files.h"
#include "storage/testing/temporary_directory.h"
#include "tests/fuzz/generator/request_generator.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/mutations.h"

namespace netstackd::fuzz {
namespace {

using executor::testing_support::BytesOf;
using storage::sqlite::RevisionFile;

void CheckRevisionFile(Input* input) {
  static const storage::testing_support::TemporaryDirectory kDirectory;
  const std::string path = kDirectory.path() + "/REVISION";
  std::string bytes = input->Rest();
  storage::testing_support::WriteWhole(path, bytes);
  auto file = RevisionFile::Open(storage::FileSystem::Real(), path);
  Require(file.ok(), "a damaged file is a file without a valid slot");
  const storage::sqlite::Acknowledged next = {storage::NewStoreId(), 77};
  Require(file->Write(next).ok() && file->Sync().ok(), "a damaged file can be written");
  const auto again = RevisionFile::Open(storage::FileSystem::Real(), path);
  Require(again.ok() && again->found().has_value(), "what was written is found");
  Require(again->found()->revision == 77 && again->found()->store_id == next.store_id,
          "the newest slot is the one written last");
}

// Those of a real history, some of them with a field that is not what it was.
std::vector<std::string> DisturbedDeltas(Input* input) {
  static const auto* const kWorld = new std::vector<std::string>(WorldDeltas());
  std::vector<std::string> all = *kWorld;
  RequestGenerator generator(input);
  for (unsigned n = input->Below(4) + 1; n > 0; --n) {
    std::string& bytes = input->Pick(all);
    journal::v1::DeltaList list;
    Require(list.ParseFromString(bytes), "what we wrote can be parsed");
    generator.Disturb(&list);
    bytes = list.SerializeAsString();
  }
  return all;
}

std::string AnyDeltas(Input* input) {
  if (input->Chance(16)) return input->Bytes(input->Byte());
  journal::v1::DeltaList list;
  RequestGenerator(input).Fill(&list);
  list.set_format(1);
  for (auto& delta : *list.mutable_deltas()) {
    if (delta.has_before()) delta.mutable_before()->set_format(1);
    if (delta.has_after()) delta.mutable_after()->set_format(1);
  }
  return list.SerializeAsString();
}

storage::Object AnyObject(std::int64_t revision, Input* input) {
  storage::Object object;
  object.revision = revision;
  journal::v1::Image image;
  RequestGenerator(input).Fill(&image);
  image.set_format(1);
  object.body = image.SerializeAsString();
  object.key = input->Bytes(9);
  const auto decoded = codec::DecodeImage(*object.body);
  if (decoded.ok() && !input->Chance(16)) object.key = codec::EncodeKey(codec::KeyOf(*decoded));
  if (input->Chance(16)) object.body.reset();
  return object;
}

void CheckRecovery(Input* input) {
  storage::MemoryJournal journal;
  std::vector<std::string> deltas;
  if (input->Flip()) {
    deltas = DisturbedDeltas(input);
  } else {
    for (unsigned n = input->Below(4) + 1; n > 0; --n) deltas.push_back(AnyDeltas(input));
  }
  std::vector<storage::Record> records(deltas.size());
  for (std::size_t i = 0; i < records.size(); ++i) {
    records[i].revision = static_cast<std::int64_t>(i) + 1;
    records[i].principal = "uid:7";
    records[i].deltas = std::move(deltas[i]);
  }
  Require(journal.Append(0, records).ok(), "rows can be appended");
  // Without a checkpoint every row is folded.
  std::vector<storage::Object> objects;
  for (unsigned n = input->Below(4); n > 0; --n) {
    objects.push_back(AnyObject(1 + static_cast<std::int64_t>(input->Below(2)), input));
  }
  const auto floor = static_cast<std::int64_t>(input->Below(records.size() + 1));
  const bool checkpoint = !objects.empty() || floor > 0;
  if (checkpoint && !journal.Checkpoint(objects, floor).ok()) return;
  const auto found = executor::Recover(journal);
  if (!found.ok()) {
    Require(ReasonOf(found.status()) == ErrorReason::kJournalCorrupt,
            "what cannot be recovered is JOURNAL_CORRUPT");
    return;
  }
  const auto again = executor::Recover(journal);
  Require(again.ok() && BytesOf(again->state) == BytesOf(found->state),
          "recovery finds the same again");
  Require(core::CheckInvariants(found->state).empty(), "what is recovered is possible");
}

}  // namespace
}  // namespace netstackd::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  netstackd::fuzz::Input input(data, size);
  if (input.Chance(32)) {
    netstackd::fuzz::CheckRevisionFile(&input);
  } else {
    netstackd::fuzz::CheckRecovery(&input);
  }
  return 0;
}
