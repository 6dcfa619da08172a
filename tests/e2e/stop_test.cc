// A server is asked to stop while clients are connected who do nothing.
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <string>

#include "base/clock.h"
#include "netstackd/client.h"
#include "storage/testing/temporary_directory.h"
#include "tests/support/server_process.h"

namespace netstackd {
namespace {

constexpr char kDeadline[] = "--shutdown_deadline=1h";
// Whom gRPC waits for until it answers, it waits for 20 s.
constexpr absl::Duration kShorterThanGrpcWaits = absl::Seconds(15);

// A connection that speaks HTTP/2 as far as it must, and then never reads nor answers.
class DeafClient {
 public:
  explicit DeafClient(const std::string& target) : fd_(socket(AF_UNIX, SOCK_STREAM, 0)) {
    const std::string path = target.substr(std::string("unix:").size());
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(std::begin(address.sun_path), sizeof(address.sun_path) - 1);
    connected_ = connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
    std::string begin = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    begin += std::string("\0\0\0\4\0\0\0\0\0", 9);  // SETTINGS, of nothing
    connected_ = connected_ && write(fd_, begin.data(), begin.size()) > 0;
    // The server's own SETTINGS are there: it has taken the connection.
    char first = 0;
    connected_ = connected_ && read(fd_, &first, 1) == 1;
  }
  ~DeafClient() { close(fd_); }
  DeafClient(const DeafClient&) = delete;
  DeafClient& operator=(const DeafClient&) = delete;

  bool connected() const { return connected_; }

 private:
  const int fd_;
  bool connected_ = false;
};

// Between its calls nobody looks at the connection of an SDK client either. In a process of its
// own: the threads of a server look at every connection of theirs.
TEST(StopTest, IdleClientsKeepNobody) {
  const storage::testing_support::TemporaryDirectory directory;
  auto server = testing_support::ServerProcess::Launch(
      directory.path(), {.command = {}, .spawn = {}, .arguments = {kDeadline}});
  ASSERT_TRUE(server.ok()) << server.status();
  ASSERT_TRUE((*server)->AwaitReady(absl::Seconds(30)).ok());
  const DeafClient deaf((*server)->address());
  ASSERT_TRUE(deaf.connected());
  const auto idle = Client::Connect({.endpoint = (*server)->address()});
  ASSERT_TRUE(idle.ok());
  EXPECT_EQ((*idle)->ipmp().GetGroup("zones/global/groups/none").status().code(),
            absl::StatusCode::kNotFound);

  const absl::Duration begin = Clock::Real().Steady();
  EXPECT_EQ((*server)->Stop(), 0);
  EXPECT_LT(Clock::Real().Steady() - begin, kShorterThanGrpcWaits);
}

}  // namespace
}  // namespace netstackd
