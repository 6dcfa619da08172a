// Creates a group with two interfaces and an address, asks where the address is, and shows how a
// refusal is told from other failures.
//
//   create_group unix:/run/netstackd/netstackd.sock
#include <iostream>
#include <string>

#include "netstackd/client.h"

namespace {

constexpr char kGroup[] = "zones/global/groups/example0";

netstackd::v1::Interface Member(const std::string& id) {
  netstackd::v1::Interface member;
  member.set_name("zones/global/interfaces/" + id);
  member.mutable_spec()->set_ipv4(true);
  member.mutable_spec()->set_group("example0");
  return member;
}

// One transaction: the group, its members and its address are there together or not at all.
absl::Status Create(netstackd::Client& client) {
  netstackd::v1::Group group;
  group.set_name(kGroup);
  group.mutable_spec()->set_ipv4(true);
  netstackd::v1::Address address;
  address.set_name(std::string(kGroup) + "/addresses/192.0.2.200");
  address.mutable_spec()->set_cidr("192.0.2.200/24");
  return client.config()
      .Transact(netstackd::ChangeSet()
                    .Create(group)
                    .Create(Member("example1"))
                    .Create(Member("example2"))
                    .Create(address),
                {.deadline = absl::Seconds(10), .comment = "an example"})
      .status();
}

}  // namespace

int main(int argc, char** argv) {
  auto client =
      netstackd::Client::Connect({.endpoint = argc > 1 ? argv[1] : "", .wait = absl::Seconds(5)});
  if (!client.ok()) {
    std::cerr << client.status().message() << "\n";
    return 1;
  }
  const absl::Status created = Create(**client);
  if (netstackd::ReasonOf(created) == netstackd::ErrorReason::kGroupExists) {
    std::cout << "the group is there already\n";
  } else if (!created.ok()) {
    std::cerr << created.message() << "\n";
    return 1;
  }

  const auto address = (*client)->ipmp().GetAddress(std::string(kGroup) + "/addresses/192.0.2.200");
  if (!address.ok()) {
    std::cerr << address.status().message() << "\n";
    return 1;
  }
  std::cout << address->object.spec().cidr() << " is on "
            << address->object.status().bound_interface() << ", revision " << address->revision
            << "\n";
  return 0;
}
