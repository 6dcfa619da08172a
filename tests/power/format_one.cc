#include "tests/power/format_one.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "netstackd/journal/v1/delta.pb.h"
#include "netstackd/journal/v1/image.pb.h"
#include "server/codec/journal_codec.h"
#include "storage/testing/journal_content.h"

namespace netstackd::power {
namespace {

namespace pb = ::netstackd::journal::v1;

// Nothing in it is younger than that format.
pb::Image GroupImage(storage::Revision revision) {
  pb::Image image;
  image.set_format(1);
  pb::Group* group = image.mutable_group();
  group->set_uid(static_cast<std::uint64_t>(revision) << 28);
  group->set_zone(1);
  group->set_name(absl::StrCat("g", revision));
  group->set_interface_name(group->name());
  group->mutable_spec()->set_ipv4(true);
  group->mutable_meta()->set_create_revision(revision);
  group->mutable_meta()->set_update_revision(revision);
  group->mutable_meta()->set_generation(1);
  group->mutable_ipv4_side();
  return image;
}

}  // namespace

absl::Status FillWithFormatOne(storage::Journal& journal) {
  std::vector<storage::Record> records;
  std::vector<storage::Object> objects;
  for (storage::Revision revision = 1; revision <= kFormatOneHead; ++revision) {
    const pb::Image image = GroupImage(revision);
    pb::DeltaList deltas;
    deltas.set_format(1);
    *deltas.add_deltas()->mutable_after() = image;
    storage::Record record = storage::testing_support::MakeRecord(revision);
    record.deltas = deltas.SerializeAsString();
    records.push_back(std::move(record));
    if (revision == kFormatOneHead) break;
    objects.push_back({codec::EncodeKey({codec::ObjectKind::kGroup, image.group().uid()}), revision,
                       image.SerializeAsString()});
  }
  NSD_RETURN_IF_ERROR(journal.Append(0, records));
  return journal.Checkpoint(objects, kFormatOneHead - 1);
}

}  // namespace netstackd::power
