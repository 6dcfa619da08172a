// What one writer asks for: everything in a group, with interfaces and addresses, of its own.
#ifndef NETSTACKD_TESTS_CRASH_OPERATIONS_H_
#define NETSTACKD_TESTS_CRASH_OPERATIONS_H_

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "netstackd/v1/common.pb.h"
#include "netstackd/v1/config.pb.h"
#include "tests/crash/call.h"

namespace netstackd::crash {

// What is known of an object that is there.
struct Known {
  std::int64_t update_revision = 0;  // at least
  std::string etag;                  // empty: not known
  std::string bytes;                 // of the image at update_revision; empty: not known
};
using Objects = std::map<std::string, Known>;  // by full name

// One request, and what holds if it was done.
struct Operation {
  Call call;
  std::string request_id;
  bool validate_only = false;
  std::vector<std::string> created;
  std::vector<std::string> written;
  std::vector<std::string> deleted;
};

// Not thread-safe. The sequence follows from seed, writer and the answers.
class Operations {
 public:
  Operations(std::uint64_t seed, int writer);

  // Full names of everything of this writer have it: a short name begins with it.
  const std::string& prefix() const { return prefix_; }
  Operation Next(const Objects& objects);
  // A number below `n`.
  std::size_t Pick(std::size_t n);

 private:
  Operation CreateGroup();
  Operation CreateInterface(int n);
  Operation CreateAddress(int n, bool validate_only);
  Operation CreateTestAddress(int n);
  Operation UpdateGroup(const Known& known);
  Operation UpdateInterface(const std::string& name);
  Operation UpdateAddress(const std::string& name, const Known& known);
  Operation DeleteInterface(const std::string& name, const Objects& objects);
  Operation DeleteAddress(const std::string& name);
  Operation Report(const std::string& name);
  Operation Offline(const std::string& name);
  Operation Online(const std::string& name);
  Operation Transact(const Objects& objects, bool fails);
  Operation OfInterface(const std::string& name, const Objects& objects);
  Operation OfAddress(const std::string& name, const Objects& objects);

  void SetOptions(Operation* operation, v1::WriteOptions* options);
  std::string NewValue();
  std::string GroupName() const;
  std::string InterfaceName(int n) const;
  std::string AddressName(int n) const;
  v1::Address NthAddress(int n) const;

  const int writer_;
  const std::string prefix_;
  std::mt19937_64 random_;
  std::int64_t values_ = 0;
};

}  // namespace netstackd::crash

#endif  // NETSTACKD_TESTS_CRASH_OPERATIONS_H_
