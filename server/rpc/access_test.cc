// Who is let in, and where the server may be reached at all.
#include <set>
#include <string>

#include "base/error.h"
#include "gtest/gtest.h"
#include "server/rpc/authorization.h"
#include "server/rpc/caller.h"
#include "server/rpc/listener.h"
#include "server/rpc/methods.h"

namespace netstackd::rpc {
namespace {

TEST(AuthorizationTest, EveryMethodHasARowAndEveryRowAMethod) {
  std::set<std::string> methods = {
      "/grpc.health.v1.Health/Check", "/grpc.health.v1.Health/Watch",
      "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"};
  for (const auto* service : Services()) {
    for (int i = 0; i < service->method_count(); ++i) methods.insert(FullName(*service->method(i)));
  }
  std::set<std::string> rows;
  for (const AccessRow& row : AccessTable()) EXPECT_TRUE(rows.emplace(row.method).second);
  EXPECT_EQ(rows, methods);
}

TEST(AuthorizationTest, MutatingRequestsNeedMoreThanReading) {
  for (const auto* service : Services()) {
    for (int i = 0; i < service->method_count(); ++i) {
      const auto& method = *service->method(i);
      const bool mutates = method.input_type()->FindFieldByName("options") != nullptr;
      const bool reader = Authorize(AccessTable(), FullName(method), Role::kReader).ok();
      EXPECT_EQ(reader, !mutates && method.name() != "Backup") << method.full_name();
      EXPECT_FALSE(Authorize(AccessTable(), FullName(method), Role::kNone).ok());
      EXPECT_TRUE(Authorize(AccessTable(), FullName(method), Role::kAdmin).ok());
    }
  }
  EXPECT_FALSE(
      Authorize(AccessTable(), "/netstackd.v1.AdminService/Compact", Role::kOperator).ok());
}

TEST(AuthorizationTest, MethodWithoutARowIsDenied) {
  EXPECT_EQ(ReasonOf(Authorize(AccessTable(), "/netstackd.v1.IpmpService/New", Role::kAdmin)),
            ErrorReason::kPermissionDenied);
}

TEST(CallerTest, PrincipalFollowsFromThePeer) {
  const struct {
    const char* peer;
    const char* principal;
    Role role;
  } kCases[] = {
      {"unix:", "local", Role::kAdmin},
      {"unix:/run/x.sock", "local", Role::kAdmin},
      {"ipv4:127.0.0.1:5555", "loopback:127.0.0.1", Role::kAdmin},
      {"ipv6:%5B::1%5D:5555", "loopback:::1", Role::kAdmin},
      {"ipv6:[::1]:5555", "loopback:::1", Role::kAdmin},
      {"ipv4:192.0.2.1:5555", "unknown:ipv4:192.0.2.1:5555", Role::kNone},
      {"ipv6:%5B2001:db8::1%5D:5", "unknown:ipv6:%5B2001:db8::1%5D:5", Role::kNone},
      {"", "unknown:", Role::kNone},
  };
  for (const auto& one : kCases) {
    const Caller caller = IdentifyCaller(one.peer, "agent");
    EXPECT_EQ(caller.principal, one.principal) << one.peer;
    EXPECT_EQ(caller.role, one.role) << one.peer;
  }
}

TEST(CallerTest, UserAgentIsPrintableAndBounded) {
  EXPECT_EQ(IdentifyCaller("unix:", "a\x01\xff\n b").user_agent, "a??? b");
  EXPECT_EQ(IdentifyCaller("unix:", std::string(9999, 'a')).user_agent.size(), 255u);
}

TEST(ListenerTest, UnixAndLoopbackOnly) {
  EXPECT_EQ(ParseListener("unix:/run/a.sock")->Target(), "unix:/run/a.sock");
  EXPECT_EQ(ParseListener("unix:/run/a.sock")->Address(1), "unix:/run/a.sock");
  EXPECT_EQ(ParseListener("tcp:127.0.0.1:7470")->Target(), "127.0.0.1:7470");
  EXPECT_EQ(ParseListener("tcp:127.0.0.1:0")->Address(4711), "127.0.0.1:4711");
  EXPECT_EQ(ParseListener("tcp:[::1]:7470")->Target(), "[::1]:7470");
  for (const char* text :
       {"", "unix:", "tcp:", "tcp:127.0.0.1", "tcp:127.0.0.1:", "tcp:127.0.0.1:99999",
        "tcp:127.0.0.1:-1", "tcp:127.0.0.1:7x", "tcp:localhost:7470", "tcp:0.0.0.0:7470",
        "tcp:192.0.2.1:7470", "tcp:[::]:7470", "tcp:[2001:db8::1]:7470", "127.0.0.1:7470",
        "tcp::7470"}) {
    EXPECT_FALSE(ParseListener(text).ok()) << text;
  }
  EXPECT_FALSE(ParseListener("unix:/" + std::string(107, 'a')).ok());
  EXPECT_TRUE(ParseListener("unix:/" + std::string(106, 'a')).ok());
}

}  // namespace
}  // namespace netstackd::rpc
