// What became true: a pair of whole images of one object.
#ifndef NETSTACKD_CORE_DELTA_H_
#define NETSTACKD_CORE_DELTA_H_

#include <memory>
#include <variant>
#include <vector>

#include "core/model.h"

namespace netstackd::core {

template <typename T>
using Image = std::shared_ptr<const T>;

// Created if `before` is null, deleted if `after` is null; never both.
template <typename T>
struct Change {
  Image<T> before;
  Image<T> after;
};

using Delta = std::variant<Change<Group>, Change<Interface>, Change<Address>, Change<ArpEntry>>;

}  // namespace netstackd::core

#endif  // NETSTACKD_CORE_DELTA_H_
