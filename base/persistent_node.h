// Nodes of persistent_map.h, and the counting of who holds them.
#ifndef NETSTACKD_BASE_PERSISTENT_NODE_H_
#define NETSTACKD_BASE_PERSISTENT_NODE_H_

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace netstackd::persistent {

// How many hold a thing. Whoever holds it alone may change it: nobody else can come to hold it.
class Owners {
 public:
  void Add() { count_.fetch_add(1, std::memory_order_relaxed); }
  // True if this was the last.
  bool Drop() { return count_.fetch_sub(1, std::memory_order_acq_rel) == 1; }
  bool One() const { return count_.load(std::memory_order_acquire) == 1; }

 private:
  std::atomic<std::uint32_t> count_{1};
};

// Elements of raw memory, of which the first `count` live.
template <typename T>
void OpenGap(T* at, std::size_t count, std::size_t position, T value) {
  if (position == count) {
    std::construct_at(at + count, std::move(value));
    return;
  }
  std::construct_at(at + count, std::move(at[count - 1]));
  std::move_backward(at + position, at + count - 1, at + count);
  at[position] = std::move(value);
}
template <typename T>
void CloseGap(T* at, std::size_t count, std::size_t position) {
  std::move(at + position + 1, at + count, at + position);
  std::destroy_at(at + count - 1);
}

// Up to Most() entries in ascending order. A leaf holds keys and values; an inner node holds
// children, and for each but the first a key that is above all before it and not above its own.
template <typename Key, typename Value>
class Node {
 public:
  static constexpr bool kHasValues = !std::is_empty_v<Value>;

  // With room for at least `entries`; rooms grow in steps, so that small maps stay small.
  static Node* New(std::size_t height, std::size_t entries) {
    std::size_t room = 4;
    while (room < entries) room *= 2;
    room = std::min(room, Most(height));
    void* memory = ::operator new(SecondAt(room) + room * SecondBytes(height));
    return new (memory) Node(static_cast<std::uint16_t>(height), static_cast<std::uint16_t>(room));
  }
  static void Hold(Node* node) { node->owners_.Add(); }
  static void Release(Node* node) {
    if (node->owners_.Drop()) Delete(node);
  }
  // Makes `*slot` a node that nobody else holds, with room for `entries`.
  static void Own(Node** slot, std::size_t entries) {
    Node* old = *slot;
    const bool alone = old->owners_.One();
    if (alone && entries <= old->room_) return;
    Node* fresh = New(old->height_, std::max<std::size_t>(entries, old->count_));
    if (alone) {
      old->MoveTo(0, fresh);
    } else {
      fresh->CopyFrom(*old);
    }
    *slot = fresh;
    Release(old);
  }

  static constexpr std::size_t Most(std::size_t height) {
    return std::clamp<std::size_t>((kBytes - kHeader) / (sizeof(Key) + SecondBytes(height)), 8, 64);
  }
  std::size_t most() const { return Most(height_); }
  std::size_t count() const { return count_; }
  bool is_leaf() const { return height_ == 0; }
  std::size_t height() const { return height_; }

  const Key* keys() const { return const_cast<Node*>(this)->keys(); }
  Key* keys() { return reinterpret_cast<Key*>(Bytes() + kHeader); }
  const Value* values() const { return const_cast<Node*>(this)->values(); }
  Value* values() {
    if constexpr (kHasValues) {
      return reinterpret_cast<Value*>(Bytes() + SecondAt(room_));
    } else {
      static Value nothing;
      return &nothing;
    }
  }
  const Value& value(std::size_t i) const { return values()[kHasValues ? i : 0]; }
  Node* const* children() const { return const_cast<Node*>(this)->children(); }
  Node** children() { return reinterpret_cast<Node**>(Bytes() + SecondAt(room_)); }

  // Of the first key that is not below `key`; count() if all are.
  std::size_t LowerBound(const Key& key) const {
    return Below(keys(), count_, [&key](const Key& other) { return other < key; });
  }
  // Of the child below which `key` is, if it is there.
  std::size_t ChildFor(const Key& key) const {
    return Below(keys() + 1, count_ - 1u, [&key](const Key& other) { return !(key < other); });
  }

  // The node is owned and has room.
  void Insert(std::size_t position, Key key, Value value) {
    OpenGap(keys(), count_, position, std::move(key));
    if constexpr (kHasValues) OpenGap(values(), count_, position, std::move(value));
    ++count_;
  }
  void Insert(std::size_t position, Key key, Node* child) {
    OpenGap(keys(), count_, position, std::move(key));
    OpenGap(children(), count_, position, child);
    ++count_;
  }
  // The node is owned. A child is not released.
  void Remove(std::size_t position) {
    CloseGap(keys(), count_, position);
    if (height_ > 0) {
      CloseGap(children(), count_, position);
    } else if constexpr (kHasValues) {
      CloseGap(values(), count_, position);
    }
    --count_;
  }
  // Moves the entries from `first` on behind those of `to`; both are owned, `to` has room.
  void MoveTo(std::size_t first, Node* to) {
    const auto move = [&](auto* from, auto* target) {
      std::uninitialized_move(from + first, from + count_, target + to->count_);
      std::destroy(from + first, from + count_);
    };
    move(keys(), to->keys());
    if (height_ > 0) {
      move(children(), to->children());
    } else if constexpr (kHasValues) {
      move(values(), to->values());
    }
    to->count_ = static_cast<std::uint16_t>(to->count_ + (count_ - first));
    count_ = static_cast<std::uint16_t>(first);
  }

 private:
  static constexpr std::size_t kBytes = 512;
  static constexpr std::size_t kHeader = 16;
  static_assert(alignof(Key) <= 8 && alignof(Value) <= 8);

  Node(std::uint16_t height, std::uint16_t room) : room_(room), height_(height) {
    static_assert(sizeof(Node) <= kHeader);
  }
  // How many of the first keys are below, as `is_below` says; no branch depends on the keys.
  template <typename F>
  static std::size_t Below(const Key* keys, std::size_t count, const F& is_below) {
    const Key* at = keys;
    while (count > 0) {
      const std::size_t half = (count + 1) / 2;
      at += is_below(at[half - 1]) ? half : 0;
      count -= half;
    }
    return static_cast<std::size_t>(at - keys);
  }
  static constexpr std::size_t SecondBytes(std::size_t height) {
    return height > 0 ? sizeof(Node*) : kHasValues ? sizeof(Value) : 0;
  }
  static constexpr std::size_t SecondAt(std::size_t room) {
    return (kHeader + room * sizeof(Key) + 7) / 8 * 8;
  }
  unsigned char* Bytes() { return reinterpret_cast<unsigned char*>(this); }

  void CopyFrom(const Node& from) {
    std::uninitialized_copy_n(from.keys(), from.count_, keys());
    if (height_ > 0) {
      std::uninitialized_copy_n(from.children(), from.count_, children());
      for (std::size_t i = 0; i < from.count_; ++i) Hold(children()[i]);
    } else if constexpr (kHasValues) {
      std::uninitialized_copy_n(from.values(), from.count_, values());
    }
    count_ = from.count_;
  }
  static void Delete(Node* node) {
    std::destroy_n(node->keys(), node->count_);
    if (node->height_ > 0) {
      for (std::size_t i = 0; i < node->count_; ++i) Release(node->children()[i]);
    } else if constexpr (kHasValues) {
      std::destroy_n(node->values(), node->count_);
    }
    node->~Node();
    ::operator delete(node);
  }

  Owners owners_;
  std::uint16_t count_ = 0;
  const std::uint16_t room_;
  const std::uint16_t height_;
};

}  // namespace netstackd::persistent

#endif  // NETSTACKD_BASE_PERSISTENT_NODE_H_
