#include "server/rpc/paging.h"

#include "base/error.h"
#include "gmock/gmock.h"

namespace netstackd::rpc {
namespace {

const std::vector<std::string> kArguments = {"/a/b", "zones/global", "name = x"};

TEST(PagingTest, TokenBringsThePositionBack) {
  const Position position = {"g", std::string("a:b\0c", 5), ""};
  const std::string token = EncodeToken(kArguments, position);
  EXPECT_EQ(
      token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
      std::string::npos);
  const auto decoded = DecodeToken(kArguments, token);
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(*decoded, position);
  EXPECT_TRUE(DecodeToken(kArguments, "")->empty());
}

TEST(PagingTest, EveryOtherTokenIsRefused) {
  const std::string token = EncodeToken(kArguments, {"name"});
  std::vector<std::string> wrong = {"x", "====", token + "A", token.substr(1),
                                    std::string(5000, 'A')};
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    wrong.push_back(changed);
  }
  for (const std::string& one : wrong) {
    const auto decoded = DecodeToken(kArguments, one);
    // The last character of base64 may carry bits that say nothing.
    if (decoded.ok()) {
      EXPECT_EQ(decoded->front(), "name") << one;
    } else {
      EXPECT_EQ(ReasonOf(decoded.status()), ErrorReason::kInvalidPageToken) << one;
    }
  }
}

TEST(PagingTest, TokenIsBoundToItsArguments) {
  const std::string token = EncodeToken({"ab", "c"}, {"name"});
  EXPECT_FALSE(DecodeToken({"a", "bc"}, token).ok());
  EXPECT_FALSE(DecodeToken({"ab", "c", ""}, token).ok());
  EXPECT_TRUE(DecodeToken({"ab", "c"}, token).ok());
}

TEST(PagingTest, SizesAreBounded) {
  v1::Page page;
  EXPECT_EQ(PageSize(page), 100);
  page.set_page_size(1);
  EXPECT_EQ(PageSize(page), 1);
  page.set_page_size(1'000'000);
  EXPECT_EQ(PageSize(page), 1000);
}

}  // namespace
}  // namespace netstackd::rpc
