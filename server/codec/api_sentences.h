// Causes in words. The one place that puts them together; clients print them as they are.
#ifndef NETSTACKD_SERVER_CODEC_API_SENTENCES_H_
#define NETSTACKD_SERVER_CODEC_API_SENTENCES_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "core/delta.h"
#include "core/health/outlook.h"
#include "server/codec/api_images.h"

namespace netstackd::codec {

// What is known of one move; what is not known is empty or null.
struct MoveFacts {
  core::Cause cause = core::Cause::kNone;
  std::string subject{};  // name of the interface whose change was the cause
  std::string to{};       // name of the interface the address came to
  std::string principal{};
  std::string comment{};
  const core::Change<core::Interface>* subject_change = nullptr;  // in the same transaction
  const core::Change<core::Interface>* to_change = nullptr;
  const core::Change<core::Address>* address = nullptr;
};

// "link of eth1 went down". Empty if the cause is not known.
std::string CauseSentence(const MoveFacts& facts);

// Why an address is where this move has brought it: the cause, what made the way free, who asked.
std::vector<std::string> BecauseSentences(const MoveFacts& facts);

// What would take an address back. `hold`: how long a repaired interface of its group waits; zero
// if it does not, or never comes back by itself. `names` knows all interfaces of the outlook.
// Empty: it was never elsewhere.
std::vector<std::string> NextSentences(const core::health::Outlook& outlook, const Names& names,
                                       absl::Duration hold);

}  // namespace netstackd::codec

#endif  // NETSTACKD_SERVER_CODEC_API_SENTENCES_H_
