#include "server/codec/api_validate.h"

#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/check.h"
#include "google/protobuf/descriptor.h"
#include "server/codec/api_checks.h"
#include "server/codec/api_problems.h"
#include "server/codec/api_rules.h"
#include "server/codec/api_value_rules.h"

namespace netstackd::codec {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::OneofDescriptor;
using google::protobuf::Reflection;

// A row that reaches into the message below a field.
struct DottedRule {
  const Rule* rule;
  std::vector<const FieldDescriptor*> steps;  // the last one is judged
};

struct MessagePlan;

// What the table says of one field. The rows are looked up once, not for every request.
struct FieldPlan {
  const FieldDescriptor* field;
  const Rule* rule;  // null: not supported
  std::vector<DottedRule> dotted;
  const MessagePlan* below = nullptr;  // of a message
};

struct MessagePlan {
  const Reflection* reflection;
  std::vector<FieldPlan> fields;
  std::vector<const OneofDescriptor*> oneofs;
  const CheckFunction* together = nullptr;  // null: nothing to check
};
using Plans = std::unordered_map<const Descriptor*, MessagePlan>;

DottedRule Resolve(const Descriptor& message, const Rule& rule) {
  DottedRule dotted{&rule, {}};
  const Descriptor* at = &message;
  for (const std::string& name : std::vector<std::string>(absl::StrSplit(rule.field, '.'))) {
    dotted.steps.push_back(at->FindFieldByName(name));
    at = dotted.steps.back()->message_type();
  }
  return dotted;
}

MessagePlan PlanFor(const Descriptor& message) {
  MessagePlan plan;
  plan.reflection = google::protobuf::MessageFactory::generated_factory()
                        ->GetPrototype(&message)
                        ->GetReflection();
  plan.together = FindCheck(message);
  for (int i = 0; i < message.field_count(); ++i) {
    FieldPlan field{message.field(i), nullptr, {}};
    for (const Rule* rule : RulesOf(message)) {
      if (field.field->name() == rule->field) field.rule = rule;
      if (absl::StartsWith(rule->field, field.field->name() + ".")) {
        field.dotted.push_back(Resolve(message, *rule));
      }
    }
    plan.fields.push_back(std::move(field));
  }
  for (int i = 0; i < message.real_oneof_decl_count(); ++i) {
    plan.oneofs.push_back(message.oneof_decl(i));
  }
  return plan;
}

void AddPlans(const Descriptor& message, Plans* plans) {
  if (!plans->emplace(&message, PlanFor(message)).second) return;
  for (int i = 0; i < message.field_count(); ++i) {
    const Descriptor* below = message.field(i)->message_type();
    if (below != nullptr) AddPlans(*below, plans);
  }
}

// Of every request and whatever is below one.
const Plans& AllPlans() {
  static const Plans* const kPlans = [] {
    auto* plans = new Plans;
    for (const Rule& rule : AllRules()) {
      const auto* message =
          google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(
              absl::StrCat("netstackd.v1.", rule.message));
      AddPlans(*message, plans);
    }
    for (auto& [message, plan] : *plans) {
      for (FieldPlan& field : plan.fields) {
        if (const Descriptor* type = field.field->message_type()) field.below = &plans->at(type);
      }
    }
    return plans;
  }();
  return *kPlans;
}

bool IsSet(const Reflection* reflection, const Message& message, const FieldDescriptor* field) {
  return field->is_repeated() ? reflection->FieldSize(message, field) > 0
                              : reflection->HasField(message, field);
}

// Where in the request we are; written out only if there is something to say about it.
struct Place {
  const Place* above;  // null: the request
  const FieldDescriptor* field;
  int index = -1;  // of a repeated field

  // Without a final dot; empty for the request.
  std::string Path() const {
    std::string path = above == nullptr ? std::string() : above->Prefix();
    if (field != nullptr) absl::StrAppend(&path, field->name());
    if (index >= 0) absl::StrAppend(&path, "[", index, "]");
    return path;
  }
  std::string Prefix() const { return field == nullptr ? std::string() : Path() + "."; }
};

class Validator {
 public:
  explicit Validator(Problems* problems) : problems_(problems) {}

  void Visit(const MessagePlan& plan, const Message& message, const Place& place) {
    for (const FieldPlan& field : plan.fields) {
      for (const DottedRule& dotted : field.dotted) {
        CheckDotted(message, place, dotted);  // names before what they name
      }
      if (field.rule != nullptr) {
        VisitField(plan, field, message, {&place, field.field});
      } else if (IsSet(plan.reflection, message, field.field)) {
        problems_->Add(place.Prefix() + field.field->name(), "is not supported");
      }
    }
    for (const OneofDescriptor* oneof : plan.oneofs) {
      if (!plan.reflection->HasOneof(message, oneof)) MissOneof(oneof, place);
    }
    if (plan.together != nullptr) (*plan.together)(message, place.Prefix(), problems_);
  }

 private:
  void VisitField(const MessagePlan& plan, const FieldPlan& field, const Message& message,
                  const Place& place) {
    const Rule& rule = *field.rule;
    const auto path = [&place] { return place.Path(); };
    if (rule.kind == RuleKind::kAny || rule.kind == RuleKind::kIgnored) return;
    if (rule.kind == RuleKind::kLabels || rule.kind == RuleKind::kMask) {
      return CheckField(*plan.reflection, message, field.field, rule, path, problems_);
    }
    if (field.field->is_repeated()) return VisitElements(plan, field, message, place);
    // What has presence is judged only if it is there; anything else also when it is empty.
    const bool set = plan.reflection->HasField(message, field.field);
    if (rule.kind == RuleKind::kMessage) {
      if (set) {
        Visit(*field.below, plan.reflection->GetMessage(message, field.field), place);
      } else if (rule.min == 1) {
        problems_->Add(place.Path(), "is required");
      }
      return;
    }
    if (set || !field.field->has_presence()) {
      CheckField(*plan.reflection, message, field.field, rule, path, problems_);
    }
  }

  void VisitElements(const MessagePlan& plan, const FieldPlan& field, const Message& message,
                     const Place& place) {
    const Rule& rule = *field.rule;
    const int size = plan.reflection->FieldSize(message, field.field);
    if (size > rule.count || size < rule.count_min) {
      problems_->Add(place.Path(), absl::StrCat("has ", size, " elements, not ", rule.count_min,
                                                " to ", rule.count));
      return;
    }
    for (int i = 0; i < size; ++i) {
      const Place element{place.above, field.field, i};
      if (rule.kind == RuleKind::kMessage) {
        Visit(*field.below, plan.reflection->GetRepeatedMessage(message, field.field, i), element);
      } else {
        CheckElement(
            *plan.reflection, message, field.field, i, rule, [&element] { return element.Path(); },
            problems_);
      }
    }
  }

  void CheckDotted(const Message& message, const Place& place, const DottedRule& dotted) {
    const Message* at = &message;
    for (std::size_t i = 0; i + 1 < dotted.steps.size(); ++i) {
      if (!IsSet(at->GetReflection(), *at, dotted.steps[i])) return;
      at = &at->GetReflection()->GetMessage(*at, dotted.steps[i]);
    }
    const auto path = [&] { return place.Prefix() + dotted.rule->field; };
    CheckField(*at->GetReflection(), *at, dotted.steps.back(), *dotted.rule, path, problems_);
  }

  void MissOneof(const OneofDescriptor* oneof, const Place& place) {
    std::string list;
    for (int f = 0; f < oneof->field_count(); ++f) {
      absl::StrAppend(&list, list.empty() ? "" : ", ", oneof->field(f)->name());
    }
    problems_->Add(place.Prefix() + oneof->name(), "one of these must be set: " + list);
  }

  Problems* const problems_;
};

}  // namespace

absl::Status Validate(const Message& request) {
  const auto found = AllPlans().find(request.GetDescriptor());
  // A request without a field may have no row.
  if (found == AllPlans().end()) {
    NSD_CHECK(request.GetDescriptor()->field_count() == 0);
    return absl::OkStatus();
  }
  Problems problems;
  Validator(&problems).Visit(found->second, request, {nullptr, nullptr});
  return problems.ToStatus();
}

}  // namespace netstackd::codec
