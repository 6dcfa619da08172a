// RapidCheck generators of images: every field takes every kind of value it can have.
//
// The objects are well formed one by one; together they are no valid state. A generator names every
// member of its struct in a structured binding, so that a new member does not compile until it is
// generated.
#ifndef NETSTACKD_TESTS_PROPERTY_GENERATORS_IMAGES_H_
#define NETSTACKD_TESTS_PROPERTY_GENERATORS_IMAGES_H_

#include <rapidcheck.h>

#include "core/delta.h"
#include "core/model.h"

namespace netstackd::generators {

rc::Gen<core::Group> AnyGroup();
rc::Gen<core::Interface> AnyInterface();
rc::Gen<core::Address> AnyAddress();
rc::Gen<core::ArpEntry> AnyArpEntry();

// Creation, change or deletion of one object of any kind.
rc::Gen<core::Delta> AnyDelta();

}  // namespace netstackd::generators

#endif  // NETSTACKD_TESTS_PROPERTY_GENERATORS_IMAGES_H_
