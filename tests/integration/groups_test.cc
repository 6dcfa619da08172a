#include "gmock/gmock.h"
#include "tests/integration/served.h"

namespace netstackd::integration {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

class GroupsTest : public Served {};

TEST_F(GroupsTest, SpecAndLabelsComeBackAsTheyWereGiven) {
  const std::string spec = R"(
      interface_name: "bond0" ipv4: true ipv6: true
      failure_detection {
        link: false probe: true detection_time { seconds: 1 nanos: 500000001 }
        targets: "192.0.2.1" targets: "2001:db8::1"
      }
      failback: false failback_hold { seconds: 60 }
      announce { count: 5 refresh { } })";
  const auto made = Ipmp(&IpmpStub::CreateGroup,
                         "parent: 'zones/global' group_id: 'ipmp0' group { meta { labels { key: "
                         "'rack' value: 'a/1' } } spec { " +
                             spec + " } }");
  ASSERT_TRUE(made.ok()) << made.status.error_message();
  const v1::Group group = Group("ipmp0");
  EXPECT_EQ(group.spec().SerializeAsString(), Text<v1::Group::Spec>(spec).SerializeAsString());
  EXPECT_EQ(group.meta().labels().at("rack"), "a/1");
  EXPECT_EQ(group.SerializeAsString(), made.response.group().SerializeAsString());
  EXPECT_EQ(group.name(), "zones/global/groups/ipmp0");
  EXPECT_EQ(group.meta().etag(), group.meta().uid() + "-1");
  EXPECT_EQ(group.meta().create_revision(), 1);
  EXPECT_EQ(group.status().interface_name(), "bond0");
  EXPECT_EQ(group.status().state(), v1::Group::STATE_FAILED);
  EXPECT_TRUE(group.status().has_ipv6());
}

TEST_F(GroupsTest, CreationAnswersWithItsRevisionAndPlan) {
  const auto made = Ipmp(&IpmpStub::CreateGroup,
                         "parent: 'zones/global' group_id: 'ipmp0' group { spec { ipv4: true } }");
  EXPECT_EQ(made.response.result().revision(), 1);
  EXPECT_TRUE(made.response.result().changed());
  EXPECT_FALSE(made.response.result().replayed());
  ASSERT_EQ(made.response.result().plan().steps_size(), 1);
  EXPECT_EQ(made.response.result().plan().steps(0).action(), v1::Plan::ACTION_CREATE);
  EXPECT_EQ(made.response.result().plan().steps(0).resource(), "zones/global/groups/ipmp0");
}

TEST_F(GroupsTest, NameTakenTwiceIsRefused) {
  MakeGroup("ipmp0");
  MakeInterface("net0");
  for (const char* id : {"ipmp0", "net0"}) {
    const auto again =
        Ipmp(&IpmpStub::CreateGroup, std::string("parent: 'zones/global' group_id: '") + id +
                                         "' group { spec { ipv4: true } }");
    EXPECT_EQ(again.reason, "GROUP_EXISTS") << id;
    EXPECT_EQ(again.status.error_code(), grpc::StatusCode::ALREADY_EXISTS);
    EXPECT_EQ(again.domain, "netstackd");
  }
}

TEST_F(GroupsTest, EveryWrongFieldIsListed) {
  const auto made = Ipmp(&IpmpStub::CreateGroup, R"(
      parent: "zones/global" group_id: "0bad"
      group { spec { failure_detection { detection_time { nanos: 99999999 } targets: "::FFFF" }
                     failback_hold { seconds: -1 } } }
      options { request_id: "not-a-uuid" etag: "1-1" })");
  EXPECT_EQ(made.reason, "INVALID_GROUP_NAME");
  EXPECT_THAT(
      made.fields,
      UnorderedElementsAre("group_id", "group.spec", "group.spec.failure_detection.detection_time",
                           "group.spec.failure_detection.targets[0]", "group.spec.failback_hold",
                           "options.request_id", "options.etag"));
}

TEST_F(GroupsTest, WrongFieldsHaveReasonsOfTheirOwn) {
  const auto create = [&](const std::string& spec) {
    return Ipmp(&IpmpStub::CreateGroup,
                "parent: 'zones/global' group_id: 'g' group { spec { ipv4: true " + spec + " } }")
        .reason;
  };
  EXPECT_EQ(create("failure_detection { detection_time { nanos: 1 } }"),
            "DETECTION_TIME_TOO_SMALL");
  EXPECT_EQ(create("failure_detection { targets: '2001:DB8::1' }"), "ADDRESS_NOT_CANONICAL");
  EXPECT_EQ(create("failure_detection { targets: 'router' }"), "FIELD_INVALID");
  EXPECT_EQ(create("announce { count: 101 }"), "FIELD_INVALID");
  EXPECT_EQ(create("announce { interval { seconds: 61 } }"), "FIELD_INVALID");
}

TEST_F(GroupsTest, OtherZonesDoNotExist) {
  const auto made = Ipmp(&IpmpStub::CreateGroup,
                         "parent: 'zones/web' group_id: 'ipmp0' group { spec { ipv4: true } }");
  EXPECT_EQ(made.reason, "ZONE_NOT_FOUND");
  EXPECT_EQ(Ipmp(&IpmpStub::GetGroup, "name: 'zones/web/groups/a'").reason, "ZONE_NOT_FOUND");
  EXPECT_EQ(Ipmp(&IpmpStub::ListGroups, "parent: 'zones/web'").reason, "ZONE_NOT_FOUND");
}

TEST_F(GroupsTest, MaskSaysWhatAnUpdateWrites) {
  MakeGroup("ipmp0", "ipv4: true failback: false");
  const auto updated = Ipmp(&IpmpStub::UpdateGroup, R"(
      group { name: "zones/global/groups/ipmp0" meta { labels { key: "a" value: "b" } }
              spec { failback_hold { seconds: 7 } } }
      update_mask { paths: "spec.failback_hold" paths: "meta.labels" })");
  ASSERT_TRUE(updated.ok()) << updated.status.error_message();
  const v1::Group group = Group("ipmp0");
  EXPECT_TRUE(group.spec().ipv4());
  EXPECT_FALSE(group.spec().failback());
  EXPECT_EQ(group.spec().failback_hold().seconds(), 7);
  EXPECT_EQ(group.meta().labels().at("a"), "b");
  EXPECT_EQ(group.meta().generation(), 2);
  const auto& changes = updated.response.result().plan().steps(0).changes();
  ASSERT_EQ(changes.size(), 2);
  EXPECT_EQ(changes[0].path(), "meta.labels");
  EXPECT_EQ(changes[0].after(), R"({"a":"b"})");
  EXPECT_EQ(changes[1].path(), "spec.failback_hold");
  EXPECT_EQ(changes[1].before(), "");
  EXPECT_EQ(changes[1].after(), "\"7s\"");
}

TEST_F(GroupsTest, StarReplacesTheWholeSpec) {
  MakeGroup("ipmp0", "ipv4: true failback: false announce { count: 2 }");
  const auto updated = Ipmp(&IpmpStub::UpdateGroup, R"(
      group { name: "zones/global/groups/ipmp0" spec { ipv4: true ipv6: true } }
      update_mask { paths: "*" })");
  ASSERT_TRUE(updated.ok()) << updated.status.error_message();
  EXPECT_EQ(Group("ipmp0").spec().ShortDebugString(), "ipv4: true ipv6: true");
}

TEST_F(GroupsTest, UnknownMasksAreRefused) {
  MakeGroup("ipmp0");
  const auto update = [&](const std::string& mask) {
    return Ipmp(&IpmpStub::UpdateGroup,
                "group { name: 'zones/global/groups/ipmp0' } update_mask { " + mask + " }")
        .reason;
  };
  EXPECT_EQ(update("paths: 'spec.colour'"), "MASK_PATH_UNKNOWN");
  EXPECT_EQ(update("paths: 'status.state'"), "MASK_PATH_UNKNOWN");
  EXPECT_EQ(update("paths: 'meta'"), "MASK_PATH_UNKNOWN");
  EXPECT_EQ(update("paths: 'name'"), "MASK_PATH_UNKNOWN");
  EXPECT_EQ(update(""), "FIELD_INVALID");
}

TEST_F(GroupsTest, InterfaceNameCannotChange) {
  MakeGroup("ipmp0", "ipv4: true interface_name: 'a'");
  const auto updated = Ipmp(&IpmpStub::UpdateGroup, R"(
      group { name: "zones/global/groups/ipmp0" spec { interface_name: "b" } }
      update_mask { paths: "spec.interface_name" })");
  EXPECT_EQ(updated.reason, "FIELD_INVALID");
  EXPECT_THAT(updated.fields, ElementsAre("group.spec.interface_name"));
}

TEST_F(GroupsTest, WhatIsSoAlreadyChangesNothing) {
  MakeGroup("ipmp0");
  MakeGroup("ipmp1");
  const auto updated = Ipmp(&IpmpStub::UpdateGroup, R"(
      group { name: "zones/global/groups/ipmp0" spec { ipv4: true } }
      update_mask { paths: "spec.ipv4" })");
  ASSERT_TRUE(updated.ok());
  EXPECT_FALSE(updated.response.result().changed());
  EXPECT_EQ(updated.response.result().revision(), 1);  // of its last change, not the newest
  EXPECT_EQ(updated.response.result().plan().steps_size(), 0);
  EXPECT_EQ(Revision(), 2);
}

TEST_F(GroupsTest, ValidateOnlyTellsAndChangesNothing) {
  const std::string request =
      "parent: 'zones/global' group_id: 'ipmp0' group { spec { ipv4: true } } "
      "options { validate_only: true }";
  const auto made = Ipmp(&IpmpStub::CreateGroup, request);
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(made.response.result().revision(), 0);
  EXPECT_FALSE(made.response.result().changed());
  EXPECT_EQ(made.response.result().plan().steps_size(), 1);
  EXPECT_EQ(made.response.group().name(), "zones/global/groups/ipmp0");
  EXPECT_EQ(Ipmp(&IpmpStub::GetGroup, "name: 'zones/global/groups/ipmp0'").reason,
            "GROUP_NOT_FOUND");
  EXPECT_EQ(Revision(), 0);
  MakeGroup("ipmp0");
  EXPECT_EQ(Ipmp(&IpmpStub::CreateGroup, request).reason, "GROUP_EXISTS");
}

TEST_F(GroupsTest, EtagGuardsAgainstLostUpdates) {
  MakeGroup("ipmp0");
  const std::string etag = Group("ipmp0").meta().etag();
  const auto update = [&](const std::string& hold) {
    return Ipmp(
        &IpmpStub::UpdateGroup,
        "group { name: 'zones/global/groups/ipmp0' spec { failback_hold { seconds: " + hold +
            " } } } update_mask { paths: 'spec.failback_hold' } options { etag: '" + etag + "' }");
  };
  EXPECT_TRUE(update("1").ok());
  const auto second = update("2");
  EXPECT_EQ(second.reason, "REVISION_MISMATCH");
  EXPECT_EQ(second.status.error_code(), grpc::StatusCode::ABORTED);
  EXPECT_EQ(second.metadata.at("expected"), etag);
  EXPECT_EQ(second.metadata.at("actual"), Group("ipmp0").meta().etag());
}

TEST_F(GroupsTest, RenameKeepsEverythingButTheName) {
  MakeGroup("ipmp0");
  MakeAddress("groups/ipmp0", "192.0.2.10/24");
  const std::string uid = Group("ipmp0").meta().uid();
  const auto renamed =
      Ipmp(&IpmpStub::RenameGroup, "name: 'zones/global/groups/ipmp0' new_group_id: 'web'");
  ASSERT_TRUE(renamed.ok()) << renamed.status.error_message();
  EXPECT_EQ(renamed.response.group().name(), "zones/global/groups/web");
  EXPECT_EQ(renamed.response.group().meta().uid(), uid);
  EXPECT_EQ(renamed.response.group().status().interface_name(), "ipmp0");
  EXPECT_TRUE(
      Ipmp(&IpmpStub::GetAddress, "name: 'zones/global/groups/web/addresses/192.0.2.10'").ok());
  const auto same =
      Ipmp(&IpmpStub::RenameGroup, "name: 'zones/global/groups/web' new_group_id: 'web'");
  ASSERT_TRUE(same.ok());
  EXPECT_FALSE(same.response.result().changed());
  EXPECT_EQ(
      Ipmp(&IpmpStub::RenameGroup, "name: 'zones/global/groups/web' new_group_id: 'a b'").reason,
      "INVALID_GROUP_NAME");
}

TEST_F(GroupsTest, DeletionNeverCascades) {
  MakeGroup("ipmp0");
  MakeInterface("net0", "ipv4: true group: 'ipmp0'");
  MakeAddress("groups/ipmp0", "192.0.2.10/24");
  const std::string name = "name: 'zones/global/groups/ipmp0'";
  EXPECT_EQ(Ipmp(&IpmpStub::DeleteGroup, name).reason, "GROUP_HAS_UP_ADDRESSES");
  ASSERT_TRUE(
      Ipmp(&IpmpStub::BringDown, "name: 'zones/global/groups/ipmp0/addresses/192.0.2.10'").ok());
  EXPECT_EQ(Ipmp(&IpmpStub::DeleteGroup, name).reason, "GROUP_NOT_EMPTY");
  ASSERT_TRUE(Ipmp(&IpmpStub::LeaveGroup, "name: 'zones/global/interfaces/net0'").ok());
  const auto deleted = Ipmp(&IpmpStub::DeleteGroup, name);
  ASSERT_TRUE(deleted.ok()) << deleted.status.error_message();
  EXPECT_TRUE(deleted.response.result().changed());
  EXPECT_EQ(Ipmp(&IpmpStub::DeleteGroup, name).reason, "GROUP_NOT_FOUND");
}

TEST_F(GroupsTest, AllowMissingMakesAbsenceFine) {
  MakeGroup("other");
  for (const char* options : {"", "options { etag: '5-1' }"}) {
    const auto deleted =
        Ipmp(&IpmpStub::DeleteGroup,
             std::string("name: 'zones/global/groups/none' allow_missing: true ") + options);
    ASSERT_TRUE(deleted.ok()) << deleted.status.error_message();
    EXPECT_FALSE(deleted.response.result().changed());
    EXPECT_EQ(deleted.response.result().revision(), 1);
  }
}

TEST_F(GroupsTest, ForwardingAndStatisticsBelongToTheGroup) {
  MakeGroup("ipmp0");
  MakeInterface("net0", "ipv4: true group: 'ipmp0'");
  const auto set = Ipmp(&IpmpStub::SetForwarding,
                        "name: 'zones/global/groups/ipmp0' family: FAMILY_IPV4 enabled: true");
  ASSERT_TRUE(set.ok()) << set.status.error_message();
  EXPECT_TRUE(set.response.group().status().ipv4().forwarding());
  EXPECT_TRUE(Interface("net0").status().ipv4().forwarding());
  EXPECT_EQ(Ipmp(&IpmpStub::SetForwarding,
                 "name: 'zones/global/groups/ipmp0' family: FAMILY_IPV6 enabled: true")
                .reason,
            "FAMILY_MISSING");

  const auto count = [&](const std::string& bytes) {
    EXPECT_TRUE(Ipmp(&IpmpStub::ReportInterface,
                     "name: 'zones/global/interfaces/net0' report { counters { in_bytes64: " +
                         bytes + " } }")
                    .ok());
    return Ipmp(&IpmpStub::GetGroupStats, "name: 'zones/global/groups/ipmp0'");
  };
  const auto before = count("100");
  const auto stats = count("350");
  ASSERT_TRUE(stats.ok());
  EXPECT_EQ(stats.response.counters().in_bytes64() - before.response.counters().in_bytes64(), 250u);
  EXPECT_TRUE(stats.response.counters().has_multicast_in());
  EXPECT_TRUE(stats.response.link_up());
  EXPECT_EQ(stats.response.revision(), Revision());
}

TEST_F(GroupsTest, ArpEntriesAreListedNewestFirst) {
  MakeGroup("ipmp0");
  MakeInterface("net0", "ipv4: true group: 'ipmp0'");
  ASSERT_TRUE(Ipmp(&IpmpStub::ReportInterface,
                   "name: 'zones/global/interfaces/net0' report { hardware_address: "
                   "'02:00:00:00:00:01' }")
                  .ok());
  const auto set = [&](const std::string& ip, const std::string& mac) {
    return Ipmp(&IpmpStub::SetArpEntry, "parent: 'zones/global/groups/ipmp0' ip_address: '" + ip +
                                            "' hardware_address: '" + mac + "'");
  };
  const auto first = set("198.51.100.1", "02:00:00:00:00:01");
  ASSERT_TRUE(first.ok()) << first.status.error_message();
  EXPECT_TRUE(first.response.arp_entry().proxy());
  ASSERT_TRUE(set("198.51.100.2", "02:00:00:00:00:99").ok());
  const v1::Group group = Group("ipmp0");
  const auto& entries = group.status().ipv4().arp_entries();
  ASSERT_EQ(entries.size(), 2);
  EXPECT_EQ(entries[0].ip_address(), "198.51.100.2");
  EXPECT_FALSE(entries[0].proxy());
  EXPECT_EQ(entries[1].hardware_address(), "02:00:00:00:00:01");

  EXPECT_EQ(set("0.0.0.0", "02:00:00:00:00:01").reason, "FIELD_INVALID");
  EXPECT_EQ(set("198.51.100.3", "02:00").reason, "HARDWARE_ADDRESS_LENGTH");
  EXPECT_EQ(Ipmp(&IpmpStub::SetArpEntry,
                 "parent: 'zones/global/interfaces/net0' ip_address: '198.51.100.1' "
                 "hardware_address: '02:00:00:00:00:01'")
                .reason,
            "ARP_ON_MEMBER");
  const auto remove = [&](const std::string& more) {
    return Ipmp(&IpmpStub::DeleteArpEntry,
                "parent: 'zones/global/groups/ipmp0' ip_address: '198.51.100.1' " + more);
  };
  EXPECT_TRUE(remove("").response.result().changed());
  EXPECT_EQ(remove("").reason, "ARP_ENTRY_NOT_FOUND");
  const auto gone = remove("allow_missing: true");
  EXPECT_TRUE(gone.ok()) << gone.status.error_message();
  EXPECT_FALSE(gone.response.result().changed());
}

// Absent, empty and filled are three things that a client may ask for.
TEST_F(GroupsTest, FailureDetectionComesBackAsItWasGiven) {
  const std::vector<std::string> asked = {"", "failure_detection {}",
                                          "failure_detection { probe: false }"};
  const auto group = [](const std::string& detection) {
    return "group { name: 'zones/global/groups/ipmp0' spec { ipv4: true " + detection + " } }";
  };
  for (const std::string& first : asked) {
    for (const std::string& second : asked) {
      const auto made =
          Ipmp(&IpmpStub::CreateGroup, "parent: 'zones/global' group_id: 'ipmp0' " + group(first));
      ASSERT_TRUE(made.ok()) << made.status.error_message();
      const auto given = Text<v1::CreateGroupRequest>(group(first)).group().spec();
      EXPECT_EQ(made.response.group().spec().failure_detection().DebugString(),
                given.failure_detection().DebugString());
      EXPECT_EQ(Group("ipmp0").spec().has_failure_detection(), given.has_failure_detection());
      const auto updated = Ipmp(&IpmpStub::UpdateGroup,
                                "update_mask { paths: 'spec.failure_detection' } " + group(second));
      ASSERT_TRUE(updated.ok()) << updated.status.error_message();
      const auto wanted = Text<v1::CreateGroupRequest>(group(second)).group().spec();
      EXPECT_EQ(updated.response.group().spec().has_failure_detection(),
                wanted.has_failure_detection());
      EXPECT_EQ(updated.response.result().changed(), first != second);
      // To unset one part adds nothing and takes nothing else.
      ASSERT_TRUE(Ipmp(&IpmpStub::UpdateGroup,
                       "update_mask { paths: 'spec.failure_detection.link' } " + group(""))
                      .ok());
      Restart();
      EXPECT_EQ(Group("ipmp0").spec().failure_detection().DebugString(),
                wanted.failure_detection().DebugString());
      EXPECT_EQ(Group("ipmp0").spec().has_failure_detection(), wanted.has_failure_detection());
      ASSERT_TRUE(Ipmp(&IpmpStub::DeleteGroup, "name: 'zones/global/groups/ipmp0'").ok());
    }
  }
}

}  // namespace
}  // namespace netstackd::integration
