// A client of a few groups that notes what it asked and was answered.
#ifndef NETSTACKD_TESTS_LINEARIZABILITY_CLIENT_H_
#define NETSTACKD_TESTS_LINEARIZABILITY_CLIENT_H_

#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "netstackd/ipmp_client.h"
#include "tests/crash/gate.h"
#include "tests/linearizability/history.h"

namespace netstackd::linearizability {

// Sends one request at a time. One without an answer is sent again with the same request id in the
// next life of the server, or given up.
//
// Threads  Run in a thread of its own; everything else while that one waits at the gate.
class Client {
 public:
  Client(std::uint64_t seed, int number, crash::Gate* gate);

  void Run();

  // The objects from now on, by full name.
  void Begin(const std::vector<std::string>& objects);
  // What was noted since Begin, by object.
  const std::map<std::string, History>& noted() const { return noted_; }
  // Errors that no rule explains.
  const std::vector<std::string>& odd() const { return odd_; }

 private:
  struct Pending {
    std::string object;
    Operation operation;
    std::string request_id;
  };
  // What an attempt came to: an object, nothing, or an error.
  struct Result {
    absl::Status status;
    std::string value;
    std::string etag;
  };

  Pending Next();
  // One attempt; false: there was no answer.
  bool Attempt(IpmpClient* ipmp);
  Result Ask(IpmpClient* ipmp) const;
  void Note(Outcome outcome, const Result& result);
  int Pick(int n) { return std::uniform_int_distribution<int>(0, n - 1)(random_); }

  const int number_;
  crash::Gate* const gate_;
  std::mt19937_64 random_;
  std::int64_t writes_ = 0;
  std::vector<std::string> objects_;
  std::map<std::string, std::string> etags_;  // last seen, by object
  std::optional<Pending> pending_;
  std::map<std::string, History> noted_;
  std::vector<std::string> odd_;
};

}  // namespace netstackd::linearizability

#endif  // NETSTACKD_TESTS_LINEARIZABILITY_CLIENT_H_
