// Wrong values for every field of a message.
#ifndef NETSTACKD_TESTS_INTEGRATION_POISON_H_
#define NETSTACKD_TESTS_INTEGRATION_POISON_H_

#include <functional>
#include <string>
#include <vector>

#include "google/protobuf/message.h"

namespace netstackd::integration {

// Texts that are wrong nearly everywhere.
const std::vector<std::string>& PoisonStrings();

// Gets a message with one field changed, and what was changed.
using Taste = std::function<void(const google::protobuf::Message&, const std::string& what)>;

// Changes one field after the other of `base`, also below it and inside messages that are not
// there, to every poison for its type: no value, unknown numbers, long and wrong texts, control
// characters, names of other things, far too many elements.
void ForEachPoison(const google::protobuf::Message& base, const Taste& taste);

}  // namespace netstackd::integration

#endif  // NETSTACKD_TESTS_INTEGRATION_POISON_H_
