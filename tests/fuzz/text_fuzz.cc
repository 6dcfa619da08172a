// The small languages of requests: filters, page tokens, names, addresses, paths of masks.
#include <charconv>
#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "core/command.h"
#include "core/types.h"
#include "google/protobuf/stubs/logging.h"
#include "google/protobuf/wrappers.pb.h"
#include "google/rpc/status.pb.h"
#include "netstackd/v1/address.pb.h"
#include "netstackd/v1/config.pb.h"
#include "netstackd/v1/group.pb.h"
#include "netstackd/v1/interface.pb.h"
#include "server/codec/api_masks.h"
#include "server/codec/api_names.h"
#include "server/rpc/filter.h"
#include "server/rpc/paging.h"
#include "server/rpc/status_mapping.h"
#include "tests/fuzz/generator/request_generator.h"
#include "tests/fuzz/generator/values.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/world.h"

namespace netstackd::fuzz {
namespace {

using google::protobuf::Descriptor;

const Descriptor* AnyListed(Input* input) {
  const Descriptor* const listed[] = {v1::Group::descriptor(), v1::Interface::descriptor(),
                                      v1::Address::descriptor(), v1::Transaction::descriptor()};
  return input->Pick(listed);
}

void RequireRefusal(const absl::Status& refusal, ErrorReason reason) {
  Require(ReasonOf(refusal) == reason, "a text is refused with its own reason");
  const grpc::Status mapped = rpc::ToGrpc(refusal);
  Require(mapped.error_details().size() <= 8 * 1024, "details fit into headers");
  google::rpc::Status details;
  Require(details.ParseFromString(mapped.error_details()), "a client can read the details");
}

// Texts that are no UTF-8 do not come out of a message.
bool IsUtf8(const std::string& text) {
  google::protobuf::BytesValue bytes;
  bytes.set_value(text);
  return google::protobuf::StringValue().ParseFromString(bytes.SerializeAsString());
}

void CheckFilter(const Descriptor* type, const std::string& text, Input* input) {
  if (!IsUtf8(text)) return;
  const auto filter = rpc::Filter::Parse(text, type);
  if (!filter.ok()) {
    RequireRefusal(filter.status(), ErrorReason::kInvalidFilter);
    const std::string at = DetailsOf(filter.status())->metadata.at("position");
    std::size_t position = 0;
    std::from_chars(at.data(), at.data() + at.size(), position);
    Require(position <= text.size(), "the position of a mistake is in the text");
    return;
  }
  const auto message = NewMessage(type);
  RequestGenerator(input).Fill(message.get());
  const bool matches = filter->Matches(*message);
  if (filter->empty()) return;
  const auto negated = rpc::Filter::Parse("NOT (" + text + ")", type);
  if (negated.ok()) Require(negated->Matches(*message) != matches, "NOT turns the answer round");
  const auto twice = rpc::Filter::Parse("(" + text + ") AND (" + text + ")", type);
  if (twice.ok()) Require(twice->Matches(*message) == matches, "x AND x is x");
}

void CheckToken(Input* input) {
  const std::vector<std::string> arguments = {input->Bytes(input->Below(16)), "parent"};
  rpc::Position position;
  for (unsigned n = input->Below(4) + 1; n > 0; --n)
    position.push_back(input->Bytes(input->Byte()));
  const std::string token = rpc::EncodeToken(arguments, position);
  const auto decoded = rpc::DecodeToken(arguments, token);
  if (decoded.ok()) {
    Require(*decoded == position, "a token gives its position back");
  } else {
    Require(token.size() > 1024, "a short token is understood");
  }
  const auto other = rpc::DecodeToken({arguments[0] + "x", "parent"}, token);
  Require(!other.ok(), "a token of other arguments is refused");
  RequireRefusal(other.status(), ErrorReason::kInvalidPageToken);

  const auto any = rpc::DecodeToken(arguments, input->Rest());
  if (!any.ok()) RequireRefusal(any.status(), ErrorReason::kInvalidPageToken);
}

void CheckName(const std::string& text) {
  const auto parsed = codec::ParseName(text);
  if (!parsed || parsed->kind == codec::kZoneName) return;
  Require(core::ToString(parsed->name) == text, "a name has one form");
  const bool of_group = (parsed->kind & (codec::kGroupName | codec::kGroupAddressName)) != 0;
  Require(of_group == !parsed->name.group.empty(), "the kind of a name is that of its owner");
  Require(of_group == parsed->name.interface.empty(), "a name has one owner");
  const bool address = (parsed->kind & codec::kAddressNames) != 0;
  Require(address == parsed->name.address.has_value(), "the kind of a name tells of its address");
}

void CheckAddresses(const std::string& text) {
  if (const auto address = core::ParseIpAddress(text)) {
    const std::string canonical = core::ToString(*address);
    Require(core::ParseIpAddress(canonical) == address, "the canonical form is the same address");
  }
  if (const auto cidr = codec::ParseCidr(text)) {
    const std::string canonical = codec::ToString(*cidr);
    const auto again = codec::ParseCidr(canonical);
    Require(again && again->address == cidr->address && again->prefix_length == cidr->prefix_length,
            "the canonical form is the same network");
  }
  if (const auto bytes = core::ParseHardwareAddress(text)) {
    Require(core::ParseHardwareAddress(core::FormatHardwareAddress(*bytes)) == bytes,
            "the written form is the same hardware address");
  }
}

void CheckMask(Input* input) {
  const Descriptor* const resources[] = {v1::Group::descriptor(), v1::Interface::descriptor(),
                                         v1::Address::descriptor()};
  const Descriptor* const resource = input->Pick(resources);
  google::protobuf::FieldMask paths;
  paths.add_paths(input->Flip() ? FieldPath(*resource, input) : input->Rest());
  bool covers = false;
  for (const char* leaf : codec::UpdatablePaths(*resource)) {
    covers |= codec::Mask(paths).Covers(leaf);
  }
  Require(covers == codec::IsKnownPath(*resource, paths.paths(0)),
          "a path is known if and only if it covers something");
}

}  // namespace
}  // namespace netstackd::fuzz

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  google::protobuf::SetLogHandler(nullptr);  // texts that are no UTF-8 are meant
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace netstackd::fuzz;  // NOLINT: the entry is outside
  Input input(data, size);
  switch (input.Below(6)) {
    case 0: {
      const auto* type = AnyListed(&input);
      const std::string text = FilterText(*type, &input);
      CheckFilter(type, text, &input);
      break;
    }
    case 1: {
      const auto* type = AnyListed(&input);
      CheckFilter(type, input.Rest(), &input);
      break;
    }
    case 2:
      CheckToken(&input);
      break;
    case 3:
      CheckName(input.Flip() ? ResourceName(31, &input) : input.Rest());
      break;
    case 4:
      CheckAddresses(input.Rest());
      break;
    default:
      CheckMask(&input);
  }
  return 0;
}
