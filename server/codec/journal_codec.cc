#include "server/codec/journal_codec.h"

#include <memory>
#include <utility>

#include "base/check.h"
#include "base/error.h"
#include "base/status_macros.h"
#include "google/protobuf/arena.h"
#include "google/protobuf/io/coded_stream.h"
#include "netstackd/journal/v1/delta.pb.h"
#include "server/codec/journal_image.h"

namespace netstackd::codec {
namespace {

namespace pb = ::netstackd::journal::v1;

constexpr std::size_t kKeyBytes = 9;

absl::Status Corrupt(const std::string& what) {
  return MakeError(ErrorReason::kJournalCorrupt, what);
}

absl::Status CheckFormat(std::uint32_t format) {
  if (format == 0) return Corrupt("bytes in the journal do not say in which format they are");
  if (format > kJournalFormat) {
    return MakeError(
        ErrorReason::kJournalCorrupt,
        "the journal was written by a newer version of this program; start that one",
        {{"format", std::to_string(format)}, {"formatMax", std::to_string(kJournalFormat)}});
  }
  return absl::OkStatus();
}

constexpr ObjectKind KindOf(const core::Group&) { return ObjectKind::kGroup; }
constexpr ObjectKind KindOf(const core::Interface&) { return ObjectKind::kInterface; }
constexpr ObjectKind KindOf(const core::Address&) { return ObjectKind::kAddress; }
constexpr ObjectKind KindOf(const core::ArpEntry&) { return ObjectKind::kArpEntry; }

pb::Group* Part(const core::Group&, pb::Image* image) { return image->mutable_group(); }
pb::Interface* Part(const core::Interface&, pb::Image* image) { return image->mutable_interface(); }
pb::Address* Part(const core::Address&, pb::Image* image) { return image->mutable_address(); }
pb::ArpEntry* Part(const core::ArpEntry&, pb::Image* image) { return image->mutable_arp_entry(); }

template <typename T>
void ToImage(const T& object, pb::Image* image) {
  image->set_format(kJournalFormat);
  ToProto(object, Part(object, image));
}

// Memory of the messages of one call: on the stack unless they are large.
class Scratch {
 public:
  Scratch() : arena_(Options(block_)) {}
  template <typename Message>
  Message* New() {
    return google::protobuf::Arena::CreateMessage<Message>(&arena_);
  }

 private:
  static constexpr std::size_t kBlockBytes = 4096;
  using Block = char[kBlockBytes];

  static google::protobuf::ArenaOptions Options(Block& block) {
    google::protobuf::ArenaOptions options;
    options.initial_block = block;
    options.initial_block_size = kBlockBytes;
    return options;
  }

  alignas(std::max_align_t) Block block_;
  google::protobuf::Arena arena_;
};

template <typename T, typename Message>
absl::StatusOr<AnyImage> FromPart(const Message& message) {
  auto object = std::make_shared<T>();
  NSD_RETURN_IF_ERROR(FromProto(message, object.get()));
  return AnyImage(core::Image<T>(std::move(object)));
}

absl::StatusOr<AnyImage> FromImage(const pb::Image& image) {
  NSD_RETURN_IF_ERROR(CheckFormat(image.format()));
  switch (image.object_case()) {
    case pb::Image::kGroup:
      return FromPart<core::Group>(image.group());
    case pb::Image::kInterface:
      return FromPart<core::Interface>(image.interface());
    case pb::Image::kAddress:
      return FromPart<core::Address>(image.address());
    case pb::Image::kArpEntry:
      return FromPart<core::ArpEntry>(image.arp_entry());
    case pb::Image::OBJECT_NOT_SET:
      break;
  }
  return Corrupt("an image holds no object of a known kind");
}

template <typename T>
core::Delta Between(core::Image<T> before, core::Image<T> after) {
  return core::Change<T>{std::move(before), std::move(after)};
}

absl::StatusOr<core::Delta> FromDelta(const pb::Delta& delta) {
  if (!delta.has_before() && !delta.has_after()) return Corrupt("a delta has no image");
  if (!delta.has_before()) {
    NSD_ASSIGN_OR_RETURN(AnyImage after, FromImage(delta.after()));
    return std::visit([](auto& image) { return Between({}, std::move(image)); }, after);
  }
  NSD_ASSIGN_OR_RETURN(AnyImage before, FromImage(delta.before()));
  if (!delta.has_after()) {
    return std::visit([](auto& image) { return Between(std::move(image), {}); }, before);
  }
  NSD_ASSIGN_OR_RETURN(AnyImage after, FromImage(delta.after()));
  if (KeyOf(before) != KeyOf(after)) return Corrupt("a delta is about two objects");
  return std::visit(
      [&after](auto& image) {
        using Type = std::decay_t<decltype(image)>;
        return Between(std::move(image), std::move(std::get<Type>(after)));
      },
      before);
}

}  // namespace

std::string EncodeKey(const ObjectKey& key) {
  std::string bytes(kKeyBytes, '\0');
  bytes[0] = static_cast<char>(key.kind);
  for (std::size_t i = 1; i < kKeyBytes; ++i) {
    bytes[i] = static_cast<char>((key.uid >> (8 * (kKeyBytes - 1 - i))) & 0xff);
  }
  return bytes;
}

absl::StatusOr<ObjectKey> DecodeKey(const std::string& bytes) {
  if (bytes.size() != kKeyBytes) return Corrupt("an object key has not 9 bytes");
  const auto kind = static_cast<unsigned char>(bytes[0]);
  if (kind < static_cast<unsigned>(ObjectKind::kGroup) ||
      kind > static_cast<unsigned>(ObjectKind::kArpEntry)) {
    return Corrupt("an object key is of an unknown kind");
  }
  ObjectKey key;
  key.kind = static_cast<ObjectKind>(kind);
  for (std::size_t i = 1; i < kKeyBytes; ++i) {
    key.uid = key.uid << 8 | static_cast<unsigned char>(bytes[i]);
  }
  if (key.uid == 0) return Corrupt("an object key has no uid");
  return key;
}

ObjectKey KeyOf(const AnyImage& image) {
  return std::visit(
      [](const auto& object) {
        return ObjectKey{KindOf(*object), object->uid.value()};
      },
      image);
}

ObjectKey KeyOf(const core::Delta& delta) {
  return std::visit(
      [](const auto& change) {
        const auto& object = change.after != nullptr ? *change.after : *change.before;
        return ObjectKey{KindOf(object), object.uid.value()};
      },
      delta);
}

std::string EncodeImage(const AnyImage& image) {
  Scratch scratch;
  auto* message = scratch.New<pb::Image>();
  std::visit([message](const auto& object) { ToImage(*object, message); }, image);
  std::string bytes;
  NSD_CHECK(message->SerializeToString(&bytes));
  return bytes;
}

absl::StatusOr<AnyImage> DecodeImage(const std::string& bytes) {
  Scratch scratch;
  auto* message = scratch.New<pb::Image>();
  if (!message->ParseFromString(bytes)) return Corrupt("an image cannot be parsed");
  return FromImage(*message);
}

std::uint32_t FormatOf(const std::string& bytes) {
  // The field with the lowest number is written first.
  static_assert(pb::Image::kFormatFieldNumber == 1 && pb::DeltaList::kFormatFieldNumber == 1);
  constexpr std::uint32_t kTag = 1 << 3;  // a varint
  google::protobuf::io::CodedInputStream in(reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                            static_cast<int>(bytes.size()));
  std::uint32_t format = 0;
  return in.ReadTag() == kTag && in.ReadVarint32(&format) ? format : 0;
}

std::string EncodeDeltas(const std::vector<core::Delta>& deltas) {
  Scratch scratch;
  auto* message = scratch.New<pb::DeltaList>();
  message->set_format(kJournalFormat);
  for (const core::Delta& delta : deltas) {
    pb::Delta* added = message->add_deltas();
    std::visit(
        [added](const auto& change) {
          if (change.before != nullptr) ToImage(*change.before, added->mutable_before());
          if (change.after != nullptr) ToImage(*change.after, added->mutable_after());
        },
        delta);
  }
  std::string bytes;
  NSD_CHECK(message->SerializeToString(&bytes));
  return bytes;
}

absl::StatusOr<std::vector<core::Delta>> DecodeDeltas(const std::string& bytes) {
  Scratch scratch;
  auto* message = scratch.New<pb::DeltaList>();
  if (!message->ParseFromString(bytes)) return Corrupt("deltas cannot be parsed");
  NSD_RETURN_IF_ERROR(CheckFormat(message->format()));
  std::vector<core::Delta> deltas;
  deltas.reserve(static_cast<std::size_t>(message->deltas_size()));
  for (const pb::Delta& delta : message->deltas()) {
    NSD_ASSIGN_OR_RETURN(core::Delta decoded, FromDelta(delta));
    deltas.push_back(std::move(decoded));
  }
  return deltas;
}

}  // namespace netstackd::codec
