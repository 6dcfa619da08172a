#include "server/rpc/filter_node.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "google/protobuf/duration.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/protobuf/util/time_util.h"
#include "server/codec/api_scalars.h"

namespace netstackd::rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::util::TimeUtil;

class Not final : public FilterNode {
 public:
  explicit Not(FilterNodePtr term) : term_(std::move(term)) {}
  bool Matches(const Message& message) const override { return !term_->Matches(message); }

 private:
  const FilterNodePtr term_;
};

class All final : public FilterNode {
 public:
  explicit All(std::vector<FilterNodePtr> terms) : terms_(std::move(terms)) {}
  bool Matches(const Message& message) const override {
    return std::all_of(terms_.begin(), terms_.end(),
                       [&](const auto& term) { return term->Matches(message); });
  }

 private:
  const std::vector<FilterNodePtr> terms_;
};

class Any final : public FilterNode {
 public:
  explicit Any(std::vector<FilterNodePtr> terms) : terms_(std::move(terms)) {}
  bool Matches(const Message& message) const override {
    return std::any_of(terms_.begin(), terms_.end(),
                       [&](const auto& term) { return term->Matches(message); });
  }

 private:
  const std::vector<FilterNodePtr> terms_;
};

bool IsComparable(const FieldDescriptor* field) {
  return field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE
             ? codec::IsTimeMessage(field->message_type())
             : field->cpp_type() != FieldDescriptor::CPPTYPE_DOUBLE &&
                   field->cpp_type() != FieldDescriptor::CPPTYPE_FLOAT;
}

template <typename Number>
std::optional<std::string> NumberText(const std::string& value) {
  Number number{};
  const char* const end = value.data() + value.size();
  const auto [stop, error] = std::from_chars(value.data(), end, number);
  if (error != std::errc() || stop != end) return std::nullopt;
  return std::to_string(number);
}

// `value` as ScalarText would write it; nullopt if the field cannot have it.
std::optional<std::string> Normalize(const FieldDescriptor* field, const std::string& value) {
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      if (value == "true" || value == "false") return value;
      return std::nullopt;
    case FieldDescriptor::CPPTYPE_INT32:
    case FieldDescriptor::CPPTYPE_INT64:
      return NumberText<std::int64_t>(value);
    case FieldDescriptor::CPPTYPE_UINT32:
    case FieldDescriptor::CPPTYPE_UINT64:
      return NumberText<std::uint64_t>(value);
    case FieldDescriptor::CPPTYPE_ENUM:
      if (field->enum_type()->FindValueByName(value) == nullptr) return std::nullopt;
      return value;
    case FieldDescriptor::CPPTYPE_STRING:
      return value;
    case FieldDescriptor::CPPTYPE_MESSAGE:
      if (field->message_type() == google::protobuf::Duration::descriptor()) {
        google::protobuf::Duration duration;
        if (!TimeUtil::FromString(value, &duration)) return std::nullopt;
        return TimeUtil::ToString(duration);
      } else {
        google::protobuf::Timestamp time;
        if (!TimeUtil::FromString(value, &time)) return std::nullopt;
        return TimeUtil::ToString(time);
      }
    case FieldDescriptor::CPPTYPE_DOUBLE:
    case FieldDescriptor::CPPTYPE_FLOAT:
      break;
  }
  return std::nullopt;
}

class Comparison final : public FilterNode {
 public:
  // `value` unset: asks whether anything is there.
  Comparison(FilterPath path, FilterOperator op, std::optional<std::string> value)
      : path_(std::move(path)), op_(op), value_(std::move(value)) {}

  bool Matches(const Message& message) const override {
    const bool found = Search(message, 0);
    return op_ == FilterOperator::kNotEqual ? !found : found;
  }

 private:
  bool Search(const Message& message, std::size_t step) const {
    const FieldDescriptor* field = path_.steps[step];
    if (step + 1 == path_.steps.size()) return MatchesLeaf(message, field);
    const auto* r = message.GetReflection();
    if (!field->is_repeated()) return Search(r->GetMessage(message, field), step + 1);
    for (int i = 0; i < r->FieldSize(message, field); ++i) {
      if (Search(r->GetRepeatedMessage(message, field, i), step + 1)) return true;
    }
    return false;
  }

  bool MatchesLeaf(const Message& message, const FieldDescriptor* field) const {
    const auto* r = message.GetReflection();
    if (field->is_map()) return MatchesMap(message, field);
    if (field->is_repeated()) {
      const int size = r->FieldSize(message, field);
      if (!value_) return size > 0;
      for (int i = 0; i < size; ++i) {
        if (codec::ScalarText(message, field, i) == *value_) return true;
      }
      return false;
    }
    if (!value_) return r->HasField(message, field);
    if (field->has_presence() && !r->HasField(message, field)) return false;
    return MatchesText(codec::ScalarText(message, field, -1), field);
  }

  bool MatchesMap(const Message& message, const FieldDescriptor* field) const {
    const auto* r = message.GetReflection();
    const auto* type = field->message_type();
    const int size = r->FieldSize(message, field);
    if (!path_.key && !value_) return size > 0;
    const std::string& key = path_.key ? *path_.key : *value_;
    for (int i = 0; i < size; ++i) {
      const Message& entry = r->GetRepeatedMessage(message, field, i);
      if (codec::ScalarText(entry, type->map_key(), -1) != key) continue;
      return !path_.key || !value_ ||
             MatchesText(codec::ScalarText(entry, type->map_value(), -1), type->map_value());
    }
    return false;
  }

  bool MatchesText(const std::string& text, const FieldDescriptor* field) const {
    const bool contains =
        op_ == FilterOperator::kHas && field->cpp_type() == FieldDescriptor::CPPTYPE_STRING;
    return contains ? text.find(*value_) != std::string::npos : text == *value_;
  }

  const FilterPath path_;
  const FilterOperator op_;
  const std::optional<std::string> value_;
};

}  // namespace

FilterNodePtr MakeNot(FilterNodePtr term) { return std::make_shared<Not>(std::move(term)); }
FilterNodePtr MakeAll(std::vector<FilterNodePtr> terms) {
  return std::make_shared<All>(std::move(terms));
}
FilterNodePtr MakeAny(std::vector<FilterNodePtr> terms) {
  return std::make_shared<Any>(std::move(terms));
}

FilterNodePtr MakeComparison(FilterPath path, FilterOperator op, const std::string& value,
                             bool quoted, std::string* problem) {
  const FieldDescriptor* leaf = path.steps.back();
  if (op == FilterOperator::kHas && value == "*" && !quoted) {
    return std::make_shared<Comparison>(std::move(path), op, std::nullopt);
  }
  if (leaf->is_map()) {
    if (!path.key && op != FilterOperator::kHas) {
      *problem = leaf->name() + " is a map: name a key, or ask with ':' whether it has one";
      return nullptr;
    }
    return std::make_shared<Comparison>(std::move(path), op, value);
  }
  if (!IsComparable(leaf)) {
    *problem = leaf->name() + " is a message: name one of its fields, or ask with ':*'";
    return nullptr;
  }
  auto normal = Normalize(leaf, value);
  if (!normal) {
    *problem = "'" + value + "' is not a value of " + leaf->name();
    return nullptr;
  }
  return std::make_shared<Comparison>(std::move(path), op, std::move(normal));
}

}  // namespace netstackd::rpc
