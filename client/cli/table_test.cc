#include "client/cli/table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace netstackd::cli {
namespace {

using ::testing::ElementsAre;

const std::vector<Field> kAddresses = {
    {"ADDRESS", 26}, {"STATE", 7}, {"GROUP", 12}, {"INBOUND", 12}, {"OUTBOUND", 23}};
const std::vector<Field> kProbes = {{"TIME", 10},   {"INTERFACE", 12}, {"PROBE", 7},
                                    {"NETRTT", 10}, {"RTT", 10},       {"RTTAVG", 10},
                                    {"TARGET", 20}, {"RTTDEV", 10}};

TEST(FixedTableTest, PrintsTheSampleOfTheAddressView) {
  EXPECT_EQ(FixedTable(kAddresses,
                       {{"192.0.2.10", "up", "prod0", "net0", "net0 net2"},
                        {"192.0.2.12", "down", "prod0", "", ""},
                        {"2001:db8::10", "up", "prod0", "net0", "net0 net2"}},
                       24),
            "ADDRESS                   STATE  GROUP       INBOUND     OUTBOUND\n"
            "192.0.2.10                up     prod0       net0        net0 net2\n"
            "192.0.2.12                down   prod0       --          --\n"
            "2001:db8::10              up     prod0       net0        net0 net2\n");
}

TEST(FixedTableTest, PrintsTheSamplesOfGroupsAndInterfaces) {
  EXPECT_EQ(
      FixedTable({{"GROUP", 12}, {"GROUPNAME", 12}, {"STATE", 10}, {"FDT", 10}, {"INTERFACES", 30}},
                 {{"mgmt0", "mgmt0", "ok", "", "net4"},
                  {"prod0", "prod0", "degraded", "10.00s", "net0 net2 (net3) [net1]"}},
                 24),
      "GROUP       GROUPNAME   STATE     FDT       INTERFACES\n"
      "mgmt0       mgmt0       ok        --        net4\n"
      "prod0       prod0       degraded  10.00s    net0 net2 (net3) [net1]\n");
  EXPECT_EQ(FixedTable({{"INTERFACE", 12},
                        {"ACTIVE", 8},
                        {"GROUP", 12},
                        {"FLAGS", 10},
                        {"LINK", 10},
                        {"PROBE", 10},
                        {"STATE", 10}},
                       {{"net4", "yes", "mgmt0", "--mb---", "unknown", "disabled", "ok"},
                        {"net1", "no", "prod0", "-------", "down", "failed", "failed"}},
                       24),
            "INTERFACE   ACTIVE  GROUP       FLAGS     LINK      PROBE     STATE\n"
            "net4        yes     mgmt0       --mb---   unknown   disabled  ok\n"
            "net1        no      prod0       -------   down      failed    failed\n");
}

TEST(FixedTableTest, AWideValueIsFollowedByOneBlankUntilTheColumnsLineUpAgain) {
  const std::vector<Field> fields = {{"A", 4}, {"B", 6}, {"C", 6}, {"D", 6}};
  EXPECT_EQ(FixedTable(fields,
                       {{"abcd", "b", "c", "d"},        // fills its width: one too far
                        {"abcdefghij", "b", "c", "d"},  // B begins late, C where B ends
                        {"abcdefghijklmnop", "b", "c", "d"}},
                       24),
            "A   B     C     D\n"
            "abcd b    c     d\n"
            "abcdefghij b c  d\n"
            "abcdefghijklmnop b c d\n");
}

TEST(FixedTableTest, TheLastFieldIsNotPadded) {
  EXPECT_EQ(FixedTable({{"A", 10}}, {{"a"}}, 24), "A\na\n");
}

TEST(FixedTableTest, TheHeadComesAgainAfterEveryScreen) {
  const std::vector<Cells> rows(7, {"x"});
  EXPECT_EQ(FixedTable({{"A", 4}}, rows, 4), "A\nx\nx\nx\nA\nx\nx\nx\nA\nx\n");
  EXPECT_EQ(FixedTable({{"A", 4}}, {}, 4), "");
}

TEST(ParsableTableTest, EscapesOnlyBetweenFields) {
  EXPECT_EQ(ParsableTable({{"2001:db8::10", "up", "net2 net0"}, {"a\\b", "", ""}}),
            "2001\\:db8\\:\\:10:up:net2 net0\n"
            "a\\\\b::\n");
  EXPECT_EQ(ParsableTable({{"2001:db8::10"}, {"a\\b"}, {""}}), "2001:db8::10\na\\b\n\n");
}

TEST(DefaultFieldsTest, StopsBeforeEightyColumns) {
  EXPECT_THAT(DefaultFields(kAddresses), ElementsAre(0, 1, 2, 3, 4));     // exactly 80
  EXPECT_THAT(DefaultFields(kProbes), ElementsAre(0, 1, 2, 3, 4, 5, 6));  // 79, not 89
}

TEST(ChooseFieldsTest, KeepsTheOrderAndForgetsTheCase) {
  const FieldChoice choice = ChooseFields(kAddresses, "group,ADDRESS,Colour");
  EXPECT_THAT(choice.fields, ElementsAre(2, 0));
  EXPECT_THAT(choice.unknown, ElementsAre("Colour"));
  EXPECT_EQ(ChooseFields(kAddresses, "ALL").fields.size(), 5U);
}

TEST(WideEnoughTableTest, ColumnsAreAsWideAsTheirContents) {
  EXPECT_EQ(WideEnoughTable({"NAME", "STATE"}, {{"a-long-name", ""}, {"b", "ok"}}),
            "NAME         STATE\n"
            "a-long-name  --\n"
            "b            ok\n");
}

}  // namespace
}  // namespace netstackd::cli
