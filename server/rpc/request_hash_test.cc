#include "server/rpc/request_hash.h"

#include "gtest/gtest.h"
#include "netstackd/v1/group.pb.h"

namespace netstackd::rpc {
namespace {

TEST(RequestHashTest, IsThatOfTheStandard) {
  EXPECT_EQ(Hex(Sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(RequestHashTest, OrderOfLabelsDoesNotCount) {
  v1::CreateGroupRequest one;
  v1::CreateGroupRequest other;
  for (int i = 0; i < 50; ++i) {
    (*one.mutable_group()->mutable_meta()->mutable_labels())["k" + std::to_string(i)] = "v";
    (*other.mutable_group()->mutable_meta()->mutable_labels())["k" + std::to_string(49 - i)] = "v";
  }
  EXPECT_EQ(HashOf("/m", one), HashOf("/m", other));
}

TEST(RequestHashTest, MethodAndContentCount) {
  v1::DeleteGroupRequest request;
  const std::string empty = HashOf("/m", request);
  EXPECT_NE(HashOf("/n", request), empty);
  request.set_allow_missing(true);
  EXPECT_NE(HashOf("/m", request), empty);
}

}  // namespace
}  // namespace netstackd::rpc
