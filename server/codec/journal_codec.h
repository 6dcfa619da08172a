// What the executor stores in the journal: object keys, images and deltas as bytes.
//
// Equal values give equal bytes. Everything that decodes was written by us or is refused:
// JOURNAL_CORRUPT (DATA_LOSS), whose message says what is wrong.
#ifndef NETSTACKD_SERVER_CODEC_JOURNAL_CODEC_H_
#define NETSTACKD_SERVER_CODEC_JOURNAL_CODEC_H_

#include <compare>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "core/delta.h"
#include "core/model.h"

namespace netstackd::codec {

// Number of the format written by this program. Raised with every new field or enum value, because
// a program that does not know them would lose them; bytes of a higher number are refused.
inline constexpr std::uint32_t kJournalFormat = 2;

// Durable: a number never changes its meaning.
enum class ObjectKind : std::uint8_t { kGroup = 1, kInterface = 2, kAddress = 3, kArpEntry = 4 };

struct ObjectKey {
  ObjectKind kind = ObjectKind::kGroup;
  std::uint64_t uid = 0;

  auto operator<=>(const ObjectKey&) const = default;
};

// The kind, then the uid with its highest byte first: 9 bytes that sort like the keys themselves.
std::string EncodeKey(const ObjectKey& key);
absl::StatusOr<ObjectKey> DecodeKey(const std::string& bytes);

// Any object; never null where one is asked for.
using AnyImage = std::variant<core::Image<core::Group>, core::Image<core::Interface>,
                              core::Image<core::Address>, core::Image<core::ArpEntry>>;

ObjectKey KeyOf(const AnyImage& image);
ObjectKey KeyOf(const core::Delta& delta);

std::string EncodeImage(const AnyImage& image);
absl::StatusOr<AnyImage> DecodeImage(const std::string& bytes);

// In which format an image or deltas were written; 0 if the bytes do not say. Cost: O(1).
std::uint32_t FormatOf(const std::string& bytes);

std::string EncodeDeltas(const std::vector<core::Delta>& deltas);
absl::StatusOr<std::vector<core::Delta>> DecodeDeltas(const std::string& bytes);

}  // namespace netstackd::codec

#endif  // NETSTACKD_SERVER_CODEC_JOURNAL_CODEC_H_
