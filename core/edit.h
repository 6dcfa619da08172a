// One decision in progress: changes a state image by image, and can take all of it back.
#ifndef NETSTACKD_CORE_EDIT_H_
#define NETSTACKD_CORE_EDIT_H_

#include <cstdint>
#include <memory>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "base/check.h"
#include "core/apply.h"
#include "core/hooks.h"
#include "core/state.h"
#include "core/trace.h"

namespace netstackd::core {

// Why something is being changed.
struct Reason {
  Cause cause = Cause::kRequest;
  InterfaceUid subject{};  // the interface whose change is the cause; zero: none
  absl::Time seen{};       // when that was seen
};

// Not thread-safe. Until Finish, the destructor rolls back. References to images are valid until
// the next change of the same object.
class Edit {
 public:
  Edit(State& state, const Context& context)
      : state_(state),
        context_(context),
        last_(static_cast<Order>(context.revision) << kOrderBits) {
    reason_.seen = context.now;
  }
  ~Edit();
  Edit(const Edit&) = delete;
  Edit& operator=(const Edit&) = delete;

  const State& state() const { return state_; }
  const Index& index() const { return state_.index(); }
  const Context& context() const { return context_; }

  // The image of an object that exists.
  const Group& operator[](GroupUid uid) const { return Get<Group>(uid); }
  const Interface& operator[](InterfaceUid uid) const { return Get<Interface>(uid); }
  const Address& operator[](AddressUid uid) const { return Get<Address>(uid); }
  const ArpEntry& operator[](ArpEntryUid uid) const { return Get<ArpEntry>(uid); }
  const SideIndex& side(GroupUid uid, Family family) const { return index().side(uid, family); }
  const SideIndex& side(InterfaceUid uid, Family family) const { return index().side(uid, family); }

  // Changes a copy of the image and folds it.
  template <typename Uid, typename F>
  void Update(Uid uid, F&& change) {
    using T = std::decay_t<decltype((*this)[uid])>;
    Image<T> before = state_.image<T>(uid);
    NSD_CHECK(before != nullptr);
    auto after = std::make_shared<T>(*before);
    change(*after);
    Stamp(after->meta);
    if constexpr (std::is_same_v<T, Address>) {
      if (after->bound != before->bound) StampPlacement(before, *after);
    }
    Record(Change<T>{std::move(before), std::move(after)});
  }
  template <typename Uid, typename F>
  void UpdateSide(Uid uid, Family family, F&& change) {
    Update(uid, [&](auto& image) { change(*image.sides[IndexOf(family)]); });
  }
  // Adds an object under a new uid, which it returns.
  template <typename T>
  auto Insert(T image) {
    const decltype(T::uid) uid(NextOrder());
    image.uid = uid;
    image.meta.create_revision = context_.revision;
    image.meta.create_time = context_.now;
    image.meta.generation = 1;
    Stamp(image.meta);
    Record(Change<T>{nullptr, std::make_shared<const T>(std::move(image))});
    return uid;
  }
  template <typename Uid>
  void Erase(Uid uid) {
    using T = std::decay_t<decltype((*this)[uid])>;
    Record(Change<T>{state_.image<T>(uid), nullptr});
  }

  // Why what is changed now is changed; a request, unless a Because says otherwise.
  const Reason& reason() const { return reason_; }

  // A number larger than any given before in this store.
  Order NextOrder();
  // True if the world makes the rules fail at this point, this time.
  bool Fails(FaultPoint point) const {
    return context_.hooks != nullptr && context_.hooks->Fails(point);
  }
  void Emit(const Event& event) const {
    if (context_.trace != nullptr) context_.trace->On(event);
  }

  // Ends the decision: the net deltas, without objects that are as they were.
  std::vector<Delta> Finish();

 private:
  friend class Because;

  // Orders of one transaction: 268 million, more than 1,000 operations can use; 2^36 transactions.
  static constexpr int kOrderBits = 28;

  // What was asked for last: rules ask for the same object many times in a row.
  template <typename T>
  struct Newest {
    decltype(T::uid) uid{};
    const T* image = nullptr;  // lies in the state
  };

  template <typename T>
  const T& Get(decltype(T::uid) uid) const {
    Newest<T>& newest = std::get<Newest<T>>(newest_);
    if (newest.image == nullptr || newest.uid != uid) {
      const Image<T>* found = state_.table<T>().Find(uid);
      NSD_CHECK(found != nullptr);
      newest = {uid, found->get()};
    }
    return *newest.image;
  }
  void Stamp(Meta& meta) const {
    meta.update_revision = context_.revision;
    meta.update_time = context_.now;
  }
  void Record(Delta delta);
  // The place differs from the one before this change; compared with the one before the decision
  // it may be the old one again, which then keeps its history.
  void StampPlacement(const Image<Address>& before, Address& after) const;

  State& state_;
  const Context& context_;
  Order last_;
  Reason reason_;
  bool because_ = false;
  bool finished_ = false;
  mutable std::tuple<Newest<Group>, Newest<Interface>, Newest<Address>, Newest<ArpEntry>> newest_;
  std::vector<Delta> net_;  // before: as it was at the beginning; after: not kept up to date
  absl::flat_hash_map<std::uint64_t, std::size_t> touched_;  // uid -> position in net_
};

// Says why, for as long as it lives. Inside of another one it has no effect: the outermost knows
// what the whole is about.
class Because {
 public:
  Because(Edit& edit, Cause cause, InterfaceUid subject)
      : Because(edit, Reason{cause, subject, edit.context().now}) {}
  Because(Edit& edit, const Reason& reason);
  ~Because();
  Because(const Because&) = delete;
  Because& operator=(const Because&) = delete;

 private:
  Edit& edit_;
  const bool outermost_;
};

}  // namespace netstackd::core

#endif  // NETSTACKD_CORE_EDIT_H_
