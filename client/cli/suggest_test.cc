#include "client/cli/suggest.h"

#include <gtest/gtest.h>

namespace netstackd::cli {
namespace {

TEST(EditDistanceTest, CountsInsertRemoveReplaceAndSwap) {
  EXPECT_EQ(EditDistance("group", "group"), 0U);
  EXPECT_EQ(EditDistance("grup", "group"), 1U);
  EXPECT_EQ(EditDistance("groupp", "group"), 1U);
  EXPECT_EQ(EditDistance("gruop", "group"), 1U);
  EXPECT_EQ(EditDistance("grape", "group"), 3U);
  EXPECT_EQ(EditDistance("", "abc"), 3U);
}

TEST(NearestTest, IsNearAndTheFirstOnATie) {
  EXPECT_EQ(Nearest("net7", {"net0", "net1"}), "net0");
  EXPECT_EQ(Nearest("impm0", {"mgmt0", "ipmp0"}), "ipmp0");
  EXPECT_EQ(Nearest("something", {"net0", "net1"}), "");
  EXPECT_EQ(Nearest("a", {"b"}), "");  // every letter is near to every other
  EXPECT_EQ(Nearest("net0", {}), "");
}

}  // namespace
}  // namespace netstackd::cli
