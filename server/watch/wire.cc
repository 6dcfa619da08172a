#include "server/watch/wire.h"

namespace netstackd::watch {
namespace {

enum WireType : std::uint32_t { kVarint = 0, kLength = 2 };

void AppendVarint(std::uint64_t value, std::string* to) {
  while (value >= 0x80) {
    to->push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  to->push_back(static_cast<char>(value));
}

void AppendTag(int field, WireType type, std::string* to) {
  AppendVarint(static_cast<std::uint32_t>(field) << 3 | type, to);
}

}  // namespace

void AppendNumber(int field, std::int64_t value, std::string* to) {
  AppendTag(field, kVarint, to);
  AppendVarint(static_cast<std::uint64_t>(value), to);
}

void AppendBytes(int field, const std::string& bytes, std::string* to) {
  AppendTag(field, kLength, to);
  AppendVarint(bytes.size(), to);
  to->append(bytes);
}

}  // namespace netstackd::watch
