// A value that its copies share until one of them changes it.
#ifndef NETSTACKD_BASE_COPY_ON_WRITE_H_
#define NETSTACKD_BASE_COPY_ON_WRITE_H_

#include <concepts>
#include <utility>

#include "base/persistent_node.h"

namespace netstackd {

// One pointer; it takes no memory while the value is as T makes it.
//
// Threads  One is like an int. Copies may be used by different threads.
// References to the value are valid until the next Mutable, and no longer than this.
template <typename T>
class CopyOnWrite {
 public:
  CopyOnWrite() = default;
  CopyOnWrite(T value) {  // NOLINT: where a T fits, this does
    if constexpr (std::equality_comparable<T>) {
      if (value == T()) return;
    }
    box_ = new Box{.value = std::move(value)};
  }
  CopyOnWrite(const CopyOnWrite& other) : box_(other.box_) {
    if (box_ != nullptr) box_->owners.Add();
  }
  CopyOnWrite(CopyOnWrite&& other) noexcept : box_(std::exchange(other.box_, nullptr)) {}
  CopyOnWrite& operator=(CopyOnWrite other) noexcept {
    std::swap(box_, other.box_);
    return *this;
  }
  ~CopyOnWrite() {
    if (box_ != nullptr && box_->owners.Drop()) delete box_;
  }

  const T& operator*() const {
    static const T* const kInitial = new T();
    return box_ == nullptr ? *kInitial : box_->value;
  }
  const T* operator->() const { return &**this; }
  T& Mutable() {
    if (box_ == nullptr || !box_->owners.One()) {
      CopyOnWrite fresh;
      fresh.box_ = new Box{.value = **this};
      std::swap(box_, fresh.box_);
    }
    return box_->value;
  }
  bool operator==(const CopyOnWrite& other) const { return box_ == other.box_ || **this == *other; }

 private:
  struct Box {
    persistent::Owners owners{};
    T value;
  };

  Box* box_ = nullptr;
};

}  // namespace netstackd

#endif  // NETSTACKD_BASE_COPY_ON_WRITE_H_
