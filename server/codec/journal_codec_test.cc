#include "server/codec/journal_codec.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "core/slots.h"
#include "netstackd/journal/v1/delta.pb.h"
#include "tests/property/generators/images.h"

namespace netstackd::codec {
namespace {

namespace pb = ::netstackd::journal::v1;

template <typename T>
T RoundTrip(const T& object) {
  const AnyImage image = std::make_shared<const T>(object);
  absl::StatusOr<AnyImage> decoded = DecodeImage(EncodeImage(image));
  RC_ASSERT(decoded.ok());
  return *std::get<core::Image<T>>(*decoded);
}

RC_GTEST_PROP(ImageTest, GroupComesBackAsItWas, ()) {
  const core::Group group = *generators::AnyGroup();
  RC_ASSERT(RoundTrip(group) == group);
}

RC_GTEST_PROP(ImageTest, InterfaceComesBackAsItWas, ()) {
  const core::Interface interface = *generators::AnyInterface();
  RC_ASSERT(RoundTrip(interface) == interface);
}

RC_GTEST_PROP(ImageTest, AddressComesBackAsItWas, ()) {
  const core::Address address = *generators::AnyAddress();
  RC_ASSERT(RoundTrip(address) == address);
}

RC_GTEST_PROP(ImageTest, ArpEntryComesBackAsItWas, ()) {
  const core::ArpEntry entry = *generators::AnyArpEntry();
  RC_ASSERT(RoundTrip(entry) == entry);
}

// Same images, by value.
bool Equal(const core::Delta& a, const core::Delta& b) {
  if (a.index() != b.index()) return false;
  return std::visit(
      [&b](const auto& left) {
        const auto& right = std::get<std::decay_t<decltype(left)>>(b);
        const auto same = [](const auto& x, const auto& y) {
          return (x == nullptr) == (y == nullptr) && (x == nullptr || *x == *y);
        };
        return same(left.before, right.before) && same(left.after, right.after);
      },
      a);
}

RC_GTEST_PROP(DeltasTest, ComeBackAsTheyWereAndGiveTheSameBytesAgain, ()) {
  const auto deltas = *rc::gen::container<std::vector<core::Delta>>(generators::AnyDelta());
  const std::string bytes = EncodeDeltas(deltas);
  const absl::StatusOr<std::vector<core::Delta>> decoded = DecodeDeltas(bytes);
  RC_ASSERT(decoded.ok());
  RC_ASSERT(decoded->size() == deltas.size());
  RC_ASSERT(std::equal(deltas.begin(), deltas.end(), decoded->begin(), Equal));
  RC_ASSERT(EncodeDeltas(*decoded) == bytes);
}

RC_GTEST_PROP(DeltasTest, DamagedBytesAreRefusedOrDecodedButNeverCrash, ()) {
  const auto deltas = *rc::gen::container<std::vector<core::Delta>>(2, generators::AnyDelta());
  std::string bytes = EncodeDeltas(deltas);
  const std::size_t at = *rc::gen::inRange<std::size_t>(0, bytes.size());
  bytes[at] = static_cast<char>(bytes[at] ^ *rc::gen::inRange(1, 256));
  const absl::StatusOr<std::vector<core::Delta>> decoded = DecodeDeltas(bytes);
  RC_ASSERT(decoded.ok() || ReasonOf(decoded.status()) == ErrorReason::kJournalCorrupt);
}

RC_GTEST_PROP(KeyTest, SortsLikeTheKeyItStandsFor, ()) {
  const auto any = rc::gen::exec([] {
    return ObjectKey{static_cast<ObjectKind>(*rc::gen::inRange(1, 5)),
                     *rc::gen::nonZero<std::uint64_t>()};
  });
  const ObjectKey a = *any;
  const ObjectKey b = *any;
  RC_ASSERT((EncodeKey(a) < EncodeKey(b)) == (a < b));
  RC_ASSERT(DecodeKey(EncodeKey(a)).value() == a);
}

TEST(KeyTest, IsTheKindThenTheUidHighestByteFirst) {
  EXPECT_EQ(EncodeKey({ObjectKind::kAddress, 0x0102030405060708}),
            std::string("\x03\x01\x02\x03\x04\x05\x06\x07\x08"));
}

TEST(KeyTest, RefusesWhatIsNoKey) {
  const std::string good = EncodeKey({ObjectKind::kGroup, 7});
  EXPECT_TRUE(DecodeKey(good).ok());
  for (std::string bad : {good.substr(1), good + "x", "\x05" + good.substr(1),
                          std::string(1, '\0') + good.substr(1), "\x01" + std::string(8, '\0')}) {
    EXPECT_EQ(ReasonOf(DecodeKey(bad).status()), ErrorReason::kJournalCorrupt);
  }
}

pb::Image GoodImage(const AnyImage& image) {
  pb::Image message;
  EXPECT_TRUE(message.ParseFromString(EncodeImage(image)));
  return message;
}

pb::Image GoodInterface() {
  auto interface = std::make_shared<core::Interface>();
  interface->uid = core::InterfaceUid(1);
  interface->sides[0].emplace();
  return GoodImage(core::Image<core::Interface>(interface));
}

pb::Image GoodAddress() {
  auto address = std::make_shared<core::Address>();
  address->uid = core::AddressUid(1);
  return GoodImage(core::Image<core::Address>(address));
}

pb::Image GoodGroup() {
  auto group = std::make_shared<core::Group>();
  group->uid = core::GroupUid(1);
  return GoodImage(core::Image<core::Group>(group));
}

bool Refused(const pb::Image& message) {
  return ReasonOf(DecodeImage(message.SerializeAsString()).status()) ==
         ErrorReason::kJournalCorrupt;
}

TEST(ImageTest, GoodOnesAreNotRefused) {
  EXPECT_FALSE(Refused(GoodGroup()));
  EXPECT_FALSE(Refused(GoodInterface()));
  EXPECT_FALSE(Refused(GoodAddress()));
}

TEST(ImageTest, RefusesEnumValuesThatDoNotExist) {
  pb::Image message = GoodGroup();
  message.mutable_group()->set_mac_type(static_cast<pb::MacType>(6));
  EXPECT_TRUE(Refused(message));
  message.mutable_group()->set_mac_type(pb::MAC_TYPE_UNSPECIFIED);
  EXPECT_TRUE(Refused(message));

  message = GoodInterface();
  message.mutable_interface()->set_mac_type(pb::MAC_TYPE_UNSPECIFIED);
  EXPECT_TRUE(Refused(message));
  message = GoodInterface();
  message.mutable_interface()->set_link(static_cast<pb::LinkState>(4));
  EXPECT_TRUE(Refused(message));
  message = GoodInterface();
  message.mutable_interface()->mutable_ipv4_side()->set_usesrc(static_cast<pb::UsesrcRole>(-1));
  EXPECT_TRUE(Refused(message));
  message = GoodInterface();
  message.mutable_interface()->add_wide_counters(static_cast<pb::Counter>(15));
  EXPECT_TRUE(Refused(message));

  message = GoodAddress();
  message.mutable_address()->set_managed_by(pb::MANAGED_BY_UNSPECIFIED);
  EXPECT_TRUE(Refused(message));
}

TEST(ImageTest, RefusesAUidOfZero) {
  pb::Image message = GoodGroup();
  message.mutable_group()->set_uid(0);
  EXPECT_TRUE(Refused(message));
}

TEST(ImageTest, RefusesAnIpAddressOfAnotherLength) {
  pb::Image message = GoodAddress();
  message.mutable_address()->set_ip("12345");
  EXPECT_TRUE(Refused(message));
}

TEST(ImageTest, RefusesAPrefixLongerThanTheAddress) {
  pb::Image message = GoodAddress();
  message.mutable_address()->set_prefix_length(33);
  EXPECT_TRUE(Refused(message));
}

TEST(ImageTest, RefusesASlotThatWouldMakeTheIndexGrowWithoutBound) {
  pb::Image message = GoodAddress();
  message.mutable_address()->set_slot(core::kSlotLimit - 1);
  EXPECT_FALSE(Refused(message));
  message.mutable_address()->set_slot(core::kSlotLimit);
  EXPECT_TRUE(Refused(message));
}

TEST(ImageTest, RefusesANewerFormatAndNoFormat) {
  pb::Image message = GoodGroup();
  message.set_format(kJournalFormat + 1);
  EXPECT_TRUE(Refused(message));
  message.set_format(0);
  EXPECT_TRUE(Refused(message));
}

TEST(ImageTest, RefusesAnImageOfNothing) {
  pb::Image message;
  message.set_format(kJournalFormat);
  EXPECT_TRUE(Refused(message));
}

TEST(ImageTest, TimesBeyondTheFormatBecomeItsLimits) {
  auto interface = std::make_shared<core::Interface>();
  interface->uid = core::InterfaceUid(1);
  interface->last_transition = absl::InfiniteFuture();
  interface->meta.create_time = absl::InfinitePast();
  const AnyImage decoded =
      DecodeImage(EncodeImage(core::Image<core::Interface>(interface))).value();
  const core::Interface& back = *std::get<core::Image<core::Interface>>(decoded);
  EXPECT_EQ(absl::FormatTime(back.last_transition, absl::UTCTimeZone()),
            "9999-12-31T23:59:59+00:00");
  EXPECT_EQ(back.meta.create_time, absl::FromCivil(absl::CivilSecond(1), absl::UTCTimeZone()));
}

TEST(ImageTest, TimesThatAreNoneBecomeTheNearestLimitAndStayThere) {
  pb::Image message = GoodGroup();
  auto* time = message.mutable_group()->mutable_meta()->mutable_update_time();
  time->set_seconds(253402300799);  // the last second of the year 9999
  time->set_nanos(1'999'999'999);
  auto* hold = message.mutable_group()->mutable_spec()->mutable_failback_hold();
  hold->set_seconds(315576000001);  // more than 10,000 years
  hold->set_nanos(-1);              // has another sign
  const AnyImage image = DecodeImage(message.SerializeAsString()).value();
  const core::Group& group = *std::get<core::Image<core::Group>>(image);
  EXPECT_EQ(group.meta.update_time, absl::FromUnixSeconds(253402300799));
  EXPECT_EQ(group.spec.failback_hold, absl::Seconds(315576000000));
  const AnyImage again = DecodeImage(EncodeImage(image)).value();
  EXPECT_EQ(*std::get<core::Image<core::Group>>(again), group);
}

TEST(ImageTest, TextThatIsNotUtf8ComesBack) {
  auto group = std::make_shared<core::Group>();
  group->uid = core::GroupUid(1);
  group->meta.labels.Mutable()["\xff"] = std::string("\xc3\0", 2);
  const AnyImage decoded = DecodeImage(EncodeImage(core::Image<core::Group>(group))).value();
  EXPECT_EQ(*std::get<core::Image<core::Group>>(decoded), *group);
}

TEST(DeltasTest, RefuseADeltaWithoutImages) {
  pb::DeltaList list;
  list.set_format(kJournalFormat);
  list.add_deltas();
  EXPECT_EQ(ReasonOf(DecodeDeltas(list.SerializeAsString()).status()),
            ErrorReason::kJournalCorrupt);
}

TEST(DeltasTest, RefuseADeltaOfTwoObjects) {
  pb::DeltaList list;
  list.set_format(kJournalFormat);
  *list.add_deltas()->mutable_before() = GoodGroup();
  *list.mutable_deltas(0)->mutable_after() = GoodAddress();
  EXPECT_EQ(ReasonOf(DecodeDeltas(list.SerializeAsString()).status()),
            ErrorReason::kJournalCorrupt);
  *list.mutable_deltas(0)->mutable_after() = GoodGroup();
  list.mutable_deltas(0)->mutable_after()->mutable_group()->set_uid(2);
  EXPECT_EQ(ReasonOf(DecodeDeltas(list.SerializeAsString()).status()),
            ErrorReason::kJournalCorrupt);
}

TEST(FormatTest, IsReadFromImagesAndDeltasWithoutDecodingThem) {
  EXPECT_EQ(FormatOf(EncodeDeltas({})), kJournalFormat);
  pb::DeltaList list;
  list.set_format(300);
  *list.add_deltas()->mutable_before() = GoodGroup();
  EXPECT_EQ(FormatOf(list.SerializeAsString()), 300u);
  pb::Image image = GoodGroup();
  image.set_format(1);
  EXPECT_EQ(FormatOf(image.SerializeAsString()), 1u);
  image.clear_format();
  EXPECT_EQ(FormatOf(image.SerializeAsString()), 0u);
  EXPECT_EQ(FormatOf(""), 0u);
  EXPECT_EQ(FormatOf("\x08"), 0u);
}

TEST(DeltasTest, AnEmptyListHasBytesThatSayTheirFormat) {
  const std::string bytes = EncodeDeltas({});
  EXPECT_FALSE(bytes.empty());
  EXPECT_TRUE(DecodeDeltas(bytes).value().empty());
  EXPECT_EQ(ReasonOf(DecodeDeltas("").status()), ErrorReason::kJournalCorrupt);
}

}  // namespace
}  // namespace netstackd::codec
