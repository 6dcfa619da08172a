// A server is asked to stop while clients are connected who do nothing.
#include <gtest/gtest.h>

#include "base/clock.h"
#include "netstackd/client.h"
#include "storage/testing/temporary_directory.h"
#include "tests/support/server_process.h"

namespace netstackd {
namespace {

constexpr char kDeadline[] = "--shutdown_deadline=1h";
// Shorter than it takes an idle client of gRPC to hear that it should go: 5 s.
constexpr absl::Duration kLong = absl::Seconds(3);

// Between its calls nobody looks at the connection of an SDK client. In a process of its own: the
// threads of a server look at every connection of theirs.
TEST(StopTest, IdleClientsKeepNobody) {
  const storage::testing_support::TemporaryDirectory directory;
  auto server = testing_support::ServerProcess::Launch(
      directory.path(), {.command = {}, .spawn = {}, .arguments = {kDeadline}});
  ASSERT_TRUE(server.ok()) << server.status();
  ASSERT_TRUE((*server)->AwaitReady(absl::Seconds(30)).ok());
  const auto idle = Client::Connect({.endpoint = (*server)->address()});
  ASSERT_TRUE(idle.ok());
  EXPECT_EQ((*idle)->ipmp().GetGroup("zones/global/groups/none").status().code(),
            absl::StatusCode::kNotFound);

  const absl::Duration begin = Clock::Real().Steady();
  EXPECT_EQ((*server)->Stop(), 0);
  EXPECT_LT(Clock::Real().Steady() - begin, kLong);
}

}  // namespace
}  // namespace netstackd
