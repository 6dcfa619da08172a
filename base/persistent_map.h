// Ordered maps and sets whose copies cost O(1): copies share what none of them has changed since.
#ifndef NETSTACKD_BASE_PERSISTENT_MAP_H_
#define NETSTACKD_BASE_PERSISTENT_MAP_H_

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <type_traits>
#include <utility>

#include "base/persistent_node.h"

namespace netstackd {

// A B+ tree. A change copies the nodes on the way to its leaf that another map holds too, and
// changes in place those that none does. Every operation costs O(log n); nothing ever rehashes.
//
// Threads  One map is like an int. Maps that share nodes may be used by different threads.
// Bounds   Nodes of about 512 bytes, smaller ones for small maps.
// A change ends the validity of all iterators, and of references to its values.
template <typename Key, typename Value>
class PersistentMap {
  using Node = persistent::Node<Key, Value>;
  static constexpr bool kIsSet = !Node::kHasValues;

 public:
  class const_iterator {
   public:
    using iterator_category = std::bidirectional_iterator_tag;
    using difference_type = std::ptrdiff_t;
    using value_type = std::conditional_t<kIsSet, Key, std::pair<Key, Value>>;
    using reference = std::conditional_t<kIsSet, const Key&, std::pair<const Key&, const Value&>>;
    class pointer {
     public:
      explicit pointer(reference entry) : entry_(entry) {}
      const std::remove_reference_t<reference>* operator->() const { return &entry_; }

     private:
      reference entry_;
    };

    const_iterator() = default;
    reference operator*() const {
      if constexpr (kIsSet) {
        return leaf_->keys()[at_];
      } else {
        return {leaf_->keys()[at_], leaf_->value(at_)};
      }
    }
    pointer operator->() const { return pointer(**this); }
    const_iterator& operator++() {
      if (++at_ == leaf_->count()) *this = After(root_, leaf_->keys()[at_ - 1]);
      return *this;
    }
    const_iterator& operator--() {
      if (leaf_ != nullptr && at_ > 0) {
        --at_;
      } else {
        *this = leaf_ == nullptr ? Last(root_, root_) : Before(root_, leaf_->keys()[0]);
      }
      return *this;
    }
    const_iterator operator++(int) {
      const const_iterator old = *this;
      ++*this;
      return old;
    }
    const_iterator operator--(int) {
      const const_iterator old = *this;
      --*this;
      return old;
    }
    bool operator==(const const_iterator& other) const {
      return leaf_ == other.leaf_ && at_ == other.at_;
    }

   private:
    friend class PersistentMap;
    const_iterator(const Node* root, const Node* leaf, std::size_t at)
        : root_(root), leaf_(leaf), at_(at) {}

    static const_iterator First(const Node* root, const Node* below) {
      while (!below->is_leaf()) below = below->children()[0];
      return {root, below, 0};
    }
    static const_iterator Last(const Node* root, const Node* below) {
      while (!below->is_leaf()) below = below->children()[below->count() - 1];
      return {root, below, below->count() - 1};
    }
    // The first entry of the leaf after the one where `key` belongs.
    static const_iterator After(const Node* root, const Key& key) {
      const Node* next = nullptr;
      for (const Node* node = root; !node->is_leaf();) {
        const std::size_t child = node->ChildFor(key);
        if (child + 1 < node->count()) next = node->children()[child + 1];
        node = node->children()[child];
      }
      return next == nullptr ? const_iterator(root, nullptr, 0) : First(root, next);
    }
    // The last entry of the leaf before the one where `key` belongs.
    static const_iterator Before(const Node* root, const Key& key) {
      const Node* previous = nullptr;
      for (const Node* node = root; !node->is_leaf();) {
        const std::size_t child = node->ChildFor(key);
        if (child > 0) previous = node->children()[child - 1];
        node = node->children()[child];
      }
      return previous == nullptr ? const_iterator(root, nullptr, 0) : Last(root, previous);
    }

    const Node* root_ = nullptr;
    const Node* leaf_ = nullptr;  // null: behind the last entry
    std::size_t at_ = 0;
  };
  using iterator = const_iterator;
  using const_reverse_iterator = std::reverse_iterator<const_iterator>;

  PersistentMap() = default;
  PersistentMap(const PersistentMap& other) : root_(other.root_), size_(other.size_) {
    if (root_ != nullptr) Node::Hold(root_);
  }
  PersistentMap(PersistentMap&& other) noexcept
      : root_(std::exchange(other.root_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  PersistentMap& operator=(PersistentMap other) noexcept {
    std::swap(root_, other.root_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~PersistentMap() {
    if (root_ != nullptr) Node::Release(root_);
  }

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  const_iterator begin() const {
    return root_ == nullptr ? end() : const_iterator::First(root_, root_);
  }
  const_iterator end() const { return {root_, nullptr, 0}; }
  const_reverse_iterator rbegin() const { return const_reverse_iterator(end()); }
  const_reverse_iterator rend() const { return const_reverse_iterator(begin()); }

  // Null if there is none.
  const Value* Find(const Key& key) const {
    const Node* node = root_;
    if (node == nullptr) return nullptr;
    while (!node->is_leaf()) node = node->children()[node->ChildFor(key)];
    return Has(*const_cast<Node*>(node), node->LowerBound(key), key);
  }
  bool contains(const Key& key) const { return Find(key) != nullptr; }
  const_iterator find(const Key& key) const {
    const const_iterator at = lower_bound(key);
    return at == end() || key < at.leaf_->keys()[at.at_] ? end() : at;
  }
  const_iterator lower_bound(const Key& key) const {
    const Node* node = root_;
    if (node == nullptr) return end();
    while (!node->is_leaf()) node = node->children()[node->ChildFor(key)];
    const std::size_t at = node->LowerBound(key);
    return at < node->count() ? const_iterator(root_, node, at) : const_iterator::After(root_, key);
  }
  const_iterator upper_bound(const Key& key) const {
    const_iterator at = lower_bound(key);
    if (at != end() && !(key < at.leaf_->keys()[at.at_])) ++at;
    return at;
  }

  // The value of `key`, to be changed in place; null if there is none.
  Value* Mutable(const Key& key) {
    if (root_ == nullptr) return nullptr;
    Node** slot = &root_;
    for (;;) {
      Node::Own(slot, 0);
      Node* node = *slot;
      if (node->is_leaf()) return Has(*node, node->LowerBound(key), key);
      slot = node->children() + node->ChildFor(key);
    }
  }
  // Adds or replaces.
  void Put(Key key, Value value = {}) {
    if (root_ == nullptr) root_ = Node::New(0, 1);
    Node* right = PutBelow(&root_, std::move(key), std::move(value));
    if (right == nullptr) return;
    Node* root = Node::New(right->height() + 1, 2);
    root->Insert(0, root_->keys()[0], root_);
    root->Insert(1, right->keys()[0], right);
    root_ = root;
  }
  // Returns whether there was one.
  bool Erase(const Key& key) {
    if (root_ == nullptr || !EraseBelow(&root_, key)) return false;
    --size_;
    while (!root_->is_leaf() && root_->count() == 1) {
      Node* old = root_;
      root_ = old->children()[0];
      Node::Hold(root_);
      Node::Release(old);
    }
    if (root_->count() == 0) Node::Release(std::exchange(root_, nullptr));
    return true;
  }

 private:
  // Returns what lies behind `*slot` from now on, because that was full; null if nothing does.
  Node* PutBelow(Node** slot, Key key, Value value) {
    if ((*slot)->is_leaf()) {
      const std::size_t at = (*slot)->LowerBound(key);
      if (at == (*slot)->count() || key < (*slot)->keys()[at]) {
        ++size_;
        return Insert(slot, at, std::move(key), std::move(value));
      }
      Node::Own(slot, 0);
      if constexpr (!kIsSet) (*slot)->values()[at] = std::move(value);
      return nullptr;
    }
    Node::Own(slot, 0);
    const std::size_t child = (*slot)->ChildFor(key);
    Node* right = PutBelow((*slot)->children() + child, std::move(key), std::move(value));
    if (right == nullptr) return nullptr;
    return Insert(slot, child + 1, right->keys()[0], right);
  }

  template <typename Second>
  static Node* Insert(Node** slot, std::size_t at, Key key, Second second) {
    const std::size_t count = (*slot)->count();
    Node::Own(slot, std::min(count + 1, (*slot)->most()));
    Node* left = *slot;
    if (count < left->most()) {
      left->Insert(at, std::move(key), std::move(second));
      return nullptr;
    }
    // Keys that come in ascending order leave full nodes behind.
    const std::size_t cut = at == count ? count : count / 2;
    Node* right = Node::New(left->height(), count - cut + 1);
    left->MoveTo(cut, right);
    Node* target = at > cut || cut == count ? right : left;
    target->Insert(target == left ? at : at - cut, std::move(key), std::move(second));
    return right;
  }

  // The value at a position of a leaf, if that is the one of `key`.
  static Value* Has(Node& leaf, std::size_t at, const Key& key) {
    if (at == leaf.count() || key < leaf.keys()[at]) return nullptr;
    return leaf.values() + (kIsSet ? 0 : at);
  }

  static bool EraseBelow(Node** slot, const Key& key) {
    Node::Own(slot, 0);
    Node* node = *slot;
    if (node->is_leaf()) {
      const std::size_t at = node->LowerBound(key);
      if (Has(*node, at, key) == nullptr) return false;
      node->Remove(at);
      return true;
    }
    const std::size_t at = node->ChildFor(key);
    if (!EraseBelow(node->children() + at, key)) return false;
    const Node* child = node->children()[at];
    if (child->count() == 0) {
      Node::Release(node->children()[at]);
      node->Remove(at);
    } else if (child->count() < child->most() / 2) {
      const bool merged = at > 0 && Merge(node, at - 1);
      if (!merged && at + 1 < node->count()) Merge(node, at);
    }
    return true;
  }

  // Puts the children `at` and `at` + 1 together if that leaves some room.
  static bool Merge(Node* node, std::size_t at) {
    Node** children = node->children();
    const std::size_t sum = children[at]->count() + children[at + 1]->count();
    if (sum > children[at]->most() * 3 / 4) return false;
    Node::Own(children + at, sum);
    Node::Own(children + at + 1, 0);
    Node* right = children[at + 1];
    // That of a first child is kept here only.
    if (!right->is_leaf()) right->keys()[0] = node->keys()[at + 1];
    right->MoveTo(0, children[at]);
    Node::Release(right);
    node->Remove(at + 1);
    return true;
  }

  Node* root_ = nullptr;
  std::size_t size_ = 0;
};

namespace persistent {
struct Nothing {};
}  // namespace persistent

template <typename Key>
using PersistentSet = PersistentMap<Key, persistent::Nothing>;

}  // namespace netstackd

#endif  // NETSTACKD_BASE_PERSISTENT_MAP_H_
