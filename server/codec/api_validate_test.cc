#include "server/codec/api_validate.h"

#include <string>

#include "base/error.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "netstackd/v1/config.pb.h"
#include "netstackd/v1/ipmp_service.pb.h"

namespace netstackd::codec {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Verdict {
  std::string reason;
  std::vector<std::string> fields;
};

// `more` is merged into what `text` says.
template <typename Request>
Verdict Judge(const std::string& text, const std::string& more = "") {
  Request request;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &request)) << text;
  EXPECT_TRUE(google::protobuf::TextFormat::MergeFromString(more, &request)) << more;
  const auto details = DetailsOf(Validate(request));
  Verdict verdict;
  if (!details) return verdict;
  verdict.reason = RowOf(details->reason).name;
  for (const FieldViolation& field : details->fields) verdict.fields.push_back(field.field);
  return verdict;
}

Verdict JudgeGroup(const std::string& more) {
  return Judge<v1::CreateGroupRequest>(
      "parent: 'zones/global' group_id: 'a' group { spec { ipv4: true } }", more);
}

TEST(ValidateTest, LabelsHaveLimits) {
  const auto judge = [](const std::string& labels) {
    return JudgeGroup("group { meta { " + labels + " } }");
  };
  EXPECT_THAT(judge("labels { key: 'a.b/c-d_E9' value: '' }").fields, IsEmpty());
  EXPECT_THAT(judge("labels { key: '' value: 'v' }").fields, ElementsAre("group.meta.labels"));
  EXPECT_THAT(judge("labels { key: 'a b' }").fields, ElementsAre("group.meta.labels"));
  EXPECT_THAT(judge("labels { key: '" + std::string(64, 'k') + "' }").fields,
              ElementsAre("group.meta.labels"));
  EXPECT_THAT(judge("labels { key: 'k' value: '" + std::string(256, 'v') + "' }").fields,
              ElementsAre("group.meta.labels[k]"));
  std::string many;
  for (int i = 0; i < 65; ++i) many += "labels { key: 'k" + std::to_string(i) + "' } ";
  EXPECT_THAT(judge(many).fields, ElementsAre("group.meta.labels"));
}

TEST(ValidateTest, CommentsAndRequestIdsHaveTheirForms) {
  const auto judge = [](const std::string& options) {
    return JudgeGroup("options { " + options + " }").fields;
  };
  EXPECT_THAT(judge("comment: '" + std::string(1024, 'x') + "'"), IsEmpty());
  EXPECT_THAT(judge("comment: '" + std::string(1025, 'x') + "'"), ElementsAre("options.comment"));
  EXPECT_THAT(judge("request_id: '01234567-89AB-cdef-0123-456789abcdef'"), IsEmpty());
  EXPECT_THAT(judge("request_id: '01234567-89ab-cdef-0123-456789abcdeg'"),
              ElementsAre("options.request_id"));
  EXPECT_THAT(judge("request_id: '0123456789abcdef0123456789abcdef'"),
              ElementsAre("options.request_id"));
}

TEST(ValidateTest, DurationsHaveRangesAndOneForm) {
  const auto judge = [](const std::string& hold) {
    return JudgeGroup("group { spec { failback_hold { " + hold + " } } }").fields;
  };
  EXPECT_THAT(judge("seconds: 3600"), IsEmpty());
  for (const char* wrong :
       {"seconds: 3600 nanos: 1", "nanos: -1", "seconds: 1 nanos: -1", "nanos: 1000000000",
        "seconds: 9223372036854775807", "seconds: -9223372036854775808"}) {
    EXPECT_THAT(judge(wrong), ElementsAre("group.spec.failback_hold")) << wrong;
  }
}

TEST(ValidateTest, NamesToBeMustAgree) {
  EXPECT_EQ(JudgeGroup("group { name: 'zones/global/groups/b' }").reason, "INVALID_REQUEST");
  EXPECT_EQ(JudgeGroup("group { name: 'zones/global/groups/a' }").reason, "");
  EXPECT_EQ(Judge<v1::CreateAddressRequest>(
                "parent: 'zones/global/groups/a' address { name: "
                "'zones/global/groups/a/addresses/192.0.2.1' spec { cidr: '192.0.2.2/24' } }")
                .reason,
            "INVALID_REQUEST");
}

TEST(ValidateTest, EveryOneofMustBeSet) {
  EXPECT_THAT(
      Judge<v1::TransactRequest>("operations { } guards { name: 'zones/global/groups/a' }").fields,
      ElementsAre("guards[0].check", "operations[0].op"));
}

TEST(ValidateTest, OutputOnlyFieldsAreNotLookedAt) {
  EXPECT_EQ(JudgeGroup("group { meta { uid: 'x' etag: 'y' generation: -5 } status { mac_type: "
                       "77 active: 'nobody' } }")
                .reason,
            "");
}

TEST(ValidateTest, MessagesToPeopleAreShortAndPrintable) {
  v1::GetGroupRequest request;
  request.set_name(std::string(100'000, '\x01'));
  const absl::Status status = Validate(request);
  EXPECT_LT(status.message().size(), 300u);
  for (const char c : std::string(status.message())) EXPECT_GE(c, ' ');
}

}  // namespace
}  // namespace netstackd::codec
