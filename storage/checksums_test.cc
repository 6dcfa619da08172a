#include "storage/checksums.h"

#include <gtest/gtest.h>

#include <set>

#include "storage/testing/journal_content.h"

namespace netstackd::storage {
namespace {

TEST(Crc32cTest, GivesThePublishedCheckValue) {
  Crc32c crc;
  crc.Add("123456789");
  EXPECT_EQ(crc.value(), 0xE3069283u);  // RFC 3720, appendix B.4 gives more of this polynomial
}

TEST(Crc32cTest, DoesNotDependOnHowTheBytesAreCut) {
  Crc32c crc;
  crc.Add("1234");
  crc.Add("");
  crc.Add("56789");
  EXPECT_EQ(crc.value(), 0xE3069283u);
}

TEST(ChainCrcTest, DependsOnThePredecessorAndOnEveryField) {
  const Record record = testing_support::MakeRecord(5);
  std::set<std::uint32_t> seen = {ChainCrc(1, record), ChainCrc(2, record)};
  std::size_t changes = 2;
  for (std::string Record::*field :
       {&Record::principal, &Record::method, &Record::peer, &Record::user_agent,
        &Record::request_id, &Record::request_hash, &Record::answer, &Record::comment,
        &Record::deltas}) {
    Record changed = record;
    changed.*field += "x";
    seen.insert(ChainCrc(1, changed));
    ++changes;
  }
  Record later = record;
  later.time += absl::Microseconds(1);
  Record next = record;
  ++next.revision;
  seen.insert({ChainCrc(1, later), ChainCrc(1, next)});
  EXPECT_EQ(seen.size(), changes + 2);
}

TEST(ChainCrcTest, SeesBytesMoveFromOneFieldToTheNext) {
  Record one = testing_support::MakeRecord(5);
  one.principal = "ab";
  one.method = "c";
  Record other = one;
  other.principal = "a";
  other.method = "bc";
  EXPECT_NE(ChainCrc(0, one), ChainCrc(0, other));
}

TEST(ObjectCrcTest, TellsATombstoneFromAnEmptyBody) {
  EXPECT_NE(ObjectCrc({"k", 1, std::nullopt}), ObjectCrc({"k", 1, ""}));
  EXPECT_NE(ObjectCrc({"k", 1, "b"}), ObjectCrc({"kb", 1, ""}));
}

}  // namespace
}  // namespace netstackd::storage
