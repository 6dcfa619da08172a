#include "server/codec/api_rules.h"

#include <set>
#include <string>

#include "gtest/gtest.h"
#include "netstackd/v1/admin.pb.h"
#include "netstackd/v1/config.pb.h"
#include "netstackd/v1/ipmp_service.pb.h"
#include "netstackd/v1/watch.pb.h"

namespace netstackd::codec {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

const Rule* RuleFor(const Descriptor& type, const std::string& field) {
  for (const Rule* rule : RulesOf(type)) {
    if (field == rule->field) return rule;
  }
  return nullptr;
}

// Message types that a request can bring, without those that the table says nobody looks at.
void Reach(const Descriptor& type, std::set<const Descriptor*>* reached) {
  if (!reached->insert(&type).second) return;
  for (int i = 0; i < type.field_count(); ++i) {
    const Rule* rule = RuleFor(type, type.field(i)->name());
    if (rule != nullptr && rule->kind == RuleKind::kMessage) {
      Reach(*type.field(i)->message_type(), reached);
    }
  }
}

std::set<const Descriptor*> Reached() {
  std::set<const Descriptor*> reached;
  for (const auto* file :
       {v1::BringUpRequest::descriptor()->file(), v1::TransactRequest::descriptor()->file(),
        v1::BackupRequest::descriptor()->file(), v1::WatchRequest::descriptor()->file()}) {
    for (int s = 0; s < file->service_count(); ++s) {
      for (int m = 0; m < file->service(s)->method_count(); ++m) {
        Reach(*file->service(s)->method(m)->input_type(), &reached);
      }
    }
  }
  return reached;
}

TEST(RulesTest, EveryFieldOfEveryRequestHasARow) {
  for (const Descriptor* type : Reached()) {
    for (int i = 0; i < type->field_count(); ++i) {
      EXPECT_NE(RuleFor(*type, type->field(i)->name()), nullptr) << type->field(i)->full_name();
    }
  }
}

TEST(RulesTest, EveryRowIsOfAFieldThatIsReached) {
  std::set<std::string> reached;
  for (const Descriptor* type : Reached()) reached.insert(type->full_name());
  for (const Rule& rule : AllRules()) {
    const std::string name = std::string("netstackd.v1.") + rule.message;
    EXPECT_TRUE(reached.contains(name)) << name;
    const Descriptor* type =
        google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(name);
    ASSERT_NE(type, nullptr) << name;
    std::string path = rule.field;
    for (std::size_t dot = path.find('.'); dot != std::string::npos; dot = path.find('.')) {
      const FieldDescriptor* field = type->FindFieldByName(path.substr(0, dot));
      ASSERT_NE(field, nullptr) << name << " " << rule.field;
      type = field->message_type();
      path = path.substr(dot + 1);
    }
    EXPECT_NE(type->FindFieldByName(path), nullptr) << name << " " << rule.field;
  }
}

TEST(RulesTest, EveryRowFitsTheTypeOfItsField) {
  for (const Descriptor* type : Reached()) {
    for (int i = 0; i < type->field_count(); ++i) {
      const FieldDescriptor* field = type->field(i);
      const Rule* rule = RuleFor(*type, field->name());
      if (rule == nullptr || rule->kind == RuleKind::kIgnored) continue;
      const bool message = field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
      switch (rule->kind) {
        case RuleKind::kAny:
        case RuleKind::kIgnored:
          EXPECT_FALSE(message) << field->full_name();
          break;
        case RuleKind::kMessage:
        case RuleKind::kDuration:
        case RuleKind::kDetectionTime:
        case RuleKind::kTimestamp:
        case RuleKind::kLabels:
        case RuleKind::kMask:
          EXPECT_TRUE(message) << field->full_name();
          break;
        case RuleKind::kEnum:
          EXPECT_EQ(field->cpp_type(), FieldDescriptor::CPPTYPE_ENUM) << field->full_name();
          break;
        case RuleKind::kNumber:
          EXPECT_TRUE(field->cpp_type() == FieldDescriptor::CPPTYPE_INT32 ||
                      field->cpp_type() == FieldDescriptor::CPPTYPE_INT64 ||
                      field->cpp_type() == FieldDescriptor::CPPTYPE_UINT32)
              << field->full_name();
          EXPECT_LT(rule->min, rule->max) << field->full_name();
          break;
        default:
          EXPECT_EQ(field->cpp_type(), FieldDescriptor::CPPTYPE_STRING) << field->full_name();
      }
      EXPECT_EQ(field->is_repeated() && !field->is_map(), rule->count > 0) << field->full_name();
    }
  }
}

}  // namespace
}  // namespace netstackd::codec
