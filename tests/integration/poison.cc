#include "tests/integration/poison.h"

#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

namespace netstackd::integration {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr int kDepthMax = 5;
constexpr int kManyElements = 3000;

}  // namespace

const std::vector<std::string>& PoisonStrings() {
  static const auto* const kStrings = new std::vector<std::string>{
      "",
      std::string(1000, 'a'),
      "zones/global/groups/" + std::string(1000, 'a'),
      "a\x01\x1b[31m\n\t\x7f",
      std::string("a\0b", 3),
      "zones/global",
      "zones/global/groups/ipmp0",
      "zones/global/interfaces/net0",
      "zones/global/groups/ipmp0/addresses/192.0.2.10",
      "zones/global/groups/ipmp0/addresses/192.0.2.999",
      "zones/global/groups/ipmp0/addresses/2001-DB8--1",
      "zones/other/groups/ipmp0",
      "zones/global/groups/../groups/ipmp0",
      "zones//groups/",
      "zones/global/modules/x",
      "ipmp0",
      "192.0.2.300/24",
      "192.0.2.10/24",
      "192.0.2.10/-1",
      "192.0.2.10/99999999999999999999",
      "2001:DB8::1/64",
      "0.0.0.0/0",
      "::/0",
      "::ffff:192.0.2.1/128",
      "fe80::1%eth0/64",
      "00:11:22:33:44:55",
      "00:11:22:33:44:zz",
      "01234567-89ab-cdef-0123-456789abcdef",
      "\xc3\xa9\xe2\x80\xae\xf0\x9f\x92\xa5",
      "name = \"",
      "((((((((((((((((((((((((((((((((((((((((((",
      "*",
  };
  return *kStrings;
}

namespace {

void Scalars(const FieldDescriptor* field, const std::function<void(std::int64_t)>& each) {
  const bool number = field->cpp_type() != FieldDescriptor::CPPTYPE_BOOL;
  each(0);
  each(1);
  if (!number) return;
  each(-1);
  each(4242);
  each(std::numeric_limits<std::int32_t>::max());
  each(std::numeric_limits<std::int32_t>::min());
  each(std::numeric_limits<std::int64_t>::max());
  each(std::numeric_limits<std::int64_t>::min());
}

void SetScalar(Message* message, const FieldDescriptor* field, std::int64_t value) {
  const auto* r = message->GetReflection();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return r->SetBool(message, field, value != 0);
    case FieldDescriptor::CPPTYPE_INT32:
      return r->SetInt32(message, field, static_cast<std::int32_t>(value));
    case FieldDescriptor::CPPTYPE_INT64:
      return r->SetInt64(message, field, value);
    case FieldDescriptor::CPPTYPE_UINT32:
      return r->SetUInt32(message, field, static_cast<std::uint32_t>(value));
    case FieldDescriptor::CPPTYPE_UINT64:
      return r->SetUInt64(message, field, static_cast<std::uint64_t>(value));
    case FieldDescriptor::CPPTYPE_ENUM:
      return r->SetEnumValue(message, field, static_cast<int>(value));
    default:
      return;
  }
}

// One message somewhere inside a copy of the whole; `whole` is sent after every change.
class Poisoner {
 public:
  Poisoner(const Message& base, const Taste& taste) : base_(base), taste_(taste) {}

  void Run() { Visit({}, "", 0); }

 private:
  using Path = std::vector<const FieldDescriptor*>;

  // Sends a copy of the base in which `change` was applied to the message at `path`.
  void Send(const Path& path, const std::string& what,
            const std::function<void(Message*)>& change) const {
    const std::unique_ptr<Message> whole(base_.New());
    whole->CopyFrom(base_);
    change(At(whole.get(), path));
    taste_(*whole, what);
  }

  static Message* At(Message* message, const Path& path) {
    for (const FieldDescriptor* field : path) {
      const auto* r = message->GetReflection();
      if (!field->is_repeated()) {
        message = r->MutableMessage(message, field);
      } else if (r->FieldSize(*message, field) == 0) {
        message = r->AddMessage(message, field);
      } else {
        message = r->MutableRepeatedMessage(message, field, 0);
      }
    }
    return message;
  }

  void Visit(const Path& path, const std::string& prefix, int depth) const {
    const std::unique_ptr<Message> scratch(base_.New());
    scratch->CopyFrom(base_);
    const auto* descriptor = At(scratch.get(), path)->GetDescriptor();
    for (int i = 0; i < descriptor->field_count(); ++i) {
      const FieldDescriptor* field = descriptor->field(i);
      const std::string name = prefix + field->name();
      Send(path, name + " cleared",
           [&](Message* message) { message->GetReflection()->ClearField(message, field); });
      if (field->is_map()) {
        PoisonMap(path, field, name);
      } else if (field->is_repeated()) {
        PoisonRepeated(path, field, name);
      } else {
        PoisonSingle(path, field, name);
      }
      if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE || field->is_map()) continue;
      if (depth == kDepthMax) continue;
      Path below = path;
      below.push_back(field);
      Visit(below, name + ".", depth + 1);
    }
  }

  void PoisonSingle(const Path& path, const FieldDescriptor* field, const std::string& name) const {
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
      for (const std::string& text : PoisonStrings()) {
        Send(path, name + " = " + text.substr(0, 60),
             [&](Message* message) { message->GetReflection()->SetString(message, field, text); });
      }
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      Send(path, name + " = {}", [&](Message* message) {
        message->GetReflection()->MutableMessage(message, field)->Clear();
      });
    } else {
      Scalars(field, [&](std::int64_t value) {
        Send(path, name + " = " + std::to_string(value),
             [&](Message* message) { SetScalar(message, field, value); });
      });
    }
  }

  void PoisonRepeated(const Path& path, const FieldDescriptor* field,
                      const std::string& name) const {
    const auto add = [field](Message* message, const std::string& text) {
      const auto* r = message->GetReflection();
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
        r->AddString(message, field, text);
      } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
        r->AddEnumValue(message, field, text.empty() ? 0 : 4242);
      } else {
        r->AddMessage(message, field);
      }
    };
    Send(path, name + " with too many elements", [&](Message* message) {
      for (int i = 0; i < kManyElements; ++i) add(message, "x");
    });
    for (const std::string& text : PoisonStrings()) {
      Send(path, name + " += " + text.substr(0, 60), [&](Message* message) { add(message, text); });
    }
  }

  // Of strings to strings.
  void PoisonMap(const Path& path, const FieldDescriptor* field, const std::string& name) const {
    const auto add = [field](Message* message, const std::string& key, const std::string& value) {
      Message* entry = message->GetReflection()->AddMessage(message, field);
      entry->GetReflection()->SetString(entry, field->message_type()->map_key(), key);
      entry->GetReflection()->SetString(entry, field->message_type()->map_value(), value);
    };
    Send(path, name + " with too many entries", [&](Message* message) {
      for (int i = 0; i < 200; ++i) add(message, "k" + std::to_string(i), "v");
    });
    for (const std::string& text : PoisonStrings()) {
      Send(path, name + "[" + text.substr(0, 60) + "]",
           [&](Message* message) { add(message, text, text); });
    }
  }

  const Message& base_;
  const Taste& taste_;
};

}  // namespace

void ForEachPoison(const Message& base, const Taste& taste) { Poisoner(base, taste).Run(); }

}  // namespace netstackd::integration
