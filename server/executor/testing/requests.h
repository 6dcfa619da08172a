// Requests, answers and comparisons for tests of and on top of the executor.
#ifndef NETSTACKD_SERVER_EXECUTOR_TESTING_REQUESTS_H_
#define NETSTACKD_SERVER_EXECUTOR_TESTING_REQUESTS_H_

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "base/mutex.h"
#include "core/command.h"
#include "core/state.h"
#include "server/codec/journal_codec.h"
#include "server/executor/request.h"

namespace netstackd::executor::testing_support {

inline core::Name GroupName(const std::string& name) {
  core::Name target;
  target.group = name;
  return target;
}
inline core::Name InterfaceName(const std::string& name) {
  core::Name target;
  target.interface = name;
  return target;
}
inline core::Name AddressOf(core::Name owner, const std::string& ip) {
  owner.address = core::ParseIpAddress(ip);
  return owner;
}

// One command, asked by "uid:7"; answered with "answer " and the number of changed objects.
inline Request Ask(core::Name target, core::Op op, const std::string& request_id = "",
                   const std::string& hash = "hash") {
  Request request;
  request.transaction.commands.push_back({std::move(target), "", std::move(op)});
  request.principal = "uid:7";
  request.method = "/netstackd.v1.Test/Ask";
  request.request_id = request_id;
  request.hash = hash;
  request.answer = [](const core::State&, const core::Transition& transition, const Outcome&) {
    return "answer " + std::to_string(transition.deltas.size());
  };
  return request;
}

// Creates a group with an IPv4 side.
inline Request AskGroup(const std::string& name, const std::string& request_id = "",
                        const std::string& hash = "hash") {
  core::CreateGroup create;
  create.spec.ipv4 = true;
  return Ask(GroupName(name), create, request_id, hash);
}

// A change of a group that always differs from the one before it.
inline Request AskLabel(const std::string& group, const std::string& value) {
  core::UpdateGroup update;
  update.labels = core::Labels{{"test", value}};
  return Ask(GroupName(group), update);
}

// Creates an interface with an IPv4 side, and makes it a member at once if `group` is not empty.
inline Request AskInterface(const std::string& name, const std::string& group = "") {
  core::CreateInterface create;
  create.spec.ipv4 = true;
  create.group = group;
  return Ask(InterfaceName(name), create);
}

// Every object of the state as bytes: equal if and only if the states are.
inline std::string BytesOf(const core::State& state) {
  std::string bytes;
  const auto add = [&bytes](const auto& table) {
    for (const auto& row : table) bytes += codec::EncodeImage(row.second);
  };
  add(state.table<core::Group>());
  add(state.table<core::Interface>());
  add(state.table<core::Address>());
  add(state.table<core::ArpEntry>());
  return bytes;
}

// Collects answers in the order in which they come. Must outlive the executor.
class Answers {
 public:
  Done Next() {
    return [this](absl::StatusOr<Outcome> outcome) {
      MutexLock lock(&mu_);
      outcomes_.push_back(std::move(outcome));
      came_.NotifyAll();
    };
  }
  // Waits until there are `count`, and returns them.
  std::vector<absl::StatusOr<Outcome>> Wait(std::size_t count) {
    MutexLock lock(&mu_);
    while (outcomes_.size() < count) came_.Wait(&mu_);
    return outcomes_;
  }
  std::size_t count() const {
    MutexLock lock(&mu_);
    return outcomes_.size();
  }

 private:
  mutable Mutex mu_;
  CondVar came_;
  std::vector<absl::StatusOr<Outcome>> outcomes_ ABSL_GUARDED_BY(mu_);
};

// Holds up whoever passes, until it is opened.
class Barrier {
 public:
  // Waits here unless it is open.
  void Pass() {
    MutexLock lock(&mu_);
    ++arrived_;
    changed_.NotifyAll();
    while (!open_) changed_.Wait(&mu_);
  }
  // Waits until `count` have come to it, ever.
  void AwaitArrivals(int count) {
    MutexLock lock(&mu_);
    while (arrived_ < count) changed_.Wait(&mu_);
  }
  void Open() {
    MutexLock lock(&mu_);
    open_ = true;
    changed_.NotifyAll();
  }

 private:
  Mutex mu_;
  CondVar changed_;
  int arrived_ ABSL_GUARDED_BY(mu_) = 0;
  bool open_ ABSL_GUARDED_BY(mu_) = false;
};

}  // namespace netstackd::executor::testing_support

#endif  // NETSTACKD_SERVER_EXECUTOR_TESTING_REQUESTS_H_
