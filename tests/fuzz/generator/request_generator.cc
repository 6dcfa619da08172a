#include "tests/fuzz/generator/request_generator.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "google/protobuf/duration.pb.h"
#include "google/protobuf/field_mask.pb.h"
#include "netstackd/v1/address.pb.h"
#include "netstackd/v1/config.pb.h"
#include "netstackd/v1/group.pb.h"
#include "netstackd/v1/interface.pb.h"
#include "server/codec/api_masks.h"
#include "server/codec/api_names.h"
#include "tests/fuzz/generator/values.h"

namespace netstackd::fuzz {
namespace {

using codec::Rule;
using codec::RuleKind;
using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr int kDepthMax = 8;
constexpr std::size_t kKnownMax = 16;
constexpr unsigned kPoison = 3;  // of 256 values

// What a list of this request has, or what it updates.
const Descriptor* SubjectOf(const Descriptor& request) {
  const std::string& name = request.name();
  if (name.find("Transaction") != std::string::npos) return v1::Transaction::descriptor();
  if (name.find("Interface") != std::string::npos) return v1::Interface::descriptor();
  if (name.find("Address") != std::string::npos) return v1::Address::descriptor();
  return v1::Group::descriptor();
}

const Rule* FindRule(const Descriptor& type, const std::string& field) {
  for (const Rule* rule : codec::RulesOf(type)) {
    if (field == rule->field) return rule;
  }
  return nullptr;
}

void PutText(Message* message, const FieldDescriptor* field, const std::string& text) {
  const auto* reflection = message->GetReflection();
  if (field->is_repeated()) {
    reflection->AddString(message, field, text);
  } else {
    reflection->SetString(message, field, text);
  }
}

template <typename T, typename Set, typename Add>
void Put(Message* message, const FieldDescriptor* field, std::int64_t value, Set set, Add add) {
  const auto* reflection = message->GetReflection();
  if (field->is_repeated()) {
    (reflection->*add)(message, field, static_cast<T>(value));
  } else {
    (reflection->*set)(message, field, static_cast<T>(value));
  }
}

void PutNumber(Message* message, const FieldDescriptor* field, std::int64_t value) {
  using R = google::protobuf::Reflection;
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return Put<bool>(message, field, value, &R::SetBool, &R::AddBool);
    case FieldDescriptor::CPPTYPE_INT32:
      return Put<std::int32_t>(message, field, value, &R::SetInt32, &R::AddInt32);
    case FieldDescriptor::CPPTYPE_INT64:
      return Put<std::int64_t>(message, field, value, &R::SetInt64, &R::AddInt64);
    case FieldDescriptor::CPPTYPE_UINT32:
      return Put<std::uint32_t>(message, field, value, &R::SetUInt32, &R::AddUInt32);
    case FieldDescriptor::CPPTYPE_UINT64:
      return Put<std::uint64_t>(message, field, value, &R::SetUInt64, &R::AddUInt64);
    case FieldDescriptor::CPPTYPE_ENUM:
      return Put<int>(message, field, value, &R::SetEnumValue, &R::AddEnumValue);
    default:
      return;  // no message of ours has floating point
  }
}

Message* Below(Message* message, const FieldDescriptor* field) {
  const auto* reflection = message->GetReflection();
  return field->is_repeated() ? reflection->AddMessage(message, field)
                              : reflection->MutableMessage(message, field);
}

// Without it a request cannot be valid, or says nothing.
bool IsNeeded(const FieldDescriptor& field, const Rule& rule) {
  switch (rule.kind) {
    case RuleKind::kName:
      return rule.max != 1;
    case RuleKind::kNewGroupId:
    case RuleKind::kNewInterfaceId:
    case RuleKind::kCidr:
    case RuleKind::kMask:
      return true;
    case RuleKind::kObjectId:
    case RuleKind::kEnum:
      return rule.min == 1;
    case RuleKind::kMessage:
      return rule.min == 1 || field.name() == "spec" || rule.count_min > 0;
    case RuleKind::kIpAddress:
    case RuleKind::kHardwareAddress:
      return !field.has_presence() && !field.is_repeated();
    case RuleKind::kNumber:
      return rule.min > 0 && !field.has_presence();
    case RuleKind::kText:
      return rule.min > 0;
    case RuleKind::kAny:
      return field.name() == "ipv4";
    default:
      return false;
  }
}

}  // namespace

void RequestGenerator::Fill(Message* request) {
  listed_ = SubjectOf(*request->GetDescriptor());
  address_.clear();
  FillMessage(request, {}, 0);
}

void RequestGenerator::FillMessage(Message* message, const Overrides& overrides, int depth) {
  const Descriptor& type = *message->GetDescriptor();
  Overrides all = overrides;
  for (const Rule* rule : codec::RulesOf(type)) {
    if (std::string(rule->field).find('.') != std::string::npos) all[rule->field] = rule;
  }
  std::vector<const Field*> chosen;
  for (int i = 0; i < type.real_oneof_decl_count(); ++i) {
    const auto* oneof = type.oneof_decl(i);
    const unsigned choice = input_->Byte();
    if (choice < 252) {
      chosen.push_back(oneof->field(static_cast<int>(choice) % oneof->field_count()));
    }
  }
  const bool ruled = !codec::RulesOf(type).empty();
  for (int i = 0; i < type.field_count(); ++i) {
    const Field* field = type.field(i);
    const bool in_oneof = field->real_containing_oneof() != nullptr;
    const bool is_chosen = std::find(chosen.begin(), chosen.end(), field) != chosen.end();
    if (in_oneof && !is_chosen) continue;
    const auto found = all.find(field->name());
    const Rule* rule = found != all.end() ? found->second : FindRule(type, field->name());
    if (rule == nullptr) {
      if (is_chosen || input_->Chance(ruled ? 2 : 96)) FillAny(message, field, depth);
      continue;
    }
    Overrides below;
    const std::string prefix = field->name() + ".";
    for (auto row = all.lower_bound(prefix);
         row != all.end() && row->first.compare(0, prefix.size(), prefix) == 0; ++row) {
      below[row->first.substr(prefix.size())] = row->second;
    }
    FillField(message, field, *rule, below, is_chosen, depth);
  }
}

void RequestGenerator::FillField(Message* message, const Field* field, const Rule& rule,
                                 const Overrides& below, bool chosen, int depth) {
  if (rule.kind == RuleKind::kIgnored || rule.kind == RuleKind::kEmpty) {
    if (input_->Chance(rule.kind == RuleKind::kIgnored ? 8 : 2)) FillAny(message, field, depth);
    return;
  }
  const bool needed = chosen || IsNeeded(*field, rule);
  if (needed ? input_->Chance(3) : !input_->Chance(72)) return;
  switch (rule.kind) {
    case RuleKind::kLabels:
      return FillLabels(message, field);
    case RuleKind::kMask:
      return FillMask(message, field);
    case RuleKind::kDuration:
    case RuleKind::kDetectionTime:
      return FillDuration(message, field, rule);
    default:
      break;
  }
  if (field->is_repeated()) return FillElements(message, field, rule, depth);
  if (rule.kind == RuleKind::kMessage) {
    if (depth < kDepthMax) FillMessage(Below(message, field), below, depth + 1);
    return;
  }
  FillValue(message, field, rule);
}

void RequestGenerator::FillElements(Message* message, const Field* field, const Rule& rule,
                                    int depth) {
  const unsigned more = input_->Byte();
  int count = std::max(rule.count_min, 1) + static_cast<int>(more % 4);
  if (more >= 254) count = rule.count + 1;
  count = std::min(count, 64);
  for (int i = 0; i < count; ++i) {
    if (rule.kind != RuleKind::kMessage) {
      FillValue(message, field, rule);
    } else if (depth < kDepthMax) {
      FillMessage(Below(message, field), {}, depth + 1);
    }
  }
}

void RequestGenerator::FillValue(Message* message, const Field* field, const Rule& rule) {
  if (input_->Chance(kPoison)) return FillAny(message, field, kDepthMax);
  if (field->cpp_type() == Field::CPPTYPE_STRING) {
    return PutText(message, field, TextFor(field, rule));
  }
  if (field->cpp_type() == Field::CPPTYPE_MESSAGE) return FillAny(message, field, kDepthMax - 2);
  if (rule.kind == RuleKind::kNumber) {
    return PutNumber(message, field, NumberWithin(rule, input_));
  }
  PutNumber(message, field, AnyNumberFor(field));
}

std::string RequestGenerator::TextFor(const Field* field, const Rule& rule) {
  switch (rule.kind) {
    case RuleKind::kName: {
      const std::string name = ResourceName(static_cast<unsigned>(rule.min), input_);
      if (name.find("/addresses/") != std::string::npos) address_ = name;
      return name;
    }
    case RuleKind::kNewGroupId:
    case RuleKind::kObjectId:
      return GroupId(input_);
    case RuleKind::kNewInterfaceId:
      return InterfaceId(input_);
    case RuleKind::kUuid:
      return Uuid(input_);
    case RuleKind::kCidr:
      return CidrFor();
    case RuleKind::kIpAddress:
      return IpAddressText(rule.min == 4, input_);
    case RuleKind::kHardwareAddress:
      return HardwareAddressText(input_);
    case RuleKind::kCounterName:
      return CounterName(input_);
    default:
      return AnyTextFor(field);
  }
}

std::string RequestGenerator::AnyTextFor(const Field* field) {
  if (field->name() == "etag") return EtagFor();
  if (field->name() == "filter") return FilterText(*listed_, input_);
  if (field->name() == "page_token" && !tokens_.empty()) return input_->Pick(tokens_);
  if (input_->Chance(64)) return ResourceName(codec::kOwnerNames | codec::kAddressNames, input_);
  return GroupId(input_);
}

std::int64_t RequestGenerator::AnyNumberFor(const Field* field) {
  switch (field->cpp_type()) {
    case Field::CPPTYPE_BOOL:
      if (field->name() == "ipv4") return input_->Chance(32) ? 0 : 1;
      if (field->name() == "offline") return input_->Chance(8) ? 1 : 0;
      if (field->name() == "validate_only") return input_->Chance(48) ? 1 : 0;
      return input_->Flip() ? 1 : 0;
    case Field::CPPTYPE_ENUM: {
      const auto* values = field->enum_type();
      const int count = values->value_count();
      if (count == 1) return values->value(0)->number();
      return values->value(1 + static_cast<int>(input_->Below(static_cast<std::size_t>(count - 1))))
          ->number();
    }
    default:
      return NumberWithin({.message = "", .field = "", .kind = RuleKind::kNumber, .max = 9000},
                          input_);
  }
}

std::string RequestGenerator::CidrFor() {
  std::string address = IpAddressText(false, input_);
  const std::size_t slash = address_.rfind('/');
  if (slash != std::string::npos && !input_->Chance(16)) {
    address = address_.substr(slash + 1);
    std::replace(address.begin(), address.end(), '-', ':');
  }
  static constexpr const char* kLengths[] = {"24", "25", "32", "0"};
  static constexpr const char* kLongLengths[] = {"64", "128", "48", "0"};
  const bool ipv6 = address.find(':') != std::string::npos;
  return address + "/" + (ipv6 ? input_->Pick(kLongLengths) : input_->Pick(kLengths));
}

std::string RequestGenerator::EtagFor() {
  const unsigned choice = input_->Byte();
  if (etags_.empty() || choice >= 240) return "1-" + std::to_string(choice);
  return etags_[choice % etags_.size()];
}

void RequestGenerator::FillDuration(Message* message, const Field* field, const Rule& rule) {
  auto* duration = static_cast<google::protobuf::Duration*>(Below(message, field));
  if (input_->Chance(kPoison)) return FillMessage(duration, {}, kDepthMax);
  const std::int64_t ms = NumberWithin(rule, input_);
  duration->set_seconds(ms / 1000);
  duration->set_nanos(static_cast<std::int32_t>(ms % 1000 * 1'000'000));
}

void RequestGenerator::FillMask(Message* message, const Field* field) {
  auto* mask = static_cast<google::protobuf::FieldMask*>(Below(message, field));
  const auto paths = codec::UpdatablePaths(*listed_);
  for (unsigned n = input_->Below(4) + 1; n > 0; --n) {
    const unsigned choice = input_->Byte();
    if (choice >= 250) {
      mask->add_paths(StrangeText(input_));
    } else if (choice >= 220) {
      mask->add_paths(choice >= 240 ? "*" : "spec");
    } else {
      mask->add_paths(paths[choice % paths.size()]);
    }
  }
}

void RequestGenerator::FillLabels(Message* message, const Field* field) {
  const auto* entry_type = field->message_type();
  for (unsigned n = input_->Below(3) + 1; n > 0; --n) {
    Message* entry = message->GetReflection()->AddMessage(message, field);
    const bool strange = input_->Chance(kPoison);
    PutText(entry, entry_type->map_key(), strange ? StrangeText(input_) : GroupId(input_));
    PutText(entry, entry_type->map_value(), AnyTextFor(entry_type->map_value()));
  }
}

void RequestGenerator::FillAny(Message* message, const Field* field, int depth) {
  if (field->is_map() && field->message_type()->map_value()->cpp_type() == Field::CPPTYPE_STRING) {
    return FillLabels(message, field);
  }
  int count = field->is_repeated() ? static_cast<int>(input_->Below(4)) : 1;
  for (; count > 0; --count) {
    if (field->cpp_type() == Field::CPPTYPE_MESSAGE) {
      Message* below = Below(message, field);
      if (depth < kDepthMax) FillMessage(below, {}, depth + 1);
    } else if (field->cpp_type() == Field::CPPTYPE_STRING) {
      PutText(message, field, input_->Chance(128) ? StrangeText(input_) : AnyTextFor(field));
    } else {
      const bool strange = input_->Chance(128);
      PutNumber(message, field, strange ? StrangeNumber(input_) : AnyNumberFor(field));
    }
  }
}

void RequestGenerator::Disturb(Message* message) {
  std::vector<const Field*> below;
  message->GetReflection()->ListFields(*message, &below);
  std::erase_if(below, [](const Field* field) {
    return field->cpp_type() != Field::CPPTYPE_MESSAGE || field->is_map();
  });
  const auto* reflection = message->GetReflection();
  if (!below.empty() && !input_->Chance(32)) {
    const Field* field = input_->Pick(below);
    if (!field->is_repeated()) return Disturb(reflection->MutableMessage(message, field));
    const auto size = static_cast<std::size_t>(reflection->FieldSize(*message, field));
    const int index = static_cast<int>(input_->Byte() % size);
    return Disturb(reflection->MutableRepeatedMessage(message, field, index));
  }
  const int count = message->GetDescriptor()->field_count();
  if (count == 0) return;
  const Field* field = message->GetDescriptor()->field(static_cast<int>(input_->Byte()) % count);
  if (input_->Chance(64)) return reflection->ClearField(message, field);
  FillAny(message, field, kDepthMax - 2);
}

void RequestGenerator::Learn(const Message& answer) {
  const auto keep = [](std::vector<std::string>* known, std::string text) {
    if (text.empty()) return;
    if (known->size() >= kKnownMax) known->erase(known->begin());
    known->push_back(std::move(text));
  };
  const auto* reflection = answer.GetReflection();
  std::vector<const Field*> fields;
  reflection->ListFields(answer, &fields);
  for (const Field* field : fields) {
    if (field->cpp_type() == Field::CPPTYPE_MESSAGE && !field->is_map()) {
      if (!field->is_repeated()) {
        Learn(reflection->GetMessage(answer, field));
      } else if (field->message_type()->FindFieldByName("meta") != nullptr) {
        for (int i = 0; i < reflection->FieldSize(answer, field); ++i) {
          Learn(reflection->GetRepeatedMessage(answer, field, i));
        }
      }
    } else if (field->name() == "etag") {
      keep(&etags_, reflection->GetString(answer, field));
    } else if (field->name() == "next_page_token") {
      keep(&tokens_, reflection->GetString(answer, field));
    }
  }
}

}  // namespace netstackd::fuzz
