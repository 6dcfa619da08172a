// What one watch wants to see.
#ifndef NETSTACKD_SERVER_WATCH_SELECTION_H_
#define NETSTACKD_SERVER_WATCH_SELECTION_H_

#include <functional>
#include <string>
#include <vector>

#include "google/protobuf/message.h"
#include "server/watch/views.h"

namespace netstackd::watch {

struct Selection {
  bool groups = true;
  bool interfaces = true;
  bool addresses = true;
  bool transactions = false;
  std::vector<std::string> prefixes{};  // full names; empty: all
  // Whether a v1::Group, v1::Interface or v1::Address fits; null: all do. A pure function that
  // `expression` stands for.
  std::function<bool(const google::protobuf::Message&)> fits{};
  std::string expression{};
  bool latest_only = false;
  bool with_previous = false;

  bool Wants(Kind kind) const;
  // Below one of the prefixes, or one of them.
  bool Covers(const std::string& name) const;
  // The same for two selections exactly if both see the same.
  std::string Identity() const;
};

}  // namespace netstackd::watch

#endif  // NETSTACKD_SERVER_WATCH_SELECTION_H_
