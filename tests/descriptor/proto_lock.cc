// proto_lock: compares the .proto files of this build with tests/golden/proto.lock.
//
//   proto_lock            prints the differences; exit status 1 if there are any
//   proto_lock --update   writes the lock, unless something would break
//   proto_lock --break    writes the lock whatever breaks; for files that nobody was given yet
#include <fstream>
#include <iostream>
#include <string>

#include "tests/descriptor/compat.h"
#include "tests/descriptor/schema.h"

namespace netstackd::descriptor {
namespace {

int Run(const std::string& mode) {
  const auto now = ReadWireSet(NETSTACKD_PROTOSET);
  const Differences differences = Compare(ParseLock(ReadText(NETSTACKD_PROTO_LOCK)), now);
  for (const std::string& line : differences.breaking) {
    std::cout << "breaking  " << line << "\n";
  }
  for (const std::string& line : differences.added) {
    std::cout << "added     " << line << "\n";
  }
  if (mode.empty()) {
    return differences.breaking.empty() && differences.added.empty() ? 0 : 1;
  }
  if (mode == "--update" && !differences.breaking.empty()) {
    std::cerr << "proto_lock: not written, for something would break\n";
    return 1;
  }
  std::ofstream lock(NETSTACKD_PROTO_LOCK, std::ios::binary);
  lock << FormatLock(now);
  lock.close();
  if (!lock) {
    std::cerr << "proto_lock: cannot write " << NETSTACKD_PROTO_LOCK << "\n";
    return 1;
  }
  return 0;
}

}  // namespace
}  // namespace netstackd::descriptor

int main(int argc, char** argv) {
  const std::string mode = argc > 1 ? argv[1] : "";
  if (argc > 2 || (!mode.empty() && mode != "--update" && mode != "--break")) {
    std::cerr << "usage: proto_lock [--update | --break]\n";
    return 2;
  }
  return netstackd::descriptor::Run(mode);
}
