// How objects look in lists.
#ifndef NETSTACKD_CLIENT_CLI_COLUMNS_H_
#define NETSTACKD_CLIENT_CLI_COLUMNS_H_

#include <string>
#include <vector>

#include "client/cli/output.h"
#include "netstackd/v1/address.pb.h"
#include "netstackd/v1/group.pb.h"
#include "netstackd/v1/interface.pb.h"

namespace netstackd::cli {

std::vector<Column> GroupColumns();
Item GroupItem(const v1::Group& group);

std::vector<Column> InterfaceColumns();
Item InterfaceItem(const v1::Interface& ip_interface);

std::vector<Column> AddressColumns();
Item AddressItem(const v1::Address& address);

// "net0 net1 (net2) [net3]": active, inactive, unusable, each part sorted.
std::string MembersText(const v1::Group& group);
// The 7 positions i s m b M d h, '-' where one does not hold: inactive, standby, IPv4 multicast
// and broadcast nominee, IPv6 multicast nominee, no address up, offline for a duplicate hardware
// address.
std::string FlagsText(const v1::Interface& ip_interface);
// "up", "down" or "unknown".
std::string LinkText(const v1::Interface& ip_interface);
// "ok", "failed", "unknown" or "disabled".
std::string ProbeText(const v1::Interface& ip_interface);
// "ok", "failed", "offline" or "unknown".
std::string StateText(const v1::Interface& ip_interface);
// "10.00s"; empty if no member can probe.
std::string DetectionTimeText(const v1::Group& group);
// The side has a test address that probes can be sent from.
bool Probes(const v1::InterfaceSide& side);
bool HasFlag(const v1::Interface& ip_interface, v1::Interface::Flag flag);

// IPv4 first, then numerically; what is no IP address comes last, as text. For sorting names of
// addresses ("192.0.2.10", "2001:db8::1").
std::string AddressSortKey(const std::string& address);

}  // namespace netstackd::cli

#endif  // NETSTACKD_CLIENT_CLI_COLUMNS_H_
