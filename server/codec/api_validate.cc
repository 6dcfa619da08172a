#include "server/codec/api_validate.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/codec/api_checks.h"
#include "server/codec/api_problems.h"
#include "server/codec/api_rules.h"
#include "server/codec/api_value_rules.h"

namespace netstackd::codec {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

const Rule* FindRule(std::span<const Rule* const> rules, const FieldDescriptor& field) {
  for (const Rule* rule : rules) {
    if (field.name() == rule->field) return rule;
  }
  return nullptr;
}

bool IsSet(const Message& message, const FieldDescriptor* field) {
  const Reflection* reflection = message.GetReflection();
  return field->is_repeated() ? reflection->FieldSize(message, field) > 0
                              : reflection->HasField(message, field);
}

class Validator {
 public:
  explicit Validator(Problems* problems) : problems_(problems) {}

  void Visit(const Message& message, const std::string& prefix) {
    const auto rules = RulesOf(*message.GetDescriptor());
    for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
      const FieldDescriptor* field = message.GetDescriptor()->field(i);
      const Rule* rule = FindRule(rules, *field);
      const std::string path = prefix + field->name();
      CheckDotted(message, prefix, field->name() + ".", rules);  // names before what they name
      if (rule == nullptr) {
        if (IsSet(message, field)) problems_->Add(path, "is not supported");
      } else {
        VisitField(message, field, *rule, path);
      }
    }
    CheckOneofs(message, prefix);
    CheckTogether(message, prefix, problems_);
  }

 private:
  void VisitField(const Message& message, const FieldDescriptor* field, const Rule& rule,
                  const std::string& path) {
    if (rule.kind == RuleKind::kAny || rule.kind == RuleKind::kIgnored) return;
    if (rule.kind == RuleKind::kLabels || rule.kind == RuleKind::kMask) {
      CheckField(message, field, rule, path, problems_);
      return;
    }
    if (field->is_repeated()) {
      VisitElements(message, field, rule, path);
      return;
    }
    // What has presence is judged only if it is there; anything else also when it is empty.
    const bool set = message.GetReflection()->HasField(message, field);
    if (rule.kind == RuleKind::kMessage) {
      if (set) {
        Visit(message.GetReflection()->GetMessage(message, field), path + ".");
      } else if (rule.min == 1) {
        problems_->Add(path, "is required");
      }
      return;
    }
    if (set || !field->has_presence()) CheckField(message, field, rule, path, problems_);
  }

  void VisitElements(const Message& message, const FieldDescriptor* field, const Rule& rule,
                     const std::string& path) {
    const int size = message.GetReflection()->FieldSize(message, field);
    if (size > rule.count || size < rule.count_min) {
      problems_->Add(
          path, absl::StrCat("has ", size, " elements, not ", rule.count_min, " to ", rule.count));
      return;
    }
    for (int i = 0; i < size; ++i) {
      const std::string element = absl::StrCat(path, "[", i, "]");
      if (rule.kind == RuleKind::kMessage) {
        Visit(message.GetReflection()->GetRepeatedMessage(message, field, i), element + ".");
      } else {
        CheckElement(message, field, i, rule, element, problems_);
      }
    }
  }

  // The rows that reach into the field `first` (with its dot).
  void CheckDotted(const Message& message, const std::string& prefix, const std::string& first,
                   std::span<const Rule* const> rules) {
    for (const Rule* rule : rules) {
      const std::string path = rule->field;
      const Message* at = &message;
      std::size_t begin = 0;
      std::size_t dot = path.find('.');
      if (path.compare(0, first.size(), first) != 0) continue;
      for (; at != nullptr && dot != std::string::npos; dot = path.find('.', begin)) {
        const auto* field = at->GetDescriptor()->FindFieldByName(path.substr(begin, dot - begin));
        at = IsSet(*at, field) ? &at->GetReflection()->GetMessage(*at, field) : nullptr;
        begin = dot + 1;
      }
      if (at == nullptr) continue;
      const auto* field = at->GetDescriptor()->FindFieldByName(path.substr(begin));
      CheckField(*at, field, *rule, prefix + path, problems_);
    }
  }

  void CheckOneofs(const Message& message, const std::string& prefix) {
    const auto* descriptor = message.GetDescriptor();
    for (int i = 0; i < descriptor->real_oneof_decl_count(); ++i) {
      const auto* oneof = descriptor->oneof_decl(i);
      if (message.GetReflection()->HasOneof(message, oneof)) continue;
      std::vector<std::string> names;
      for (int f = 0; f < oneof->field_count(); ++f) names.push_back(oneof->field(f)->name());
      std::string list;
      for (const std::string& name : names) absl::StrAppend(&list, list.empty() ? "" : ", ", name);
      problems_->Add(prefix + oneof->name(), "one of these must be set: " + list);
    }
  }

  Problems* const problems_;
};

}  // namespace

absl::Status Validate(const Message& request) {
  Problems problems;
  Validator(&problems).Visit(request, "");
  return problems.ToStatus();
}

}  // namespace netstackd::codec
