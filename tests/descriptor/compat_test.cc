#include "tests/descriptor/compat.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/descriptor/schema.h"

namespace netstackd::descriptor {
namespace {

using google::protobuf::DescriptorProto;
using google::protobuf::FieldDescriptorProto;
using google::protobuf::FileDescriptorSet;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// zone.proto: message Zone {string name = 1; optional int64 size = 2; enum State {...}}, a service.
FileDescriptorSet Sample() {
  return ParseLock(R"pb(
    file {
      name: "netstackd/v1/zone.proto"
      package: "netstackd.v1"
      message_type {
        name: "Zone"
        field { name: "name" number: 1 label: LABEL_OPTIONAL type: TYPE_STRING }
        field {
          name: "size"
          number: 2
          label: LABEL_OPTIONAL
          type: TYPE_INT64
          oneof_index: 0
          proto3_optional: true
        }
        enum_type {
          name: "State"
          value { name: "STATE_UNSPECIFIED" number: 0 }
          value { name: "STATE_READY" number: 1 }
        }
        oneof_decl { name: "_size" }
        reserved_range { start: 5 end: 7 }
        reserved_name: "title"
      }
      service {
        name: "ZoneService"
        method { name: "Get" input_type: ".netstackd.v1.Zone" output_type: ".netstackd.v1.Zone" }
      }
    }
    file {
      name: "google/rpc/status.proto"
      package: "google.rpc"
      message_type { name: "Status" }
    }
  )pb");
}

DescriptorProto& ZoneOf(FileDescriptorSet& set) {
  return *set.mutable_file(0)->mutable_message_type(0);
}

TEST(CompareTest, SameFilesDoNotDiffer) {
  const Differences differences = Compare(Sample(), Sample());
  EXPECT_THAT(differences.breaking, IsEmpty());
  EXPECT_THAT(differences.added, IsEmpty());
}

TEST(CompareTest, NewFieldIsAnAddition) {
  FileDescriptorSet now = Sample();
  FieldDescriptorProto& field = *ZoneOf(now).add_field();
  field.set_name("agent");
  field.set_number(3);
  field.set_label(FieldDescriptorProto::LABEL_REPEATED);
  field.set_type(FieldDescriptorProto::TYPE_STRING);
  const Differences differences = Compare(Sample(), now);
  EXPECT_THAT(differences.breaking, IsEmpty());
  EXPECT_THAT(differences.added,
              ElementsAre("field 3 of netstackd.v1.Zone: repeated TYPE_STRING agent"));
}

TEST(CompareTest, RemovedFieldBreaksEvenIfItsNumberIsReserved) {
  FileDescriptorSet now = Sample();
  ZoneOf(now).mutable_field()->DeleteSubrange(0, 1);
  auto& range = *ZoneOf(now).add_reserved_range();
  range.set_start(1);
  range.set_end(2);
  EXPECT_THAT(Compare(Sample(), now).breaking,
              ElementsAre("field 1 of netstackd.v1.Zone: was TYPE_STRING name, is gone"));
}

TEST(CompareTest, NumberUsedForAnotherFieldBreaks) {
  FileDescriptorSet now = Sample();
  ZoneOf(now).mutable_field(0)->set_name("label");
  ZoneOf(now).mutable_field(0)->set_type(FieldDescriptorProto::TYPE_BYTES);
  EXPECT_THAT(
      Compare(Sample(), now).breaking,
      ElementsAre("field 1 of netstackd.v1.Zone: was TYPE_STRING name, is TYPE_BYTES label"));
}

TEST(CompareTest, FieldThatLosesItsPresenceBreaks) {
  FileDescriptorSet now = Sample();
  ZoneOf(now).mutable_field(1)->clear_proto3_optional();
  ZoneOf(now).mutable_field(1)->clear_oneof_index();
  ZoneOf(now).clear_oneof_decl();
  EXPECT_THAT(
      Compare(Sample(), now).breaking,
      ElementsAre(
          "field 2 of netstackd.v1.Zone: was optional TYPE_INT64 size, is TYPE_INT64 size"));
}

TEST(CompareTest, FieldThatMovesIntoAOneofBreaks) {
  FileDescriptorSet now = Sample();
  ZoneOf(now).add_oneof_decl()->set_name("kind");
  ZoneOf(now).mutable_field(0)->set_oneof_index(1);
  EXPECT_THAT(Compare(Sample(), now).breaking,
              ElementsAre("field 1 of netstackd.v1.Zone: was TYPE_STRING name, "
                          "is TYPE_STRING name of oneof kind"));
}

TEST(CompareTest, ReservedNumbersAndNamesStayReserved) {
  FileDescriptorSet now = Sample();
  ZoneOf(now).mutable_reserved_range(0)->set_end(6);
  ZoneOf(now).clear_reserved_name();
  EXPECT_THAT(Compare(Sample(), now).breaking,
              ElementsAre("reserved field 6 of netstackd.v1.Zone: was reserved, is gone",
                          "reserved name title of netstackd.v1.Zone: was reserved, is gone"));
}

TEST(CompareTest, RenamedEnumValueBreaks) {
  FileDescriptorSet now = Sample();
  ZoneOf(now).mutable_enum_type(0)->mutable_value(1)->set_name("STATE_DONE");
  EXPECT_THAT(Compare(Sample(), now).breaking,
              ElementsAre("value 1 of netstackd.v1.Zone.State: was STATE_READY, is STATE_DONE"));
}

TEST(CompareTest, RpcThatBecomesAStreamBreaks) {
  FileDescriptorSet now = Sample();
  now.mutable_file(0)->mutable_service(0)->mutable_method(0)->set_server_streaming(true);
  EXPECT_THAT(Compare(Sample(), now).breaking,
              ElementsAre("rpc netstackd.v1.ZoneService.Get: was (.netstackd.v1.Zone) -> "
                          "(.netstackd.v1.Zone), is (.netstackd.v1.Zone) -> "
                          "(stream .netstackd.v1.Zone)"));
}

TEST(CompareTest, FilesOfOthersDoNotMatter) {
  FileDescriptorSet now = Sample();
  now.mutable_file()->RemoveLast();
  EXPECT_THAT(Compare(Sample(), now).breaking, IsEmpty());
}

TEST(CompareTest, MovingAMessageToAnotherFileDoesNotMatter) {
  FileDescriptorSet now = Sample();
  now.mutable_file(0)->set_name("netstackd/v1/realm.proto");
  EXPECT_THAT(Compare(Sample(), now).breaking, IsEmpty());
}

TEST(ProtoLockTest, NothingBreaks) {
  const FileDescriptorSet locked = ParseLock(ReadText(NETSTACKD_PROTO_LOCK));
  ASSERT_GT(locked.file_size(), 0);
  EXPECT_THAT(Compare(locked, ReadWireSet(NETSTACKD_PROTOSET)).breaking, IsEmpty())
      << "these changes break programs that others have built; deprecate instead, and add";
}

TEST(ProtoLockTest, AdditionsAreLocked) {
  EXPECT_THAT(
      Compare(ParseLock(ReadText(NETSTACKD_PROTO_LOCK)), ReadWireSet(NETSTACKD_PROTOSET)).added,
      IsEmpty())
      << "write them into the lock with bin/proto_lock --update of this build";
}

}  // namespace
}  // namespace netstackd::descriptor
