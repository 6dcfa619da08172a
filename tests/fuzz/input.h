// The bytes a fuzzer gives, taken as choices.
#ifndef NETSTACKD_TESTS_FUZZ_INPUT_H_
#define NETSTACKD_TESTS_FUZZ_INPUT_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace netstackd::fuzz {

// A law is broken: says which, and ends the process the way a fuzzer notices.
[[noreturn]] inline void Fail(const std::string& what) {
  std::fprintf(stderr, "broken law: %s\n", what.c_str());
  std::abort();
}
inline void Require(bool holds, const char* law) {
  if (!holds) Fail(law);
}

// Takes bytes from the front; where nothing is left every choice is 0, which is by convention the
// smallest and most usual one. Borrows the bytes.
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : at_(data), end_(data + size) {}

  bool empty() const { return at_ == end_; }

  unsigned Byte() { return at_ == end_ ? 0 : *at_++; }
  // 0 to n - 1, for an n of 1 to 256.
  unsigned Below(std::size_t n) { return Byte() % static_cast<unsigned>(n); }
  // True for `of_256` of 256 bytes, never for what is not there.
  bool Chance(unsigned of_256) { return Byte() >= 256 - of_256; }
  bool Flip() { return (Byte() & 1) != 0; }

  std::uint64_t Number() {
    std::uint64_t number = 0;
    for (int i = 0; i < 8; ++i) number = number << 8 | Byte();
    return number;
  }
  std::string Bytes(std::size_t size) {
    size = std::min(size, static_cast<std::size_t>(end_ - at_));
    std::string bytes(at_, at_ + size);
    at_ += size;
    return bytes;
  }
  std::string Rest() { return Bytes(static_cast<std::size_t>(end_ - at_)); }

  template <typename Container>
  auto& Pick(Container& choices) {
    return choices[Below(std::size(choices))];
  }

 private:
  const std::uint8_t* at_;
  const std::uint8_t* end_;
};

}  // namespace netstackd::fuzz

#endif  // NETSTACKD_TESTS_FUZZ_INPUT_H_
