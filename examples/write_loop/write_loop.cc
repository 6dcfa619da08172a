// Writes without end until the server is gone, notes every name that the server acknowledged, and
// finds out what became of the one write that got no answer.
//
//   write_loop ENDPOINT GROUP FILE
//
// Creates GROUP if it is not there, then adds addresses 10.0.0.1, 10.0.0.2, ... that are down.
// FILE gets one full name a line, after the acknowledgement. stdout tells the progress, a line at
// a time: "acknowledged N" every hundred, then "lost N ...", "answered ...".
#include <cstdint>
#include <fstream>
#include <iostream>
#include <string>

#include "netstackd/client.h"

namespace {

// After this many addresses it ends by itself.
constexpr std::uint32_t kWritesMax = 1'000'000;

netstackd::v1::Address NthAddress(const std::string& group, std::uint32_t n) {
  const std::string ip = "10." + std::to_string((n >> 16U) & 255U) + "." +
                         std::to_string((n >> 8U) & 255U) + "." + std::to_string(n & 255U);
  netstackd::v1::Address address;
  address.set_name(group + "/addresses/" + ip);
  address.mutable_spec()->set_cidr(ip + "/8");
  address.mutable_spec()->set_up(false);
  return address;
}

bool IsOutage(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status);
}

// Sends the same request, with the same id, until there is an answer, for a minute at most.
int FindOut(const std::string& endpoint, const std::string& group,
            const netstackd::v1::Address& address, const std::string& id) {
  auto client = netstackd::Client::Connect(
      {.endpoint = endpoint,
       .user_agent = "write_loop",
       .retry = {.attempts_max = 1000, .backoff_max = absl::Milliseconds(250)}});
  if (!client.ok()) return 1;
  const auto made = (*client)->ipmp().CreateAddress(
      group, address, {.deadline = absl::Minutes(1), .request_id = id});
  if (!made.ok()) {
    std::cerr << made.status().message() << "\n";
    return 1;
  }
  std::cout << "answered " << (made->result.replayed() ? "replayed" : "done") << " revision "
            << made->result.revision() << std::endl;
  return 0;
}

int Loop(const std::string& endpoint, netstackd::Client& client, const std::string& group,
         std::ofstream& file) {
  for (std::uint32_t n = 1; n <= kWritesMax; ++n) {
    const netstackd::v1::Address address = NthAddress(group, n);
    const std::string id = netstackd::NewRequestId();
    const auto made = client.ipmp().CreateAddress(group, address, {.request_id = id});
    if (made.ok()) {
      file << address.name() << std::endl;
      if (n % 100 == 0) std::cout << "acknowledged " << n << std::endl;
      continue;
    }
    if (!IsOutage(made.status())) {
      std::cerr << made.status().message() << "\n";
      return 1;
    }
    std::cout << "lost " << n - 1 << " were acknowledged, " << address.name() << " was not"
              << std::endl;
    return FindOut(endpoint, group, address, id);
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: write_loop ENDPOINT GROUP FILE\n";
    return 2;
  }
  // No retry below the loop: it wants to see the first outage itself.
  auto client = netstackd::Client::Connect({.endpoint = argv[1],
                                            .wait = absl::Seconds(10),
                                            .user_agent = "write_loop",
                                            .retry = {.attempts_max = 1}});
  std::ofstream file(argv[3], std::ios::app);
  if (!client.ok() || !file) {
    std::cerr << (client.ok() ? "the file cannot be written" : client.status().ToString()) << "\n";
    return 1;
  }
  netstackd::v1::Group group;
  group.set_name(std::string("zones/global/groups/") + argv[2]);
  group.mutable_spec()->set_ipv4(true);
  const auto made = (*client)->ipmp().CreateGroup(group);
  if (!made.ok() && netstackd::ReasonOf(made.status()) != netstackd::ErrorReason::kGroupExists) {
    std::cerr << made.status().message() << "\n";
    return 1;
  }
  return Loop(argv[1], **client, group.name(), file);
}
