#include "tests/crash/call.h"

#include <array>
#include <cstdio>

#include "absl/strings/match.h"
#include "absl/time/time.h"
#include "base/check.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "netstackd/errors.h"

namespace netstackd::crash {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

namespace {

// Longer than any stall of a busy machine, shorter than the patience of a test.
constexpr absl::Duration kDeadline = absl::Seconds(20);

const Message* FieldOf(const Message& message, const std::string& name) {
  const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(name);
  if (field == nullptr || !message.GetReflection()->HasField(message, field)) return nullptr;
  return &message.GetReflection()->GetMessage(message, field);
}

template <typename T>
Image PlainImageOf(const T& object) {
  return {object.name(), object.meta().update_revision(), object.meta().etag(), BytesOf(object)};
}

}  // namespace

absl::StatusOr<Answer> Send(const Call& call, Stub* stub) {
  Answer answer(call.answer->New());
  const absl::Status status = stub->Call(call.method, *call.request, kDeadline, answer.get());
  if (!status.ok()) return status;
  return answer;
}

bool IsOutage(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status) ||
         absl::IsCancelled(status);
}

const v1::WriteResult& ResultOf(const Message& answer) {
  const Message* result = FieldOf(answer, "result");
  NSD_CHECK(result != nullptr);
  return static_cast<const v1::WriteResult&>(*result);
}

std::string BytesOf(const Message& message) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream out(&stream);
  out.SetSerializationDeterministic(true);
  message.SerializeToCodedStream(&out);
  out.Trim();
  return bytes;
}

std::string FirstBytesOf(const Message& answer) {
  const Answer copy(answer.New());
  copy->CopyFrom(answer);
  const FieldDescriptor* field = copy->GetDescriptor()->FindFieldByName("result");
  auto* result =
      static_cast<v1::WriteResult*>(copy->GetReflection()->MutableMessage(copy.get(), field));
  result->set_replayed(false);
  return BytesOf(*copy);
}

Image ImageOf(v1::Group group) {
  group.clear_status();  // of its members and addresses
  return PlainImageOf(group);
}

Image ImageOf(v1::Interface ip_interface) {
  v1::Interface::Status* status = ip_interface.mutable_status();
  for (v1::InterfaceSide* side : {status->mutable_ipv4(), status->mutable_ipv6()}) {
    side->clear_bound_addresses();
    side->clear_up_addresses();
    side->clear_duplicate_addresses();
    side->clear_cast();  // the group's
  }
  return PlainImageOf(ip_interface);
}

Image ImageOf(const v1::Address& address) { return PlainImageOf(address); }

std::optional<Image> ImageIn(const Message& answer) {
  if (const Message* group = FieldOf(answer, "group")) {
    return ImageOf(static_cast<const v1::Group&>(*group));
  }
  if (const Message* one = FieldOf(answer, "ip_interface")) {
    return ImageOf(static_cast<const v1::Interface&>(*one));
  }
  if (const Message* address = FieldOf(answer, "address")) {
    return ImageOf(static_cast<const v1::Address&>(*address));
  }
  return std::nullopt;
}

std::string TextOf(const std::string& name, const std::string& bytes) {
  v1::Address address;
  v1::Interface ip_interface;
  v1::Group group;
  Message* object = &group;
  if (absl::StrContains(name, "/interfaces/")) object = &ip_interface;
  if (absl::StrContains(name, "/addresses/")) object = &address;
  return object->ParseFromString(bytes) ? object->ShortDebugString() : "unreadable";
}

std::string RequestIdOf(std::uint64_t high, std::uint64_t low) {
  std::array<char, 37> text;
  std::snprintf(text.data(), text.size(), "%08x-%04x-4%03x-%04x-%012llx",
                static_cast<unsigned>(high >> 32U), static_cast<unsigned>(high >> 16U) & 0xFFFFU,
                static_cast<unsigned>(high) & 0xFFFU,
                (static_cast<unsigned>(low >> 48U) & 0x3FFFU) | 0x8000U,
                static_cast<unsigned long long>(low & 0xFFFFFFFFFFFFULL));
  return text.data();
}

}  // namespace netstackd::crash
