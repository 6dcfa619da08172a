// The bytes of the journal: whatever they are, decoding says what they are or refuses them; what it
// understands has one encoding.
#include <cstdint>
#include <string>

#include "base/error.h"
#include "netstackd/journal/v1/delta.pb.h"
#include "server/codec/journal_codec.h"
#include "tests/fuzz/generator/request_generator.h"
#include "tests/fuzz/input.h"

namespace netstackd::fuzz {
namespace {

void RequireCorrupt(const absl::Status& refusal) {
  Require(ReasonOf(refusal) == ErrorReason::kJournalCorrupt, "what is refused is JOURNAL_CORRUPT");
}

template <typename T>
bool SameImage(const core::Image<T>& a, const core::Image<T>& b) {
  return a == b || (a != nullptr && b != nullptr && *a == *b);
}

template <typename T>
bool Same(const core::Change<T>& a, const core::Change<T>& b) {
  return SameImage(a.before, b.before) && SameImage(a.after, b.after);
}
template <typename T>
bool Same(const core::Image<T>& a, const core::Image<T>& b) {
  return SameImage(a, b);
}

template <typename... Ts>
bool SameVariant(const std::variant<Ts...>& a, const std::variant<Ts...>& b) {
  return std::visit(
      [](const auto& x, const auto& y) {
        if constexpr (std::is_same_v<decltype(x), decltype(y)>) {
          return Same(x, y);
        } else {
          return false;
        }
      },
      a, b);
}

void CheckKey(const std::string& bytes) {
  const auto key = codec::DecodeKey(bytes);
  if (!key.ok()) return RequireCorrupt(key.status());
  Require(codec::EncodeKey(*key) == bytes, "a key has one form");
}

void CheckImage(const std::string& bytes) {
  const auto image = codec::DecodeImage(bytes);
  if (!image.ok()) return RequireCorrupt(image.status());
  const std::string canonical = codec::EncodeImage(*image);
  const auto again = codec::DecodeImage(canonical);
  Require(again.ok(), "what was decoded can be decoded again");
  Require(SameVariant(*again, *image), "decode(encode(image)) is the image");
  Require(codec::EncodeImage(*again) == canonical, "an image has one encoding");
}

void CheckDeltas(const std::string& bytes) {
  const auto deltas = codec::DecodeDeltas(bytes);
  if (!deltas.ok()) return RequireCorrupt(deltas.status());
  const std::string canonical = codec::EncodeDeltas(*deltas);
  const auto again = codec::DecodeDeltas(canonical);
  Require(again.ok() && again->size() == deltas->size(), "deltas can be decoded again");
  for (std::size_t i = 0; i < deltas->size(); ++i) {
    Require(SameVariant((*again)[i], (*deltas)[i]), "decode(encode(deltas)) are the deltas");
  }
  Require(codec::EncodeDeltas(*again) == canonical, "deltas have one encoding");
}

// Of the right shape, with any values.
template <typename Message>
std::string Shaped(Input* input) {
  Message message;
  RequestGenerator(input).Fill(&message);
  message.set_format(1);
  return message.SerializeAsString();
}

}  // namespace
}  // namespace netstackd::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace netstackd::fuzz;  // NOLINT: the entry is outside
  Input input(data, size);
  switch (input.Below(5)) {
    case 0:
      CheckKey(input.Rest());
      break;
    case 1:
      CheckImage(input.Rest());
      break;
    case 2:
      CheckDeltas(input.Rest());
      break;
    case 3:
      CheckImage(Shaped<netstackd::journal::v1::Image>(&input));
      break;
    default:
      CheckDeltas(Shaped<netstackd::journal::v1::DeltaList>(&input));
  }
  return 0;
}
